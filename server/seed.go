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

type seedConfig struct {
	database  databaseConfig
	residents int
	seed      uint64
	replace   bool
	now       func() time.Time
}

// run loads sample residents into every source of a database whose schema is there.
func (c seedConfig) run(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) error { return c.load(ctx, p, opened) })
}

func (c seedConfig) load(ctx context.Context, p *program, database *database) error {
	started := c.now()
	bar := newProgress(p.stderr, c.now)
	err := seedAll(ctx, database, plug.Sample{
		Residents: c.residents, Seed: c.seed, Today: sampleDay(),
		Options: sample.Options{Replace: c.replace, Now: c.now, Progress: bar.show},
	})
	bar.end()
	if errors.Is(err, source.ErrSampleInPlace) {
		return fmt.Errorf("%w; --replace replaces them", err)
	}
	if err != nil {
		return err
	}
	p.say("loaded a sample of %d residents for each source in %v",
		c.residents, c.now().Sub(started).Round(time.Millisecond))
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

// Run loads sample residents.
func (f *seedFlags) Run(i *invocation) error {
	i.kept(i.database, true)
	i.asked = seedConfig{
		database:  i.database,
		residents: i.number("--residents", f.Residents, 1, maxSample),
		seed:      uint64(i.number("--seed", f.Seed, 0, maxSeed)), //nolint:gosec // from 0
		replace:   f.Replace,
		now:       i.now,
	}.run
	return i.err()
}
