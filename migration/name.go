package migration

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// Identifier writes the name of a table with its schema as PostgreSQL takes it.
func Identifier(schema, name string) string {
	return pq.QuoteIdentifier(schema) + "." + pq.QuoteIdentifier(name)
}

// ColumnList writes names of columns as PostgreSQL takes them, each with a prefix such as `t.`.
func ColumnList(names []string, prefix string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = prefix + pq.QuoteIdentifier(name)
	}
	return strings.Join(quoted, ", ")
}

// CopyInto sends rows in canonical form, with these columns, into a table that is written as
// PostgreSQL takes it, in the transaction that a connection of lib/pq is in.
func CopyInto(
	ctx context.Context, conn *sqlx.Conn, into string, columns []string, lines []byte,
) error {
	statement := "COPY " + into + " (" + ColumnList(columns, "") + ") FROM STDIN"
	return conn.Raw(func(raw any) error { return table.Copy(ctx, raw, statement, lines) })
}
