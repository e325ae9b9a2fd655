package migrationtest

import (
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// WantSame fails a test unless a table that is served holds what the system's does.
func (w *World) WantSame(tb testing.TB, db *sqlx.DB, t *mapping.Table) {
	tb.Helper()
	want := Lines(tb, w.Reader, t)
	got := Lines(tb, pgreader.New(db, w.Mapping.Schema(), "here"), t)
	if !slices.Equal(got, want) {
		tb.Errorf("%s: got %d rows, want %d, and the same", t.Name, len(got), len(want))
	}
}

// Lines are the rows of a table, sorted.
func Lines(tb testing.TB, r migration.Reader, t *mapping.Table) []string {
	tb.Helper()
	var all []string
	err := r.Read(tb.Context(), t, migration.Part{}, func(b *migration.Batch) error {
		for i := range b.Rows() {
			all = append(all, string(b.Line(i)))
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// FillPersons adds so many rows to Mosaic's table of people at once, of 115 bytes each, on the
// double alone.
func (w *World) FillPersons(tb testing.TB, rows int) {
	tb.Helper()
	if w.Double == nil {
		tb.Skip("SKIPPED: a real system is not filled with so many rows")
	}
	const people = `
		INSERT INTO dbo.dm_persons
		SELECT n, 'L' || n, 'Firstname' || n % 1000 || ' Lastname' || n % 30000, 'Mrs',
		       'Firstname' || n % 1000, 'Lastname' || n % 30000,
		       timestamp '1940-01-01' + n % 30000 * interval '1 day', NULL, 'F', 'N', 'A', 'British',
		       4000000000 + n, 'someone' || n || '@example.com'
		FROM   generate_series(1, $1) AS n`
	w.Double.DB().MustExec(people, rows)
	// Or PostgreSQL would sort the table for each range, which SQL Server has in the order of its key.
	w.Double.DB().MustExec(`ANALYZE dbo.dm_persons`)
}
