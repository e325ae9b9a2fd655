package verify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres, db.Gateway())) }

// The schemas that stand for the two sides, and the tables of each.
const (
	system = "the_system"
	here   = "made_up"

	numbers = "numbers" // by one number
	pairs   = "pairs"   // by two, of which the first is that of several rows
	texts   = "texts"   // by a text, which each system orders in its own way
	lines   = "lines"   // without a key
)

func tables() []string { return []string{numbers, pairs, texts, lines} }

// madeUp is a mapping with all kinds of types, by all kinds of keys.
func madeUp() *mapping.Mapping {
	id := mapping.Column{From: "ID", Type: "numeric(16,0)", As: "bigint", NotNull: true}
	line := mapping.Column{From: "LINE", Type: "smallint", NotNull: true}
	ref := mapping.Column{From: "REF", Type: "varchar(20)", NotNull: true}
	return &mapping.Mapping{
		Source: "MADE_UP", Title: "Made up", FreshFor: time.Hour, Current: "It is made up.",
		Tables: []mapping.Table{
			madeUpTable(numbers, []string{"id"}, id),
			madeUpTable(pairs, []string{"id", "line"}, id, line),
			madeUpTable(texts, []string{"ref"}, ref),
			madeUpTable(lines, nil, ref, line),
		},
	}
}

func madeUpTable(name string, key []string, first ...mapping.Column) mapping.Table {
	t := mapping.Table{Owner: "dbo", From: name, Name: name, Key: key}
	t.Columns = slices.Concat(first, []mapping.Column{
		{From: "AMOUNT", Type: "decimal(12,4)"},
		{From: "PAID", Type: "money"},
		{From: "FLAG", Type: "bit"},
		{From: "SEEN", Type: "datetime"},
		{From: "MADE", Type: "datetime2(3)"},
		{From: "EXACT", Type: "datetime2(7)"},
		{From: "GUID", Type: "uniqueidentifier"},
		{From: "NAME", Type: "nvarchar(40)"},
		{From: "NOTE", Type: "nvarchar(max)", Limit: 4000},
		{From: "CODE", Type: "char(10)", As: "character varying(10)"},
		{From: "BLOB", Type: "varbinary(64)"},
		{From: "DAY", Type: "date"},
		{From: "RATIO", Type: "float"},
	})
	if key == nil {
		t.Rows = []string{"ref", "line"}
	}
	return t
}

// keysOf are the SQL of the columns that rows are told by, of row n.
func keysOf(table string) []string {
	const letters = `(ARRAY['a', 'B', 'Ä', 'é', '_x', '-y', 'Zz', 'ß'])[n % 8 + 1]`
	switch table {
	case numbers:
		return []string{`n * 3 - 50`}
	case pairs:
		return []string{`n / 3 - 5`, `n % 3`}
	case texts:
		return []string{letters + ` || n`}
	}
	return []string{`'R' || n % 17`, `n % 5`}
}

const valuesOfRow = `
	nullif(n % 11, 0) * 1.25, n * 0.01, n % 2 = 0,
	timestamp '2020-01-01' + n * interval '1 day' + (ARRAY[0, 3, 7])[n % 3 + 1] * interval '1 ms',
	timestamp '2021-01-01' + n * interval '1 ms',
	'2020-01-01 10:20:30.' || lpad(n::text, 7, '0'), md5(n::text)::uuid::text,
	'Näme ' || chr(97 + n % 26) || n,
	CASE n % 3 WHEN 0 THEN '' WHEN 2 THEN repeat(md5(n::text), 5) || E'\tx\\y\nz' END,
	'c' || n, decode(md5(n::text), 'hex'), date '2020-01-01' + n, n / 7.0::float8`

