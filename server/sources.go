package main

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

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

// openSources returns the set of the sources in use. Each is asked through connections of its own,
// where there are such, so that one which does not answer takes none from the others.
func (d *database) openSources(limits source.Limits) (*source.Set, error) {
	var all []source.Source
	for _, p := range d.inUse {
		from := d.pools[p.Name]
		if from == nil {
			from = d.DB
		}
		all = append(all, p.Open(from, limits.Now))
	}
	return source.NewSet(limits, all...)
}

// names are those of sources.
func names(plugs []plug.Plug) []resident.SourceName {
	all := make([]resident.SourceName, len(plugs))
	for i, p := range plugs {
		all[i] = p.Name
	}
	return all
}

// londonClock returns what the time is, in London: the day there is the day for Hackney's records.
func londonClock() (func() time.Time, error) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, err
	}
	return func() time.Time { return time.Now().In(london) }, nil
}

// sampleDay is the day that sample residents are as old as they are on, whatever the day is: they
// are the same for the same seed.
func sampleDay() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }
