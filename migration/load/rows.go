package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const howFar = `
	SELECT name, next, rows, xor, sum, coalesce(expected, -1) AS expected, done, version
	FROM   gateway.loading_table
	WHERE  source = $1`

// A checkpoint is how far a table is.
type checkpoint struct {
	Name     string  `db:"name"`
	Next     string  `db:"next"`
	Rows     int64   `db:"rows"`
	Xor      int64   `db:"xor"`
	Sum      int64   `db:"sum"`
	Expected int64   `db:"expected"` // -1 where nobody knows
	Done     bool    `db:"done"`
	Version  *string `db:"version"`
}

func (c *checkpoint) digest() canon.Digest {
	//nolint:gosec // PostgreSQL has no numbers without a sign: they are the same 64 bits
	return canon.Digest{Rows: c.Rows, Xor: uint64(c.Xor), Sum: uint64(c.Sum)}
}

func (c *checkpoint) add(read canon.Digest) {
	d := c.digest().And(read)
	//nolint:gosec // likewise
	c.Rows, c.Xor, c.Sum = d.Rows, int64(d.Xor), int64(d.Sum)
}

// checkpoints are those of all tables, by name.
func (l *load) checkpoints(ctx context.Context) (map[string]*checkpoint, error) {
	var rows []checkpoint
	if err := l.conn.SelectContext(ctx, &rows, howFar, l.schema); err != nil {
		return nil, migration.Failed(ctx, "look how far the load is", err)
	}
	all := make(map[string]*checkpoint, len(rows))
	for i := range rows {
		all[rows[i].Name] = &rows[i]
	}
	return all, nil
}

// loadRows reads what is not there yet of all tables.
func (l *load) loadRows(ctx context.Context) error {
	if err := l.enter(ctx, "rows"); err != nil {
		return err
	}
	all, err := l.checkpoints(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		if c.Expected < 0 {
			l.total = 0
			break
		}
		l.total += int(c.Expected)
	}
	for _, c := range all {
		l.rows += int(c.Rows)
	}
	for _, t := range l.Tables {
		c := all[t.Name]
		if c == nil {
			return fmt.Errorf("%s is in no checkpoint of the load: begin it anew", t.Name)
		}
		if err := l.loadTable(ctx, t, c); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		l.report.Tables = append(l.report.Tables, TableReport{t.Name, c.Rows})
	}
	return nil
}

const enterPhase = `UPDATE gateway.loading SET phase = $2, told_at = $3 WHERE source = $1`

func (l *load) enter(ctx context.Context, phase string) error {
	_, err := l.conn.ExecContext(ctx, enterPhase, l.schema, phase, l.Now())
	return migration.Failed(ctx, "enter phase "+phase, err)
}

// What a range is tried again after, when the system did not answer.
const (
	mostTries = 5
	firstRest = time.Second
)

// loadTable reads on until the table is there. A read that fails is tried again from the last
// checkpoint, a few times, each time after a longer rest; what PostgreSQL refuses is not.
func (l *load) loadTable(ctx context.Context, t *mapping.Table, c *checkpoint) error {
	rest := firstRest
	for tries := 1; !c.Done; tries++ {
		before := c.Rows
		err := l.readOn(ctx, t, c)
		if err == nil {
			return nil
		}
		if errors.Is(err, migration.ErrChanged) {
			return errors.Join(err, l.forget(ctx))
		}
		if c.Rows > before {
			tries, rest = 1, firstRest // it got on
		}
		isOurs := errors.As(err, new(*migration.RefusedError)) || errors.Is(err, canon.ErrValue) ||
			errors.Is(err, canon.ErrLimit)
		if isOurs || tries == mostTries || ctx.Err() != nil {
			return err
		}
		l.Warn(fmt.Sprintf("%s: %v; it is tried again in %v", t.Name, err, rest))
		if err := l.Wait(ctx, rest); err != nil {
			return err
		}
		rest *= 2
	}
	return nil
}

