package dms_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

// What deploy/dms holds of each source is what its description makes, and nothing else.
func TestDeployedFiles(t *testing.T) {
	t.Parallel()
	for _, p := range catalogue.Sources() {
		if p.Mapping == nil {
			continue
		}
		name := strings.ToLower(string(p.Name))
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files, err := dms.Files(p.Mapping)
			if err != nil {
				t.Fatal(err)
			}
			folder := filepath.Join("..", "..", "deploy", "dms", name)
			made := map[string]bool{}
			stale := false
			for _, f := range files {
				made[f.Name] = true
				text, err := os.ReadFile(filepath.Join(folder, f.Name))
				if err != nil || !bytes.Equal(text, f.Text) {
					t.Errorf("deploy/dms/%s/%s is not what the description makes", name, f.Name)
					stale = true
				}
			}
			if stale {
				t.Errorf("go run ./server migration dms %s --out deploy/dms/%s", name, name)
			}
			entries, err := os.ReadDir(folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if !made[entry.Name()] {
					t.Errorf("deploy/dms/%s/%s is of no task: delete it", name, entry.Name())
				}
			}
		})
	}
}

// Nothing is written where a description cannot be told to DMS.
func TestWriteIsAllOrNothing(t *testing.T) {
	t.Parallel()
	m := madeUp()
	m.Tables[2].Columns[2].Name = "scan"
	folder := filepath.Join(t.TempDir(), "parking")
	written, err := dms.Write(folder, m)
	if err == nil || len(written) > 0 {
		t.Errorf("got %v and %v, want nothing and an error", written, err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("got %v, want no folder", err)
	}
}
