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

// counter returns what counts who matches a filter, up to atMost. Sources that cannot be searched
// by it have nobody who matches.
func (x *exchange) counter(
	asked []resident.SourceName, filter *resident.Filter,
) func(ctx context.Context, atMost int) (int, bool, error) {
	return func(ctx context.Context, atMost int) (count int, all bool, err error) {
		err = x.search(ctx, filter, func() error {
			counted, err := x.graph.sources.CountResidents(ctx, asked, filter, atMost)
			count = counted.Residents
			all = !slices.ContainsFunc(counted.Missing, func(fault *source.Error) bool {
				return fault.Reason() != source.FilterNotSupported
			})
			return err
		})
		return count, all, err
	}
}

// search has a search made in the caller's turn, in a time that does not tell what it found.
func (x *exchange) search(
	ctx context.Context, filter *resident.Filter, do func() error,
) error {
	leave, ok := x.graph.searches.Take(ctx, string(x.caller.Kind)+x.caller.Name)
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
