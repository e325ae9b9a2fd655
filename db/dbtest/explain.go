package dbtest

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
)

// Explain returns the plan of a statement, and in how many milliseconds it is answered. Of few rows
// the planner would rather read all, unless it may not.
func Explain(
	t testing.TB, database *sqlx.DB, mayNotScan bool, text string, args []any,
) (plan string, milliseconds float64) {
	t.Helper()
	tx, err := database.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if mayNotScan {
		if _, err := tx.ExecContext(t.Context(), `SET LOCAL enable_seqscan = off`); err != nil {
			t.Fatal(err)
		}
	}
	var lines []string
	if err := tx.SelectContext(t.Context(), &lines, "EXPLAIN "+text, args...); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	if _, err := tx.ExecContext(t.Context(), text, args...); err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n"), float64(time.Since(start).Microseconds()) / 1_000
}
