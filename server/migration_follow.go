package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/follow"
)

// A migrationFollow follows the changes of a source until it is stopped.
type migrationFollow struct {
	keptDatabase `embed:""`
	placeFlags   `embed:""`
	insteadOfDMS `embed:""`

	Every duration `default:"1s" placeholder:"100ms..5m" help:"How long to rest between two looks for changes (default ${default})."`
}

// Run follows the source.
func (f *migrationFollow) Run(ctx context.Context, p *program) error {
	place, err := f.place(f.inUse())
	if err != nil {
		return err
	}
	if place.isLanding() {
		return placeError("must be a place whose changes are told, which %s is not", landing)
	}
	return f.with(ctx, p, func(opened *database) (err error) {
		from, err := place.open(ctx, opened.DB)
		if err != nil {
			return err
		}
		defer closeInto(&err, from.Close)
		log := slog.New(slog.NewTextHandler(p.stderr, nil)).With("source", place.mapping.Title)
		log.InfoContext(ctx, "following")
		told := tally{began: p.now()}
		return follow.Run(ctx, follow.Options{
			DB: opened.DB, Mapping: place.mapping, Feed: from.feed, Reader: from.Reader,
			Every: time.Duration(f.Every), Now: p.now, InsteadOfDMS: f.InsteadOfDMS,
			Warn: func(text string) { log.WarnContext(ctx, text) },
			Passed: func(pass follow.Pass) {
				if told.add(pass, p.now()) {
					log.InfoContext(ctx, "applied changes", "rows", told.rows, "slowest", told.slowest)
					told = tally{began: p.now()}
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

// add counts a pass, and reports whether a minute has gone by since the tally began.
func (t *tally) add(pass follow.Pass, now time.Time) bool {
	t.rows += pass.Rows
	t.slowest = max(t.slowest, pass.Took)
	return now.Sub(t.began) >= time.Minute
}
