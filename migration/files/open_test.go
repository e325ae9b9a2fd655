package files_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		options files.Options
		files   map[string]string
		want    []string
	}{
		"of a header": {
			files.Options{Header: true}, map[string]string{load1: "Op,id,NAME,BORN,MORE\n"},
			[]string{"ID", "NAME", "BORN", "MORE"},
		},
		"of the mapping": {
			files.Options{}, map[string]string{load1: ""}, []string{"NAME", "ID", "BORN"},
		},
		"of no such table": {files.Options{}, map[string]string{"dbo/OTHER/LOAD00000001.csv": ""}, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			reader := open(t, folderOf(t, tt.files), tt.options)
			got, err := reader.Catalogue(t.Context(), people())
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range got.Columns {
				names = append(names, c.Name)
			}
			if !slices.Equal(names, tt.want) {
				t.Errorf("got columns %q, want %q", names, tt.want)
			}
			if tt.want != nil && !slices.Equal(got.Key, []string{"ID"}) {
				t.Errorf("got key %q, want ID", got.Key)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	here := t.TempDir()
	tests := map[string]struct {
		place   string
		options files.Options
	}{
		"no folder":            {here + "/none", files.Options{}},
		"no such scheme":       {"ftp://host/x", files.Options{}},
		"no bucket":            {"s3:///prefix", files.Options{}},
		"a password":           {"s3://a:b@bucket/prefix", files.Options{}},
		"an unknown setting":   {"s3://bucket/prefix?regoin=eu-west-2", files.Options{}},
		"an endpoint in clear": {"s3://bucket/prefix?endpoint=http://s3.example.org", files.Options{}},
		"null as two":          {here, files.Options{Null: "x", EmptyIsNull: true}},
		"a quote for a comma":  {here, files.Options{Delimiter: '"'}},
		"null that ends":       {here, files.Options{Null: "a,b"}},
		"a path for a schema":  {here, files.Options{Schema: "../dbo"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := files.Open(t.Context(), tt.place, tt.options)
			wantError(t, err, nil)
		})
	}
}

func TestFolderHoldsWhatIsRead(t *testing.T) {
	t.Parallel()
	outside := folderOf(t, map[string]string{"x.csv": "Ada,1,NULL\n"})
	folder := folderOf(t, map[string]string{load2: ""})
	if err := os.Symlink(filepath.Join(outside, "x.csv"), filepath.Join(folder, load1)); err != nil {
		t.Fatal(err)
	}
	_, _, err := readAll(t, open(t, "file://"+folder, files.Options{}), people(), migration.Part{})
	wantError(t, err, nil, "escapes")
	table := people()
	table.Owner = "../" + filepath.Base(outside)
	if _, _, err := readAll(t, open(t, folder, files.Options{}), table, migration.Part{}); err == nil {
		t.Error("got no error of a schema that leads out of the folder")
	}
}
