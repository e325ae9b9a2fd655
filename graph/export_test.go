package graph

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What tests look at inside.

// The limits that tests go up to, and one further.
const MaxCost, MaxErrors, MaxMessage = DefaultMaxCost, maxErrors, maxMessage

// Read reads a document up to where it would be run, and returns its cost.
func Read(text string, variables map[string]any) (Cost, gqlerror.List) {
	schema := Schema()
	d, faults := document.NewReader(schema).Read(text, true)
	if len(faults) > 0 {
		return Cost{}, faults
	}
	read, faults := d.Variables(d.Operations[0], variables)
	if len(faults) > 0 {
		return Cost{}, faults
	}
	return costOf(costLimits{
		types: len(schema.Types), listers: 1, most: DefaultMaxCost,
	}, d.Operations[0], read), nil
}

// OpenCursor opens a cursor, as one of a list of that filter.
func OpenCursor(secret []byte, name, cursor string) error {
	c, err := newCursors(secret)
	if err != nil {
		return fmt.Errorf("cursors: %w", err)
	}
	_, err = c.open(listOf("ID", nil, &resident.Filter{LastName: name}), "after", &cursor)
	return err
}
