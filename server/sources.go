package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// sourceFlags say which sources are in use.
type sourceFlags struct {
	Sources sourceList `env:"SOURCES" placeholder:"NAME,…" help:"Which sources are in use, such as mosaic,academy. All there are, unless set."`
}

// inUse returns the sources that are named, in the order of the catalogue; all, where none is.
func (f *sourceFlags) inUse() []plug.Plug {
	if f.Sources == nil {
		return catalogue.Sources()
	}
	return f.Sources
}

// A sourceList is some of the sources.
type sourceList []plug.Plug

// UnmarshalText reads the names of sources, with commas between them.
func (l *sourceList) UnmarshalText(text []byte) error {
	all, named := catalogue.Sources(), listed(strings.ToLower(string(text)))
	known := schemaNames(all)
	for _, name := range named {
		if !slices.Contains(known, name) {
			return fmt.Errorf("must list some of %s", strings.Join(known, ", "))
		}
	}
	if len(named) == 0 {
		return fmt.Errorf("names no source: there are %s", strings.Join(known, ", "))
	}
	*l = slices.DeleteFunc(all, func(p plug.Plug) bool {
		return !slices.Contains(named, pgSchema(p.Name))
	})
	return nil
}

// oneOf returns the source of that name, which must be one of those that qualify. What says so.
func oneOf(
	sources []plug.Plug, name, what string, qualifies func(plug.Plug) bool,
) (plug.Plug, error) {
	sources = slices.DeleteFunc(slices.Clone(sources), func(p plug.Plug) bool { return !qualifies(p) })
	known := schemaNames(sources)
	at := slices.Index(known, strings.ToLower(name))
	if at < 0 {
		return plug.Plug{}, fmt.Errorf("<source> must be one that is %s: %s", what,
			strings.Join(known, ", "))
	}
	return sources[at], nil
}

// schemaNames returns the names by which operators know sources.
func schemaNames(sources []plug.Plug) []string {
	all := make([]string, len(sources))
	for i, p := range sources {
		all[i] = pgSchema(p.Name)
	}
	return all
}

// pgSchema is the schema in PostgreSQL that a source has to itself.
func pgSchema(name resident.SourceName) string { return strings.ToLower(string(name)) }

// schemas is what the database needs: what the gateway keeps of its own, then each source's.
func schemas(inUse []plug.Plug) []db.Schema {
	all := []db.Schema{
		db.Gateway(),
		{Name: "access", Files: access.Schema(), Grants: access.Grants()},
	}
	for _, p := range inUse {
		all = append(all, db.Schema{Name: pgSchema(p.Name), Files: p.Schema})
	}
	return all
}

// names are those of sources.
func names(plugs []plug.Plug) []resident.SourceName {
	all := make([]resident.SourceName, len(plugs))
	for i, p := range plugs {
		all[i] = p.Name
	}
	return all
}

// sampleDay is the day that sample residents are as old as they are on, whatever the day is: they
// are the same for the same seed.
func sampleDay() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }

// migratedSource names one that is migrated from its system of record.
type migratedSource struct {
	Source string `arg:"" placeholder:"NAME" help:"The source, such as mosaic."`
}

// mapping returns what is taken of the source, which must be among those in use.
func (f *migratedSource) mapping(inUse []plug.Plug) (*mapping.Mapping, error) {
	found, err := oneOf(inUse, f.Source, "migrated from its system",
		func(p plug.Plug) bool { return p.Mapping != nil })
	return found.Mapping, err
}

// insteadOfDMS says that DMS no longer writes to the source.
type insteadOfDMS struct {
	InsteadOfDMS bool `name:"instead-of-dms" help:"Write to what a stopped task of DMS wrote to. The task must never be resumed."`
}
