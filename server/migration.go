package main

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// migrationCommand returns the command that the arguments ask for, with them checked.
func (c *checker) migrationCommand(
	name string, given *migrationFlags, from databaseConfig, now func() time.Time,
) command {
	described := func(source string) plug.Plug { return c.described("SOURCE", source, from.inUse) }
	switch name {
	case "migration dms <source>":
		return writeDMS(described(given.DMS.Source), given.DMS.Out)
	case "migration load <source>":
		g, m := &given.Load, described(given.Load.Source).Mapping
		c.kept(from, true)
		return migrationLoad{
			database: from, mapping: m, now: now,
			place:         c.place(m, g.From, g.Files),
			rangeRows:     c.number("--range-rows", g.RangeRows, 100, 1_000_000),
			mostPerSecond: c.number("--most-per-second", g.MostPerSecond, 0, 10_000_000),
			open:          c.night(g.Night),
			tables:        c.tables(m, g.Tables),
			asOf:          c.moment("--as-of", g.AsOf, 0),
			anew:          g.Anew, fewer: g.Fewer, insteadOfDMS: g.InsteadOfDMS,
		}.run
	case "migration follow <source>":
		g, m := &given.Follow, described(given.Follow.Source).Mapping
		c.kept(from, true)
		place := c.place(m, g.From, g.Files)
		if m != nil && g.From != "" && place.isLanding() {
			c.fault("MIGRATION_FROM (--from)", "is a place whose changes are told, which %s is not", landing)
		}
		return migrationFollow{
			database: from, mapping: m, place: place, now: now,
			every:        c.duration("--every", g.Every),
			insteadOfDMS: g.InsteadOfDMS,
		}.run
	case "migration verify <source>":
		g, m := &given.Verify, described(given.Verify.Source).Mapping
		c.kept(from, false)
		return migrationVerify{
			database: from, place: c.place(m, g.From, g.Files), now: now,
			tables: c.tables(m, g.Tables), lag: c.lifetime("--lag", g.Lag, time.Millisecond, 24*time.Hour),
		}.run
	case "migration check <source>":
		g, m := &given.Check, described(given.Check.Source).Mapping
		c.kept(from, false)
		check := migrationCheck{database: from, mapping: m, isHere: g.From == ""}
		if !check.isHere {
			check.place = c.place(m, g.From, g.Files)
		}
		return check.run
	case "migration status":
		c.kept(from, false)
		return migrationStatus{from, given.Status.JSON, now}.run
	case "migration back <source>":
		c.kept(from, true)
		return migrationLoad{
			database: from, mapping: described(given.Back.Source).Mapping, now: now,
			insteadOfDMS: given.Back.InsteadOfDMS,
		}.back
	}
	return nil
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
