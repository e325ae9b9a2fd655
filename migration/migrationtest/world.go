// Package migrationtest gives tests a system of record to migrate from, filled with rows of every
// type, and a PostgreSQL to migrate to. The system is the double of SQL Server (package tdstest);
// or a real SQL Server, where MSSQL_DSN names a database that may be filled and emptied.
package migrationtest

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/microsoft/go-mssqldb" // the driver sqlserver

	"github.com/LBHackney-IT/resident-gateway/migration/sqlserver"
	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A World is a system of record and the reader of it.
type World struct {
	Mapping *mapping.Mapping
	DSN     string            // of the system
	System  *sql.DB           // to write to the system by
	Reader  *sqlserver.Reader // of the system
	Double  *tdstest.Server   // nil where the system is a real one

}

// New returns a system with the tables of a mapping, which are empty and tracked where they can be
// followed. The database is for the double to keep its tables in.
func New(tb testing.TB, behind *sqlx.DB, m *mapping.Mapping) *World {
	tb.Helper()
	w := &World{Mapping: m, DSN: os.Getenv("MSSQL_DSN")}
	if w.DSN == "" {
		w.Double = tdstest.Serve(tb, behind, Tables(m)...)
		w.DSN = w.Double.DSN()
	}
	var err error
	if w.System, err = sql.Open("sqlserver", w.DSN); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = w.System.Close() })
	if w.Double == nil {
		w.makeTables(tb)
	}
	addresses := map[string]string{}
	for _, database := range m.Databases() {
		addresses[database] = w.DSN
	}
	if w.Reader, err = sqlserver.Open(addresses); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = w.Reader.Close() })
	return w
}

// Tables are those of a mapping as the double is told of them.
func Tables(m *mapping.Mapping) []tdstest.Table {
	var all []tdstest.Table
	for i := range m.Tables {
		t := &m.Tables[i]
		made := tdstest.Table{Schema: t.Owner, Name: t.From, Tracked: t.Follows}
		for _, name := range t.Key {
			made.Key = append(made.Key, t.Column(name).From)
		}
		for j := range t.Columns {
			c := &t.Columns[j]
			made.Columns = append(made.Columns,
				tdstest.Column{Name: c.From, Type: c.Type, Null: !c.NotNull})
		}
		all = append(all, made)
	}
	return all
}

// makeTables makes the tables on a real SQL Server, in the place of those that are there.
func (w *World) makeTables(tb testing.TB) {
	tb.Helper()
	for i := range w.Mapping.Tables {
		t := &w.Mapping.Tables[i]
		var columns []string
		for j := range t.Columns {
			c := &t.Columns[j]
			null := " NULL"
			if c.NotNull {
				null = " NOT NULL"
			}
			columns = append(columns, "["+c.From+"] "+c.Type+null)
		}
		if len(t.Key) > 0 {
			columns = append(columns, "PRIMARY KEY ("+keyList(t)+")")
		}
		name := "[" + t.Owner + "].[" + t.From + "]"
		w.Exec(tb, "DROP TABLE IF EXISTS "+name)
		w.Exec(tb, "CREATE TABLE "+name+" ("+strings.Join(columns, ", ")+")")
		if t.Follows {
			w.Exec(tb, "ALTER TABLE "+name+" ENABLE CHANGE_TRACKING")
		}
	}
}

func keyList(t *mapping.Table) string {
	var names []string
	for _, name := range t.Key {
		names = append(names, "["+t.Column(name).From+"]")
	}
	return strings.Join(names, ", ")
}

// Exec runs a statement on the system.
func (w *World) Exec(tb testing.TB, statement string) {
	tb.Helper()
	if _, err := w.System.ExecContext(tb.Context(), statement); err != nil {
		tb.Fatalf("%v: %.200s", err, statement)
	}
}

// Fill adds rows to every table, made of the numbers from one up to another; but to a table that a
// system may be without, such as that of its heartbeat, one row.
func (w *World) Fill(tb testing.TB, from, upTo int) {
	tb.Helper()
	for i := range w.Mapping.Tables {
		t := &w.Mapping.Tables[i]
		if t.Optional {
			w.FillTable(tb, t, from, min(upTo, 1))
			continue
		}
		w.FillTable(tb, t, from, upTo)
	}
}

// FillTable is Fill of one table.
func (w *World) FillTable(tb testing.TB, t *mapping.Table, from, upTo int) {
	tb.Helper()
	const together = 500
	for ; from < upTo; from += together {
		var rows []string
		for n := from; n < min(from+together, upTo); n++ {
			rows = append(rows, "("+strings.Join(Row(t, n, 0), ", ")+")")
		}
		w.Exec(tb, "INSERT INTO ["+t.Owner+"].["+t.From+"] ("+columnList(t)+") VALUES "+
			strings.Join(rows, ", "))
	}
}

