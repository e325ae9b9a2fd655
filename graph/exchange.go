package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An exchange is one request being answered: who asks, and what its fields know and share. It is
// made anew for each.
type exchange struct {
	graph   *Graph
	caller  *access.Caller
	has     scopeSet // the scopes of the caller
	leave   resident.Leave
	sources []*answer.Source // those that the caller may ask
	ledger  ledger

	reported atomic.Int32 // errors

	mu      sync.Mutex
	denials map[*ast.Field]deniedField

	once  sync.Once
	found map[lookup]*resident.Resident
	err   error
}

// A lookup is one resident asked for by key, and what is wanted of them.
type lookup struct {
	key    source.Key
	wanted source.Wanted
}

func (g *Graph) newExchange(caller *access.Caller) *exchange {
	x := &exchange{graph: g, caller: caller, has: g.guards.setOf(caller.Scopes)}
	x.leave = resident.Leave{
		Restricted:  caller.Scopes.Has(readRestricted),
		ExDirectory: caller.Scopes.Has(readExDirectory),
	}
	for _, known := range g.sources.All() {
		if x.forbiddenSource(known.About().Name) == nil {
			x.sources = append(x.sources, answer.NewSource(known))
		}
	}
	return x
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	return context.WithValue(ctx, exchangeKey{}, x)
}

func exchangeOf(ctx context.Context) *exchange {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	if !ok {
		panic("graph: a resolver was called outside Execute")
	}
	return x
}

// mayReport is false when the request has had as many errors as are worth a line in the log.
func mayReport(ctx context.Context) bool {
	x, ok := ctx.Value(exchangeKey{}).(*exchange)
	return !ok || x.reported.Add(1) <= maxErrors
}

// forbiddenSource is why the caller may not ask a source; nil where they may.
func (x *exchange) forbiddenSource(name resident.SourceName) error {
	rule := x.graph.guards.sources[name]
	if rule == nil {
		return fmt.Errorf("graph: the schema does not know the source %s", name)
	}
	if scope := x.graph.guards.missing(rule, x.has); scope != "" {
		return forbidden(scope, "ask "+string(name))
	}
	return nil
}

// askable returns the sources to ask of those that are named: all that the caller may ask, where
// none is.
func (x *exchange) askable(names []resident.SourceName) ([]resident.SourceName, error) {
	for _, name := range names {
		if err := x.forbiddenSource(name); err != nil {
			return nil, at("sources", err)
		}
	}
	if len(names) > 0 {
		return names, nil
	}
	for _, known := range x.sources {
		names = append(names, known.Name())
	}
	if len(names) == 0 {
		for _, known := range x.graph.sources.All() {
			return nil, x.forbiddenSource(known.About().Name)
		}
		return nil, resident.Errorf(resident.Unavailable, nil, "No source is in use")
	}
	return names, nil
}

func (x *exchange) source(name resident.SourceName) (*answer.Source, error) {
	for _, known := range x.sources {
		if known.Name() == name {
			return known, nil
		}
	}
	return nil, errors.New("graph: a resident is of a source that is not in use")
}

// withheld is why the whereabouts of a resident are not told; nil where they are.
func (x *exchange) withheld(r *resident.Resident) *resident.WithheldReason {
	var reason resident.WithheldReason
	switch {
	case !x.caller.Scopes.Has(readContacts):
		reason = resident.WithheldNotPermitted
	case r.Restricted && !x.leave.Restricted:
		reason = resident.WithheldRestricted
	default:
		return nil
	}
	return &reason
}

// resident returns the resident of that key, or nil. An operation may ask for many by as many
// fields with aliases: the first that comes here has all of them read, together those who are
// wanted alike.
func (x *exchange) resident(ctx context.Context, key source.Key) (*resident.Resident, error) {
	if _, known := x.graph.guards.sources[key.Source]; !known {
		return nil, nil // an id of no source that there is
	}
	if err := x.forbiddenSource(key.Source); err != nil {
		return nil, err
	}
	x.once.Do(func() { x.found, x.err = x.readAll(ctx) })
	if x.err != nil {
		return nil, x.err
	}
	operation, selections := current(ctx)
	found, read := x.found[lookup{key, x.wantedOf(operation, selections)}]
	if !read { // null would say that there is no such resident
		return nil, errors.New("graph: a resident was not read")
	}
	if found != nil {
		x.note(x.outcomeOf(operation, selections), found)
	}
	return found, nil
}

func (x *exchange) readAll(ctx context.Context) (map[lookup]*resident.Resident, error) {
	keys := make(map[source.Wanted][]source.Key)
	for _, l := range x.lookupsOf(graphql.GetOperationContext(ctx)) {
		keys[l.wanted] = append(keys[l.wanted], l.key)
	}
	found := make(map[lookup]*resident.Resident)
	for wanted, alike := range keys {
		residents, err := x.graph.sources.ResidentsByKey(ctx, alike, wanted)
		if err != nil {
			return nil, err
		}
		for i, r := range residents {
			found[lookup{alike[i], wanted}] = r
		}
	}
	return found, nil
}

// lookupsOf returns every resident whom the operation asks for by key, and the caller may, each
// once.
func (x *exchange) lookupsOf(operation *graphql.OperationContext) []lookup {
	var lookups []lookup
	fields := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"})
	for _, field := range fields {
		key, ok := keyOf(field, operation.Variables)
		if !ok || x.forbiddenSource(key.Source) != nil {
			continue
		}
		l := lookup{key, x.wantedOf(operation, field.Selections)}
		if !slices.Contains(lookups, l) {
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
