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
		l.caughtUp = l.Now()
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

// forget has the next load begin anew. That there was one, and why it stopped, is kept until then.
func (l *load) forget(ctx context.Context) error {
	const ofNoShape = `UPDATE gateway.loading SET shape = '' WHERE source = $1`
	_, err := l.conn.ExecContext(ctx, ofNoShape, l.schema)
	return migration.Failed(ctx, "forget the load", err)
}

const (
	// Within lockTimeout all tables are locked, or none: it is less than PostgreSQL's deadlock_timeout
	// of a second, by which somebody who reads two of them, in another order than they are locked in,
	// would be told of a deadlock. It is also how long readers may wait for each try.
	lockTimeout = "300ms"
	mostSwaps   = 100 // how often the swap is tried when somebody reads for long
	swapRest    = time.Second
)

// swap puts the tables in the place of those that are served, in one short transaction. Who reads
// them meanwhile ends what they read; who comes then waits for the end of it, and sees the new
// ones.
func (l *load) swap(ctx context.Context) error {
	err := l.exchanging(ctx, l.names(), func(order []string) error {
		return l.inTx(ctx, func(tx *sqlx.Tx) error {
			if err := l.makeRoomAside(ctx, tx); err != nil {
				return err
			}
			started := l.Now()
			defer func() { l.report.Swap = l.Now().Sub(started) }()
			if err := lockTables(ctx, tx, l.schema, order); err != nil {
				return err
			}
			return l.swapIn(ctx, tx)
		})
	})
	if err != nil {
		return fmt.Errorf("swap: %w", err)
	}
	return l.clearUp(ctx)
}

// exchanging tries something that locks the tables that are served, and again where somebody reads
// for long, or reads them in another order than they are locked in: that changes with each try.
func (l *load) exchanging(
	ctx context.Context, names []string, try func(order []string) error,
) error {
	order := slices.Clone(names)
	for tries := 1; ; tries++ {
		err := try(order)
		refused, ok := errors.AsType[*migration.RefusedError](err)
		isLocked := ok && slices.Contains([]string{"55P03", "40P01", "57014"}, refused.State)
		if !isLocked || tries == mostSwaps {
			return err
		}
		l.Warn("somebody reads for long; the swap is tried again")
		if err := l.Wait(ctx, swapRest); err != nil {
			return err
		}
		order = append(order[1:], order[0])
	}
}

// lockTables locks tables that are served, all of them or none.
func lockTables(ctx context.Context, tx *sqlx.Tx, schema string, names []string) error {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = migration.Identifier(schema, name)
	}
	for _, s := range []string{
		"SET LOCAL statement_timeout = '" + lockTimeout + "'",
		"LOCK TABLE " + strings.Join(all, ", ") + " IN ACCESS EXCLUSIVE MODE",
		"SET LOCAL statement_timeout TO DEFAULT",
	} {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return migration.Failed(ctx, "lock the tables", err)
		}
	}
	return nil
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

// makeRoomAside drops the tables of the generation before that served, in the transaction of the
// swap: where that fails, they are there still.
func (l *load) makeRoomAside(ctx context.Context, tx *sqlx.Tx) error {
	aside := pq.QuoteIdentifier(l.aside())
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
}

// asOf is what the data is as new as, where it is told; nil for when the load began.
func (l *load) asOf() any {
	if l.AsOf.IsZero() {
		return nil
	}
	return l.AsOf
}

