package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/follow"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A migrationLoad loads a source, or goes back to the generation before.
type migrationLoad struct {
	database      databaseConfig
	mapping       *mapping.Mapping
	place         migrationPlace
	rangeRows     int
	mostPerSecond int
	open          func(time.Time) (bool, time.Time) // nil for always
	tables        []string                          // nil for all
	asOf          time.Time
	anew, fewer   bool
	insteadOfDMS  bool
	now           func() time.Time
}

func (c migrationLoad) run(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) error { return c.load(ctx, p, opened) })
}

func (c migrationLoad) load(ctx context.Context, p *program, opened *database) (err error) {
	from, err := c.place.open(ctx, opened.DB)
	if err != nil {
		return err
	}
	defer closeInto(&err, from.Close)
	tables := c.place.tables()
	if c.tables != nil {
		tables = slices.DeleteFunc(tables, func(t *mapping.Table) bool {
			return !slices.Contains(c.tables, t.Name)
		})
	}
	bar := newProgress(p.stderr, c.now)
	report, err := load.Run(ctx, load.Options{
		DB: opened.DB, Mapping: c.mapping, Reader: from.Reader, Feed: from.feed,
		Tables: tables, Again: c.tables != nil, Still: c.place.isLanding(),
		Place: c.place.name(), AsOf: c.asOf,
		RangeRows: c.rangeRows, MostPerSecond: c.mostPerSecond, Open: c.open,
		Anew: c.anew, Fewer: c.fewer, InsteadOfDMS: c.insteadOfDMS,
		Now: c.now, Progress: bar.show,
		Warn: func(text string) {
			bar.end()
			_, _ = fmt.Fprintln(p.stderr, text)
		},
	})
	bar.end()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	for _, t := range report.Tables {
		fmt.Fprintf(w, "%s\t%d rows\t\n", t.Name, t.Rows)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	went := "loaded"
	if report.Resumed {
		went = "went on with a load that was broken off, and loaded"
	}
	p.say("%s %s: %d rows in %v, swapped in within %v", went, c.mapping.Title, report.Rows(),
		report.Took.Round(time.Millisecond), report.Swap.Round(time.Millisecond))
	return nil
}

// back goes back to the generation before.
func (c migrationLoad) back(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) error {
		if err := load.Back(ctx, load.Options{
			DB: opened.DB, Mapping: c.mapping, InsteadOfDMS: c.insteadOfDMS, Now: c.now,
			Warn: func(text string) { _, _ = fmt.Fprintln(p.stderr, text) },
		}); err != nil {
			return err
		}
		p.say("%s is served as it was before its last load; migration back again undoes that",
			c.mapping.Title)
		return nil
	})
}

// A migrationFollow follows the changes of a source until it is stopped.
type migrationFollow struct {
	database     databaseConfig
	mapping      *mapping.Mapping
	place        migrationPlace
	every        time.Duration
	insteadOfDMS bool
	now          func() time.Time
}

func (c migrationFollow) run(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) (err error) {
		from, err := c.place.open(ctx, opened.DB)
		if err != nil {
			return err
		}
		defer closeInto(&err, from.Close)
		log := slog.New(slog.NewTextHandler(p.stderr, nil)).With("source", c.mapping.Title)
		log.InfoContext(ctx, "following")
		told := tally{began: c.now()}
		return follow.Run(ctx, follow.Options{
			DB: opened.DB, Mapping: c.mapping, Feed: from.feed, Reader: from.Reader,
			Every: c.every, Now: c.now, InsteadOfDMS: c.insteadOfDMS,
			Warn: func(text string) { log.WarnContext(ctx, text) },
			Passed: func(pass follow.Pass) {
				if told.add(pass, c.now()) {
					log.InfoContext(ctx, "applied changes", "rows", told.rows, "slowest", told.slowest)
					told = tally{began: c.now()}
				}
			},
		})
	})
}

// tally is what has been followed since it was last told of.
type tally struct {
	began   time.Time
	rows    int
	slowest time.Duration // of the passes
}

// add is whether it is time to tell.
func (t *tally) add(pass follow.Pass, now time.Time) bool {
	t.rows += pass.Rows
	t.slowest = max(t.slowest, pass.Took)
	return now.Sub(t.began) >= time.Minute
}

// night reads the hours in which a system may be read, such as 22:00-06:00, by the clock of now.
func (c *checker) night(given string) func(time.Time) (bool, time.Time) {
	if given == "" {
		return nil
	}
	const name, form = "--night", "15:04"
	first, last, _ := strings.Cut(given, "-")
	from, fromErr := time.Parse(form, first)
	until, untilErr := time.Parse(form, last)
	if fromErr != nil || untilErr != nil || from.Equal(until) {
		c.fault(name, "is two times of the day, such as 22:00-06:00")
		return nil
	}
	return func(at time.Time) (bool, time.Time) {
		day := func(t time.Time) time.Time {
			return time.Date(at.Year(), at.Month(), at.Day(), t.Hour(), t.Minute(), 0, 0, at.Location())
		}
		begins, ends := day(from), day(until)
		isOpen := !at.Before(begins) && at.Before(ends)
		if begins.After(ends) {
			isOpen = !at.Before(begins) || at.Before(ends)
		}
		if !at.Before(begins) {
			begins = begins.AddDate(0, 0, 1)
		}
		return isOpen, begins
	}
}
