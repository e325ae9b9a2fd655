package load

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/merge"
)

// A load catches up with what changed meanwhile until a pass finds little, and no longer than this:
// who follows from then on does the rest.
const (
	mostPasses = 10
	littleLeft = 1_000
)

// catchUp applies what has changed since the load began.
func (l *load) catchUp(ctx context.Context) error {
	if err := l.enter(ctx, "swap"); err != nil {
		return err
	}
	for range mostPasses {
		all, err := l.checkpoints(ctx)
		if err != nil {
			return err
		}
		rows := 0
		for _, t := range l.Tables {
			c := all[t.Name]
			if c == nil || c.Version == nil || l.Feed == nil {
				continue
			}
			err := l.inTx(ctx, func(tx *sqlx.Tx) error {
				merger, reached := merge.New(l.conn, tx, l.next(), t), *c.Version
				err := l.Feed.Changes(ctx, t, reached, func(ch *migration.Changes) error {
					rows += ch.Rows()
					reached = ch.Version
					return migration.Failed(ctx, "apply changes to "+t.Name, merger.Apply(ctx, ch))
				})
				if err != nil {
					return err
				}
				const keepVersion = `UPDATE gateway.loading_table SET version = $3
					WHERE source = $1 AND name = $2`
				_, err = tx.ExecContext(ctx, keepVersion, l.schema, t.Name, reached)
				return migration.Failed(ctx, "keep the version", err)
			})
			if errors.Is(err, migration.ErrExpired) {
				return errors.Join(err, l.forget(ctx))
			}
			if err != nil {
				return err
			}
		}
		if rows <= littleLeft {
			return nil
		}
	}
	return nil
}

// forget has the next load begin anew.
func (l *load) forget(ctx context.Context) error {
	_, err := l.conn.ExecContext(ctx, `DELETE FROM gateway.loading WHERE source = $1`, l.schema)
	return migration.Failed(ctx, "forget the load", err)
}

const (
	lockTimeout = "2s"
	mostSwaps   = 30 // how often the swap is tried when somebody reads for long
	swapRest    = time.Second
)

// swap puts the tables in the place of those that are served, in one short transaction. Who reads
// them meanwhile ends what they read; who comes then waits for the end of it, and sees the new
// ones.
func (l *load) swap(ctx context.Context) error {
	if err := l.makeRoomAside(ctx); err != nil {
		return err
	}
	for tries := 1; ; tries++ {
		started := l.Now()
		err := l.inTx(ctx, func(tx *sqlx.Tx) error { return l.swapIn(ctx, tx) })
		if err == nil {
			l.report.Swap = l.Now().Sub(started)
			return l.clearUp(ctx)
		}
		refused, ok := errors.AsType[*migration.RefusedError](err)
		isLocked := ok && (refused.State == "55P03" || refused.State == "40P01")
		if !isLocked || tries == mostSwaps {
			return fmt.Errorf("swap: %w", err)
		}
		l.Warn("somebody reads for long; the swap is tried again")
		if err := l.Wait(ctx, swapRest); err != nil {
			return err
		}
	}
}

// clearUp drops what is no longer needed.
func (l *load) clearUp(ctx context.Context) error {
	for _, statement := range []string{
		"DROP SCHEMA IF EXISTS " + pq.QuoteIdentifier(l.next()),
		"DROP SCHEMA IF EXISTS " + pq.QuoteIdentifier(replaced(l.schema)) + " CASCADE",
	} {
		if _, err := l.conn.ExecContext(ctx, statement); err != nil {
			return migration.Failed(ctx, "clear up", err)
		}
	}
	return nil
}

