package verify_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Keys however far apart and however great they are; ranges become wider rather than too many.
func TestNumbersOfKeys(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ofType string
		keys   string // SQL, of n
		by     verify.By
		parts  int // at most
	}{
		"far apart": {"bigint", `(n - 10000) * bigint '1000000007'`, verify.ByRanges, 1 << 14},
		"least":     {"bigint", `CASE n WHEN 1 THEN -1::bigint << 63 ELSE n END`, verify.ByRanges, 30},
		"almost most": {
			"bigint", `CASE n WHEN 1 THEN (~(1::bigint << 63)) - 1 ELSE n END`, verify.ByRanges, 30,
		},
		"most": {
			"bigint", `CASE n WHEN 1 THEN ~(1::bigint << 63) ELSE n END`, verify.ByBuckets, 1 << 14,
		},
		"of 16 bits": {"smallint", `32768 - n`, verify.ByRanges, 30},
		"of 32 bits": {"int", `2147483648 - n`, verify.ByRanges, 30},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.New(t)
			o := options(database)
			column := mapping.Column{From: "ID", Type: tt.ofType, NotNull: true}
			o.Mapping.Tables = []mapping.Table{{
				Owner: "dbo", From: "t", Name: "t", Key: []string{"id"}, Columns: []mapping.Column{column},
			}}
			for _, schema := range []string{system, here} {
				dbtest.Execute(t, database, fmt.Sprintf(`CREATE SCHEMA %s;
					CREATE TABLE %[1]s.t (id %s PRIMARY KEY);
					INSERT INTO %[1]s.t SELECT %[3]s FROM generate_series(1, 20000) AS n`,
					schema, column.Target(), tt.keys))
			}
			o.RangeRows = 1000
			report := run(t, o)
			check(t, "same", &report, nil)
			if got := report.Tables[0]; got.System.Rows != 20_000 || got.Here != got.System {
				t.Errorf("got %+v, want 20000 rows", got)
			} else if got.By != tt.by || got.Parts > tt.parts || got.Parts < 2 {
				t.Errorf("got %+v, want by %s of at most %d", got, tt.by, tt.parts)
			}
			dbtest.Execute(t, database, `DELETE FROM `+here+`.t WHERE id = (SELECT min(id) FROM `+here+`.t);
				DELETE FROM `+system+`.t WHERE id = (SELECT max(id) FROM `+system+`.t)`)
			got := run(t, o)
			var kinds []verify.Kind
			for _, f := range got.Findings {
				kinds = append(kinds, f.Kind)
			}
			slices.Sort(kinds)
			if fmt.Sprint(kinds) != "[MISSING_SOURCE MISSING_TARGET]" || got.Differ() != 2 {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// More rows differ than are held at once: all are counted though the spot has to be read again.
func TestManyRowsDiffer(t *testing.T) {
	t.Parallel()
	const muchLess = 40_000
	tests := map[string]struct {
		key       string
		memory    int
		by        verify.By
		isAtLeast bool
	}{
		"in ranges":             {"int", muchLess, verify.ByRanges, false},
		"in buckets":            {"varchar(12)", muchLess, verify.ByBuckets, false},
		"in long keys":          {"varchar(2000)", 20 * muchLess, verify.ByBuckets, false},
		"in too many long keys": {"varchar(2000)", muchLess, verify.ByBuckets, true},
		"of one range":          {"tinyint", muchLess, verify.ByRanges, false},
		"without any keys":      {"", muchLess, verify.ByLines, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const rows = 1000
			database := postgres.New(t)
			o := manyRows(t, database, tt.key, rows)
			o.RangeRows, o.Memory, o.MostFindings = 300, tt.memory, 100
			report := run(t, o)
			got := report.Tables[0]
			if report.Result != verify.Differs || got.Differ != rows || got.By != tt.by ||
				got.IsAtLeast != tt.isAtLeast || len(report.Findings) != 100 {
				t.Errorf("got %s, %+v, %d findings, want %d", report.Result, got, len(report.Findings),
					rows)
			}
			// Where both have all of them, it is the values that differ.
			dbtest.Execute(t, database, `INSERT INTO `+here+`.t SELECT id, n, 2 FROM `+system+`.t`)
			if got := run(t, o).Tables[0]; !tt.isAtLeast && tt.key != "" && got.Differ != rows {
				t.Errorf("got %+v, want %d rows", got, rows)
			} else if got.Differ == 0 || got.IsAtLeast != tt.isAtLeast {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// manyRows makes a table whose rows are on the system alone.
func manyRows(t *testing.T, database *sqlx.DB, key string, rows int) verify.Options {
	t.Helper()
	o := options(database)
	table := mapping.Table{Owner: "dbo", From: "t", Name: "t", Key: []string{"id", "n"}}
	value := `n`
	switch key {
	case "":
		table.Key, table.Rows, key = nil, []string{"id", "n"}, "int"
	case "tinyint":
		value = `7`
	case "varchar(2000)":
		value = `repeat('x', 1500) || n`
	}
	table.Columns = []mapping.Column{
		{From: "ID", Type: key, NotNull: true}, {From: "N", Type: "int", NotNull: true},
		{From: "A", Type: "int"},
	}
	o.Mapping.Tables = []mapping.Table{table}
	for _, schema := range []string{system, here} {
		dbtest.Execute(t, database, fmt.Sprintf(`CREATE SCHEMA %s;
			CREATE TABLE %[1]s.t (id %s, n integer, a integer)`, schema, table.Columns[0].Target()))
	}
	dbtest.Execute(t, database, fmt.Sprintf(`INSERT INTO %s.t SELECT %s, n, 1
		FROM generate_series(1, %d) AS n`, system, value, rows))
	return o
}
