package files_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func TestReadValues(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column mapping.Column
		text   string
		want   string // blank for an error
	}{
		"int":             {mapping.Column{Type: "int"}, "-7", "-7"},
		"decimal":         {mapping.Column{Type: "decimal(9,3)"}, "00012.500", "12.5"},
		"money":           {mapping.Column{Type: "money"}, "-0.0000", "0"},
		"float":           {mapping.Column{Type: "float"}, "1.5E3", "1500"},
		"bit":             {mapping.Column{Type: "bit"}, "true", "t"},
		"bit as a number": {mapping.Column{Type: "bit"}, "0", "f"},
		"datetime": {
			mapping.Column{Type: "datetime"}, "2020-01-31 10:20:30.997000", "2020-01-31 10:20:30.997",
		},
		"datetime with T": {
			mapping.Column{Type: "datetime"}, "2020-01-31T10:20:30", "2020-01-31 10:20:30",
		},
		"datetime2": {
			mapping.Column{Type: "datetime2(6)"}, "2020-01-31 10:20:30.123456", "2020-01-31 10:20:30.123456",
		},
		"date": {mapping.Column{Type: "date"}, "2020-01-31", "2020-01-31"},
		"GUID": {
			mapping.Column{Type: "uniqueidentifier"}, "6F9619FF-8B86-D011-B42D-00C04FC964FF",
			"6f9619ff-8b86-d011-b42d-00c04fc964ff",
		},
		"bytes":            {mapping.Column{Type: "varbinary(8)"}, "0xDEADBEEF", `\\xdeadbeef`},
		"bytes, bare":      {mapping.Column{Type: "varbinary(8)"}, "DEADBEEF", `\\xdeadbeef`},
		"char":             {mapping.Column{Type: "char(9)"}, "Ada   ", "Ada"},
		"text":             {mapping.Column{Type: "text", Limit: 9}, "ünï", "ünï"},
		"text to its end":  {mapping.Column{Type: "text", Limit: 3}, "abc", "abc"},
		"text past it":     {mapping.Column{Type: "text", Limit: 3}, "SECRET", ""},
		"no UTF-8":         {mapping.Column{Type: "varchar(9)"}, "SECRET\xff", ""},
		"a zero byte":      {mapping.Column{Type: "varchar(9)"}, "SECRET\x00", ""},
		"no int":           {mapping.Column{Type: "int"}, "SECRET", ""},
		"an empty int":     {mapping.Column{Type: "int"}, "", ""},
		"no date":          {mapping.Column{Type: "date"}, "SECRET", ""},
		"null by mistake":  {mapping.Column{Type: "int", NotNull: true}, "NULL", ""},
		"null":             {mapping.Column{Type: "int"}, "NULL", `\N`},
		"far too long":     {mapping.Column{Type: "varchar(9)"}, strings.Repeat("SECRET", 200), ""},
		"a quotation mark": {mapping.Column{Type: "varchar(9)"}, `SECRET"`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.column.From = "VALUE"
			table := people()
			table.Columns = []mapping.Column{{From: "ID", Type: "int", NotNull: true}, tt.column}
			reader := open(t, folderOf(t, map[string]string{load1: "1," + tt.text + "\n"}), files.Options{})
			got, _, err := readAll(t, reader, table, migration.Part{})
			if tt.want == "" {
				wantError(t, err, nil, "LOAD00000001.csv", "line 1", "column value")
				return
			}
			if err != nil || len(got) != 1 || got[0] != "1\t"+tt.want {
				t.Errorf("got %q and error %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	header := files.Options{Header: true}
	zipped := zip(t, []byte(strings.Repeat("Ada,1,NULL\n", 1000)))
	spoilt := slices.Clone(zipped)
	spoilt[len(spoilt)-6] ^= 1 // of its checksum
	gz := load1 + ".gz"
	tests := map[string]struct {
		options files.Options
		files   map[string]string
		says    string
	}{
		"no files": {
			header, map[string]string{change1: "D,Ada,1,NULL\n"}, "no file of a full load",
		},
		"no first file": {header, map[string]string{load2: "ID,NAME,BORN\n"}, "number 1"},
		"a file left out": {
			files.Options{}, map[string]string{load1: "", "dbo/PEOPLE/LOAD00000003.csv": ""}, "number 2",
		},
		"a file twice": {
			files.Options{}, map[string]string{load1: "", gz: string(zipped)}, "number 2",
		},
		"a file of no kind": {
			files.Options{}, map[string]string{load1: "", "dbo/PEOPLE/x.parquet": ""}, "x.parquet",
		},
		"a time that is none": {
			files.Options{}, map[string]string{load1: "", "dbo/PEOPLE/20231305-151244585.csv": ""},
			"no time",
		},
		"a folder": {
			files.Options{}, map[string]string{load1: "", "dbo/PEOPLE/2023/x.csv": ""}, "2023 is no file",
		},
		"two folders": {
			files.Options{}, map[string]string{load1: "", "dbo/person/LOAD00000001.csv": ""}, "too",
		},
		"too few": {
			files.Options{}, map[string]string{load1: "Ada,1,NULL\nSECRET,2\n"}, "line 2",
		},
		"too many":      {files.Options{}, map[string]string{load1: "SECRET,1,NULL,\n"}, "line 1"},
		"an empty line": {files.Options{}, map[string]string{load1: "Ada,1,NULL\n\n"}, "line 2"},
		"cut in a value": {
			files.Options{}, map[string]string{load1: "Ada,1,NULL\nSECRET,2,NULL"}, "line 2: column born",
		},
		"cut in quotes": {
			files.Options{}, map[string]string{load1: "Ada,1,NULL\n\"SECRET\n\n"}, "line 2: column name",
		},
		"text after quotes": {
			files.Options{}, map[string]string{load1: "\"x\ny\",1,NULL\n\"x\"SECRET,1,NULL\n"},
			"line 3: column name",
		},
		"an operation to spare": {
			files.Options{}, map[string]string{load1: "I,SECRET,1,NULL\n"}, "line 1",
		},
		"an update in a full load": {
			files.Options{Op: true}, map[string]string{load1: "U,SECRET,1,NULL\n"}, "line 1: an operation",
		},
		"no operation of that name": {
			files.Options{Op: true}, map[string]string{load1: "SECRET,Ada,1,NULL\n"}, "line 1: an operation",
		},
		"no header":           {header, map[string]string{load1: ""}, "line 1: it has no names"},
		"a column is missing": {header, map[string]string{load1: "ID,NAME\n"}, "column born is missing"},
		"a column twice": {
			header, map[string]string{load1: "ID,NAME,BORN,id\n"}, "column id is there twice",
		},
		"no gzip":       {files.Options{}, map[string]string{gz: "SECRET,1,NULL\n"}, "gzip"},
		"an empty gzip": {files.Options{}, map[string]string{gz: ""}, "unexpected EOF"},
		"a cut gzip": {
			files.Options{}, map[string]string{gz: string(zipped[:len(zipped)-9])}, "unexpected EOF",
		},
		"a gzip without sum": {
			files.Options{}, map[string]string{gz: string(zipped[:len(zipped)-8])}, "unexpected EOF",
		},
		"a spoilt gzip": {files.Options{}, map[string]string{gz: string(spoilt)}, "checksum"},
		"more after a gzip": {
			files.Options{}, map[string]string{gz: string(zipped) + "SECRET, 1, NULL"}, "gzip",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := open(t, folderOf(t, tt.files), tt.options)
			_, _, err := readAll(t, reader, people(), migration.Part{})
			wantError(t, err, nil, tt.says)
		})
	}
}

func TestReadOfAnArchiveThatGrowsWhenOpened(t *testing.T) {
	t.Parallel()
	bomb := strings.Repeat("SECRET x", 1<<17) // 1 MiB, which gzip makes 1 kB of
	more := strings.Repeat(bomb, 17)
	tests := map[string]struct{ text, says string }{
		"a value that is taken":   {"NAME,ID,BORN\n" + bomb, "line 2: column NAME"},
		"a column that is not":    {"NAME,ID,BORN,MORE\nAda,1,NULL,\"" + more, "line 2: column MORE"},
		"the names of columns":    {bomb, "line 1"},
		"one of whole rows":       {"NAME,ID,BORN\n" + bomb + ",1,NULL\n", "line 2: column NAME"},
		"a value of another kind": {"NAME,ID,BORN\nAda,1," + bomb + "\n", "line 2: column BORN"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := folderOf(t, map[string]string{load1 + ".gz": string(zip(t, []byte(tt.text)))})
			_, _, err := readAll(
				t, open(t, folder, files.Options{Header: true}), people(), migration.Part{})
			wantError(t, err, nil, tt.says, "longer")
		})
	}
}

func TestReadKeepsToTheCanonicalForm(t *testing.T) {
	t.Parallel()
	folder := folderOf(t, map[string]string{load1: "\"a\\b\t\n\",1,NULL\nNULL,2,NULL\n"})
	got, _, err := readAll(t, open(t, folder, files.Options{}), people(), migration.Part{})
	if err != nil || len(got) != 2 {
		t.Fatalf("got %q and error %v, want 2 rows", got, err)
	}
	if fields := canon.Fields([]byte(got[0])); *fields[1] != "a\\b\t\n" {
		t.Errorf("got %q, want what the file says", *fields[1])
	}
}
