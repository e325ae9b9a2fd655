package main

import (
	"context"
	"os"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

type loadConfig struct {
	database databaseConfig
	source   plug.Plug // one that is loaded by files
	file     string
	fewer    bool
	now      func() time.Time
}

// run loads a file into a database whose schema is there.
func (c loadConfig) run(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) error { return c.load(ctx, p, opened) })
}

func (c loadConfig) load(ctx context.Context, p *program, database *database) (err error) {
	file, err := os.Open(c.file)
	if err != nil {
		return err
	}
	defer closeInto(&err, file.Close)
	// Who has it stopped does not wait for the end of what has none, such as a pipe.
	defer context.AfterFunc(ctx, func() { _ = file.Close() })()
	started := c.now()
	report, err := c.source.LoadFile(ctx, database.DB,
		plug.File{Reader: file, Fewer: c.fewer, Now: c.now})
	for _, fault := range report.Faults {
		p.say("%s", fault)
	}
	if report.MoreFaults > 0 {
		p.say("and %d more", report.MoreFaults)
	}
	if err != nil {
		return err
	}
	p.say("loaded %s, in %v", report.Loaded, c.now().Sub(started).Round(time.Millisecond))
	return nil
}

// Run loads a file.
func (f *loadFlags) Run(i *invocation) error {
	i.kept(i.database, true)
	i.asked = loadConfig{
		database: i.database,
		source:   i.loaded("SOURCE", f.Source, i.database.inUse),
		file:     f.File,
		fewer:    f.Fewer,
		now:      i.now,
	}.run
	return i.err()
}
