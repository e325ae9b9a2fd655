package load

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/drift"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Lock takes the right to write the tables of a source, for as long as conn is open or until
// Unlock: one loader or follower has it at once. It waits a moment, for what a process held that
// was killed is held until PostgreSQL notices, and then fails with ErrBusy.
func Lock(ctx context.Context, conn *sqlx.Conn, schema string) error {
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return migration.Failed(ctx, "lock", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, `SET LOCAL lock_timeout = '5s'`); err != nil {
		return migration.Failed(ctx, "lock", err)
	}
	// The number is of this kind of lock and no other. It outlives the transaction.
	const lock = `SELECT pg_advisory_lock(67418509, hashtext($1))`
	if _, err := tx.ExecContext(ctx, lock, schema); err != nil {
		if refused := pq.As(err); refused != nil && refused.Code == pqerror.LockNotAvailable {
			return ErrBusy
		}
		return migration.Failed(ctx, "lock", err)
	}
	return migration.Failed(ctx, "lock", tx.Commit())
}

// Unlock gives the right back. Where it cannot, the end of the connection does.
func Unlock(ctx context.Context, conn *sqlx.Conn, schema string) {
	const unlock = `SELECT pg_advisory_unlock(67418509, hashtext($1))`
	_, _ = conn.ExecContext(context.WithoutCancel(ctx), unlock, schema)
}

// locked does something on one connection, which holds the right to write the source.
func (l *load) locked(ctx context.Context, do func() error) error {
	if l.Conn != nil {
		l.conn = l.Conn
		return do()
	}
	conn, err := l.DB.Connx(ctx)
	if err != nil {
		return migration.Failed(ctx, "connect", err)
	}
	defer conn.Close()
	if err := Lock(ctx, conn, l.schema); err != nil {
		return err
	}
	defer Unlock(ctx, conn, l.schema)
	l.conn = conn
	return do()
}

// inTx does something in one transaction.
func (l *load) inTx(ctx context.Context, do func(*sqlx.Tx) error) error {
	tx, err := l.conn.BeginTxx(ctx, nil)
	if err != nil {
		return migration.Failed(ctx, "begin", err)
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return migration.Failed(ctx, "commit", tx.Commit())
}

func (l *load) run(ctx context.Context) error {
	if err := l.refuseDMS(ctx); err != nil {
		return err
	}
	if err := l.findDrift(ctx); err != nil {
		return err
	}
	if err := l.begin(ctx); err != nil {
		return err
	}
	// It keeps nobody out, who is out already, and tells who looks that somebody is at it.
	const atIt = `SELECT pg_advisory_lock(67418510, hashtext($1))`
	if _, err := l.conn.ExecContext(ctx, atIt, l.schema); err != nil {
		return migration.Failed(ctx, "say that it is under way", err)
	}
	defer func() {
		const done = `SELECT pg_advisory_unlock(67418510, hashtext($1))`
		_, _ = l.conn.ExecContext(context.WithoutCancel(ctx), done, l.schema) // or its end does
	}()
	err := l.fill(ctx)
	if err != nil {
		l.note(ctx, err)
	}
	return err
}

// fillBeside loads and proves.
func (l *load) fillBeside(ctx context.Context) error {
	if err := l.loadRows(ctx); err != nil {
		return err
	}
	if err := l.buildIndexes(ctx); err != nil {
		refused, is := errors.AsType[*migration.RefusedError](err)
		if is && strings.HasPrefix(refused.State, "23") {
			// The rows are at fault, and could be right once they are read again.
			err = errors.Join(err, l.forget(ctx))
		}
		return err
	}
	return l.prove(ctx)
}

// fill loads, proves and swaps.
func (l *load) fill(ctx context.Context) error {
	// The changes that are caught up with make the rows others than those that were read.
	fill := l.fillBeside
	if l.isProved {
		fill = l.tellProved
	}
	if err := fill(ctx); err != nil {
		return err
	}
	if err := l.catchUp(ctx); err != nil {
		return err
	}
	return l.swap(ctx)
}

// tellProved reports the rows that a run before has loaded and proved.
func (l *load) tellProved(ctx context.Context) error {
	all, err := l.checkpoints(ctx)
	if err != nil {
		return err
	}
	for _, t := range l.Tables {
		if c := all[t.Name]; c != nil {
			l.report.Tables = append(l.report.Tables, TableReport{t.Name, c.Rows})
		}
	}
	return nil
}

const noteFault = `UPDATE gateway.loading SET fault = $2, told_at = $3 WHERE source = $1`

// note keeps why a load stopped, for who looks at its state.
func (l *load) note(ctx context.Context, why error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
	defer cancel()
	// Where this fails too, why it stopped is told all the same, by Run.
	_, _ = l.DB.ExecContext(ctx, noteFault, l.schema, why.Error(), l.Now())
}

// refuseDMS fails for tables that DMS follows.
func (l *load) refuseDMS(ctx context.Context) error {
	follows := false
	for _, t := range l.Tables {
		follows = follows || t.Follows
	}
	if !follows {
		return nil
	}
	return RefuseDMS(ctx, l.conn, l.schema, l.InsteadOfDMS)
}

// A sample is nothing that rows of the system may stand beside.
const isServed = `
	SELECT EXISTS (SELECT FROM gateway.load WHERE source = $1 AND origin <> 'sample')`

// findDrift compares the system's tables, and those here, with what is described. A table that is
// another on the system is left as it is, and the others are loaded; unless nothing is served yet,
// for then all are needed.
func (l *load) findDrift(ctx context.Context) error {
	if err := l.conn.GetContext(ctx, &l.isServed, isServed, l.schema); err != nil {
		return migration.Failed(ctx, "look at what is served", err)
	}
	if l.Again && !l.isServed {
		return ErrNotServed
	}
	found, err := drift.Look(ctx, l.conn, l.Mapping, l.Reader, l.Tables)
	if err != nil {
		return err
	}
	found.Warn(l.Warn)
	var sound []*mapping.Table
	var faulty []string
	l.unkeyed = map[string]bool{}
	for _, s := range found.Tables {
		switch {
		case s.IsAbsent:
		case s.Fault == "":
			sound = append(sound, s.Table)
			l.unkeyed[s.Table.Name] = !s.IsKeyed
		default:
			faulty = append(faulty, s.Table.Name)
			l.Warn(s.Table.Name + " is left as it is: " + s.Fault)
			if err := migration.KeepFault(ctx, l.conn, l.schema, s.Table.Name, migration.FaultDrift,
				s.Fault, l.Now()); err != nil {
				return err
			}
		}
	}
	switch {
	case len(faulty) > 0 && !l.isServed:
		return fmt.Errorf("%w: %s; nothing is served of a source before all of it can be",
			ErrDrift, strings.Join(faulty, ", "))
	case len(sound) == 0:
		return fmt.Errorf("%w: no table can be loaded", ErrDrift)
	}
	l.Tables = sound
	return nil
}

// version is where changes of a table are to be followed from, or nil where they are not.
func (l *load) version(ctx context.Context, t *mapping.Table) (*string, error) {
	if l.Feed == nil || !t.Follows {
		return nil, nil //nolint:nilnil // there is none, and nothing is wrong
	}
	version, err := l.Feed.Version(ctx, t)
	if errors.Is(err, migration.ErrNotTracked) {
		l.Warn(t.Name + ": its changes cannot be followed: " + err.Error())
		return nil, nil //nolint:nilnil // likewise
	}
	return &version, err
}
