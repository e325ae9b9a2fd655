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
	surveys surveys

	reported atomic.Int32 // errors

	mu      sync.Mutex
	denials map[*ast.Field]deniedField

	once  sync.Once
	found map[lookup]source.Found
}

// A lookup is one resident asked for by key, and what is wanted of them.
type lookup struct {
	key    source.Key
	wanted wants
}

func (g *Graph) newExchange(caller *access.Caller) *exchange {
	x := &exchange{graph: g, caller: caller, has: g.guards.setOf(caller.Scopes)}
	x.leave = resident.Leave{
		Restricted:  caller.Scopes.Has(readRestricted),
		ExDirectory: caller.Scopes.Has(readExDirectory),
		OptedOut:    caller.Scopes.Has(readOptedOut),
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

// askable returns the sources to list residents of, and those that the caller may not ask: of those
// that are named, or of all, where none is.
func (x *exchange) askable(
	names []resident.SourceName,
) (asked []resident.SourceName, forbidden []*source.Error, err error) {
	listers, named := x.graph.sources.Listers(), names != nil
	switch {
	case len(listers) == 0:
		return nil, nil, resident.Errorf(resident.Unavailable, nil,
			"No source that lists residents is in use")
	case !named:
		names = listers
	case len(names) == 0:
		return nil, nil, badArgument("sources", "At least one source must be named")
	}
	for _, name := range names {
		if !slices.Contains(listers, name) {
			return nil, nil, badArgument("sources", "%s holds no residents to list", name)
		}
	}
	for _, name := range names {
		if err := x.forbiddenSource(name); err != nil {
			if named {
				err = at("sources", err)
			}
			forbidden = append(forbidden, &source.Error{Source: name, Err: err})
			continue
		}
		if !slices.Contains(asked, name) {
			asked = append(asked, name)
		}
	}
	return asked, forbidden, nil
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
	x.once.Do(func() { x.found = x.readAll(ctx) })
	operation, selections := current(ctx)
	found, read := x.found[lookup{key, x.wantedOf(operation, selections)}]
	if !read { // null would say that there is no such resident
		return nil, errors.New("graph: a resident was not read")
	}
	if found.Resident != nil {
		x.note(x.outcomeOf(operation, "Resident", selections), found.Resident)
	}
	return found.Resident, found.Err
}

func (x *exchange) readAll(ctx context.Context) map[lookup]source.Found {
	keys := make(map[wants][]source.Key)
	for _, l := range x.lookupsOf(graphql.GetOperationContext(ctx)) {
		keys[l.wanted] = append(keys[l.wanted], l.key)
	}
	found := make(map[lookup]source.Found)
	for wanted, alike := range keys {
		answers := x.lookUp(ctx, alike, &wanted)
		residents := make([]*resident.Resident, 0, len(answers))
		for i, answer := range answers {
			found[lookup{alike[i], wanted}] = answer
			if answer.Resident != nil {
				residents = append(residents, answer.Resident)
			}
		}
		x.survey(ctx, wanted.surveys, residents)
	}
	return found
}

// wantedFrom returns what is wanted of the residents of each source.
func (g *Graph) wantedFrom(w *wants) func(resident.SourceName) source.Wanted {
	return func(name resident.SourceName) source.Wanted {
		return w.of(setOfSource(g.schema, name))
	}
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
