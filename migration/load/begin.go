package load

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// noteTimeout is how long it may take to keep why a load stopped.
const noteTimeout = 5 * time.Second

// What a table is made of, in words that are the same for two tables that are the same.
const shapeOf = `
	SELECT c.relname || ': ' || string_agg(
	           format('%s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull),
	           ', ' ORDER BY a.attnum)
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	JOIN   pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE  n.nspname = $1 AND c.relname = ANY ($2::text[])
	GROUP  BY c.relname
	UNION  ALL
	SELECT replace(pg_get_indexdef(i.indexrelid), format(' ON %I.%I ', n.nspname, c.relname),
	               format(' ON %I ', c.relname))
	FROM   pg_index AS i
	JOIN   pg_class AS c ON c.oid = i.indrelid
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	WHERE  n.nspname = $1 AND c.relname = ANY ($2::text[])
	UNION  ALL
	SELECT c.relname || ': ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
	FROM   pg_constraint AS k
	JOIN   pg_class AS c ON c.oid = k.conrelid
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	WHERE  n.nspname = $1 AND c.relname = ANY ($2::text[])
	ORDER  BY 1`

// shape is what tables in a schema are made of, in short. It is the same for the same tables in
// another schema.
func shape(
	ctx context.Context, q sqlx.QueryerContext, schema string, tables []string,
) (string, error) {
	var parts []string
	if err := sqlx.SelectContext(ctx, q, &parts, shapeOf, schema, pq.Array(tables)); err != nil {
		return "", migration.Failed(ctx, "look at the tables", err)
	}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\n")))
	return hex.EncodeToString(sum[:]), nil
}

// names are those of the tables to load.
func (l *load) names() []string {
	names := make([]string, len(l.Tables))
	for i, t := range l.Tables {
		names[i] = t.Name
	}
	slices.Sort(names)
	return names
}

// What indexes are made with: another release may have other functions of the same names.
const functionsOf = `
	SELECT p.oid::regprocedure || ': ' || p.prosrc
	FROM   pg_proc AS p
	JOIN   pg_namespace AS n ON n.oid = p.pronamespace
	WHERE  n.nspname IN ('gateway', $1)
	ORDER  BY 1`

// wholeShape is that of the tables that are served, with what is read into them and the functions
// that their indexes are made with.
func (l *load) wholeShape(ctx context.Context, q sqlx.QueryerContext) (string, error) {
	served, err := shape(ctx, q, l.schema, l.names())
	if err != nil {
		return "", err
	}
	var functions []string
	if err := sqlx.SelectContext(ctx, q, &functions, functionsOf, l.schema); err != nil {
		return "", migration.Failed(ctx, "look at the functions", err)
	}
	var all strings.Builder
	fmt.Fprintln(&all, served, functions, l.Place)
	for _, t := range l.Tables {
		fmt.Fprintln(&all, t.Name, strings.Join(canon.Of(t).Columns(), ","))
	}
	sum := sha256.Sum256([]byte(all.String()))
	return hex.EncodeToString(sum[:]), nil
}

const brokenOff = `SELECT origin, shape, phase FROM gateway.loading WHERE source = $1`

// begin goes on with a load that was broken off, or makes the tables for a new one.
func (l *load) begin(ctx context.Context) error {
	now, err := l.wholeShape(ctx, l.conn)
	if err != nil {
		return err
	}
	l.shape = now
	var row struct {
		Origin string `db:"origin"`
		Shape  string `db:"shape"`
		Phase  string `db:"phase"`
	}
	err = l.conn.GetContext(ctx, &row, brokenOff, l.schema)
	switch {
	case errors.Is(err, sql.ErrNoRows):
	case err != nil:
		return migration.Failed(ctx, "look for a load that was broken off", err)
	case l.Anew, l.Still, row.Origin != l.Reader.Origin(), row.Shape != now:
		l.Warn("a load that was broken off is thrown away")
	default:
		l.report.Resumed, l.isProved = true, row.Phase == "swap"
		_, err := l.conn.ExecContext(ctx,
			`UPDATE gateway.loading SET fault = NULL, told_at = $2 WHERE source = $1`,
			l.schema, l.Now())
		return migration.Failed(ctx, "go on", err)
	}
	return l.beginAnew(ctx, now)
}

const (
	keepLoading = `
	INSERT INTO gateway.loading (source, origin, began_at, told_at, phase, shape)
	VALUES ($1, $2, $3, $3, 'rows', $4)`
	keepTable = `
	INSERT INTO gateway.loading_table
	       (source, name, next, rows, xor, sum, expected, version, done)
	VALUES ($1, $2, '', 0, 0, 0, $3, $4, false)`
)

func (l *load) beginAnew(ctx context.Context, shape string) error {
	began := l.Now() // before anything is read
	type begun struct{ expected, version any }
	tables := make([]begun, len(l.Tables))
	for i, t := range l.Tables {
		// Changes are followed from before the first row is read, or some would be missed.
		version, err := l.version(ctx, t)
		if err != nil {
			return err
		}
		expected, err := l.expected(ctx, t)
		if err != nil {
			return err
		}
		tables[i] = begun{expected, version}
	}
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		next := pq.QuoteIdentifier(l.next())
		statements := []string{
			"DROP SCHEMA IF EXISTS " + next + " CASCADE",
			"CREATE SCHEMA " + next,
		}
		for _, t := range l.Tables {
			// What indexes and keys it has comes when the rows are there.
			statements = append(statements, "CREATE TABLE "+migration.Identifier(l.next(), t.Name)+" (LIKE "+
				migration.Identifier(l.schema, t.Name)+" INCLUDING ALL EXCLUDING INDEXES)")
		}
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return migration.Failed(ctx, "make the tables", err)
			}
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM gateway.loading WHERE source = $1`,
			l.schema); err != nil {
			return migration.Failed(ctx, "begin", err)
		}
		if _, err := tx.ExecContext(ctx, keepLoading, l.schema, l.Reader.Origin(), began,
			shape); err != nil {
			return migration.Failed(ctx, "begin", err)
		}
		for i, t := range l.Tables {
			if _, err := tx.ExecContext(ctx, keepTable, l.schema, t.Name, tables[i].expected,
				tables[i].version); err != nil {
				return migration.Failed(ctx, "begin", err)
			}
		}
		return nil
	})
}

// expected is how many rows a table has, where the reader can tell; nil where not.
func (l *load) expected(ctx context.Context, t *mapping.Table) (any, error) {
	counter, ok := l.Reader.(migration.Counter)
	if !ok {
		return nil, nil //nolint:nilnil // it is null in the database
	}
	return counter.Count(ctx, t)
}
