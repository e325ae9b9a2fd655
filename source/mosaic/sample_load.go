package mosaic

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// SampleOptions says how a sample is loaded. The zero value loads into empty tables only.
type SampleOptions struct {
	// Replace allows a sample to take the place of another.
	Replace bool
	// Progress, when there is one, is told how much of a phase is done: first of "residents", then
	// of "indexes". It is called about ten times a second at most, never twice at once, and always
	// where a phase begins and ends.
	Progress func(phase string, done, total int)
	// Now says when the data was loaded. Without it, it is time.Now.
	Now func() time.Time
}

// Load puts the sample into the tables of Mosaic, with all their indexes and statistics, and
// records that in gateway.load. It does so all at once or not at all: whoever reads meanwhile
// waits, and then sees the whole sample or, when Load fails, what was there before.
//
// It fails with source.ErrSampleInPlace or source.ErrSampleOverData when the tables hold rows
// already. It needs a db of lib/pq and the rights of the tables' owner. Its errors hold no values
// of any row.
func (s Sample) Load(ctx context.Context, db *sqlx.DB, o SampleOptions) error {
	if err := s.load(ctx, db, o); err != nil {
		return fmt.Errorf("mosaic: load sample: %w", err)
	}
	return nil
}

func (s Sample) load(ctx context.Context, db *sqlx.DB, o SampleOptions) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return sampleFailure(ctx, "connect", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return sampleFailure(ctx, "begin", err)
	}
	defer tx.Rollback()

	l := sampleLoad{sample: s, conn: conn, tx: tx, options: o}
	if err := l.run(ctx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return sampleFailure(ctx, "commit", err)
	}
	return nil
}

// sampleFailure says what failed. Of what PostgreSQL says it keeps the code alone, since the rest
// can quote a row.
func sampleFailure(ctx context.Context, what string, err error) error {
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

// sampleLoad is one load, in one transaction.
type sampleLoad struct {
	sample  Sample
	conn    *sql.Conn
	tx      *sql.Tx
	options SampleOptions
	phase   string    // what was last told of
	told    time.Time // and when
}

const sampleSettings = `
	SET LOCAL synchronous_commit = off;
	SET LOCAL maintenance_work_mem = '256MB';
	SET LOCAL max_parallel_maintenance_workers = 2`

// The number is of this lock and no other. It is held until the transaction ends.
const sampleLock = `SELECT pg_advisory_xact_lock(6741850923171)`

const sampleLockTables = `
	LOCK TABLE mosaic.dm_persons, mosaic.dm_addresses, mosaic.dm_telephone_numbers
	IN ACCESS EXCLUSIVE MODE`

const sampleTruncate = `
	TRUNCATE mosaic.dm_persons, mosaic.dm_addresses, mosaic.dm_telephone_numbers`

const sampleInPlace = `
	SELECT EXISTS (SELECT FROM mosaic.dm_persons)
	       OR EXISTS (SELECT FROM mosaic.dm_addresses)
	       OR EXISTS (SELECT FROM mosaic.dm_telephone_numbers),
	       EXISTS (SELECT FROM gateway.load WHERE source = 'mosaic' AND origin = 'sample')`

const sampleRecord = `
	INSERT INTO gateway.load (source, loaded_at, origin)
	VALUES ('mosaic', $1, 'sample')
	ON CONFLICT (source) DO UPDATE SET loaded_at = excluded.loaded_at, origin = excluded.origin`

const sampleAnalyze = `
	ANALYZE mosaic.dm_persons, mosaic.dm_addresses, mosaic.dm_telephone_numbers`

func (l *sampleLoad) run(ctx context.Context) error {
	if err := l.exec(ctx, "lock", sampleLock); err != nil {
		return err
	}
	// Once without a lock, so that to refuse disturbs nobody, and once with it.
	if err := l.allowed(ctx); err != nil {
		return err
	}
	if err := l.exec(ctx, "lock tables", sampleLockTables); err != nil {
		return err
	}
	if err := l.allowed(ctx); err != nil {
		return err
	}
	if err := l.exec(ctx, "settings", sampleSettings); err != nil {
		return err
	}
	// Rows that are copied into a table of this very transaction can be frozen at once.
	if err := l.exec(ctx, "empty tables", sampleTruncate); err != nil {
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
	return l.exec(ctx, "record", sampleRecord, now())
}

func (l *sampleLoad) exec(ctx context.Context, what, query string, args ...any) error {
	if _, err := l.tx.ExecContext(ctx, query, args...); err != nil {
		return sampleFailure(ctx, what, err)
	}
	return nil
}

// allowed fails when the tables hold what may not be replaced.
func (l *sampleLoad) allowed(ctx context.Context) error {
	var rows, isSample bool
	err := l.tx.QueryRowContext(ctx, sampleInPlace).Scan(&rows, &isSample)
	switch {
	case err != nil:
		return sampleFailure(ctx, "look for residents", err)
	case rows && !isSample:
		return source.ErrSampleOverData
	case rows && !l.options.Replace:
		return source.ErrSampleInPlace
	}
	return nil
}

// copyRows copies batches while the next ones are made.
func (l *sampleLoad) copyRows(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	batches := make(chan *sampleBatch, 4)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(batches)
		_ = l.sample.generate(func(b *sampleBatch) error {
			select {
			case batches <- b:
				return nil
			case <-making.Done():
				return making.Err()
			}
		})
	}()
	defer func() { stop(); <-done }()

	l.tell("residents", 0, l.sample.Residents)
	for batch := range batches {
		for i, table := range sampleTables() {
			if len(batch.rows[i]) == 0 {
				continue
			}
			statement := "COPY " + table + " FROM STDIN WITH (FREEZE)"
			err := l.conn.Raw(func(conn any) error {
				return copySampleRows(ctx, conn, statement, batch.rows[i])
			})
			if err != nil {
				return sampleFailure(ctx, "copy rows", err)
			}
		}
		l.tell("residents", batch.residents, l.sample.Residents)
	}
	if ctx.Err() != nil {
		return sampleFailure(ctx, "copy rows", ctx.Err())
	}
	return nil
}

// tell reports progress, and leaves out what comes too soon after the last report. Where a phase
// begins and ends it leaves out nothing.
func (l *sampleLoad) tell(phase string, done, total int) {
	if l.options.Progress == nil {
		return
	}
	if phase == l.phase && done < total && time.Since(l.told) < 100*time.Millisecond {
		return
	}
	l.phase, l.told = phase, time.Now()
	l.options.Progress(phase, done, total)
}
