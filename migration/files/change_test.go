package files_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// follow applies the changes after a version, and returns the version to go on from.
func follow(
	t *testing.T, reader *files.Reader, table *mapping.Table, rows applied, after string,
) (string, error) {
	t.Helper()
	err := reader.Changes(t.Context(), table, after, func(changes *migration.Changes) error {
		rows.apply(table, changes)
		after = changes.Version
		return nil
	})
	return after, err
}

func TestChanges(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options files.Options
		files   map[string]string
		want    []string // the lines that are there in the end
	}{
		"insert, update, delete": {
			files.Options{},
			map[string]string{change1: "I,Ada,1,NULL\nI,Bob,2,NULL\nU,Eve,1,NULL\nD,Bob,2,NULL\n"},
			[]string{"1\tEve\t\\N"},
		},
		"deleted and put in again": {
			files.Options{},
			map[string]string{change1: "I,Ada,1,NULL\nD,Ada,1,NULL\nI,Eve,1,NULL\n"},
			[]string{"1\tEve\t\\N"},
		},
		"in the order of the files": {
			files.Options{},
			map[string]string{
				change2: "D,Ada,1,NULL\n", change1: "I,Ada,1,NULL\n", change3: "I,Eve,1,NULL\n", load1: "x",
			},
			[]string{"1\tEve\t\\N"},
		},
		"a delete that tells the key alone": {
			files.Options{},
			map[string]string{change1: "I,Ada,1,NULL\nD,NULL,1,rubbish\n"},
			nil,
		},
		"what was there already": {
			files.Options{},
			map[string]string{change1: "U,Eve,7,NULL\nD,x,8,NULL\n"},
			[]string{"7\tEve\t\\N"},
		},
		"gzip": {
			files.Options{},
			map[string]string{change1 + ".gz": string(zip(t, []byte("I,Ada,1,NULL\n")))},
			[]string{"1\tAda\t\\N"},
		},
		"numbers of changes": {
			files.Options{Header: true},
			map[string]string{
				change1: "Op,ID,NAME,BORN,AR_H_CHANGE_SEQ\nI,1,Ada,NULL,20230000000000000000000000000000003\n" +
					"I,1,Old,NULL,20230000000000000000000000000000001\n",
				change2: "Op,ID,NAME,BORN,AR_H_CHANGE_SEQ\nD,1,Old,NULL,20230000000000000000000000000000002\n",
			},
			[]string{"1\tAda\t\\N"},
		},
		"a key that is updated, with what it was": {
			files.Options{Header: true},
			map[string]string{
				change1: "Op,ID,NAME,BORN,BI_ID\nI,1,Ada,NULL,NULL\nU,2,Ada,NULL,1\nU,2,Eve,NULL,2\n",
			},
			[]string{"2\tEve\t\\N"},
		},
		"a key that is updated, without it": {
			files.Options{},
			map[string]string{change1: "I,Ada,1,NULL\nU,Ada,2,NULL\n"},
			[]string{"1\tAda\t\\N", "2\tAda\t\\N"}, // the limit that Changes tells of
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := open(t, folderOf(t, tt.files), tt.options)
			got, want := applied{}, applied{}
			if _, err := follow(t, reader, people(), got, ""); err != nil {
				t.Fatal(err)
			}
			for _, line := range tt.want {
				want[string(canon.Of(people()).Key([]byte(line)))] = line
			}
			if !maps.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestChangesAreMerged(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{
		change1: "I,Ada,1,NULL\nI,Bob,2,NULL\nI,Cyd,3,NULL\n",
		change2: "U,Eve,1,NULL\nD,x,3,NULL\nD,x,10,NULL\n",
	})
	var upserts, deletes []string
	times := 0
	err := open(t, folder, files.Options{}).Changes(t.Context(), people(), "",
		func(changes *migration.Changes) error {
			times++
			for i := range changes.Upserts.Rows() {
				upserts = append(upserts, string(changes.Upserts.Line(i)))
			}
			for _, key := range changes.Deletes {
				deletes = append(deletes, string(key))
			}
			if changes.Rows() != 4 {
				t.Errorf("got %d rows, want 4", changes.Rows())
			}
			return nil
		})
	if err != nil || times != 1 {
		t.Fatalf("got %d changes and error %v, want 1", times, err)
	}
	if want := []string{"2\tBob\t\\N", "1\tEve\t\\N"}; !reflect.DeepEqual(upserts, want) {
		t.Errorf("got upserts %q, want %q", upserts, want)
	}
	if want := []string{"10", "3"}; !reflect.DeepEqual(deletes, want) {
		t.Errorf("got deletes %q, want %q", deletes, want)
	}
}

func TestChangesGoOn(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{load1: "Ada,1,NULL\n"})
	reader := open(t, folder, files.Options{})
	rows, version := applied{}, ""
	steps := []struct{ name, text, want string }{
		{"", "", ""},
		{change1, "I,Ada,1,NULL\n", "1\tAda\t\\N"},
		{"", "", "1\tAda\t\\N"},
		{change2, "U,Bob,1,NULL\n", "1\tBob\t\\N"},
		{change3, "", "1\tBob\t\\N"},
		{"dbo/PEOPLE/20230907-151444001.csv", "D,Bob,1,NULL\n", ""},
		{"dbo/PEOPLE/20230907-151444002.csv.gz", string(zip(t, []byte("I,Cyd,1,NULL\n"))), "1\tCyd\t\\N"},
	}
	for i, step := range steps {
		if step.name != "" {
			write(t, folder, step.name, []byte(step.text))
		}
		next, err := follow(t, reader, people(), rows, version)
		if err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		if isNew := next != version; isNew != (step.name != "") {
			t.Errorf("step %d: got version %q after %q", i, next, version)
		}
		version = next
		if rows["1"] != step.want {
			t.Errorf("step %d: got %q, want %q", i, rows["1"], step.want)
		}
	}
	// Of more than a day before, nothing is needed any more.
	if err := os.Remove(filepath.Join(folder, change1)); err != nil {
		t.Fatal(err)
	}
	if _, err := follow(t, reader, people(), rows, version); err != nil {
		t.Error(err)
	}
}

