package graph

import (
	"context"
	"slices"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// maxSearches is how many searches of one caller are made at once. The others of a document that
// asks for many wait, so that other callers are not left without connections.
const maxSearches = 4

// maxLookups is how many times one caller asks sources by key at once, likewise: half of the turns
// of a source, so that a document with many _entities leaves some to others.
const maxLookups = 8

// lookUp has residents asked for by key, in the caller's turn.
func (x *exchange) lookUp(ctx context.Context, keys []source.Key, wanted *wants) []source.Found {
	leave, ok := x.graph.lookups.Take(ctx, x.caller.LimitKey())
	if !ok {
		return slices.Repeat([]source.Found{{Err: timedOut(ctx)}}, len(keys))
	}
	defer leave()
	return x.graph.sources.ResidentsByKey(ctx, keys, x.graph.wantedFrom(wanted))
}

// list returns a page of the sources that are asked.
func (x *exchange) list(
	ctx context.Context, query source.ListQuery,
) (found source.ListPage, err error) {
	err = x.search(ctx, &query.Filter, func() error {
		found, err = x.graph.sources.ListResidents(ctx, query)
		return err
	})
	return found, err
}

// counter returns what counts who matches a filter, up to atMost, of the sources that are not
// missing from the page: of others it would tell of somebody whom no record would have.
func (x *exchange) counter(
	asked []resident.SourceName, missing []*source.Error, filter *resident.Filter,
) func(ctx context.Context, atMost int) (int, bool, error) {
	answered := slices.DeleteFunc(slices.Clone(asked), func(name resident.SourceName) bool {
		return slices.ContainsFunc(missing, func(fault *source.Error) bool {
			return fault.Source == name
		})
	})
	return func(ctx context.Context, atMost int) (count int, all bool, err error) {
		err = x.search(ctx, filter, func() error {
			counted, err := x.graph.sources.CountResidents(ctx, answered, filter, atMost)
			count = counted.Residents
			all = len(missing) == 0 && len(counted.Missing) == 0
			return err
		})
		return count, all, err
	}
}

// search has a search made in the caller's turn, in a time that does not tell what it found.
func (x *exchange) search(
	ctx context.Context, filter *resident.Filter, do func() error,
) error {
	leave, ok := x.graph.searches.Take(ctx, x.caller.LimitKey())
	if !ok {
		return timedOut(ctx)
	}
	began := x.graph.now()
	err := do()
	leave()
	x.evenly(ctx, filter, began)
	return err
}

// evenStep is what the time of an answer is rounded up to that must not tell by its time whom it
// does not hold. It hides differences that are shorter than itself.
const evenStep = 10 * time.Millisecond

// evenly waits for the next step, if the caller may not know of all whom the filter finds.
func (x *exchange) evenly(ctx context.Context, filter *resident.Filter, began time.Time) {
	restricted := filter.Locates() && !filter.Leave.Restricted
	exDirectory := filter.Phone != "" && !filter.Leave.ExDirectory
	optedOut := (filter.Phone != "" || filter.Email != "") && !filter.Leave.OptedOut
	if !restricted && !exDirectory && !optedOut {
		return
	}
	access.WaitForStep(ctx, began, x.graph.now, evenStep)
}
