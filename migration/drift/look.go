package drift

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/target"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A State is what was found of one table.
type State struct {
	Table *mapping.Table
	// Warnings are what it differs in that stops nothing.
	Warnings []string
	// Fault is why the table must not be read, in words for an operator; blank where it may be.
	Fault string
	// IsAbsent is whether the system is without the table, and may be.
	IsAbsent bool
	// IsKeyed is whether the system holds the rows to the key that is described: whether each has a
	// value there, that no other has. Where the system does not tell, it is taken to.
	IsKeyed bool
}

// Found is what a look found.
type Found struct {
	Here   []target.Fault // of the tables here
	Tables []State        // of those that were looked for, in their order
}

// Warn tells of what is wrong here, and of what stops nothing.
func (f *Found) Warn(warn func(string)) {
	for _, fault := range f.Here {
		warn("here, " + fault.String())
	}
	for _, s := range f.Tables {
		for _, text := range s.Warnings {
			warn(s.Table.Name + ": " + text)
		}
	}
}

// Look compares tables of a mapping where a reader has them with what is described, and all tables
// here.
func Look(
	ctx context.Context, db sqlx.QueryerContext, m *mapping.Mapping, r migration.Reader,
	tables []*mapping.Table,
) (*Found, error) {
	here, err := target.Check(ctx, db, m, m.Schema())
	if err != nil {
		return nil, err
	}
	found := &Found{Here: here}
	for _, t := range tables {
		catalogue, err := r.Catalogue(ctx, t)
		if err != nil {
			return nil, err
		}
		warnings, faults := Compare(t, catalogue)
		found.Tables = append(found.Tables, State{
			Table: t, Warnings: warnings, Fault: strings.Join(faults, "; "),
			IsAbsent: len(catalogue.Columns) == 0 && t.Optional,
			IsKeyed:  isKeyed(t, &catalogue),
		})
	}
	return found, nil
}

func isKeyed(t *mapping.Table, there *migration.Catalogue) bool {
	isTold := slices.ContainsFunc(there.Columns, func(c migration.CatalogueColumn) bool {
		return c.Type != ""
	})
	if len(t.Key) == 0 || !isTold {
		return len(t.Key) > 0
	}
	var described, primary []string
	for _, name := range t.Key {
		described = append(described, strings.ToLower(t.Column(name).From))
	}
	for _, name := range there.Key {
		primary = append(primary, strings.ToLower(name))
	}
	slices.Sort(described)
	slices.Sort(primary)
	return slices.Equal(described, primary)
}
