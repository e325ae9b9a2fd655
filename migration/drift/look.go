package drift

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/target"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A State is what was found of one table.
type State struct {
	Table *mapping.Table
	// Fault is why the table must not be read, in words for an operator; blank where it may be.
	Fault string
	// IsAbsent is whether the system is without the table, and may be.
	IsAbsent bool
}

// Look compares tables of a mapping where a reader has them with what is described, and all tables
// here. It tells warn of what it finds that stops nothing, and returns the state of each table, in
// their order.
func Look(
	ctx context.Context, db sqlx.QueryerContext, m *mapping.Mapping, r migration.Reader,
	tables []*mapping.Table, warn func(string),
) ([]State, error) {
	here, err := target.Check(ctx, db, m, m.Schema())
	if err != nil {
		return nil, err
	}
	for _, fault := range here {
		warn("here, " + fault.String())
	}
	states := make([]State, len(tables))
	for i, t := range tables {
		catalogue, err := r.Catalogue(ctx, t)
		if err != nil {
			return nil, err
		}
		warnings, faults := Compare(t, catalogue)
		for _, text := range warnings {
			warn(t.Name + ": " + text)
		}
		states[i] = State{t, strings.Join(faults, "; "), len(catalogue.Columns) == 0 && t.Optional}
	}
	return states, nil
}