const (
	keepBefore = `
	INSERT INTO gateway.load_before (source, loaded_at, origin)
	SELECT source, loaded_at, origin FROM gateway.load WHERE source = $1`
	keepLoad = `
	INSERT INTO gateway.load (source, loaded_at, origin)
	SELECT source, least(began_at, $2::timestamptz), origin FROM gateway.loading WHERE source = $1
	ON CONFLICT (source) DO UPDATE SET loaded_at = excluded.loaded_at, origin = excluded.origin`
	keepSince = `UPDATE gateway.load SET served_since = $2 WHERE source = $1`
	followOn  = `
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
	whole, err := l.wholeShape(ctx, tx)
	if err != nil {
		return err
	}
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
	if served != loaded || whole != l.shape {
		// A release may have changed the tables since the load began.
		return errors.New("the tables that are served have changed since: begin the load anew")
	}
	type step struct {
		statement string
		args      []any
	}
	var steps []step
	if !l.Again {
		steps = []step{{keepBefore, []any{l.schema}}, {keepLoad, []any{l.schema, l.asOf()}}}
	}
	for _, s := range append(steps, []step{
		{keepSince, []any{l.schema, l.Now()}},
		{dropFollowing, []any{l.schema, pq.Array(names)}},
		{followOn, []any{l.schema, l.caughtUp}},
		{dropFaults, []any{l.schema, pq.Array(names)}},
		{dropLoading, []any{l.schema}},
	}...) {
		if _, err := tx.ExecContext(ctx, s.statement, s.args...); err != nil {
			return migration.Failed(ctx, "keep what was loaded", err)
		}
	}
	return nil
}

// What makes the rights of tables those of others: whoever has been granted something on them, such
// as by default, loses it, and has what was granted on those; and they have the same owner.
const rightsOf = `
	WITH one AS (
	    SELECT n.nspname, c.oid, c.relname, c.relowner, c.relacl
	    FROM   pg_class AS c
	    JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	    WHERE  n.nspname IN ($1, $3) AND c.relname = ANY ($2::text[])),
	granted AS (
	    SELECT nspname, relname, relowner, NULL AS attname, grantee, privilege_type, is_grantable
	    FROM   one, aclexplode(relacl)
	    UNION  ALL
	    SELECT nspname, relname, relowner, a.attname, grantee, privilege_type, is_grantable
	    FROM   one JOIN pg_attribute AS a ON a.attrelid = one.oid AND NOT a.attisdropped,
	           aclexplode(a.attacl)),
	told AS (
	    SELECT nspname, relname, attname, privilege_type, is_grantable,
	           row_number() OVER () AS place,
	           CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(r.rolname) END AS role
	    FROM   granted AS g LEFT JOIN pg_roles AS r ON r.oid = g.grantee
	    WHERE  g.grantee <> g.relowner)
	SELECT statement FROM (
	    SELECT 1 AS step, place,
	           format('REVOKE ALL ON %I.%I FROM %s', nspname, relname, role) AS statement
	    FROM   told WHERE nspname = $3
	    UNION  ALL
	    SELECT 2, place, format('GRANT %s%s ON %I.%I TO %s%s', privilege_type,
	                     coalesce(' (' || quote_ident(attname) || ')', ''), $3::text, relname, role,
	                     CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
	    FROM   told WHERE nspname = $1
	    UNION  ALL
	    SELECT 3, 0, format('ALTER TABLE %I.%I OWNER TO %I', beside.nspname, beside.relname,
	                     pg_get_userbyid(served.relowner))
	    FROM   one AS served JOIN one AS beside USING (relname)
	    WHERE  served.nspname = $1 AND beside.nspname = $3 AND served.relowner <> beside.relowner) AS s
	ORDER  BY step, place`

// exchange moves the tables that are served, and locked, aside and others into their place, with
// the rights that there were on those.
func exchange(
	ctx context.Context, tx *sqlx.Tx, served, aside, others string, names []string,
) error {
	var statements []string
	if err := tx.SelectContext(ctx, &statements, rightsOf, served, pq.Array(names),
		others); err != nil {
		return migration.Failed(ctx, "look at the grants", err)
	}
	for _, name := range names {
		statements = append(statements,
			"ALTER TABLE "+migration.Identifier(served, name)+" SET SCHEMA "+pq.QuoteIdentifier(aside),
			"ALTER TABLE "+migration.Identifier(others, name)+" SET SCHEMA "+pq.QuoteIdentifier(served))
	}
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return migration.Failed(ctx, "exchange", err)
		}
	}
	return nil
}
