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
		found, err := c.look(ctx, p, opened.DB)
		if err != nil {
			return err
		}
		if found > 0 {
			return &exitError{exitNotRight, errors.New("not every table is what is described")}
		}
		p.say("every table of %s is what is described", c.mapping.Title)
		return nil
	})
}

// look tells of each fault, and returns how many there are.
func (c migrationCheck) look(
	ctx context.Context, p *program, db *sqlx.DB,
) (found int, err error) {
	if c.isHere {
		faults, err := target.Check(ctx, db, c.mapping, c.mapping.Schema())
		told := drift.Found{Here: faults}
		told.Warn(func(text string) { p.say("%s", text) })
		return len(faults), err
	}
	system, err := c.place.open(ctx, db)
	if err != nil {
		return 0, err
	}
	defer closeInto(&err, system.Close)
	told, err := drift.Look(ctx, db, c.mapping, system.Reader, c.place.tables())
	if err != nil {
		return 0, err
	}
	told.Warn(func(text string) { p.say("%s", text) })
	found = len(told.Here)
	for _, s := range told.Tables {
		if s.Fault != "" {
			found++
			p.say("%s must not be read: %s", s.Table.Name, s.Fault)
		}
	}
	return found, nil
}
