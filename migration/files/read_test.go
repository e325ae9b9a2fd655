package files_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func TestRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options files.Options
		files   map[string]string
		want    []string
	}{
		"as DMS writes by default": {
			files.Options{},
			map[string]string{load1: "Ada,1,1815-12-10 00:00:00.000000\n,2,NULL\nNULL,3,NULL\n"},
			[]string{"1\tAda\t1815-12-10 00:00:00", "2\t\t\\N", "3\t\\N\t\\N"},
		},
		"quotes": {
			files.Options{},
			map[string]string{load1: "\"A, \"\"B\"\"\nC\",1,NULL\n\"NULL\",2,NULL\n\"\",3,NULL\n"},
			[]string{`1	A, "B"\nC	\N`, "2\tNULL\t\\N", "3\t\t\\N"},
		},
		"no quotes": {
			files.Options{Unquoted: true},
			map[string]string{load1: "\"A\" O'B,1,NULL\nNULL,2,NULL\n\",3,NULL\n"},
			[]string{"1\t\"A\" O'B\t\\N", "2\t\\N\t\\N", "3\t\"\t\\N"},
		},
		"backslashes, tabs and carriage returns": {
			files.Options{},
			map[string]string{load1: "a\\b\tc\r,1,NULL\n\\N,2,NULL\n"},
			[]string{`1	a\\b\tc\r	\N`, `2	\\N	\N`},
		},
		"a null of one's own": {
			files.Options{Null: `\N`},
			map[string]string{load1: "NULL,1,\\N\n\\N,2,\\N\n"},
			[]string{"1\tNULL\t\\N", "2\t\\N\t\\N"},
		},
		"nothing is null": {
			files.Options{EmptyIsNull: true},
			map[string]string{load1: "NULL,1,\n,2,\n\"\",3,\n"},
			[]string{"1\tNULL\t\\N", "2\t\\N\t\\N", "3\t\t\\N"},
		},
		"an operation": {
			files.Options{Op: true},
			map[string]string{load1: "I,Ada,1,NULL\n"},
			[]string{"1\tAda\t\\N"},
		},
		"a header": {
			files.Options{Header: true},
			map[string]string{load1: "ID,NAME,BORN\n1,Ada,NULL\n", load2: "BORN,name,id\nNULL,Bob,2\n"},
			[]string{"1\tAda\t\\N", "2\tBob\t\\N"},
		},
		"a header with an operation and columns that are not taken": {
			files.Options{Header: true},
			map[string]string{
				load1: "Op,SECRET,BORN,NAME,ID,AR_H_CHANGE_SEQ\nI,\"x,\",NULL,Ada,1,\n",
			},
			[]string{"1\tAda\t\\N"},
		},
		"a delimiter": {
			files.Options{Delimiter: '|'},
			map[string]string{load1: "A,B|1|NULL\n\"A|B\"|2|NULL\n"},
			[]string{"1\tA,B\t\\N", "2\tA|B\t\\N"},
		},
		"gzip and plain, counted in hexadecimal": {
			files.Options{},
			hexadecimal(t),
			[]string{
				"1\t\t\\N", "2\t\t\\N", "3\t\t\\N", "4\t\t\\N", "5\t\t\\N", "6\t\t\\N", "7\t\t\\N",
				"8\t\t\\N", "9\t\t\\N", "10\t\t\\N", "11\t\t\\N",
			},
		},
		"a folder by another schema and the name here": {
			files.Options{Schema: "mosaic"},
			map[string]string{"mosaic/person/LOAD00000001.csv": "Ada,1,NULL\n"},
			[]string{"1\tAda\t\\N"},
		},
		"no rows": {files.Options{}, map[string]string{load1: ""}, nil},
		"no rows, and a header": {
			files.Options{Header: true}, map[string]string{load1: "ID,NAME,BORN\n"}, nil,
		},
		"changes beside it": {
			files.Options{},
			map[string]string{load1: "Ada,1,NULL\n", change1: "D,Ada,1,NULL\n"},
			[]string{"1\tAda\t\\N"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := open(t, folderOf(t, tt.files), tt.options)
			got, _, err := readAll(t, reader, people(), migration.Part{})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}

// hexadecimal is eleven files of a row each.
func hexadecimal(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for i := range 11 {
		name, text := fmt.Sprintf("dbo/PEOPLE/LOAD%08X.csv", i+1), fmt.Sprintf(",%d,NULL\n", i+1)
		if i%2 == 0 {
			name, text = name+".gz", string(zip(t, []byte(text)))
		}
		all[name] = text
	}
	return all
}

func TestReadGoesOnAtEachRow(t *testing.T) {
	t.Parallel()
	rows := [][]string{
		{"Ada,1,NULL\n", "\"B\n\"\"b\"\"\",2,NULL\n", ",3,NULL\n"}, {}, {"D,4,NULL\n", "NULL,5,NULL\n"},
	}
	all := map[string]string{}
	for i, of := range rows {
		text := "NAME,ID,BORN\n" + strings.Join(of, "")
		name := fmt.Sprintf("dbo/PEOPLE/LOAD%08X.csv", i+1)
		if i == 2 {
			name, text = name+".gz", string(zip(t, []byte(text)))
		}
		all[name] = text
	}
	reader := open(t, folderOf(t, all), files.Options{Header: true})
	want, _, err := readAll(t, reader, people(), migration.Part{})
	if err != nil || len(want) != 5 {
		t.Fatalf("got %d rows and error %v, want 5", len(want), err)
	}
	for limit := 1; limit <= len(want)+1; limit++ {
		var got []string
		after := ""
		for {
			some, next, err := readAll(t, reader, people(), migration.Part{After: after, Limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			if len(some) > limit {
				t.Fatalf("got %d rows, want %d at most", len(some), limit)
			}
			got = append(got, some...)
			after = next[len(next)-1]
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("limit %d: got %q, want %q", limit, got, want)
		}
	}
}

func TestReadInBatches(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	const rows = 25_000
	for i := range rows {
		fmt.Fprintf(&text, "Ada,%d,NULL\n", i)
	}
	reader := open(t, folderOf(t, map[string]string{load1: text.String()}), files.Options{})
	got, next, err := readAll(t, reader, people(), migration.Part{})
	if err != nil || len(got) != rows || len(next) != 3 {
		t.Fatalf("got %d rows in %d batches and error %v, want %d in 3", len(got), len(next), err, rows)
	}
	rest, _, err := readAll(t, reader, people(), migration.Part{After: next[1]})
	if err != nil || !reflect.DeepEqual(rest, got[20_000:]) {
		t.Errorf("got %d rows and error %v after the second batch, want 5,000", len(rest), err)
	}
	stop := errors.New("stop")
	err = reader.Read(t.Context(), people(), migration.Part{},
		func(*migration.Batch) error { return stop })
	if !errors.Is(err, stop) {
		t.Errorf("got error %v, want %v", err, stop)
	}
}

func TestReadRefusesToGoOn(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{load1: "Ada,1,NULL\nBob,2,NULL\n", load2: "Cyd,3,NULL\n"})
	reader := open(t, folder, files.Options{})
	_, next, err := readAll(t, reader, people(), migration.Part{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{"x", next[0] + " ", "a b 1 -2", "a b -1 2"} {
		if _, _, err := readAll(t, reader, people(), migration.Part{After: after}); err == nil {
			t.Errorf("got no error of %q", after)
		}
	}
	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(folder, load2), later, later); err != nil {
		t.Fatal(err)
	}
	_, _, err = readAll(t, reader, people(), migration.Part{After: next[0]})
	wantError(t, err, files.ErrChanged)
}

func TestReadOfAFileThatGrows(t *testing.T) {
	t.Parallel()
	rows := strings.Repeat("Ada,1,NULL\n", 30_000)
	folder := folderOf(t, map[string]string{load1: rows})
	reader := open(t, folder, files.Options{})
	isFirst := true
	err := reader.Read(t.Context(), people(), migration.Part{}, func(*migration.Batch) error {
		if isFirst {
			isFirst = false
			write(t, folder, load1, []byte(rows+rows))
		}
		return nil
	})
	wantError(t, err, files.ErrChanged, "LOAD00000001.csv")
}

func TestReadParts(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{
		load1: "Ada,1,NULL\nBob,-2,NULL\nCyd,30,NULL\n", load2: "Dan,4,NULL\n",
	})
	reader := open(t, folder, files.Options{})
	noKey, byName := people(), people()
	noKey.Key, byName.Key = nil, []string{"name"}
	tests := map[string]struct {
		table *mapping.Table
		part  migration.Part
		want  []string // nil for an error
	}{
		"between": {
			people(), migration.Part{Between: &migration.Between{From: -2, Below: 4}},
			[]string{"1\tAda\t\\N", "-2\tBob\t\\N"},
		},
		"keys": {
			people(), migration.Part{Keys: [][]byte{[]byte("4"), []byte("30"), []byte("99")}},
			[]string{"30\tCyd\t\\N", "4\tDan\t\\N"},
		},
		"no keys":          {people(), migration.Part{Keys: [][]byte{}}, []string{}},
		"keys of no table": {noKey, migration.Part{Keys: [][]byte{[]byte("4")}}, nil},
		"between names":    {byName, migration.Part{Between: &migration.Between{}}, nil},
		"both": {
			people(), migration.Part{Between: &migration.Between{}, Keys: [][]byte{}}, nil,
		},
		"with a limit":  {people(), migration.Part{Keys: [][]byte{}, Limit: 1}, nil},
		"too many keys": {people(), migration.Part{Keys: make([][]byte, migration.MostKeys+1)}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := readAll(t, reader, tt.table, tt.part)
			if tt.want == nil {
				wantError(t, err, nil)
				return
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}
