package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// migrationStatus shows how fresh each source is.
type migrationStatus struct {
	existingDatabase `embed:""`

	JSON bool `name:"json" help:"As JSON, as /status.json answers it."`
}

// statusTimeout is how long all sources together may take: nobody waits for the command as for a
// page.
const statusTimeout = 30 * time.Second

// Run fails with status 3 where a source is not as it should be, and with 1 where that cannot be
// found out.
func (f *migrationStatus) Run(ctx context.Context, p *program) (err error) {
	database, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, database.close)
	if err := checkSchema(ctx, database); err != nil {
		return err
	}
	limits := source.DefaultLimits(p.now)
	limits.Timeout = statusTimeout
	set, err := database.openSources(limits)
	if err != nil {
		return err
	}
	watcher := status.Watcher{Sources: set, Timeout: statusTimeout, Now: p.now}
	found := watcher.Look(ctx)
	if err := f.show(p, &found); err != nil {
		return err
	}
	if slices.ContainsFunc(found.Sources, func(s status.Source) bool {
		return s.State == status.Unavailable
	}) {
		return errors.New("the state of a source cannot be found out")
	}
	if !found.IsWell() {
		return &exitError{exitNotRight, errors.New("not every source is as it should be")}
	}
	return nil
}

func (f *migrationStatus) show(p *program, found *status.Status) error {
	if !f.JSON {
		return found.Print(p.stdout)
	}
	text, err := found.JSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "%s\n", text)
	return err
}
