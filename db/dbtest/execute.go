package dbtest

import (
	"testing"

	"github.com/jmoiron/sqlx"
)

// Execute runs a statement, or several, and fails the test if PostgreSQL refuses one.
func Execute(t testing.TB, pool *sqlx.DB, statement string) {
	t.Helper()
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
