package main

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// described is the mapping of the source of that name, among those in use.
func (i *invocation) described(source string) plug.Plug {
	return i.checker.described("SOURCE", source, i.database.inUse)
}

// Run writes what AWS DMS is told.
func (f *dmsFlags) Run(i *invocation) error {
	i.asked = writeDMS(i.described(f.Source), f.Out)
	return i.err()
}

// Run loads a source.
func (f *migrationLoadFlags) Run(i *invocation) error {
	m := i.described(f.Source).Mapping
	i.kept(i.database, true)
	i.asked = migrationLoad{
		database: i.database, mapping: m, now: i.now,
		place:         i.place(m, f.From, f.Files),
		rangeRows:     i.number("--range-rows", f.RangeRows, 100, 1_000_000),
		mostPerSecond: i.number("--most-per-second", f.MostPerSecond, 0, 10_000_000),
		open:          i.night(f.Night),
		tables:        i.tables(m, f.Tables),
		asOf:          i.moment("--as-of", f.AsOf, 0),
		anew:          f.Anew, fewer: f.Fewer, insteadOfDMS: f.InsteadOfDMS,
	}.run
	return i.err()
}

// Run follows a source.
func (f *migrationFollowFlags) Run(i *invocation) error {
	m := i.described(f.Source).Mapping
	i.kept(i.database, true)
	place := i.place(m, f.From, f.Files)
	if m != nil && f.From != "" && place.isLanding() {
		i.fault("MIGRATION_FROM (--from)", "is a place whose changes are told, which %s is not", landing)
	}
	i.asked = migrationFollow{
		database: i.database, mapping: m, place: place, now: i.now,
		every:        i.duration("--every", f.Every),
		insteadOfDMS: f.InsteadOfDMS,
	}.run
	return i.err()
}

// Run compares what is served with the system.
func (f *migrationVerifyFlags) Run(i *invocation) error {
	m := i.described(f.Source).Mapping
	i.kept(i.database, false)
	i.asked = migrationVerify{
		database: i.database, place: i.place(m, f.From, f.Files), now: i.now,
		tables: i.tables(m, f.Tables),
		lag:    i.lifetime("--lag", f.Lag, time.Millisecond, 24*time.Hour),
	}.run
	return i.err()
}

// Run compares tables with what is described.
func (f *migrationCheckFlags) Run(i *invocation) error {
	m := i.described(f.Source).Mapping
	i.kept(i.database, false)
	check := migrationCheck{database: i.database, mapping: m, isHere: f.From == ""}
	if !check.isHere {
		check.place = i.place(m, f.From, f.Files)
	}
	i.asked = check.run
	return i.err()
}

// Run shows how fresh each source is.
func (f *migrationStatusFlags) Run(i *invocation) error {
	i.kept(i.database, false)
	i.asked = migrationStatus{i.database, f.JSON, i.now}.run
	return i.err()
}

// Run serves a source as it was before.
func (f *migrationBackFlags) Run(i *invocation) error {
	i.kept(i.database, true)
	i.asked = migrationLoad{
		database: i.database, mapping: i.described(f.Source).Mapping, now: i.now,
		insteadOfDMS: f.InsteadOfDMS,
	}.back
	return i.err()
}

// described is the source of that name, which is to be one that describes what is taken from its
// system of record.
func (c *checker) described(name, given string, inUse []plug.Plug) plug.Plug {
	var known []string
	for _, p := range inUse {
		if p.Mapping == nil {
			continue
		}
		if pgSchema(p.Name) == strings.ToLower(given) {
			return p
		}
		known = append(known, pgSchema(p.Name))
	}
	c.fault(name, "is one that is migrated from its system: %s", strings.Join(known, ", "))
	return plug.Plug{}
}

// tables are those of a source that are named; none where all are meant.
func (c *checker) tables(m *mapping.Mapping, given string) []string {
	if m == nil || given == "" {
		return nil
	}
	named := strings.Split(given, ",")
	for _, name := range named {
		if m.Table(name) == nil {
			c.fault("--tables", "is of the tables that are described in docs/reference/what-is-taken.md")
			return nil
		}
	}
	return named
}
