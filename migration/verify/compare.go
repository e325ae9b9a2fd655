package verify

import (
	"context"
	"errors"
	"math"

	"golang.org/x/sync/errgroup"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// The sides of a comparison.
const (
	onSystem = iota
	onHere
	sides
)

// mostPasses is how often one spot is read to find the rows that differ in it, of which one reading
// finds tens of thousands.
const mostPasses = 8

// followUps is how many rows of a table are looked at again for each that may be told of: a change
// on its way should not be called a loss for want of a second look.
const followUps = 20

// A comparison is that of one table.
type comparison struct {
	o      *Options
	table  *mapping.Table
	canon  *canon.Table
	names  []int // of a table without a key: which columns a person tells its rows by
	absent bool  // whether the system has no such table, and need not have it

	report   TableReport
	open     []*candidate // found to differ, and not yet decided
	findings []Finding
}

func newComparison(o *Options, t *mapping.Table) *comparison {
	c := &comparison{o: o, table: t, canon: canon.Of(t)}
	c.report = TableReport{Name: t.Name, System: sideOf(canon.Digest{}), Here: sideOf(canon.Digest{})}
	for _, name := range t.Rows {
		for i, column := range c.canon.Columns() {
			if column == name && len(t.Key) == 0 {
				c.names = append(c.names, i)
			}
		}
	}
	return c
}

// timed does a part of the work. Where it fails, so does the comparison, which is then done with.
func (c *comparison) timed(work func() error) {
	if c.report.Fault != "" {
		return
	}
	began := c.o.Now()
	if err := work(); err != nil {
		c.report.Fault = err.Error()
		c.open = nil
	}
	c.report.Seconds += c.o.Now().Sub(began).Seconds()
}

// compare finds the rows that differ at the first look.
func (c *comparison) compare(ctx context.Context) error {
	if c.table.Optional {
		catalogue, err := c.o.System.Catalogue(ctx, c.table)
		if err != nil {
			return err
		}
		c.absent = len(catalogue.Columns) == 0
	}
	spots, err := c.spots(ctx)
	if err != nil {
		return err
	}
	for i := range spots {
		c.report.Reread += spots[i].parts
		if err := c.drill(ctx, &spots[i]); err != nil {
			return err
		}
	}
	var open []*candidate
	err = c.look(ctx, c.open, func(row *candidate, now *sight, _ []string) {
		if now[onSystem] == now[onHere] { // one was read before a change, one after
			c.report.Settled += row.rows
			return
		}
		row.first, row.last = *now, *now
		open = append(open, row)
	})
	c.open = open
	return err
}

// both reads a part of the table on both sides at the same time, a goroutine each.
func (c *comparison) both(
	ctx context.Context, part migration.Part, each func(side int, batch *migration.Batch) error,
) error {
	return c.sides(ctx, [sides]migration.Part{part, part}, [sides]bool{true, true}, each)
}

// sides is both, for what is read of one side and not of the other.
func (c *comparison) sides(
	ctx context.Context, parts [sides]migration.Part, wanted [sides]bool,
	each func(side int, batch *migration.Batch) error,
) error {
	group, ctx := errgroup.WithContext(ctx)
	for side, reader := range [sides]migration.Reader{c.o.System, c.o.Here} {
		if !wanted[side] || side == onSystem && c.absent {
			continue
		}
		group.Go(func() error {
			return reader.Read(ctx, c.table, parts[side], func(batch *migration.Batch) error {
				return each(side, batch)
			})
		})
	}
	return group.Wait()
}

// identity is what the row of a line is known by: its key or, without one, all of it.
func (c *comparison) identity(line []byte) []byte {
	if key := c.canon.Key(line); key != nil {
		return key
	}
	return line
}

// spots reads all of the table on both sides, once, and tells where they differ.
func (c *comparison) spots(ctx context.Context) ([]spot, error) {
	switch {
	case len(c.table.Key) == 0:
		c.report.By = ByLines
	case c.table.Column(c.table.Key[0]).Parsed().Kind == mapping.Integer:
		c.report.By = ByRanges
		spots, err := c.byRanges(ctx)
		if !errors.Is(err, errNoNumber) {
			return spots, err
		}
		// What stands there can be compared all the same.
		c.report.By = ByBuckets
	default:
		c.report.By = ByBuckets
	}
	return c.byBuckets(ctx)
}

func (c *comparison) byRanges(ctx context.Context) ([]spot, error) {
	system := newRanges(c.o.RangeRows, mostRanges)
	here := newRanges(c.o.RangeRows, mostRanges)
	if err := c.digests(ctx, [sides]parter{system, here}); err != nil {
		return nil, err
	}
	spots, parts := system.differing(here, int64(c.o.Memory/plainRow))
	c.report.Parts = parts
	return spots, nil
}

func (c *comparison) byBuckets(ctx context.Context) ([]spot, error) {
	system, here := &buckets{}, &buckets{}
	if err := c.digests(ctx, [sides]parter{system, here}); err != nil {
		return nil, err
	}
	spots, parts := system.differing(here)
	c.report.Parts = parts
	return spots, nil
}

// digests reads all of the table.
func (c *comparison) digests(ctx context.Context, of [sides]parter) error {
	told := c.progress(ctx)
	err := c.both(ctx, migration.Part{}, func(side int, batch *migration.Batch) error {
		for i := range batch.Ends {
			line := batch.Line(i)
			if err := of[side].add(line, c.identity(line)); err != nil {
				return err
			}
		}
		if side == onSystem {
			told(int64(batch.Rows()))
		}
		return nil
	})
	c.report.System, c.report.Here = sideOf(of[onSystem].total()), sideOf(of[onHere].total())
	return err
}

// progress returns what is told of rows as they are read.
func (c *comparison) progress(ctx context.Context) func(rows int64) {
	if c.o.Progress == nil {
		return func(int64) {}
	}
	var done, of int64
	if counter, ok := c.o.System.(migration.Counter); ok && !c.absent {
		of, _ = counter.Count(ctx, c.table) // reading will say what is wrong
	}
	return func(rows int64) {
		done += rows
		c.o.Progress(c.table.Name, done, of)
	}
}

// drill finds the rows that differ in a spot. It holds what one side has and the other has not had
// yet; where that is too much, it decides about some of the rows, by their hash, and reads the spot
// again for the others.
func (c *comparison) drill(ctx context.Context, s *spot) error {
	var counted int64
	next := uint64(0)
	for range mostPasses {
		h := newHeld(next, c.o.Memory, c.label)
		part := migration.Part{Between: s.between}
		err := c.both(ctx, part, func(side int, batch *migration.Batch) error {
			for i := range batch.Ends {
				line := batch.Line(i)
				hash := hash64(c.identity(line))
				if s.buckets == nil || s.buckets[bucketOf(hash)] {
					h.add(side, hash, line)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		counted += c.take(h)
		if h.last == math.MaxUint64 {
			return nil
		}
		next = h.last + 1
	}
	c.report.IsAtLeast = true
	c.report.Differ += max(s.apart-counted, 0)
	return nil
}

// take makes candidates of what is left, and returns how many rows that is. Those that are too many
// to be looked at again are counted as they are.
func (c *comparison) take(h *held) int64 {
	var counted int64
	for _, found := range h.left() {
		counted += found.rows
		if len(c.open) < followUps*c.o.MostFindings {
			c.open = append(c.open, found)
		} else {
			c.report.Differ += found.rows
		}
	}
	return counted
}
