package main

import (
	"context"
	"os"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

type loadFlags struct {
	keptDatabase `embed:""`

	Source string `arg:"" placeholder:"NAME" help:"The source, such as qlik."`
	File   string `arg:"" help:"The file."`
	Fewer  bool   `help:"Load it though it has less than half of what is there."`
}

// Run loads a file into a database whose schema is there.
func (f *loadFlags) Run(ctx context.Context, p *program) error {
	from, err := oneOf(f.inUse(), f.Source, "loaded by files",
		func(p plug.Plug) bool { return p.LoadFile != nil })
	if err != nil {
		return err
	}
	return f.with(ctx, p, func(opened *database) error { return f.load(ctx, p, opened, from) })
}

func (f *loadFlags) load(
	ctx context.Context, p *program, into *database, from plug.Plug,
) (err error) {
	file, err := os.Open(f.File)
	if err != nil {
		return err
	}
	defer closeInto(&err, file.Close)
	// Who has it stopped does not wait for the end of what has none, such as a pipe.
	defer context.AfterFunc(ctx, func() { _ = file.Close() })()
	started := p.now()
	report, err := from.LoadFile(ctx, into.DB, plug.File{Reader: file, Fewer: f.Fewer, Now: p.now})
	for _, fault := range report.Faults {
		p.say("%s", fault)
	}
	if report.MoreFaults > 0 {
		p.say("and %d more", report.MoreFaults)
	}
	if err != nil {
		return err
	}
	p.say("loaded %s, in %v", report.Loaded, p.now().Sub(started).Round(time.Millisecond))
	return nil
}
