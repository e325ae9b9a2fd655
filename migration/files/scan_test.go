package files_test

import (
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/LBHackney-IT/resident-gateway/migration/files"
)

func FuzzRows(f *testing.F) {
	for _, seed := range []string{
		"", "a,b\n", "a,\"b\"\n", "\"a\"\"b\",\"\n\"\n", "\"\"\n", "a\n\nb\n", ",\n",
		"\"a\",b\n\"\"\"\"\n",
		"a", "\"a", "\"a\"b\n", "a\"b\n", "\"a\"", "\"a\"\"", "é,\x00\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "\r") {
			t.Skip("encoding/csv takes carriage returns out of values")
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		want, wantErr := r.ReadAll()
		for name, from := range map[string]io.Reader{
			"whole":       strings.NewReader(text),
			"byte a time": iotest.OneByteReader(strings.NewReader(text)),
		} {
			got, err := files.Rows(from, len(text)+1, files.Options{})
			if wantErr != nil {
				if err == nil {
					t.Errorf("%s: got no error, want %v", name, wantErr)
				}
				continue
			}
			if text != "" && !strings.HasSuffix(text, "\n") {
				if err == nil {
					t.Errorf("%s: got no error of a file without an end", name)
				}
				continue
			}
			var rows [][]string
			for _, row := range got { // encoding/csv passes over empty lines
				if len(row) > 1 || row[0] != "" {
					rows = append(rows, row)
				}
			}
			var wanted [][]string
			for _, row := range want {
				if len(row) > 1 || row[0] != "" {
					wanted = append(wanted, row)
				}
			}
			if err != nil || !reflect.DeepEqual(rows, wanted) {
				t.Errorf("%s: got %q and error %v, want %q", name, rows, err, wanted)
			}
		}
	})
}

func TestRowsAcrossTheRoom(t *testing.T) {
	t.Parallel()
	// A row lies across the end of what is held at once, wherever that falls in it.
	row := "one,\"two \"\" and\nmore\",three\n"
	want := []string{"one", "two \" and\nmore", "three"}
	for shift := range len(row) {
		head := strings.Repeat("x", 256<<10-shift-1) + "\n"
		got, err := files.Rows(strings.NewReader(head+row+row), 1<<20, files.Options{})
		if err != nil || len(got) != 3 {
			t.Fatalf("shift %d: got %d rows and error %v, want 3", shift, len(got), err)
		}
		if !reflect.DeepEqual(got[1], want) || !reflect.DeepEqual(got[2], want) {
			t.Fatalf("shift %d: got %q, want %q twice", shift, got[1:], want)
		}
	}
}

func TestRowsLongerThanTheRoom(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"plain":  strings.Repeat("x", 700_000) + ",b\n",
		"quoted": `"` + strings.Repeat("x\n", 350_000) + `",b` + "\n",
	}
	for name, text := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := files.Rows(strings.NewReader(text+text), 1<<20, files.Options{})
			if err != nil || len(got) != 2 || len(got[1][0]) != 700_000 || got[1][1] != "b" {
				t.Errorf("got %d rows and error %v, want 2 rows of 700,000", len(got), err)
			}
			if _, err := files.Rows(strings.NewReader(text), 600_000, files.Options{}); err == nil {
				t.Error("got no error of a row that is longer than it may be")
			}
		})
	}
}

func TestRowsOfAReaderThatFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	from := io.MultiReader(strings.NewReader("a,b\n"), iotest.ErrReader(broken))
	if got, err := files.Rows(from, 100, files.Options{}); !errors.Is(err, broken) {
		t.Errorf("got %q and error %v, want %v", got, err, broken)
	}
}

// An endless reader gives the same over and over, and counts what was taken.
type endless struct {
	text  string
	taken int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[(e.taken+i)%len(e.text)]
	}
	e.taken += len(p)
	return len(p), nil
}

func TestRowsWithoutAnEndAreNotHeld(t *testing.T) {
	t.Parallel()
	const most = 300_000
	tests := map[string]struct{ first, then string }{
		"plain":             {"", "x"},
		"quoted":            {`"`, "x\n"},
		"quotation marks":   {`"`, `""`},
		"values":            {"", "x,"},
		"nothing in quotes": {"", `"",`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bomb := &endless{text: tt.then}
			from := io.MultiReader(strings.NewReader(tt.first), bomb)
			got, err := files.Rows(from, most, files.Options{})
			if err == nil || len(got) > 0 {
				t.Errorf("got %d rows and error %v, want an error", len(got), err)
			}
			if bomb.taken > most+1 {
				t.Errorf("got %d bytes taken, want %d at most", bomb.taken, most+1)
			}
		})
	}
}
