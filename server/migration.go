package main

import (
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// migrationCommand returns the command that the arguments ask for, with them checked.
func (c *checker) migrationCommand(
	name string, given *migrationFlags, from databaseConfig,
) command {
	if name == "migration dms <source>" {
		return writeDMS(c.described("SOURCE", given.DMS.Source, from.inUse), given.DMS.Out)
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
