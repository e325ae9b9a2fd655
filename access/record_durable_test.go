package access_test

import (
	"os"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
)

// TestWriteSurvivesACrash kills PostgreSQL, which by its settings loses what was committed in the
// last seconds, as soon as it has been told that a record is there.
func TestWriteSurvivesACrash(t *testing.T) {
	t.Parallel()
	server, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	pool := migrated(t, server.DSN("postgres"))
	for _, statement := range []string{
		`ALTER SYSTEM SET wal_writer_delay = '10s'`, // it writes what was put off
		`ALTER SYSTEM SET synchronous_commit = off`,
		`SELECT pg_reload_conf()`,
	} {
		if _, err := pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	recorder := access.NewRecorder(pool)
	for _, request := range []string{"1", "2"} {
		if err := recorder.Write(t.Context(), aRecord(request)); err != nil {
			t.Fatal(err)
		}
	}
	other, err := pool.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var pid int
	if err := pool.GetContext(t.Context(), &pid, `SELECT pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	session, err := os.FindProcess(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Kill(); err != nil { // PostgreSQL starts anew when a session dies like this
		t.Fatal(err)
	}
	until(t, "all sessions to end", func() bool { return other.PingContext(t.Context()) != nil })
	until(t, "a start", func() bool { return pool.PingContext(t.Context()) == nil })
	if got := requests(readAll(t, pool)); len(got) != 2 {
		t.Errorf("got records of %q, want both", got)
	}
}
