package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db"
)

type migrateConfig struct {
	database   databaseConfig
	statusOnly bool
	grantTo    *string // the role that may then serve; nil for none
}

// run brings the schema forward, unless only its state is asked for, and shows where it stands.
func (c migrateConfig) run(ctx context.Context, p *program) (err error) {
	if c.statusOnly && c.grantTo != nil {
		return errors.New("--status changes nothing, and --grant does: give one of them")
	}
	database, err := c.database.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, database.close)

	if !c.statusOnly {
		applied, err := db.Migrate(ctx, database.DB, database.schemas()...)
		for _, a := range applied {
			p.say("applied %s %s in %v", a.Schema, a.File, a.Duration.Round(time.Millisecond))
		}
		if err != nil {
			return err
		}
		if len(applied) == 0 {
			p.say("nothing to apply")
		}
	}
	if c.grantTo != nil {
		if err := db.Grant(ctx, database.DB, *c.grantTo, database.schemas()...); err != nil {
			return err
		}
		p.say("%s may serve", *c.grantTo)
	}
	return showStatus(ctx, p, database)
}

func showStatus(ctx context.Context, p *program, database *database) error {
	all, err := db.Status(ctx, database.DB, database.schemas()...)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(p.stdout, 0, 8, 2, ' ', 0)
	fmt.Fprintln(w, "schema\tversion\tstate")
	for _, s := range all {
		fmt.Fprintf(w, "%s\t%d\t%s\n", s.Name, s.Current, stateOf(s))
	}
	return w.Flush()
}

func stateOf(s db.SchemaStatus) string {
	switch {
	case s.Newer():
		return fmt.Sprintf("newer than this release, which knows %d", s.Latest)
	case len(s.Pending) > 0:
		return "to be applied: " + strings.Join(s.Pending, ", ")
	}
	return "up to date"
}

// closeInto closes what a function opened, and tells of it unless there is a worse thing to tell.
func closeInto(err *error, closeIt func() error) {
	if closeErr := closeIt(); *err == nil {
		*err = closeErr
	}
}

// Run brings the schema of the database forward.
func (f *migrateFlags) Run(i *invocation) error {
	i.kept(i.database, !f.Status)
	if f.Grant != nil && *f.Grant == "" {
		i.fault("--grant", "names a role")
	}
	i.asked = migrateConfig{i.database, f.Status, f.Grant}.run
	return i.err()
}
