package db_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

var postgres *dbtest.Server

// TestMain runs the tests; or, in a process that a test has started, an embedded server until that
// process is told to end.
func TestMain(m *testing.M) {
	if os.Getenv("DB_TEST_OWNER") != "" {
		if err := ownServer(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if err := os.Setenv("TMPDIR", dbtest.Folder()); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(dbtest.Run(m, &postgres))
}

// ownServer starts a server, says so, and stops it when its input ends.
func ownServer() error {
	server, err := db.StartEmbedded(context.Background(), db.EmbeddedOptions{
		Dir: os.Getenv("DB_TEST_DIR"),
	})
	if err != nil {
		return err
	}
	fmt.Println("started")
	_, _ = os.Stdin.Read(make([]byte, 1))
	return server.Stop()
}
