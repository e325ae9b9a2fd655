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
	existingDatabase `embed:""`
	placeFlags       `embed:""`
}

// Run fails with status 3 where a table is not what is described. Without a place, the system is
// left out.
func (f *migrationCheck) Run(ctx context.Context, p *program) error {
	m, err := f.mapping(f.inUse())
	if err != nil {
		return err
	}
	return f.with(ctx, p, func(opened *database) error {
		found, err := f.look(ctx, p, opened.DB, m)
		if err != nil {
			return err
		}
		if found > 0 {
			return &exitError{exitNotRight, errors.New("not every table is what is described")}
		}
		p.say("every table of %s is what is described", m.Title)
		return nil
	})
}

// look tells of each fault, and returns how many there are.
func (f *migrationCheck) look(
	ctx context.Context, p *program, db *sqlx.DB, m *mapping.Mapping,
) (found int, err error) {
	if f.From == "" {
		faults, err := target.Check(ctx, db, m, m.Schema())
		told := drift.Found{Here: faults}
		told.Warn(func(text string) { p.say("%s", text) })
		return len(faults), err
	}
	place, err := f.place(f.inUse())
	if err != nil {
		return 0, err
	}
	system, err := place.open(ctx, db)
	if err != nil {
		return 0, err
	}
	defer closeInto(&err, system.Close)
	told, err := drift.Look(ctx, db, m, system.Reader, place.tables())
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
