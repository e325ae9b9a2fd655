package graph

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// lookups are the residents whom one operation asks for by key. It may ask for many, by fields with
// aliases: they are known before any is resolved, and the first to be resolved has all of them
// read, together those with the same selection.
type lookups struct {
	all []lookup

	once  sync.Once
	found map[lookup]source.Found
}

// A lookup is one resident asked for by key, and what is selected of them.
type lookup struct {
	key      source.Key
	selected selection
}

// keyFields has, for each field of Query that returns one resident, a function that reads their key
// from the arguments. It returns false for an invalid ID, which the resolver reports.
type keyFields map[*ast.FieldDefinition]func(arguments map[string]any) (source.Key, bool)

func newKeyFields(schema *ast.Schema) keyFields {
	return keyFields{
		schema.Query.Fields.ForName("resident"): func(arguments map[string]any) (source.Key, bool) {
			name, sourceID, ok := resident.SplitID(fmt.Sprint(arguments["id"]))
			return source.Key{Source: name, SourceID: sourceID}, ok
		},
		schema.Query.Fields.ForName("residentBySourceId"): func(
			arguments map[string]any,
		) (source.Key, bool) {
			return source.Key{
				Source:   resident.SourceName(fmt.Sprint(arguments["source"])),
				SourceID: fmt.Sprint(arguments["sourceId"]),
			}, true
		},
	}
}

// lookupsOf returns every resident whom an operation asks for by key, and the caller may, each
// once.
func (k keyFields) lookupsOf(p *permissions, operation *graphql.OperationContext) *lookups {
	var l lookups
	fields := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"})
	for _, field := range fields {
		keyOf := k[field.Definition]
		if keyOf == nil {
			continue
		}
		key, ok := keyOf(field.ArgumentMap(operation.Variables))
		if !ok || p.checkSource(key.Source) != nil {
			continue
		}
		one := lookup{key, p.selectionOf(operation, field.Selections)}
		if !slices.Contains(l.all, one) {
			l.all = append(l.all, one)
		}
	}
	return &l
}

// get returns one of the residents, once all have been read by read. It fails for one whom the
// operation does not ask for: null would say that there is no such resident.
func (l *lookups) get(
	one lookup, read func([]source.Key, *selection) []source.Found,
) (source.Found, error) {
	l.once.Do(func() {
		keys := make(map[selection][]source.Key)
		for _, one := range l.all {
			keys[one.selected] = append(keys[one.selected], one.key)
		}
		l.found = make(map[lookup]source.Found, len(l.all))
		for selected, alike := range keys {
			for i, found := range read(alike, &selected) {
				l.found[lookup{alike[i], selected}] = found
			}
		}
	})
	found, isRead := l.found[one]
	if !isRead {
		return found, errors.New("graph: a resident was not read")
	}
	return found, nil
}
