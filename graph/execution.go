package graph

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An execution is one request while it is answered: what its caller may see, and what its fields
// share. Each request has its own. Its fields may be resolved concurrently.
type execution struct {
	*permissions

	reader     *reader
	sources    []*answer.Source // those that the caller may ask
	lookups    *lookups
	properties properties
	audit      auditCollector
	denials    denials
	reported   atomic.Int32 // errors
}

// newExecution returns the execution of a request that may see this much.
func newExecution(from *reader, p *permissions) *execution {
	x := &execution{permissions: p, reader: from, lookups: &lookups{}}
	x.audit.leave = p.leave
	for _, known := range from.sources.All() {
		if p.checkSource(known.About().Name) == nil {
			x.sources = append(x.sources, answer.NewSource(known))
		}
	}
	return x
}

type executionKey struct{}

func withExecution(ctx context.Context, x *execution) context.Context {
	return withReported(context.WithValue(ctx, executionKey{}, x), &x.reported)
}

func executionFromContext(ctx context.Context) *execution {
	x, ok := ctx.Value(executionKey{}).(*execution)
	if !ok {
		panic("graph: a resolver was called outside Execute")
	}
	return x
}

// source returns the source of that name.
func (x *execution) source(name resident.SourceName) (*answer.Source, error) {
	for _, known := range x.sources {
		if known.Name() == name {
			return known, nil
		}
	}
	return nil, errors.New("graph: a resident is of a source that is not in use")
}

// askable returns the sources to list residents of, and those that the caller may not ask: of the
// names, or of all sources when names is nil.
func (x *execution) askable(
	names []resident.SourceName,
) (asked []resident.SourceName, forbidden []*source.Error, err error) {
	listers, named := x.reader.sources.Listers(), names != nil
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
		if err := x.checkSource(name); err != nil {
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

// resident returns the resident of a key that the current field asks for, or nil.
func (x *execution) resident(ctx context.Context, key source.Key) (*resident.Resident, error) {
	if _, known := x.rules.sources[key.Source]; !known {
		return nil, nil // an ID of no source that there is
	}
	if err := x.checkSource(key.Source); err != nil {
		return nil, err
	}
	operation, selections := current(ctx)
	found, err := x.lookups.get(lookup{key, x.selectionOf(operation, selections)},
		func(keys []source.Key, selected *selection) []source.Found {
			return x.read(ctx, keys, selected)
		})
	if err != nil {
		return nil, err
	}
	if found.Resident != nil {
		x.audit.add(x.disclosureOf(operation, "Resident", selections), found.Resident)
	}
	return found.Resident, found.Err
}

// read returns the residents of these keys, in their order, with all that is selected of them.
func (x *execution) read(
	ctx context.Context, keys []source.Key, selected *selection,
) []source.Found {
	found := x.reader.byKey(ctx, x.permissions, keys, selected)
	residents := make([]*resident.Resident, 0, len(found))
	for _, one := range found {
		if one.Resident != nil {
			residents = append(residents, one.Resident)
		}
	}
	x.properties.read(ctx, x.reader, selected.properties, residents)
	return found
}

// list returns a page of residents with all that is selected of them.
func (x *execution) list(
	ctx context.Context, query source.ListQuery, selected *selection,
) (source.ListPage, error) {
	query.Wanted = x.reader.wantedFrom(selected)
	found, err := x.reader.list(ctx, x.permissions, query)
	if err == nil {
		x.properties.read(ctx, x.reader, selected.properties, found.Residents)
	}
	return found, err
}

// recordOf returns the record of what was seen of residents; false when nothing was.
func (x *execution) recordOf(operation *graphql.OperationContext) (access.Record, bool) {
	seen := x.audit.all()
	if len(seen) == 0 {
		return access.Record{}, false
	}
	return access.Record{
		Caller:        x.caller,
		Operation:     operation.Operation.Name,
		OperationHash: sha256.Sum256([]byte(operation.RawQuery)),
		Seen:          seen,
	}, true
}
