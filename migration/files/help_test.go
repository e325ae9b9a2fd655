package files_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// TestMain lets a bucket be opened as it is by one who may: by what the environment has.
func TestMain(m *testing.M) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_REGION": "eu-west-2",
		"AWS_CONFIG_FILE": "/nowhere", "AWS_SHARED_CREDENTIALS_FILE": "/nowhere",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1",
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

const (
	load1   = "dbo/PEOPLE/LOAD00000001.csv"
	load2   = "dbo/PEOPLE/LOAD00000002.csv"
	change1 = "dbo/PEOPLE/20230905-151244585.csv"
	change2 = "dbo/PEOPLE/20230905-151344001.csv"
	change3 = "dbo/PEOPLE/20230905-151444001.csv"
)

// people is a small table, whose key is not its first column.
func people() *mapping.Table {
	return &mapping.Table{
		Owner: "dbo", From: "PEOPLE", Name: "person", Key: []string{"id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "NAME", Type: "varchar(20)"},
			{From: "ID", Type: "int", NotNull: true},
			{From: "BORN", Type: "datetime"},
		},
	}
}

func open(tb testing.TB, place string, options files.Options) *files.Reader {
	tb.Helper()
	reader, err := files.Open(tb.Context(), place, options)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := reader.Close(); err != nil {
			tb.Error(err)
		}
	})
	return reader
}

// folderOf is a folder with these files.
func folderOf(tb testing.TB, all map[string]string) string {
	tb.Helper()
	folder := tb.TempDir()
	for name, text := range all {
		write(tb, folder, name, []byte(text))
	}
	return folder
}

// readAll is the lines of a part of a table, and the Next of each batch.
func readAll(
	tb testing.TB, reader *files.Reader, t *mapping.Table, part migration.Part,
) (lines, next []string, err error) {
	tb.Helper()
	err = reader.Read(tb.Context(), t, part, func(batch *migration.Batch) error {
		for i := range batch.Rows() {
			lines = append(lines, string(batch.Line(i)))
		}
		next = append(next, batch.Next)
		return nil
	})
	return lines, next, err
}

// applied is what changes make of rows, by key, as an update here would.
type applied map[string]string

func (a applied) apply(t *mapping.Table, changes *migration.Changes) {
	rows := canon.Of(t)
	for i := range changes.Upserts.Rows() {
		line := string(changes.Upserts.Line(i))
		a[string(rows.Key([]byte(line)))] = line
	}
	for _, key := range changes.Deletes {
		delete(a, string(key))
	}
}

func zip(tb testing.TB, text []byte) []byte {
	tb.Helper()
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	if _, err := w.Write(text); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return zipped.Bytes()
}

// wantError fails a test unless the error is one, says what it must, and holds no value.
func wantError(t *testing.T, err, is error, says ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("got no error")
	}
	if is != nil && !errors.Is(err, is) {
		t.Errorf("got error %v, want %v", err, is)
	}
	for _, s := range says {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("got error %q, which does not say %q", err, s)
		}
	}
	if strings.Contains(err.Error(), "SECRET") {
		t.Errorf("got error %q, which holds a value", err)
	}
}
