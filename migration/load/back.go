package load

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const (
	tablesOf = `
	SELECT c.relname
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	WHERE  n.nspname = $1 AND c.relkind = 'r'
	ORDER  BY c.relname`
	// The first load has put aside tables that were never loaded, and are empty.
	isLoadBefore  = `SELECT EXISTS (SELECT FROM gateway.load_before WHERE source = $1)`
	exchangeLoads = `
	WITH now AS (SELECT loaded_at, origin FROM gateway.load WHERE source = $1),
	     back AS (
	         UPDATE gateway.load AS l
	         SET    loaded_at = b.loaded_at, origin = b.origin
	         FROM   gateway.load_before AS b
	         WHERE  l.source = $1 AND b.source = $1)
	UPDATE gateway.load_before AS b
	SET    loaded_at = now.loaded_at, origin = now.origin
	FROM   now
	WHERE  b.source = $1`
)

// Back serves the generation before again, and keeps the one that is served in its place: to go
// back twice is to go forward. Changes are not followed from then on, until the source is loaded
// anew. It fails with ErrNothingBefore where there is no generation before, or one that was not
// loaded by the gateway or that a release has left behind, and with ErrDMS where DMS writes to the
// tables, or could again.
//
// Of the options, it heeds DB, Mapping, InsteadOfDMS, Now, Wait and Warn.
func Back(ctx context.Context, o Options) error {
	o.defaults()
	l := &load{Options: o, schema: o.Mapping.Schema()}
	err := l.locked(ctx, func() error { return l.back(ctx) })
	if err != nil {
		return fmt.Errorf("back to the %s before: %w", o.Mapping.Title, err)
	}
	return nil
}

func (l *load) back(ctx context.Context) error {
	var names []string
	if err := l.conn.SelectContext(ctx, &names, tablesOf, previous(l.schema)); err != nil {
		return migration.Failed(ctx, "look for it", err)
	}
	var isKnown bool
	if err := l.conn.GetContext(ctx, &isKnown, isLoadBefore, l.schema); err != nil {
		return migration.Failed(ctx, "look for it", err)
	}
	if len(names) == 0 || !isKnown {
		return ErrNothingBefore
	}
	l.Tables = slices.DeleteFunc(l.Tables, func(t *mapping.Table) bool {
		return !slices.Contains(names, t.Name)
	})
	if err := l.refuseDMS(ctx); err != nil {
		return err
	}
	return l.exchanging(ctx, names, func(order []string) error {
		return l.inTx(ctx, func(tx *sqlx.Tx) error {
			if err := lockTables(ctx, tx, l.schema, order); err != nil {
				return err
			}
			return l.exchangeBack(ctx, tx, names)
		})
	})
}

func (l *load) exchangeBack(ctx context.Context, tx *sqlx.Tx, names []string) error {
	before, after := previous(l.schema), replaced(l.schema)
	was, err := shape(ctx, tx, before, names)
	if err != nil {
		return err
	}
	is, err := shape(ctx, tx, l.schema, names)
	if err != nil {
		return err
	}
	if was != is {
		return fmt.Errorf("%w: its tables are not what this release reads", ErrNothingBefore)
	}
	for _, s := range []string{
		// A load that was killed before it had cleared up may have left it.
		"DROP SCHEMA IF EXISTS " + pq.QuoteIdentifier(after) + " CASCADE",
		"CREATE SCHEMA " + pq.QuoteIdentifier(after),
	} {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return migration.Failed(ctx, "exchange", err)
		}
	}
	if err := exchange(ctx, tx, l.schema, after, before, names); err != nil {
		return err
	}
	for _, s := range []struct {
		statement string
		args      []any
	}{
		{"DROP SCHEMA " + pq.QuoteIdentifier(before), nil},
		{"ALTER SCHEMA " + pq.QuoteIdentifier(after) + " RENAME TO " + pq.QuoteIdentifier(before), nil},
		{exchangeLoads, []any{l.schema}},
		{keepSince, []any{l.schema, l.Now()}},
		{dropFollowing, []any{l.schema, pq.Array(names)}},
	} {
		if _, err := tx.ExecContext(ctx, s.statement, s.args...); err != nil {
			return migration.Failed(ctx, "exchange", err)
		}
	}
	return nil
}
