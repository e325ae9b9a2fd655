// Package freshness says how far the data of a source is behind its system, and what is wrong with
// it, from what the gateway and AWS DMS keep of that in PostgreSQL. It reads no row of a resident,
// and nothing that could hold a value or a key of one: of what DMS could not apply, it counts how
// much there is. It knows no source by name. Read judge.go first; docs/reference/freshness.md says
// the same in prose.
package freshness

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Subject is a source whose tables are in PostgreSQL.
type Subject struct {
	Title  string   // such as Mosaic
	Schema string   // that its tables are in, which is also what the gateway calls it: mosaic
	Tables []string // without the schema: those that hold a row for each resident, or what it knows
	// Mapping is what is taken from the system of record. It is nil where the source is loaded by
	// files that people export: then data is as it should be, whatever its age.
	Mapping *mapping.Mapping
}

// Read says how fresh a source is at a moment. It takes one statement, and one more where AWS DMS
// keeps control tables for the source. Its errors are those of [source.Failed]; control tables that
// may not be read, or are not as they are documented, are no error but are told of in the report.
func Read(
	ctx context.Context, db *sqlx.DB, s *Subject, now time.Time,
) (source.Report, error) {
	kept, err := readKept(ctx, db, s)
	if err != nil {
		return source.Report{}, source.Failed(s.Title, s.Schema+": freshness", err)
	}
	told, err := readControl(ctx, db, s, kept)
	if err != nil {
		return source.Report{}, source.Failed(s.Title, s.Schema+": what AWS DMS says", err)
	}
	return judge(s, kept, told, now), nil
}

// freshFor is how old the data may be; 0 where nothing says.
func (s *Subject) freshFor() time.Duration {
	if s.Mapping == nil {
		return 0
	}
	return s.Mapping.FreshFor
}

// followed is how many databases of the system have tables whose changes can be followed, and
// whether all tables are among those.
func (s *Subject) followed() (databases int, all bool) {
	if s.Mapping == nil {
		return 0, false
	}
	of := make(map[string]bool)
	all = true
	for i := range s.Mapping.Tables {
		t := &s.Mapping.Tables[i]
		if t.Follows {
			of[t.Database] = true
		} else {
			all = false
		}
	}
	return len(of), all
}
