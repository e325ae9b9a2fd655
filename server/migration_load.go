package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A migrationLoad loads a source.
type migrationLoad struct {
	keptDatabase `embed:""`
	placeFlags   `embed:""`
	insteadOfDMS `embed:""`

	RangeRows     number `default:"50000" placeholder:"100..1000000" help:"How many rows are loaded between two checkpoints (default ${default})."`
	MostPerSecond number `default:"0" placeholder:"0..10000000" help:"How many rows a second are read at most; 0 for as many as there are (default ${default})."`
	Tables        string `placeholder:"NAME,…" help:"Which tables to load again of a source that is served, by their names here. All, unless set."`
	AsOf          moment `name:"as-of" placeholder:"MOMENT" help:"The data is as new as this, where it was copied before it is loaded: when DMS began to land it, such as 2026-03-14T01:00:00Z. When the load begins, unless set."`
	Night         hours  `placeholder:"HH:MM-HH:MM" help:"The hours in which the system may be read, by London's clock, such as 22:00-06:00. At any time, unless set."`
	Anew          bool   `help:"Throw away a load that was broken off."`
	Fewer         bool   `help:"Swap in tables that have less than half of the rows that are served."`
}

// Run loads the source.
func (f *migrationLoad) Run(ctx context.Context, p *program) error {
	place, err := f.place(f.inUse())
	if err != nil {
		return err
	}
	tables, err := place.named(f.Tables)
	if err != nil {
		return err
	}
	return f.with(ctx, p, func(opened *database) error {
		return f.load(ctx, p, opened, place, tables)
	})
}

func (f *migrationLoad) load(
	ctx context.Context, p *program, opened *database, place migrationPlace, tables []*mapping.Table,
) (err error) {
	from, err := place.open(ctx, opened.DB)
	if err != nil {
		return err
	}
	defer closeInto(&err, from.Close)
	bar := newProgress(p.stderr, p.now)
	report, err := load.Run(ctx, load.Options{
		DB: opened.DB, Mapping: place.mapping, Reader: from.Reader, Feed: from.feed,
		Tables: tables, Again: len(listed(f.Tables)) > 0, Still: place.isLanding(),
		Place: place.name(), AsOf: f.AsOf.Time,
		RangeRows: int(f.RangeRows), MostPerSecond: int(f.MostPerSecond), Open: f.Night,
		Anew: f.Anew, Fewer: f.Fewer, InsteadOfDMS: f.InsteadOfDMS,
		Now: p.now, Progress: bar.show,
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
	p.say("%s %s: %d rows in %v, swapped in within %v", went, place.mapping.Title, report.Rows(),
		report.Took.Round(time.Millisecond), report.Swap.Round(time.Millisecond))
	return nil
}

// A migrationBack goes back to the generation before.
type migrationBack struct {
	keptDatabase   `embed:""`
	migratedSource `embed:""`
	insteadOfDMS   `embed:""`
}

// Run goes back.
func (f *migrationBack) Run(ctx context.Context, p *program) error {
	m, err := f.mapping(f.inUse())
	if err != nil {
		return err
	}
	return f.with(ctx, p, func(opened *database) error {
		if err := load.Back(ctx, load.Options{
			DB: opened.DB, Mapping: m, InsteadOfDMS: f.InsteadOfDMS, Now: p.now,
			Warn: func(text string) { _, _ = fmt.Fprintln(p.stderr, text) },
		}); err != nil {
			return err
		}
		p.say("%s is served as it was before its last load; migration back again undoes that", m.Title)
		return nil
	})
}
