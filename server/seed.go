package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

type seedFlags struct {
	keptDatabase `embed:""`

	Residents number `default:"10000" placeholder:"${residents}" help:"How many residents (default ${default})."`
	Seed      uint64 `default:"1" placeholder:"N" help:"What the residents are made from: a whole number (default ${default})."`
	Replace   bool   `help:"Replace sample residents that are there. Others are never replaced."`
}

// Run loads sample residents into every source of a database whose schema is there.
func (f *seedFlags) Run(ctx context.Context, p *program) error {
	return f.with(ctx, p, func(opened *database) error { return f.load(ctx, p, opened) })
}

func (f *seedFlags) load(ctx context.Context, p *program, into *database) error {
	started := p.now()
	bar := newProgress(p.stderr, p.now)
	err := seedAll(ctx, into, plug.Sample{
		Residents: int(f.Residents), Seed: f.Seed, Today: sampleDay(),
		Options: sample.Options{Replace: f.Replace, Now: p.now, Progress: bar.show},
	})
	bar.end()
	if errors.Is(err, source.ErrSampleInPlace) {
		return fmt.Errorf("%w; --replace replaces them", err)
	}
	if err != nil {
		return err
	}
	p.say("loaded a sample of %d residents for each source in %v",
		f.Residents, p.now().Sub(started).Round(time.Millisecond))
	return nil
}

// seedAll loads a sample into every source in use.
func seedAll(ctx context.Context, database *database, s plug.Sample) error {
	return database.seed(ctx, names(database.inUse), s)
}

// seed loads a sample into sources in use: one after the other where progress is shown, and
// otherwise all at once, which is sooner.
func (d *database) seed(ctx context.Context, into []resident.SourceName, s plug.Sample) error {
	all, ctx := errgroup.WithContext(ctx)
	if s.Progress != nil {
		all.SetLimit(1)
	}
	for _, p := range d.inUse {
		if slices.Contains(into, p.Name) {
			all.Go(func() error { return p.Seed(ctx, d.DB, s) })
		}
	}
	return all.Wait()
}
