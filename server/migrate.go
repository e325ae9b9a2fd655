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

type migrateFlags struct {
	keptDatabase `embed:""`

	Status bool      `xor:"do" help:"Only show where the schema stands."`
	Grant  *roleName `xor:"do" placeholder:"ROLE" help:"Then let this role of the database serve: it may read what is served and add to the record of access, and nothing else."`
}

// A roleName is what a role of the database is called.
type roleName string

// UnmarshalText reads a name.
func (r *roleName) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("must name a role")
	}
	*r = roleName(text)
	return nil
}

// Validate also finds fault with a folder that is not there, of which the state is to be shown.
func (f *migrateFlags) Validate() error {
	if f.Status {
		return (&existingDatabase{f.keptDatabase}).Validate()
	}
	return f.keptDatabase.Validate()
}

// Run brings the schema forward, unless only its state is asked for, and shows where it stands.
func (f *migrateFlags) Run(ctx context.Context, p *program) (err error) {
	database, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, database.close)

	if !f.Status {
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
	if f.Grant != nil {
		if err := db.Grant(ctx, database.DB, string(*f.Grant), database.schemas()...); err != nil {
			return err
		}
		p.say("%s may serve", *f.Grant)
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
