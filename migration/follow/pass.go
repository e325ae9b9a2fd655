package follow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/drift"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/merge"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const (
	followed    = `SELECT name, version FROM gateway.following WHERE source = $1`
	dropFault   = `DELETE FROM gateway.table_fault WHERE source = $1 AND name = $2 AND kind = $3`
	keepVersion = `
	UPDATE gateway.following SET version = $3, applied_at = $4 WHERE source = $1 AND name = $2`
)

// findDrift compares the system's tables, and those here, with what is described, and has those
// left as they are that are others on the system.
func (f *follower) findDrift(ctx context.Context) error {
	var tables []*mapping.Table
	for i := range f.Mapping.Tables {
		if t := &f.Mapping.Tables[i]; t.Follows {
			tables = append(tables, t)
		}
	}
	found, err := drift.Look(ctx, f.conn, f.Mapping, f.Reader, tables)
	if err != nil {
		return err
	}
	found.Warn(f.Warn)
	f.drifted = map[string]bool{}
	for _, s := range found.Tables {
		if s.Fault == "" {
			_, err = f.conn.ExecContext(ctx, dropFault, f.schema, s.Table.Name, migration.FaultDrift)
			err = migration.Failed(ctx, "keep what is right", err)
		} else {
			f.drifted[s.Table.Name] = true
			err = f.fault(ctx, s.Table, migration.FaultDrift, s.Fault)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fault keeps what is wrong with a table, and tells of it.
func (f *follower) fault(
	ctx context.Context, t *mapping.Table, kind, reason string,
) error {
	f.Warn(t.Name + " is left as it is: " + reason)
	return migration.KeepFault(ctx, f.conn, f.schema, t.Name, kind, reason, f.Now())
}

// pass applies what has changed in all tables since the last one. Tables whose changes are lost are
// read again.
func (f *follower) pass(ctx context.Context) error {
	var rows []struct {
		Name    string `db:"name"`
		Version string `db:"version"`
	}
	if err := f.conn.SelectContext(ctx, &rows, followed, f.schema); err != nil {
		return migration.Failed(ctx, "look how far it is", err)
	}
	if len(rows) == 0 {
		return ErrNotLoaded
	}
	began := f.Now()
	var windows []window
	for _, r := range rows {
		t := f.Mapping.Table(r.Name)
		if t == nil || f.drifted[r.Name] {
			continue
		}
		windows = append(windows, window{t, r.Version})
	}
	changed, trouble, err := f.apply(ctx, windows, began)
	if err != nil {
		return err
	}
	if changed > 0 {
		f.Passed(Pass{Rows: changed, Took: f.Now().Sub(began)})
	}
	return f.see(ctx, trouble)
}

// A window is the changes of a table since a version.
type window struct {
	table *mapping.Table
	after string
}

// trouble is a table whose changes could not be applied, and why.
type trouble struct {
	table *mapping.Table
	err   error
}

// apply applies the changes of all tables in one transaction, so that who reads sees all of them or
// none. A table whose own fault it is that they cannot be is left as it is.
func (f *follower) apply(
	ctx context.Context, windows []window, began time.Time,
) (rows int, _ []trouble, _ error) {
	tx, err := f.conn.BeginTxx(ctx, nil)
	if err != nil {
		return 0, nil, migration.Failed(ctx, "begin", err)
	}
	defer tx.Rollback()
	var left []trouble
	for _, w := range windows {
		if _, err := tx.ExecContext(ctx, `SAVEPOINT one_table`); err != nil {
			return 0, nil, migration.Failed(ctx, "begin a table", err)
		}
		n, err := f.applyTable(ctx, tx, w, began)
		if err == nil {
			rows += n
			continue
		}
		if !isItsOwn(err) {
			return 0, nil, err
		}
		left = append(left, trouble{w.table, err})
		if _, err := tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT one_table`); err != nil {
			return 0, nil, migration.Failed(ctx, "leave a table", err)
		}
	}
	return rows, left, migration.Failed(ctx, "commit", tx.Commit())
}

// isItsOwn is whether a failure is of one table's data, and not of the system or of PostgreSQL.
func isItsOwn(err error) bool {
	if refused, ok := errors.AsType[*migration.RefusedError](err); ok {
		switch refused.State[:2] {
		case "22", "23", "42": // data, constraints, and what is not there
			return true
		}
		return false
	}
	return errors.Is(err, migration.ErrExpired) || errors.Is(err, migration.ErrNotTracked) ||
		errors.Is(err, migration.ErrUnreadable) ||
		errors.Is(err, canon.ErrValue) || errors.Is(err, canon.ErrLimit)
}

func (f *follower) applyTable(
	ctx context.Context, tx *sqlx.Tx, w window, began time.Time,
) (rows int, _ error) {
	merger := merge.New(f.conn, tx, f.schema, w.table)
	reached := w.after
	err := f.Feed.Changes(ctx, w.table, w.after, func(c *migration.Changes) error {
		rows += c.Rows()
		reached = c.Version
		return migration.Failed(ctx, "apply changes to "+w.table.Name, merger.Apply(ctx, c))
	})
	if err != nil {
		return 0, err
	}
	for _, s := range []struct {
		statement string
		args      []any
	}{
		{keepVersion, []any{f.schema, w.table.Name, reached, began}},
		{dropFault, []any{f.schema, w.table.Name, migration.FaultApply}},
	} {
		if _, err := tx.ExecContext(ctx, s.statement, s.args...); err != nil {
			return 0, migration.Failed(ctx, "keep how far it is", err)
		}
	}
	return rows, nil
}

// see does what can be done about tables whose changes could not be applied.
func (f *follower) see(ctx context.Context, all []trouble) error {
	for _, tr := range all {
		if !errors.Is(tr.err, migration.ErrExpired) {
			if err := f.fault(ctx, tr.table, migration.FaultApply, tr.err.Error()); err != nil {
				return err
			}
			continue
		}
		const lost = "the system no longer keeps its changes since the last pass; it is read again"
		if err := f.fault(ctx, tr.table, migration.FaultReread, lost); err != nil {
			return err
		}
		_, err := load.Run(ctx, load.Options{
			DB: f.DB, Conn: f.conn, Mapping: f.Mapping, Reader: f.Reader, Feed: f.Feed,
			Tables: []*mapping.Table{tr.table}, Again: true,
			InsteadOfDMS: f.InsteadOfDMS, Now: f.Now, Wait: f.Wait, Warn: f.Warn,
		})
		if err != nil {
			why := fmt.Sprintf("%s, which has failed: %v", lost, err)
			return errors.Join(err, f.fault(ctx, tr.table, migration.FaultReread, why))
		}
	}
	return nil
}
