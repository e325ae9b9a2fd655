package graph

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A scope is what one request knows and shares between its fields. It is made anew for each.
type scope struct {
	set     *source.Set
	sources []*answer.Source

	reported atomic.Int32 // errors

	once  sync.Once
	found map[lookup]*resident.Resident
	err   error
}

// A lookup is one resident asked for by key, and what is wanted of them.
type lookup struct {
	key    source.Key
	wanted source.Wanted
}

func newScope(set *source.Set) *scope {
	s := &scope{set: set, sources: make([]*answer.Source, len(set.All()))}
	for i, known := range set.All() {
		s.sources[i] = answer.NewSource(known)
	}
	return s
}

type scopeKey struct{}

func withScope(ctx context.Context, s *scope) context.Context {
	return context.WithValue(ctx, scopeKey{}, s)
}

func scopeOf(ctx context.Context) *scope {
	s, ok := ctx.Value(scopeKey{}).(*scope)
	if !ok {
		panic("graph: a resolver was called outside Execute")
	}
	return s
}

// mayReport is false when the request has had as many errors as are worth a line in the log.
func mayReport(ctx context.Context) bool {
	s, ok := ctx.Value(scopeKey{}).(*scope)
	return !ok || s.reported.Add(1) <= maxErrors
}

func (s *scope) source(name resident.SourceName) (*answer.Source, error) {
	for _, known := range s.sources {
		if known.Name() == name {
			return known, nil
		}
	}
	return nil, errors.New("graph: a resident is of a source that is not in use")
}

// resident returns the resident of that key, or nil. An operation may ask for many by as many
// fields with aliases: the first that comes here has all of them read, together those who are
// wanted alike.
func (s *scope) resident(ctx context.Context, key source.Key) (*resident.Resident, error) {
	s.once.Do(func() { s.found, s.err = s.readAll(ctx) })
	if s.err != nil {
		return nil, s.err
	}
	found, read := s.found[lookup{key, wantedOfField(ctx)}]
	if !read { // null would say that there is no such resident
		return nil, errors.New("graph: a resident was not read")
	}
	return found, nil
}

func (s *scope) readAll(ctx context.Context) (map[lookup]*resident.Resident, error) {
	keys := make(map[source.Wanted][]source.Key)
	for _, l := range lookupsOf(graphql.GetOperationContext(ctx)) {
		keys[l.wanted] = append(keys[l.wanted], l.key)
	}
	found := make(map[lookup]*resident.Resident)
	for wanted, alike := range keys {
		residents, err := s.set.ResidentsByKey(ctx, alike, wanted)
		if err != nil {
			return nil, err
		}
		for i, r := range residents {
			found[lookup{alike[i], wanted}] = r
		}
	}
	return found, nil
}

// lookupsOf returns every resident whom the operation asks for by key, each once.
func lookupsOf(operation *graphql.OperationContext) []lookup {
	var lookups []lookup
	seen := make(map[lookup]bool)
	fields := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"})
	for _, field := range fields {
		key, ok := keyOf(field, operation.Variables)
		if !ok {
			continue
		}
		l := lookup{key, wantedOf(operation, field.Selections)}
		if !seen[l] {
			seen[l] = true
			lookups = append(lookups, l)
		}
	}
	return lookups
}

// keyOf is false for fields that do not ask by key, and for those whose arguments cannot be meant:
// their resolvers say so.
func keyOf(field graphql.CollectedField, variables map[string]any) (source.Key, bool) {
	arguments := field.ArgumentMap(variables)
	switch field.Name {
	case "resident":
		name, sourceID, ok := resident.SplitID(fmt.Sprint(arguments["id"]))
		return source.Key{Source: name, SourceID: sourceID}, ok
	case "residentBySourceId":
		return source.Key{
			Source:   resident.SourceName(fmt.Sprint(arguments["source"])),
			SourceID: fmt.Sprint(arguments["sourceId"]),
		}, true
	}
	return source.Key{}, false
}
