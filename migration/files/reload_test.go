package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
)

// TestReload holds that a full load which DMS writes anew beside changes that were read is told.
func TestReload(t *testing.T) {
	t.Parallel()
	table := people()
	folder := folderOf(t, map[string]string{load1: "Ada,1,NULL\n", change1: "I,Bob,2,NULL\n"})
	reader := open(t, folder, files.Options{})
	rows := applied{}
	after, err := follow(t, reader, table, rows, "")
	if err != nil {
		t.Fatal(err)
	}
	_ = filepath.WalkDir(folder, func(p string, _ os.DirEntry, _ error) error {
		if filepath.Base(p) == filepath.Base(load1) {
			return os.WriteFile(p, []byte("Eve,1,NULL\nCat,3,NULL\n"), 0o600)
		}
		return nil
	})
	if _, err = follow(t, reader, table, rows, after); !errors.Is(err, migration.ErrExpired) {
		t.Errorf("got %v of a table that was loaded anew, want %v", err, migration.ErrExpired)
	}
}
