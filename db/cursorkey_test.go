package db_test

import (
	"bytes"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
)

func TestCursorKey(t *testing.T) {
	t.Parallel()
	var keys [2][]byte
	for i := range keys {
		pool := postgres.New(t)
		for range 2 { // a second time, as after a restart
			if _, err := db.Migrate(t.Context(), pool, db.Gateway()); err != nil {
				t.Fatal(err)
			}
			key, err := db.CursorKey(t.Context(), pool)
			if err != nil {
				t.Fatal(err)
			}
			if len(key) != 32 {
				t.Errorf("got %d bytes, want 32", len(key))
			}
			if keys[i] != nil && !bytes.Equal(key, keys[i]) {
				t.Error("the key of a database has changed")
			}
			keys[i] = key
		}
	}
	if bytes.Equal(keys[0], keys[1]) {
		t.Error("two databases have the same key")
	}
}

func TestCursorKeyOfAnEmptyDatabase(t *testing.T) {
	t.Parallel()
	if key, err := db.CursorKey(t.Context(), postgres.New(t)); err == nil {
		t.Errorf("got %d bytes, want an error", len(key))
	}
}
