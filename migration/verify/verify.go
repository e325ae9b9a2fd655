// Package verify proves that nothing was lost: it compares the tables here with those of the system
// of record, row by row, whoever moved them. Both sides are read at the same time, and hashed as
// they are read; what differs is read again, until it is known which rows differ; and those rows
// are looked at once more after a while, since the system is written to meanwhile. What was found
// is kept in PostgreSQL: keys, and never values.
//
// It knows no system and no database but by their Readers. Read Run first, then compare.go.
package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// What Options are where they say nothing.
const (
	defaultLag          = 2 * time.Minute
	defaultRangeRows    = 10_000
	defaultMostFindings = 1_000
	defaultMemory       = 12 << 20
)

// mostLooks is how often rows that go on changing are looked at again.
const mostLooks = 5

// Options are what to compare, and how.
type Options struct {
	Mapping *mapping.Mapping
	System  migration.Reader // the system of record
	Here    migration.Reader // what was made of it
	DB      *sqlx.DB         // where proofs are kept, in the schema gateway
	// Tables are the names of those to compare; all, where it is empty.
	Tables []string

	// Lag is how long a change of the system may take to get here: rows that differ are looked at
	// again after that. It is two minutes where it is zero.
	Lag time.Duration
	Now func() time.Time
	// Wait returns after a time, or with an error when ctx ends before. Nil waits by the clock.
	Wait func(ctx context.Context, d time.Duration) error

	// RangeRows is how many values of a key make a range: 10,000 where it is zero. Ranges grow where
	// keys are so far apart that there would be too many.
	RangeRows int64
	// MostFindings is how many rows that differ are told of: 1,000 where it is zero. Twenty times as
	// many of each table are looked at again.
	MostFindings int
	// Memory is about how many bytes the rows may take that are held to tell which of them differ: 12
	// MiB where it is zero. With less, more is read twice.
	Memory int
	// Progress is told how many rows of a table were read from the system, and about how many there
	// are: 0 where the system cannot tell. It is called by one goroutine at a time. It may be nil.
	Progress func(table string, rows, of int64)
}

// complete checks options and fills in what they do not say.
func (o *Options) complete() error {
	if o.Mapping == nil || o.System == nil || o.Here == nil || o.DB == nil || o.Now == nil {
		return errors.New("verify: what to compare, or the clock, was not said")
	}
	if err := o.Mapping.Check(); err != nil {
		return err
	}
	if len(o.Tables) == 0 {
		for i := range o.Mapping.Tables {
			o.Tables = append(o.Tables, o.Mapping.Tables[i].Name)
		}
	}
	for _, name := range o.Tables {
		if o.Mapping.Table(name) == nil {
			return fmt.Errorf("verify: no table %q is taken from %s", name, o.Mapping.Source)
		}
	}
	if o.Lag <= 0 {
		o.Lag = defaultLag
	}
	if o.RangeRows <= 0 {
		o.RangeRows = defaultRangeRows
	}
	if o.MostFindings <= 0 {
		o.MostFindings = defaultMostFindings
	}
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Wait == nil {
		o.Wait = migration.Wait
	}
	return nil
}

// Run compares tables, and keeps what it found in gateway.proof. That the two sides differ, or that
// a table could not be compared, is told by the Report and is no error: an error is that there are
// options that cannot be worked with, that the proof could not be kept, or that ctx ended. The
// proof then says failed, unless the database is gone.
//
// Rows that differ because a change is on its way are not told of. Several runs may go on at once;
// each has a proof of its own.
func Run(ctx context.Context, o Options) (Report, error) {
	if err := o.complete(); err != nil {
		return Report{}, err
	}
	report := Report{
		Source: o.Mapping.Schema(), Origin: o.System.Origin(), BeganAt: o.Now(), Result: Running,
	}
	if err := begin(ctx, o.DB, &report); err != nil {
		return Report{}, err
	}
	var all []*comparison
	for _, name := range o.Tables {
		all = append(all, newComparison(&o, o.Mapping.Table(name)))
	}
	cause := compareAll(ctx, &o, all)
	report.EndedAt = o.Now()
	report.conclude(all, o.MostFindings, cause)
	// What was found until ctx ended is kept, and that it ended.
	if err := end(context.WithoutCancel(ctx), o.DB, &report); err != nil {
		return report, errors.Join(cause, err)
	}
	if cause != nil {
		return report, fmt.Errorf("verify: cut off: %w", cause)
	}
	return report, nil
}

// compareAll compares one table after the other, and then looks again at the rows of all that
// differ: so it waits for the lag once, and not for each table. It fails only where ctx ends.
func compareAll(ctx context.Context, o *Options, all []*comparison) error {
	for _, c := range all {
		c.timed(func() error { return c.compare(ctx) })
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	for look := 1; look <= mostLooks; look++ {
		open := 0
		for _, c := range all {
			open += len(c.open)
		}
		if open == 0 {
			return nil
		}
		if err := o.Wait(ctx, o.Lag); err != nil {
			return err
		}
		for _, c := range all {
			c.timed(func() error { return c.lookAgain(ctx, look == mostLooks) })
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
		}
	}
	return nil
}
