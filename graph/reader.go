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

// A reader asks sources for the callers of all requests, and has the questions of one caller leave
// room for others. It is safe for concurrent use.
type reader struct {
	*rules

	sources  *source.Set
	searches *access.Shares // of each caller
	lookups  *access.Shares // likewise
	now      func() time.Time
}

func newReader(r *rules, sources *source.Set, now func() time.Time) *reader {
	return &reader{
		rules: r, sources: sources, now: now,
		searches: access.NewShares(maxSearches), lookups: access.NewShares(maxLookups),
	}
}

// wantedFrom returns what is selected of the residents of each source.
func (r *reader) wantedFrom(s *selection) func(resident.SourceName) source.Wanted {
	return func(name resident.SourceName) source.Wanted { return s.of(r.sets[name]) }
}

// byKey returns the residents of these keys, in their order, in the caller's turn.
func (r *reader) byKey(
	ctx context.Context, p *permissions, keys []source.Key, selected *selection,
) []source.Found {
	leave, ok := r.lookups.Take(ctx, p.caller.LimitKey())
	if !ok {
		return slices.Repeat([]source.Found{{Err: timedOut(ctx)}}, len(keys))
	}
	defer leave()
	return r.sources.ResidentsByKey(ctx, keys, r.wantedFrom(selected))
}

// list returns a page of the sources that are asked.
func (r *reader) list(
	ctx context.Context, p *permissions, query source.ListQuery,
) (found source.ListPage, err error) {
	err = r.search(ctx, p, &query.Filter, func() error {
		found, err = r.sources.ListResidents(ctx, query)
		return err
	})
	return found, err
}

// counter returns what counts who matches a filter, up to atMost, of the sources that are not
// missing from the page: of others it would tell of somebody whom no record would have.
func (r *reader) counter(
	p *permissions, asked []resident.SourceName, missing []*source.Error, filter *resident.Filter,
) func(ctx context.Context, atMost int) (int, bool, error) {
	answered := slices.DeleteFunc(slices.Clone(asked), func(name resident.SourceName) bool {
		return slices.ContainsFunc(missing, func(fault *source.Error) bool {
			return fault.Source == name
		})
	})
	return func(ctx context.Context, atMost int) (count int, all bool, err error) {
		err = r.search(ctx, p, filter, func() error {
			counted, err := r.sources.CountResidents(ctx, answered, filter, atMost)
			count = counted.Residents
			all = len(missing) == 0 && len(counted.Missing) == 0
			return err
		})
		return count, all, err
	}
}

// search has a search made in the caller's turn, in a time that does not tell what it found.
func (r *reader) search(
	ctx context.Context, p *permissions, filter *resident.Filter, do func() error,
) error {
	leave, ok := r.searches.Take(ctx, p.caller.LimitKey())
	if !ok {
		return timedOut(ctx)
	}
	began := r.now()
	err := do()
	leave()
	r.evenly(ctx, filter, began)
	return err
}

// evenStep is what the time of an answer is rounded up to that must not tell by its time whom it
// does not hold. It hides differences that are shorter than itself.
const evenStep = 10 * time.Millisecond

// evenly waits for the next step, if the caller may not know of all whom the filter finds.
func (r *reader) evenly(ctx context.Context, filter *resident.Filter, began time.Time) {
	restricted := filter.Locates() && !filter.Leave.Restricted
	exDirectory := filter.Phone != "" && !filter.Leave.ExDirectory
	optedOut := (filter.Phone != "" || filter.Email != "") && !filter.Leave.OptedOut
	if !restricted && !exDirectory && !optedOut {
		return
	}
	access.WaitForStep(ctx, began, r.now, evenStep)
}