func columnList(t *mapping.Table) string {
	var names []string
	for i := range t.Columns {
		names = append(names, "["+t.Columns[i].From+"]")
	}
	return strings.Join(names, ", ")
}

// Row is the values of a row, as they are written in SQL, in the order of the columns. The key is
// made of its number; the rest of that and of a version of the row.
func Row(t *mapping.Table, number, version int) []string {
	dice := rand.New(rand.NewPCG(uint64(number), uint64(version)))
	values := make([]string, len(t.Columns))
	for i := range t.Columns {
		c := &t.Columns[i]
		if place := slices.Index(t.Key, c.Named()); place >= 0 {
			values[i] = keyValue(c, number, place)
			continue
		}
		values[i] = value(dice, c)
	}
	return values
}

// keyValue is the part of a key. Every second key of two parts has its first in common with
// another.
func keyValue(c *mapping.Column, number, place int) string {
	parsed := c.Parsed()
	if parsed.Kind == mapping.Integer {
		switch {
		case parsed.Precision > 0 && parsed.Precision < 5, parsed.Name == "tinyint":
			return fmt.Sprint(number % 90)
		case parsed.Name == "smallint":
			return fmt.Sprint(number % 30_000)
		case place > 0:
			return fmt.Sprint(number + 7_000_000)
		}
		return fmt.Sprint(number)
	}
	switch parsed.Kind {
	case mapping.Date:
		return fmt.Sprintf("'2000-01-%02d'", 1+number%28)
	case mapping.Ticks:
		fraction := []string{"", ".003", ".007", ".997"}[number%4]
		return fmt.Sprintf("'2000-01-02T%02d:%02d:%02d%s'", number/3_600, number/60%60, number%60,
			fraction)
	default:
	}
	return fmt.Sprintf("'%c%07d'", 'A'+rune(number%26), number)
}

// value is one of a column's type, among them null, nothing, and what has to be escaped on the way.
func value(dice *rand.Rand, c *mapping.Column) string {
	if !c.NotNull && dice.IntN(8) == 0 {
		return "NULL"
	}
	parsed := c.Parsed()
	switch parsed.Kind {
	case mapping.Integer:
		return fmt.Sprint(dice.IntN(100))
	case mapping.Decimal:
		return fmt.Sprintf("%d.%02d", dice.IntN(90), dice.IntN(100))
	case mapping.Float:
		return fmt.Sprintf("%d.5", dice.IntN(100))
	case mapping.Boolean:
		return fmt.Sprint(dice.IntN(2))
	case mapping.Date:
		return fmt.Sprintf("'%d-%02d-%02d'", 1900+dice.IntN(150), 1+dice.IntN(12), 1+dice.IntN(28))
	case mapping.Ticks, mapping.Timestamp, mapping.Moment:
		moment := fmt.Sprintf("%d-%02d-%02dT%02d:%02d:%02d", 1900+dice.IntN(150), 1+dice.IntN(12),
			1+dice.IntN(28), dice.IntN(24), dice.IntN(60), dice.IntN(60))
		if dice.IntN(3) == 0 && parsed.Scale >= 3 {
			moment += []string{".003", ".007", ".010", ".997"}[dice.IntN(4)]
		}
		return "'" + moment + "'"
	case mapping.UUID:
		return fmt.Sprintf("'%08X-%04X-4000-8000-%012X'", dice.Uint32(), dice.IntN(1<<16),
			dice.Int64N(1<<48))
	case mapping.Bytes:
		return fmt.Sprintf("0x%08X", dice.Uint32())
	default:
		return text(dice, &parsed)
	}
}

func text(dice *rand.Rand, parsed *mapping.Type) string {
	all := []string{
		"", "Ada", "O''Brien", `back\slash`, "José", "two words", "a\tb", "line\nbreak", `\N`,
		"Flat 3, 1 Hillman Street", "E8 1DY", "Zoë", `{"json": "[1]"}`, "+44 7700 900123",
	}
	chosen := all[dice.IntN(len(all))]
	if length := parsed.Length; length > 0 && len([]rune(chosen)) > length {
		chosen = string([]rune("YNx")[dice.IntN(min(3, length))])
	}
	if strings.HasPrefix(parsed.Name, "n") {
		return "N'" + chosen + "'"
	}
	return "'" + chosen + "'"
}