func TestChangesThatAreLate(t *testing.T) {
	t.Parallel()
	tests := map[string]func(t *testing.T, folder string) error{
		"a file came late": func(t *testing.T, folder string) error {
			write(t, folder, change2, []byte("D,Ada,1,NULL\n"))
			return nil
		},
		"a file was written anew": func(t *testing.T, folder string) error {
			write(t, folder, change1, []byte("I,Bobby,1,NULL\n"))
			return nil
		},
		"a file was taken away": func(_ *testing.T, folder string) error {
			return os.Remove(filepath.Join(folder, change1))
		},
		"the last was taken away": func(_ *testing.T, folder string) error {
			return os.Remove(filepath.Join(folder, change3))
		},
		"all were taken away": func(_ *testing.T, folder string) error {
			return os.RemoveAll(filepath.Join(folder, "dbo"))
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := folderOf(t, map[string]string{change1: "I,Ada,1,NULL\n", change3: "I,Ada,1,NULL\n"})
			reader := open(t, folder, files.Options{})
			version, err := follow(t, reader, people(), applied{}, "")
			if err != nil {
				t.Fatal(err)
			}
			if err := change(t, folder); err != nil {
				t.Fatal(err)
			}
			_, err = follow(t, reader, people(), applied{}, version)
			wantError(t, err, files.ErrLate, "person")
		})
	}
}

func TestChangesOfManyRows(t *testing.T) {
	t.Parallel()
	var first, second strings.Builder
	for i := range 25_000 {
		fmt.Fprintf(&first, "I,Ada,%d,NULL\n", i)
		fmt.Fprintf(&second, "U,Eve,%d,NULL\nD,x,%d,NULL\n", i, i-1)
	}
	folder := folderOf(t, map[string]string{
		change1: first.String(), change2 + ".gz": string(zip(t, []byte(second.String()))),
	})
	reader := open(t, folder, files.Options{})
	for stopAfter := range 6 {
		rows, version, times := applied{}, "", 0
		stop := errors.New("killed")
		for isDone := false; !isDone; {
			// It is killed after some, and goes on from the last that was applied.
			err := reader.Changes(t.Context(), people(), version, func(changes *migration.Changes) error {
				if times++; times == stopAfter {
					return stop
				}
				rows.apply(people(), changes)
				version = changes.Version
				return nil
			})
			if isDone = err == nil; !isDone && !errors.Is(err, stop) {
				t.Fatal(err)
			}
		}
		if len(rows) != 1 || rows["24999"] != "24999\tEve\t\\N" {
			t.Errorf("killed at %d: got %d rows, want the last alone", stopAfter, len(rows))
		}
	}
}

func TestChangesRefuse(t *testing.T) {
	t.Parallel()
	header := files.Options{Header: true}
	noKey := people()
	noKey.Key = nil
	tests := map[string]struct {
		options files.Options
		table   *mapping.Table
		text    string
		after   string
		says    string
	}{
		"no key":               {files.Options{}, noKey, "", "", "no key"},
		"no operation":         {files.Options{}, people(), "SECRET,1,NULL\n", "", "line 1"},
		"an unknown operation": {files.Options{}, people(), "X,SECRET,1,NULL\n", "", "operation"},
		"no column of it":      {header, people(), "ID,NAME,BORN\n", "", "Op"},
		"a delete of null": {
			files.Options{}, people(), "D,SECRET,NULL,NULL\n", "", "line 1: column id",
		},
		"a bad value": {
			files.Options{}, people(), "I,a,1,NULL\nU,a,1,SECRET\n", "", "line 2: column born",
		},
		"a bad number": {
			header, people(), "Op,ID,NAME,BORN,AR_H_CHANGE_SEQ\nI,1,a,NULL,SECRET\n", "", "AR_H_CHANGE_SEQ",
		},
		"a bad key before": {
			header, people(), "Op,ID,NAME,BORN,BI_ID\nU,1,a,NULL,SECRET\n", "", "column id",
		},
		"cut": {
			files.Options{}, people(), "I,a,1,NULL\nI,SECRET,2", "", "line 2: column id",
		},
		"no version":      {files.Options{}, people(), "", "x", "no place"},
		"another version": {files.Options{}, people(), "", "a b 1 2", "no file of changes"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := open(t, folderOf(t, map[string]string{change1: tt.text}), tt.options)
			_, err := follow(t, reader, tt.table, applied{}, tt.after)
			wantError(t, err, nil, tt.says)
		})
	}
}

func TestChangesEndWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	folder := folderOf(t, map[string]string{change1: "I,a,1,NULL\n", load1: "a,1,NULL\n"})
	reader := open(t, folder, files.Options{})
	err := reader.Changes(ctx, people(), "", func(*migration.Changes) error { return nil })
	wantError(t, err, context.Canceled)
	err = reader.Read(ctx, people(), migration.Part{}, func(*migration.Batch) error { return nil })
	wantError(t, err, context.Canceled)
}
