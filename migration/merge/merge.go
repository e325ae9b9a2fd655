// Package merge applies changes to a table of PostgreSQL: many rows at once, by way of a temporary
// table, and so that to apply the same again changes nothing.
package merge

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Merger applies changes to one table within one transaction.
type Merger struct {
	conn   *sqlx.Conn // that the transaction is on
	tx     *sqlx.Tx
	target string
	table  *mapping.Table

	isReady bool // whether the temporary tables are there
}

// New returns a Merger for a table of a schema, in a transaction that is under way on conn. The
// table's key is that of a unique index there.
func New(conn *sqlx.Conn, tx *sqlx.Tx, schema string, t *mapping.Table) *Merger {
	return &Merger{conn: conn, tx: tx, target: migration.Identifier(schema, t.Name), table: t}
}

// Apply applies some changes: deletes first. Its errors hold no values.
func (m *Merger) Apply(ctx context.Context, c *migration.Changes) error {
	if c.Rows() == 0 {
		return nil
	}
	if err := m.prepare(ctx); err != nil {
		return err
	}
	if len(c.Deletes) > 0 {
		var keys []byte
		for _, key := range c.Deletes {
			keys = append(append(keys, key...), '\n')
		}
		if err := m.stage(ctx, m.gone(), m.table.Key, keys); err != nil {
			return err
		}
		if err := m.exec(ctx, "DELETE FROM "+m.target+" AS t USING "+m.gone()+" AS g WHERE "+
			m.sameKey("t", "g")); err != nil {
			return fmt.Errorf("delete: %w", err)
		}
	}
	if c.Upserts.Rows() > 0 {
		columns := canon.Of(m.table).Columns()
		if err := m.stage(ctx, m.changed(), columns, c.Upserts.Lines); err != nil {
			return err
		}
		if err := m.exec(ctx, m.upsert(columns)); err != nil {
			return fmt.Errorf("upsert: %w", err)
		}
	}
	return nil
}

func (m *Merger) changed() string { return temporary("changed " + m.table.Name) }
func (m *Merger) gone() string    { return temporary("gone " + m.table.Name) }

func temporary(name string) string { return "pg_temp." + pq.QuoteIdentifier(name) }

// prepare makes the temporary tables, which are gone when the transaction ends.
func (m *Merger) prepare(ctx context.Context) error {
	if m.isReady {
		return nil
	}
	m.isReady = true
	key := migration.ColumnList(m.table.Key, "")
	for _, statement := range []string{
		"CREATE TEMPORARY TABLE " + strings.TrimPrefix(m.changed(), "pg_temp.") + " (LIKE " + m.target +
			") ON COMMIT DROP",
		"CREATE TEMPORARY TABLE " + strings.TrimPrefix(m.gone(), "pg_temp.") +
			" ON COMMIT DROP AS SELECT " + key + " FROM " + m.target + " WITH NO DATA",
	} {
		if err := m.exec(ctx, statement); err != nil {
			return fmt.Errorf("make room for changes: %w", err)
		}
	}
	return nil
}

// stage puts rows into a temporary table, in the place of those that are there.
func (m *Merger) stage(ctx context.Context, name string, columns []string, rows []byte) error {
	if err := m.exec(ctx, "TRUNCATE "+name); err != nil {
		return fmt.Errorf("make room for changes: %w", err)
	}
	if err := migration.CopyInto(ctx, m.conn, name, columns, rows); err != nil {
		return fmt.Errorf("copy changes: %w", err)
	}
	return nil
}

func (m *Merger) exec(ctx context.Context, statement string) error {
	_, err := m.tx.ExecContext(ctx, statement)
	return err
}

func (m *Merger) sameKey(a, b string) string {
	conditions := make([]string, len(m.table.Key))
	for i, name := range m.table.Key {
		q := pq.QuoteIdentifier(name)
		conditions[i] = a + "." + q + " = " + b + "." + q
	}
	return strings.Join(conditions, " AND ")
}

// upsert leaves rows as they are that are as they should be: their indexes need not be written.
func (m *Merger) upsert(columns []string) string {
	all := migration.ColumnList(columns, "")
	statement := "INSERT INTO " + m.target + " AS t (" + all + ") SELECT " + all + " FROM " +
		m.changed() + " ON CONFLICT (" + migration.ColumnList(m.table.Key, "") + ") "
	rest := columns[len(m.table.Key):]
	if len(rest) == 0 {
		return statement + "DO NOTHING"
	}
	changed := migration.ColumnList(rest, "excluded.")
	return statement + "DO UPDATE SET (" + migration.ColumnList(rest, "") + ") = ROW (" + changed +
		") WHERE (" + migration.ColumnList(rest, "t.") + ") IS DISTINCT FROM (" + changed + ")"
}
