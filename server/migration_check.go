package main

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration/drift"
	"github.com/LBHackney-IT/resident-gateway/migration/target"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// migrationCheck compares the tables of a source, here and on its system, with what is described.
type migrationCheck struct {
	database databaseConfig
	mapping  *mapping.Mapping
	place    migrationPlace
	isHere   bool // whether the system is left out
}

// run fails with status 3 where a table is not what is described.
func (c migrationCheck) run(ctx context.Context, p *program) error {
	return c.database.with(ctx, p, func(opened *database) error {
		faults, err := target.Check(ctx, opened.DB, c.mapping, c.mapping.Schema())
		if err != nil {
			return err
		}
		for _, fault := range faults {
			p.say("here: %s", fault.String())
		}
		found := len(faults)
		if !c.isHere {
			there, err := c.there(ctx, p, opened.DB)
			if err != nil {
				return err
			}
			found += there
		}
		if found > 0 {
			return &exitError{exitNotRight, errors.New("not every table is what is described")}
		}
		p.say("every table of %s is what is described", c.mapping.Title)
		return nil
	})
}

// there tells of the system's tables, and returns how many faults they have.
func (c migrationCheck) there(
	ctx context.Context, p *program, db *sqlx.DB,
) (found int, err error) {
	system, err := c.place.open(ctx, db)
	if err != nil {
		return 0, err
	}
	defer closeInto(&err, system.Close)
	for _, t := range c.place.tables() {
		catalogue, err := system.Catalogue(ctx, t)
		if err != nil {
			return found, err
		}
		if len(catalogue.Columns) == 0 && t.Optional {
			p.say("there: %s is not there, and need not be", t.Name)
			continue
		}
		warnings, faults := drift.Compare(t, catalogue)
		for _, text := range warnings {
			p.say("there: %s: %s, which stops nothing", t.Name, text)
		}
		for _, text := range faults {
			p.say("there: %s: %s", t.Name, text)
		}
		found += len(faults)
	}
	return found, nil
}