// readOn reads a table from its checkpoint to its end. Ranges are read while those before them are
// written.
func (l *load) readOn(ctx context.Context, t *mapping.Table, c *checkpoint) error {
	if c.Next == "" && c.Rows > 0 {
		// Nobody could go on in the middle of it.
		if err := l.startOver(ctx, t, c); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	ahead := newAhead()
	go func() {
		defer ahead.close()
		ahead.err = l.readRanges(ctx, t, c.Next, ahead)
	}()
	for {
		isLast, err := l.writeRange(ctx, t, c, ahead)
		if err != nil {
			cancel(err)
			ahead.drain()
			return err
		}
		if isLast {
			return nil
		}
	}
}

// startOver empties a table.
func (l *load) startOver(ctx context.Context, t *mapping.Table, c *checkpoint) error {
	return l.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, "TRUNCATE "+migration.Identifier(l.next(), t.Name)); err != nil {
			return migration.Failed(ctx, "empty", err)
		}
		l.rows -= int(c.Rows)
		c.Next, c.Rows, c.Xor, c.Sum = "", 0, 0, 0
		return l.keep(ctx, tx, c)
	})
}

// readRanges reads ranges and sends them ahead, until the table ends.
func (l *load) readRanges(
	ctx context.Context, t *mapping.Table, next string, to *ahead,
) error {
	limit := l.RangeRows
	if l.unkeyed[t.Name] {
		// It is read in one piece: there is no telling where a part of it would end. Rows without a
		// value in the key, or with the same as others, would be passed over there.
		limit = 0
	}
	for {
		if err := l.waitUntilOpen(ctx); err != nil {
			return err
		}
		started, rows := l.Now(), 0
		err := l.Reader.Read(ctx, t, migration.Part{After: next, Limit: limit},
			func(b *migration.Batch) error {
				rows += b.Rows()
				next = b.Next
				return to.send(ctx, b)
			})
		if err != nil {
			return err
		}
		isLast := limit == 0 || rows < limit
		if err := to.endRange(ctx, isLast); err != nil || isLast {
			return err
		}
		if l.MostPerSecond > 0 {
			due := time.Duration(float64(rows) / float64(l.MostPerSecond) * float64(time.Second))
			if early := due - l.Now().Sub(started); early > 0 {
				if err := l.Wait(ctx, early); err != nil {
					return err
				}
			}
		}
	}
}

// waitUntilOpen waits until the system may be read.
func (l *load) waitUntilOpen(ctx context.Context) error {
	for l.Open != nil {
		isOpen, next := l.Open(l.Now())
		if isOpen {
			return nil
		}
		l.Warn("the system may not be read now; the load waits until " + next.Format("15:04"))
		if err := l.Wait(ctx, next.Sub(l.Now())); err != nil {
			return err
		}
	}
	return nil
}

// writeRange writes one range, with its checkpoint, in one transaction.
func (l *load) writeRange(
	ctx context.Context, t *mapping.Table, c *checkpoint, from *ahead,
) (isLast bool, _ error) {
	into, columns := migration.Identifier(l.next(), t.Name), canon.Of(t).Columns()
	// What the range makes of the checkpoint counts once it is committed.
	reached := *c
	// It may be long until the system may be read, and no transaction is open meanwhile.
	p, err := from.receive(ctx)
	if err != nil {
		return false, err
	}
	err = l.inTx(ctx, func(tx *sqlx.Tx) error {
		// A commit that PostgreSQL loses by a crash is lost with its checkpoint.
		if _, err := tx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
			return migration.Failed(ctx, "settings", err)
		}
		for {
			if p.isEnd {
				isLast, reached.Done = p.isLast, p.isLast
				return l.keep(ctx, tx, &reached)
			}
			if err := migration.CopyInto(ctx, l.conn, into, columns, p.batch.Lines); err != nil {
				return migration.Failed(ctx, "copy", err)
			}
			reached.add(p.digest)
			reached.Next = p.batch.Next
			from.giveBack(p)
			if p, err = from.receive(ctx); err != nil {
				return err
			}
		}
	})
	if err != nil {
		return false, err
	}
	l.rows += int(reached.Rows - c.Rows)
	*c = reached
	l.Progress("rows", l.rows, max(l.total, l.rows))
	return isLast, nil
}

const keepCheckpoint = `
	WITH told AS (UPDATE gateway.loading SET told_at = $8 WHERE source = $1)
	UPDATE gateway.loading_table
	SET    next = $3, rows = $4, xor = $5, sum = $6, done = $7
	WHERE  source = $1 AND name = $2`

func (l *load) keep(ctx context.Context, tx *sqlx.Tx, c *checkpoint) error {
	_, err := tx.ExecContext(ctx, keepCheckpoint,
		l.schema, c.Name, c.Next, c.Rows, c.Xor, c.Sum, c.Done, l.Now())
	return migration.Failed(ctx, "keep how far it is", err)
}
