package load

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// What is to be built on the tables beside, from what there is on those that are served, and is not
// built yet. A name is free there: it is another schema.
const missingIndexes = `
	SELECT c.relname AS table, x.relname AS name, pg_get_indexdef(i.indexrelid) AS definition,
	       format(' ON %I.%I USING ', n.nspname, c.relname) AS on_served,
	       format(' ON %I.%I USING ', $3::text, c.relname) AS on_beside,
	       k.conname AS constraint, pg_get_constraintdef(k.oid) AS constraint_definition
	FROM   pg_index AS i
	JOIN   pg_class AS x ON x.oid = i.indexrelid
	JOIN   pg_class AS c ON c.oid = i.indrelid
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	LEFT   JOIN pg_constraint AS k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
	WHERE  n.nspname = $1 AND c.relname = ANY ($2::text[])
	AND    NOT EXISTS (
	           SELECT FROM pg_class AS there
	           JOIN   pg_namespace AS beside ON beside.oid = there.relnamespace
	           WHERE  beside.nspname = $3 AND there.relname = x.relname)
	ORDER  BY c.relname, k.conname NULLS LAST, x.relname`

// buildIndexes builds those that the served tables have, and gathers statistics.
func (l *load) buildIndexes(ctx context.Context) error {
	if err := l.enter(ctx, "indexes"); err != nil {
		return err
	}
	var missing []index
	if err := l.conn.SelectContext(ctx, &missing, missingIndexes, l.schema, pq.Array(l.names()),
		l.next()); err != nil {
		return migration.Failed(ctx, "list indexes", err)
	}
	steps := len(missing) + 1
	for n, m := range missing {
		l.Progress("indexes", n, steps)
		statement, err := m.beside(l.next())
		if err != nil {
			return err
		}
		if err := l.build(ctx, statement); err != nil {
			return fmt.Errorf("index %s: %w", m.Name, err)
		}
	}
	for _, t := range l.Tables {
		if err := l.build(ctx, "ANALYZE "+migration.Identifier(l.next(), t.Name)); err != nil {
			return err
		}
	}
	l.Progress("indexes", steps, steps)
	return nil
}

// An index is one of a table that is served.
type index struct {
	Table      string `db:"table"`
	Name       string `db:"name"`
	Definition string `db:"definition"`
	OnServed   string `db:"on_served"` // what the definition says of the table,
	OnBeside   string `db:"on_beside"` // and what it is to say of the one beside

	Constraint           *string `db:"constraint"` // that the index is of; nil where it is of none
	ConstraintDefinition *string `db:"constraint_definition"`
}

// beside is the statement that builds the index on the table beside, which is in a schema.
func (x *index) beside(schema string) (string, error) {
	if x.Constraint != nil {
		return "ALTER TABLE " + migration.Identifier(schema, x.Table) + " ADD CONSTRAINT " +
			pq.QuoteIdentifier(*x.Constraint) + " " + *x.ConstraintDefinition, nil
	}
	if strings.Count(x.Definition, x.OnServed) != 1 {
		return "", fmt.Errorf("the definition of an index of %s cannot be read", x.Table)
	}
	return strings.Replace(x.Definition, x.OnServed, x.OnBeside, 1), nil
}

func (l *load) build(ctx context.Context, statement string) error {
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		const settings = `SET LOCAL maintenance_work_mem = '256MB'`
		if _, err := tx.ExecContext(ctx, settings); err != nil {
			return migration.Failed(ctx, "settings", err)
		}
		_, err := tx.ExecContext(ctx, statement)
		return migration.Failed(ctx, "build", err)
	})
}

// prove reads the tables again and compares them with what was read into them.
func (l *load) prove(ctx context.Context) error {
	if err := l.enter(ctx, "proof"); err != nil {
		return err
	}
	all, err := l.checkpoints(ctx)
	if err != nil {
		return err
	}
	here := pgreader.New(l.DB, l.next(), "next")
	rows := 0
	for _, t := range l.Tables {
		var found canon.Digest
		err := here.Read(ctx, t, migration.Part{}, func(b *migration.Batch) error {
			found = found.And(b.Digest())
			rows += b.Rows()
			l.Progress("proof", rows, max(l.rows, rows))
			return nil
		})
		if err != nil {
			return migration.Failed(ctx, "prove "+t.Name, err)
		}
		if c := all[t.Name]; found != c.digest() {
			err := fmt.Errorf("%w: %s has %d rows, of %d", ErrDiffers, t.Name, found.Rows, c.Rows)
			return errors.Join(err, l.forget(ctx))
		}
		if err := l.refuseMoved(ctx, t, found.Rows); err != nil {
			return errors.Join(err, l.forget(ctx))
		}
		if err := l.refuseFewer(ctx, t, found.Rows); err != nil {
			return errors.Join(err, l.forget(ctx)) // by the next time the table may be whole
		}
	}
	return nil
}

// refuseMoved fails for a table that has other rows by now than were read of it.
func (l *load) refuseMoved(ctx context.Context, t *mapping.Table, rows int64) error {
	counter, ok := l.Reader.(migration.Counter)
	if !l.Still || !ok {
		return nil
	}
	now, err := counter.Count(ctx, t)
	if err == nil && now != rows {
		err = fmt.Errorf("%w: %s had %d rows, and has %d", ErrMoved, t.Name, rows, now)
	}
	return err
}

// refuseFewer fails for a table that has so much less than the one that is served that it looks
// broken, or that has nothing where nothing is served yet.
func (l *load) refuseFewer(ctx context.Context, t *mapping.Table, rows int64) error {
	if l.Fewer {
		return nil
	}
	var isFewer bool
	query := `
	SELECT NOT coalesce((SELECT origin = 'sample' FROM gateway.load WHERE source = $1), false)
	AND    2 * $2::bigint < (SELECT count(*) FROM ` + migration.Identifier(l.schema, t.Name) + `)`
	if err := l.conn.GetContext(ctx, &isFewer, query, l.schema, rows); err != nil {
		return migration.Failed(ctx, "compare with what is served", err)
	}
	switch {
	case isFewer:
		return fmt.Errorf("%w: %s", ErrFewer, t.Name)
	case !l.isServed && rows == 0 && !t.Optional:
		return fmt.Errorf("%w: %s", ErrEmpty, t.Name)
	}
	return nil
}
