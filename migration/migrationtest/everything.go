package migrationtest

import (
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Everything is a mapping with every type that can be taken, and keys of each kind: one number, two
// of which the first is that of several rows, a moment and a
// day, a text, a text that blanks fill, and none.
func Everything() *mapping.Mapping {
	number := mapping.Column{From: "ID", Type: "numeric(16,0)", As: "bigint", NotNull: true}
	m := &mapping.Mapping{
		Source: "EVERYTHING", Title: "Everything", FreshFor: time.Hour, Current: "made up",
		Tables: []mapping.Table{
			keyed("NUMBERS", number),
			keyed("PAIRS", mapping.Column{From: "A", Type: "tinyint", NotNull: true},
				mapping.Column{From: "B", Type: "int", NotNull: true}),
			keyed("MOMENTS", mapping.Column{From: "AT", Type: "datetime", NotNull: true},
				mapping.Column{From: "DAY", Type: "date", NotNull: true}),
			keyed("TEXTS", mapping.Column{From: "REF", Type: "varchar(18)", NotNull: true}),
			keyed("FILLED", mapping.Column{From: "REF", Type: "char(12)", NotNull: true}),
		},
	}
	lines := keyed("LINES", number)
	lines.Key, lines.Rows, lines.Follows = nil, []string{"id"}, false
	m.Tables = append(m.Tables, lines)
	return m
}

func keyed(name string, key ...mapping.Column) mapping.Table {
	t := mapping.Table{Owner: "dbo", From: name, Name: strings.ToLower(name), Follows: true}
	for _, c := range key {
		t.Key = append(t.Key, c.Named())
	}
	// The key is not what comes first.
	for _, sqlType := range []string{
		"tinyint", "smallint", "int", "bigint", "numeric(9,2)", "decimal(38,10)", "money", "smallmoney",
		"real", "float", "bit", "date", "datetime", "smalldatetime", "datetime2(3)", "datetime2(6)",
		"datetime2(7)",
	} {
		t.Columns = append(t.Columns, column(sqlType, 0))
	}
	t.Columns = append(t.Columns, key...)
	for _, sqlType := range []string{
		"varchar(40)", "char(10)", "nvarchar(40)", "nchar(10)", "varbinary(8)", "uniqueidentifier",
	} {
		t.Columns = append(t.Columns, column(sqlType, 0))
	}
	t.Columns = append(t.Columns, column("nvarchar(max)", 1<<16), column("varbinary(max)", 1<<16))
	return t
}

// column is one that is called what its type is.
func column(sqlType string, limit int) mapping.Column {
	name := strings.NewReplacer("(", "_", ")", "", ",", "_").Replace(strings.ToUpper(sqlType))
	return mapping.Column{From: "C_" + name, Type: sqlType, Limit: limit}
}

// MakeTables makes the tables of a mapping in PostgreSQL, with their keys.
func MakeTables(tb testing.TB, db *sqlx.DB, m *mapping.Mapping) {
	tb.Helper()
	statements := []string{"CREATE SCHEMA " + m.Schema()}
	for i := range m.Tables {
		t := &m.Tables[i]
		var parts, key []string
		for j := range t.Columns {
			c := &t.Columns[j]
			parts = append(parts, pq.QuoteIdentifier(c.Named())+" "+c.Target())
		}
		for _, name := range t.Key {
			key = append(key, pq.QuoteIdentifier(name))
		}
		if key != nil {
			parts = append(parts, "PRIMARY KEY ("+strings.Join(key, ", ")+")")
		}
		statements = append(statements, "CREATE TABLE "+m.Schema()+"."+pq.QuoteIdentifier(t.Name)+
			" ("+strings.Join(parts, ", ")+")")
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(tb.Context(), statement); err != nil {
			tb.Fatal(err)
		}
	}
}
