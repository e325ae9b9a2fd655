package sample

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// Options says how a sample is loaded. The zero value loads into empty tables only.
type Options struct {
	// Replace allows a sample to take the place of another.
	Replace bool
	// Progress, when there is one, is told how much of a phase is done: first of "residents", then
	// of "indexes". It is called about ten times a second at most, never twice at once, and always
	// where a phase begins and ends.
	Progress func(phase string, done, total int)
	// Now says when the data was loaded. Without it, it is time.Now.
	Now func() time.Time
}

// Table is a table that a sample is loaded into, with the columns that it fills.
type Table struct {
	Name    string // without the schema
	Columns []string
}

// Loading is how the sample of a source gets into its tables.
type Loading struct {
	Schema    string // of PostgreSQL; it is also what gateway.load calls the source
	Tables    []Table
	Residents int

	// Fill writes the rows of the whole sample, step by step, and yields after each step how many
	// residents are done. It runs in a goroutine of its own: rows are made while others are sent.
	Fill func(rows *Rows) iter.Seq[int]
}

// Run puts the sample into the tables, with all their indexes and statistics, and records that in
// gateway.load. It does so all at once or not at all: whoever reads meanwhile waits, and then sees
// the whole sample or, when Run fails, what was there before.
//
// It fails with source.ErrSampleInPlace or source.ErrSampleOverData when the tables hold rows
// already. It needs a db of lib/pq and the rights of the tables' owner. Its errors hold no values
// of any row.
func (l Loading) Run(ctx context.Context, db *sqlx.DB, o Options) error {
	if err := l.run(ctx, db, o); err != nil {
		return fmt.Errorf("%s: load sample: %w", l.Schema, err)
	}
	return nil
}

func (l Loading) run(ctx context.Context, db *sqlx.DB, o Options) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return failure(ctx, "connect", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return failure(ctx, "begin", err)
	}
	defer tx.Rollback()

	run := load{Loading: l, conn: conn, tx: tx, options: o}
	if err := run.run(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return failure(ctx, "commit", err)
	}
	return nil
}

// failure says what failed. Of what PostgreSQL says it keeps the code alone, since the rest can
// quote a row.
func failure(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	}
	if state, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return fmt.Errorf("%s: SQLSTATE %s", what, state.SQLState())
	}
	return fmt.Errorf("%s: %w", what, err)
}

// load is one load, in one transaction.
type load struct {
	Loading
	conn    *sql.Conn
	tx      *sql.Tx
	options Options
	phase   string    // what was last told of
	told    time.Time // and when
}

const settings = `
	SET LOCAL synchronous_commit = off;
	SET LOCAL maintenance_work_mem = '256MB';
	SET LOCAL max_parallel_maintenance_workers = 2`

// The number is of this lock and no other. It is held until the transaction ends.
const lock = `SELECT pg_advisory_xact_lock(6741850923171)`

const record = `
	INSERT INTO gateway.load (source, loaded_at, origin)
	VALUES ($1, $2, 'sample')
	ON CONFLICT (source) DO UPDATE SET loaded_at = excluded.loaded_at, origin = excluded.origin`

func (l *load) run(ctx context.Context) error {
	if err := l.exec(ctx, "lock", lock); err != nil {
		return err
	}
	// Once without a lock, so that to refuse disturbs nobody, and once with it.
	if err := l.allowed(ctx); err != nil {
		return err
	}
	if err := l.exec(
		ctx, "lock tables", "LOCK TABLE "+l.tableNames()+" IN ACCESS EXCLUSIVE MODE",
	); err != nil {
		return err
	}
	if err := l.allowed(ctx); err != nil {
		return err
	}
	if err := l.exec(ctx, "settings", settings); err != nil {
		return err
	}
	// Rows that are copied into a table of this very transaction can be frozen at once.
	if err := l.exec(ctx, "empty tables", "TRUNCATE "+l.tableNames()); err != nil {
		return err
	}
	indexes, err := l.dropIndexes(ctx)
	if err != nil {
		return err
	}
	if err := l.copyRows(ctx); err != nil {
		return err
	}
	if err := l.createIndexes(ctx, indexes); err != nil {
		return err
	}
	now := time.Now
	if l.options.Now != nil {
		now = l.options.Now
	}
	return l.exec(ctx, "record", record, l.Schema, now())
}

func (l *load) exec(ctx context.Context, what, query string, args ...any) error {
	if _, err := l.tx.ExecContext(ctx, query, args...); err != nil {
		return failure(ctx, what, err)
	}
	return nil
}

// tableNames lists the tables as statements do.
func (l *load) tableNames() string {
	names := make([]string, len(l.Tables))
	for i, table := range l.Tables {
		names[i] = l.Schema + "." + table.Name
	}
	return strings.Join(names, ", ")
}

// allowed fails when the tables hold what may not be replaced.
func (l *load) allowed(ctx context.Context) error {
	inPlace := "SELECT EXISTS (SELECT FROM " +
		strings.ReplaceAll(l.tableNames(), ", ", ") OR EXISTS (SELECT FROM ") +
		"), EXISTS (SELECT FROM gateway.load WHERE source = $1 AND origin = 'sample')"
	var rows, isSample bool
	err := l.tx.QueryRowContext(ctx, inPlace, l.Schema).Scan(&rows, &isSample)
	switch {
	case err != nil:
		return failure(ctx, "look for residents", err)
	case rows && !isSample:
		return source.ErrSampleOverData
	case rows && !l.options.Replace:
		return source.ErrSampleInPlace
	}
	return nil
}

// tell reports progress, and leaves out what comes too soon after the last report. Where a phase
// begins and ends it leaves out nothing.
func (l *load) tell(phase string, done, total int) {
	if l.options.Progress == nil {
		return
	}
	if phase == l.phase && done < total && time.Since(l.told) < 100*time.Millisecond {
		return
	}
	l.phase, l.told = phase, time.Now()
	l.options.Progress(phase, done, total)
}
