package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
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
	err := seedAll(ctx, database, sample{
		residents: c.residents, seed: c.seed, replace: c.replace, now: c.now, progress: bar.show,
	})
	bar.end()
	if errors.Is(err, source.ErrSampleInPlace) {
		return fmt.Errorf("%w; --replace replaces them", err)
	}
	if err != nil {
		return err
	}
	p.say("loaded %d sample residents in %v",
		c.residents, c.now().Sub(started).Round(time.Millisecond))
	return nil
}

// seedAll loads sample residents into every source.
func seedAll(ctx context.Context, database *database, s sample) error {
	for _, p := range sources() {
		if err := p.seed(ctx, database.DB, s); err != nil {
			return err
		}
	}
	return nil
}
