package graph

import (
	"fmt"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What tests look at inside.

// The limits that tests go up to, and one further.
const (
	MaxText, MaxTokens, MaxDepth, MaxName = maxText, maxTokens, maxDepth, maxName
	MaxString, MaxOperations, MaxList     = maxString, maxOperations, maxList
	MaxFragments, MaxSpreads, MaxFields   = maxFragments, maxSpreads, maxFields
	MaxRootFields, MaxAliases             = maxRootFields, maxAliases
	MaxRepeated, MaxVariables             = maxRepeated, maxVariables
	MaxDirectives, MaxDirectivesAtOne     = maxDirectives, maxDirectivesAtOne
	MaxCost, MaxErrors, MaxMessage        = DefaultMaxCost, maxErrors, maxMessage
	CachedDocuments, CachedWeight         = cachedDocuments, cachedWeight
	TooComplex                            = CodeTooComplex
)

// Read reads a document up to where it would be run, and returns the variables that it would be run
// with, and its cost.
func Read(text string, variables map[string]any) (map[string]any, Cost, gqlerror.List) {
	schema := Schema()
	d, faults := readDocument(schema, text, true)
	if len(faults) > 0 {
		return nil, Cost{}, faults
	}
	read, faults := d.variables(schema, d.Operations[0], variables)
	if len(faults) > 0 {
		return nil, Cost{}, faults
	}
	return read, costOf(costLimits{
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

// Kept returns how many documents are kept, and their weight.
func (g *Graph) Kept() (documents, weight int) {
	g.read.mu.Lock()
	defer g.read.mu.Unlock()
	return g.read.recent.Len(), g.read.weight
}

// Keeps reports whether the document of a text is kept.
func (g *Graph) Keeps(text string) bool {
	g.read.mu.Lock()
	defer g.read.mu.Unlock()
	_, ok := g.read.byText[text]
	return ok
}