// makeRoomAside drops the tables of the generation before that served.
func (l *load) makeRoomAside(ctx context.Context) error {
	aside := pq.QuoteIdentifier(l.aside())
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		for _, statement := range []string{
			"DROP SCHEMA IF EXISTS " + aside + " CASCADE",
			"CREATE SCHEMA " + aside,
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return migration.Failed(ctx, "drop the generation before", err)
			}
		}
		if l.Again {
			return nil
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM gateway.load_before WHERE source = $1`, l.schema)
		return migration.Failed(ctx, "drop the generation before", err)
	})
}

const (
	keepBefore = `
	INSERT INTO gateway.load_before (source, loaded_at, origin)
	SELECT source, loaded_at, origin FROM gateway.load WHERE source = $1`
	keepLoad = `
	INSERT INTO gateway.load (source, loaded_at, origin)
	SELECT source, began_at, origin FROM gateway.loading WHERE source = $1
	ON CONFLICT (source) DO UPDATE SET loaded_at = excluded.loaded_at, origin = excluded.origin`
	followOn = `
	INSERT INTO gateway.following (source, name, version, applied_at)
	SELECT source, name, version, $2
	FROM   gateway.loading_table
	WHERE  source = $1 AND version IS NOT NULL`
	dropFollowing = `DELETE FROM gateway.following WHERE source = $1 AND name = ANY ($2::text[])`
	dropFaults    = `DELETE FROM gateway.table_fault WHERE source = $1 AND name = ANY ($2::text[])`
	dropLoading   = `DELETE FROM gateway.loading WHERE source = $1`
)

func (l *load) swapIn(ctx context.Context, tx *sqlx.Tx) error {
	names := l.names()
	if err := exchange(ctx, tx, l.schema, l.aside(), l.next(), names); err != nil {
		return err
	}
	served, err := shape(ctx, tx, l.aside(), names)
	if err != nil {
		return err
	}
	loaded, err := shape(ctx, tx, l.schema, names)
	if err != nil {
		return err
	}
	if served != loaded {
		// A release may have changed the tables since the load began.
		return errors.New("the tables that are served have changed since: begin the load anew")
	}
	type step struct {
		statement string
		args      []any
	}
	var steps []step
	if !l.Again {
		steps = []step{{keepBefore, []any{l.schema}}, {keepLoad, []any{l.schema}}}
	}
	for _, s := range append(steps, []step{
		{dropFollowing, []any{l.schema, pq.Array(names)}},
		{followOn, []any{l.schema, l.Now()}},
		{dropFaults, []any{l.schema, pq.Array(names)}},
		{dropLoading, []any{l.schema}},
	}...) {
		if _, err := tx.ExecContext(ctx, s.statement, s.args...); err != nil {
			return migration.Failed(ctx, "keep what was loaded", err)
		}
	}
	return nil
}

// What was granted on a table, as it is granted on another.
const grantsOf = `
	SELECT format('GRANT %s ON %I.%I TO %s%s', g.privilege_type, $3::text, c.relname,
	              CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END,
	              CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	CROSS  JOIN aclexplode(c.relacl) AS g
	LEFT   JOIN pg_roles AS r ON r.oid = g.grantee
	WHERE  n.nspname = $1 AND c.relname = ANY ($2::text[]) AND g.grantee <> c.relowner`

// exchange moves the tables that are served aside and others into their place, with what was
// granted on those.
func exchange(
	ctx context.Context, tx *sqlx.Tx, served, aside, others string, names []string,
) error {
	var statements []string
	if err := tx.SelectContext(ctx, &statements, grantsOf, served, pq.Array(names),
		others); err != nil {
		return migration.Failed(ctx, "look at the grants", err)
	}
	var all []string
	for _, name := range slices.Sorted(slices.Values(names)) {
		all = append(all, identifier(served, name))
	}
	lock := "LOCK TABLE " + strings.Join(all, ", ")
	statements = slices.Insert(statements, 0, "SET LOCAL lock_timeout = '"+lockTimeout+"'",
		lock+" IN ACCESS EXCLUSIVE MODE")
	for _, name := range names {
		statements = append(statements,
			"ALTER TABLE "+identifier(served, name)+" SET SCHEMA "+pq.QuoteIdentifier(aside),
			"ALTER TABLE "+identifier(others, name)+" SET SCHEMA "+pq.QuoteIdentifier(served))
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return migration.Failed(ctx, "exchange", err)
		}
	}
	return nil
}