// fill makes both sides, with so many rows in each table. Column n is in no mapping.
func fill(ctx context.Context, database *sqlx.DB, m *mapping.Mapping, rows int) error {
	for _, schema := range []string{system, here} {
		if _, err := database.ExecContext(ctx, `CREATE SCHEMA `+schema); err != nil {
			return err
		}
		for i := range m.Tables {
			t := &m.Tables[i]
			var columns []string
			for _, c := range t.Ordered() {
				columns = append(columns, c.Named()+" "+c.Target())
			}
			create := fmt.Sprintf(`CREATE TABLE %s.%s (%s, n integer);
				INSERT INTO %[1]s.%[2]s SELECT %[4]s, %[5]s, n FROM generate_series(1, %[6]d) AS n`,
				schema, t.Name, joined(columns), joined(keysOf(t.Name)), valuesOfRow, rows)
			if len(t.Key) > 0 {
				create += fmt.Sprintf(`; ALTER TABLE %s.%s ADD PRIMARY KEY (%s)`, schema, t.Name,
					joined(t.Key))
			}
			if _, err := database.ExecContext(ctx, create); err != nil {
				return err
			}
		}
	}
	return nil
}

// newSides returns a database with both sides alike.
func newSides(t testing.TB, rows int) *sqlx.DB {
	t.Helper()
	name := fmt.Sprintf("sides of %d", rows)
	return postgres.Template(t, name, func(ctx context.Context, database *sqlx.DB) error {
		return fill(ctx, database, madeUp(), rows)
	})(t)
}

func joined(columns []string) string { return strings.Join(columns, ", ") }

func now() time.Time { return time.Date(2026, time.March, 14, 3, 0, 0, 0, time.UTC) }

// options are those of a run that does not wait.
func options(database *sqlx.DB, names ...string) verify.Options {
	return verify.Options{
		Mapping: madeUp(), Tables: names, DB: database,
		System: pgreader.New(database, system, "double"),
		Here:   pgreader.New(database, here, "live"),
		Now:    now, Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func run(t testing.TB, o verify.Options) verify.Report {
	t.Helper()
	report, err := verify.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// keysByRow are the keys of all rows as findings have them, by n.
func keysByRow(t testing.TB, database *sqlx.DB, table string) map[int]string {
	t.Helper()
	columns := madeUp().Table(table).Key
	if len(columns) == 0 {
		columns = madeUp().Table(table).Rows
	}
	var rows []struct {
		N   int            `db:"n"`
		Key pq.StringArray `db:"key"`
	}
	query := fmt.Sprintf(`SELECT n, ARRAY[%s::text] AS key FROM %s.%s`,
		strings.Join(columns, "::text, "), system, table)
	if err := database.SelectContext(t.Context(), &rows, query); err != nil {
		t.Fatal(err)
	}
	keys := map[int]string{}
	for _, row := range rows {
		keys[row.N] = listOf(row.Key...)
	}
	return keys
}

func listOf(values ...string) string {
	list, err := json.Marshal(values)
	if err != nil {
		panic(err)
	}
	return string(list)
}

// said are findings as texts, in an order of their own.
func said(findings []verify.Finding) []string {
	all := make([]string, len(findings))
	for i, f := range findings {
		all[i] = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", f.Table, f.Kind, f.Key,
			strings.Join(f.Columns, ",")))
	}
	slices.Sort(all)
	return all
}

// check fails unless a report tells of these rows, and of no others.
func check(t testing.TB, doing string, got *verify.Report, want []verify.Finding) {
	t.Helper()
	result := verify.Differs
	if len(want) == 0 {
		result = verify.Same
	}
	if got.Result != result || got.Differ() != int64(len(want)) {
		t.Errorf("%s: got %s, %d rows differ; want %s, %d", doing, got.Result, got.Differ(), result,
			len(want))
	}
	gotRows, wantRows := said(got.Findings), said(want)
	for _, row := range wantRows {
		if i := slices.Index(gotRows, row); i >= 0 {
			gotRows = slices.Delete(gotRows, i, i+1)
		} else {
			t.Errorf("%s: not found: %s", doing, row)
		}
	}
	for _, row := range gotRows {
		t.Errorf("%s: found, though nothing was done to it: %s", doing, row)
	}
	for i := range got.Tables {
		if fault := got.Tables[i].Fault; fault != "" {
			t.Errorf("%s: %s: %s", doing, got.Tables[i].Name, fault)
		}
	}
}

var _ migration.Reader = (*watched)(nil)
