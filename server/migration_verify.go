package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// mostShown is how many of the rows that differ are printed; the database has more of them.
const mostShown = 20

// migrationVerify compares a source with its system.
type migrationVerify struct {
	existingDatabase `embed:""`
	placeFlags       `embed:""`

	Tables string   `placeholder:"NAME,…" help:"Which tables, by their names here. All, unless set."`
	Lag    duration `default:"2m" placeholder:"1ms..24h" help:"How long to wait before rows that differ are looked at once more, so that what is on its way is not called lost (default ${default})."`
}

// Run compares and prints what it found.
func (f *migrationVerify) Run(ctx context.Context, p *program) error {
	place, err := f.place(f.inUse())
	if err != nil {
		return err
	}
	tables, err := place.named(f.Tables)
	if err != nil {
		return err
	}
	return f.with(ctx, p, func(opened *database) (err error) {
		from, err := place.open(ctx, opened.DB)
		if err != nil {
			return err
		}
		defer closeInto(&err, from.Close)
		v := verification{
			mapping: place.mapping, system: from.Reader, lag: time.Duration(f.Lag), now: p.now,
		}
		for _, t := range tables {
			v.tables = append(v.tables, t.Name)
		}
		return v.run(ctx, p, opened.DB)
	})
}

// A verification is a comparison of what is served with the system that it came from.
type verification struct {
	mapping *mapping.Mapping
	tables  []string         // all, where there are none
	system  migration.Reader // opened, and left open
	lag     time.Duration    // 0 for what is usual
	now     func() time.Time
	wait    func(context.Context, time.Duration) error // nil for the clock's
}

// run compares and prints what it found. It fails with status 3 where rows differ, and with 1 where
// not all could be compared.
func (v *verification) run(ctx context.Context, p *program, db *sqlx.DB) error {
	shown := newProgress(p.stderr, v.now)
	report, err := verify.Run(ctx, verify.Options{
		Mapping: v.mapping, Tables: v.tables, DB: db, Now: v.now, Lag: v.lag, Wait: v.wait,
		System: v.system, Here: pgreader.New(db, v.mapping.Schema(), "live"),
		Progress: func(table string, rows, of int64) {
			shown.show(table, int(min(rows, of)), int(of)) // rows may have come since they were counted
		},
	})
	shown.end()
	if report.ID > 0 {
		if err := showReport(p, &report); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	switch report.Result {
	case verify.Same:
		return nil
	case verify.Differs:
		return &exitError{exitNotRight, fmt.Errorf("%d rows of %s differ from the system",
			report.Differ(), v.mapping.Source)}
	default:
		return errors.New("not all tables could be compared")
	}
}

func showReport(p *program, report *verify.Report) error {
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "table\ton the system\there\tdiffer\tsettled\ttime\t")
	for i := range report.Tables {
		table := &report.Tables[i]
		differ := fmt.Sprint(table.Differ)
		if table.IsAtLeast {
			differ += " or more"
		}
		taken := time.Duration(table.Seconds * float64(time.Second)).Round(time.Millisecond)
		fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%d\t%v\t%s\n", table.Name, table.System.Rows, table.Here.Rows,
			differ, table.Settled, taken, table.Fault)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("print the proof: %w", err)
	}
	for i, finding := range report.Findings {
		if i == mostShown {
			p.say("and more, in gateway.proof_finding of proof %d", report.ID)
			break
		}
		columns := ""
		if len(finding.Columns) > 0 {
			columns = " in " + strings.Join(finding.Columns, ", ")
		}
		p.say("%s %s %s%s", finding.Kind, finding.Table, finding.Key, columns)
	}
	p.say("proof %d: %s", report.ID, report.Result)
	return nil
}
