package source

import (
	"context"
	"sync"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A ListQuery asks for one page of the list that several sources make together.
type ListQuery struct {
	Sources []resident.SourceName // which, each once
	Filter  resident.Filter
	Order   Order
	After   Place // only residents after it; nil for the beginning of the list
	Before  Place // only residents before it; nil for the end of the list
	Limit   int   // the most to return, at least 1
	FromEnd bool  // as of Query

	// Wanted says what is wanted of the residents of each source.
	Wanted func(resident.SourceName) Wanted
}

// A ListPage is a part of the list of several sources.
type ListPage struct {
	Residents []*resident.Resident // in the order of the list
	Places    []Place              // where each of them stands
	More      bool                 // as of Page, of the sources that answered

	// Missing says which sources did not answer, and why. The page holds what the others have.
	Missing []*Error
}

// ListResidents returns a page of the list that the sources asked make together. In order ByID they
// follow each other in the order of the set; in order ByName that decides among residents of one
// name. It asks each for as many as are on a page, all at once; but a list of everyone ByID asks
// them in turn, and only as many as the page needs.
//
// It fails when no source answers, with the Error of each.
func (s *Set) ListResidents(ctx context.Context, query ListQuery) (ListPage, error) {
	asked, err := s.listers(query.Sources)
	if err != nil {
		return ListPage{}, err
	}
	parts := s.readParts(ctx, asked, &query)
	page := ListPage{}
	var answered []part
	for _, p := range parts {
		if p.fault != nil {
			page.Missing = append(page.Missing, p.fault)
			continue
		}
		answered = append(answered, p)
	}
	if len(answered) == 0 {
		return ListPage{}, allFailed(page.Missing)
	}
	placed, more := merge(answered, &query)
	page.More = more
	edge := query.After
	if query.FromEnd {
		edge = query.Before
	}
	names := make([]resident.SourceName, len(asked))
	for i, m := range asked {
		names[i] = m.about.Name
	}
	page.Places = places(placed, names, edge, query.FromEnd)
	for _, r := range placed {
		page.Residents = append(page.Residents, r.Resident)
	}
	return page, nil
}

// A part is what one source has of a page.
type part struct {
	page  Page
	fault *Error
}

// readParts asks the sources, and returns the part of each in their order. Those that need not be
// asked have no one.
func (s *Set) readParts(ctx context.Context, asked []*member, query *ListQuery) []part {
	parts := make([]part, len(asked))
	if len(asked) > 1 && (query.Order != ByID || !query.Filter.MatchesEveryone()) {
		readTogether(ctx, asked, parts, query)
		return parts
	}
	// By id, sources follow each other: what one has before another is read first. Where one does not
	// answer, those that are left are asked together, so that the time of a page is not the sum of
	// what each has.
	missing := query.Limit
	for n := range asked {
		i := n
		if query.FromEnd {
			i = len(asked) - 1 - n
		}
		parts[i] = asked[i].readPart(ctx, query, max(missing, 1))
		if parts[i].fault != nil {
			rest := parts[i+1:]
			left := asked[i+1:]
			if query.FromEnd {
				rest, left = parts[:i], asked[:i]
			}
			readTogether(ctx, left, rest, query)
			break
		}
		missing -= len(parts[i].page.Residents)
		if parts[i].page.More || missing < 0 {
			break
		}
	}
	return parts
}

// readTogether asks sources for a whole page each, at the same time.
func readTogether(ctx context.Context, asked []*member, parts []part, query *ListQuery) {
	var all sync.WaitGroup
	for i, m := range asked {
		all.Go(func() { parts[i] = m.readPart(ctx, query, query.Limit) })
	}
	all.Wait()
}

// readPart asks one source for as many as limit.
func (m *member) readPart(ctx context.Context, query *ListQuery, limit int) part {
	one := Query{
		Filter: query.Filter, Order: query.Order, Limit: limit, FromEnd: query.FromEnd,
		Wanted: query.Wanted(m.about.Name),
	}
	if cut, known := query.After.Of(m.about.Name); known {
		bound, there := cut.after()
		if !there {
			return part{}
		}
		one.After = bound
	}
	if cut, known := query.Before.Of(m.about.Name); known {
		bound, there := cut.before()
		if !there {
			return part{}
		}
		one.Before = bound
	}
	if err := m.about.CheckFilter(&one.Filter); err != nil {
		return part{fault: faultOf(m.about.Name, err)}
	}
	page, err := askWhole(ctx, m, func(ctx context.Context) (Page, error) {
		page, err := m.lister.ListResidents(ctx, one)
		for _, placed := range page.Residents {
			placed.Withhold(one.Wanted.Leave) // a source that forgets to is caught here
		}
		return page, err
	})
	if err != nil {
		return part{fault: faultOf(m.about.Name, err)}
	}
	return part{page: page}
}

// merge puts the parts together in the order of the list, and cuts them to a page. Each part is in
// order, and the first as many of them, or the last, as a page has.
func merge(parts []part, query *ListQuery) (placed []Placed, more bool) {
	heads := make([][]Placed, len(parts))
	total := 0
	for i, p := range parts {
		heads[i] = p.page.Residents
		total += len(heads[i])
		more = more || p.page.More
	}
	size := min(total, query.Limit)
	placed = make([]Placed, size)
	for n := range placed {
		next := -1
		for i, head := range heads {
			if len(head) > 0 && (next < 0 || comes(head, heads[next], query)) {
				next = i
			}
		}
		last := len(heads[next]) - 1
		if query.FromEnd {
			placed[size-1-n], heads[next] = heads[next][last], heads[next][:last]
		} else {
			placed[n], heads[next] = heads[next][0], heads[next][1:]
		}
	}
	return placed, more || total > size
}

// comes is whether the next of a source is before that of a source that stands before it in the
// set; going back, the next is the last, and whoever comes after goes first.
func comes(next, earlier []Placed, query *ListQuery) bool {
	if query.FromEnd {
		return query.Order == ByID ||
			next[len(next)-1].At.NameKey >= earlier[len(earlier)-1].At.NameKey
	}
	return query.Order == ByName && next[0].At.NameKey < earlier[0].At.NameKey
}

// A Counted is how many residents match.
type Counted struct {
	Residents int
	Missing   []*Error // sources that did not answer, of which nobody is counted
}

// CountResidents returns how many residents of the sources asked match, or atMost where that is
// less. It fails as ListResidents does.
func (s *Set) CountResidents(
	ctx context.Context, names []resident.SourceName, filter *resident.Filter, atMost int,
) (Counted, error) {
	asked, err := s.listers(names)
	if err != nil {
		return Counted{}, err
	}
	counts, faults := make([]int, len(asked)), make([]*Error, len(asked))
	var all sync.WaitGroup
	for i, m := range asked {
		all.Go(func() {
			err := m.about.CheckFilter(filter)
			if err == nil {
				counts[i], err = askWhole(ctx, m, func(ctx context.Context) (int, error) {
					return m.lister.CountResidents(ctx, filter, atMost)
				})
			}
			if err != nil {
				faults[i] = faultOf(m.about.Name, err)
			}
		})
	}
	all.Wait()
	var counted Counted
	for i := range asked {
		if faults[i] != nil {
			counted.Missing = append(counted.Missing, faults[i])
		}
		counted.Residents = min(counted.Residents+counts[i], atMost)
	}
	if len(counted.Missing) == len(asked) {
		return Counted{}, allFailed(counted.Missing)
	}
	return counted, nil
}
