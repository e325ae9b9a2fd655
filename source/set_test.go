package source_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A shelf is a source that holds residents in memory, and can be kept from answering.
type shelf struct {
	name   resident.SourceName
	asked  atomic.Int32
	mu     sync.Mutex
	fail   error
	hang   bool            // it never answers, and does not hear that its context has ended
	people []source.Placed // by id
}

func (s *shelf) About() source.About {
	return source.About{
		Name: s.name, Title: string(s.name), Description: "Some.",
		FilterFields: []resident.FilterField{resident.OwnFilterField(s.name), resident.FilterLastName},
	}
}

func (s *shelf) answers() error {
	s.asked.Add(1)
	s.mu.Lock()
	hang, fail := s.hang, s.fail
	s.mu.Unlock()
	if hang {
		select {}
	}
	return fail
}

func (s *shelf) set(fail error, hang bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail, s.hang = fail, hang
}

func (s *shelf) Freshness(context.Context) (source.Freshness, error) {
	return source.Freshness{State: source.Current}, s.answers()
}

func (s *shelf) ResidentsByID(
	_ context.Context, ids []string, _ source.Wanted,
) ([]*resident.Resident, error) {
	found := make([]*resident.Resident, len(ids))
	for i, id := range ids {
		for _, p := range s.people {
			if p.SourceID == id {
				found[i] = p.Resident
			}
		}
	}
	return found, s.answers()
}

func (s *shelf) CountResidents(
	_ context.Context, _ *resident.Filter, atMost int,
) (int, error) {
	return min(len(s.people), atMost), s.answers()
}

// ListResidents does as Query says, in the plainest way.
func (s *shelf) ListResidents(_ context.Context, q source.Query) (source.Page, error) {
	if err := s.answers(); err != nil {
		return source.Page{}, err
	}
	between := slices.DeleteFunc(s.inOrder(q.Order), func(p source.Placed) bool {
		beyond := func(b *source.Bound, sign int) bool {
			if b == nil {
				return false
			}
			c := sign * compare(q.Order, p.At, b.Position)
			return c < 0 || c == 0 && !b.Inclusive
		}
		return beyond(q.After, 1) || beyond(q.Before, -1)
	})
	page := source.Page{More: len(between) > q.Limit}
	page.Residents = between[:min(len(between), q.Limit)]
	if q.FromEnd {
		page.Residents = between[max(0, len(between)-q.Limit):]
	}
	return page, nil
}

func (s *shelf) inOrder(order source.Order) []source.Placed {
	people := slices.Clone(s.people)
	for i := range people {
		people[i].At = source.Position{SourceID: people[i].SourceID}
		if order == source.ByName {
			people[i].At.NameKey = source.NameKey(*people[i].LastName, "", "")
		}
	}
	slices.SortFunc(people, func(a, b source.Placed) int { return compare(order, a.At, b.At) })
	return people
}

func compare(_ source.Order, a, b source.Position) int {
	return cmp.Or(strings.Compare(a.NameKey, b.NameKey),
		cmp.Compare(len(a.SourceID), len(b.SourceID)), strings.Compare(a.SourceID, b.SourceID))
}

// newShelf returns a source of n residents, of few names.
func newShelf(name resident.SourceName, names []string) *shelf {
	s := &shelf{name: name}
	for i, last := range names {
		s.people = append(s.people, source.Placed{Resident: &resident.Resident{
			Source: name, SourceID: fmt.Sprint(i + 7), LastName: &last,
		}})
	}
	return s
}

// drawShelves returns three sources, of any size, with names that some of them have in common.
func drawShelves(rt *rapid.T) []*shelf {
	name := rapid.SampledFrom([]string{"A", "B", "C", "D", "E"})
	var shelves []*shelf
	for _, of := range []resident.SourceName{"ACADEMY", "HOUSING", "MOSAIC"} {
		names := rapid.SliceOfN(name, 0, 12).Draw(rt, string(of))
		shelves = append(shelves, newShelf(of, names))
	}
	return shelves
}

func setOf[S source.Source](t testing.TB, limits source.Limits, shelves ...S) *source.Set {
	t.Helper()
	var all []source.Source
	for _, s := range shelves {
		all = append(all, s)
	}
	set, err := source.NewSet(limits, all...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// wholeList is the list that shelves make together, in its order.
func wholeList(shelves []*shelf, order source.Order) []string {
	type ranked struct {
		source.Placed

		rank int
	}
	var all []ranked
	for rank, s := range shelves {
		for _, p := range s.inOrder(order) {
			all = append(all, ranked{p, rank})
		}
	}
	slices.SortStableFunc(all, func(a, b ranked) int {
		return cmp.Or(strings.Compare(a.At.NameKey, b.At.NameKey), cmp.Compare(a.rank, b.rank))
	})
	ids := make([]string, len(all))
	for i, p := range all {
		ids[i] = p.ID()
	}
	return ids
}

func drawQuery(rt *rapid.T, shelves []*shelf) source.ListQuery {
	query := source.ListQuery{
		Order:   rapid.SampledFrom([]source.Order{source.ByID, source.ByName}).Draw(rt, "order"),
		FromEnd: rapid.Bool().Draw(rt, "from the end"),
		Limit:   rapid.IntRange(1, 8).Draw(rt, "page size"),
		Wanted:  func(resident.SourceName) source.Wanted { return source.Everything() },
	}
	if rapid.Bool().Draw(rt, "filtered") { // sources are asked in another way then
		query.Filter.LastName = "x" // shelves do not look at it
	}
	for _, s := range shelves {
		query.Sources = append(query.Sources, s.name)
	}
	return query
}

// turn goes on from a page.
func turn(query *source.ListQuery, page *source.ListPage) {
	if query.FromEnd {
		query.Before = page.Places[0]
	} else {
		query.After = page.Places[len(page.Places)-1]
	}
}

func idsOf(page *source.ListPage) []string {
	ids := make([]string, len(page.Residents))
	for i, r := range page.Residents {
		ids[i] = r.ID()
	}
	return ids
}

// walk reads a list to its end, with between before each page.
func walk(
	t testing.TB, set *source.Set, query source.ListQuery, between func(page int),
) [][]string {
	t.Helper()
	var pages [][]string
	for n := 0; ; n++ {
		between(n)
		page, err := set.ListResidents(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Residents) > query.Limit || page.More && len(page.Residents) < query.Limit {
			t.Fatalf("a page of %d has %d, and more: %t", query.Limit, len(page.Residents), page.More)
		}
		if len(page.Residents) > 0 {
			pages = append(pages, idsOf(&page))
			turn(&query, &page)
		}
		if !page.More && len(page.Missing) == 0 {
			return pages
		}
	}
}

func limits() source.Limits {
	l := source.DefaultLimits(time.Now)
	l.Timeout = time.Minute // so that a slow machine does not decide
	return l
}

// Pages of any size, in either order and direction, are the list that all sources make together:
// everyone once, in order.
func TestPagesAcrossSources(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		shelves := drawShelves(rt)
		query := drawQuery(rt, shelves)
		want := wholeList(shelves, query.Order)
		pages := walk(t, setOf(t, limits(), shelves...), query, func(int) {})
		if query.FromEnd {
			slices.Reverse(pages)
		}
		got := slices.Concat(pages...)
		if !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	})
}

// From the place of anyone, however it was come by, all that follow are after it, and all others
// but them before it.
func TestPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		shelves := drawShelves(rt)
		query := drawQuery(rt, shelves)
		want := wholeList(shelves, query.Order)
		set := setOf(t, limits(), shelves...)
		for {
			page, err := set.ListResidents(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			for i, r := range page.Residents {
				at := slices.Index(want, r.ID())
				for _, fromEnd := range []bool{false, true} {
					for _, after := range []bool{false, true} {
						part := query
						part.After, part.Before, part.FromEnd, part.Limit = nil, nil, fromEnd, 100
						rest := want[:at]
						if after {
							part.After, rest = page.Places[i], want[at+1:]
						} else {
							part.Before = page.Places[i]
						}
						got, err := set.ListResidents(t.Context(), part)
						if err != nil {
							t.Fatal(err)
						}
						if !slices.Equal(idsOf(&got), rest) {
							rt.Fatalf("after %t: got %v, want %v", after, idsOf(&got), rest)
						}
					}
				}
			}
			if !page.More {
				return
			}
			turn(&query, &page)
		}
	})
}

// A source that does not answer for a while loses nobody and shows nobody twice: it is taken up
// where it was left.
func TestSourceComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		shelves := drawShelves(rt)
		query := drawQuery(rt, shelves)
		l := limits()
		l.Failures = 1_000_000 // it is not left alone
		pages := walk(t, setOf(t, l, shelves...), query, func(page int) {
			for _, s := range shelves[1:] { // one answers always, so that there is a page
				var err error
				if page < 20 && rapid.Bool().Draw(rt, "down") {
					err = resident.Errorf(resident.Unavailable, nil, "gone")
				}
				s.set(err, false)
			}
		})
		got, want := slices.Concat(pages...), wholeList(shelves, query.Order)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			rt.Fatalf("got %v, want %v", got, want)
		}
	})
}

// However deep, a page asks each source once at most.
func TestAsksOnce(t *testing.T) {
	t.Parallel()
	names := slices.Repeat([]string{"A", "B", "C"}, 20)
	for _, order := range []source.Order{source.ByID, source.ByName} {
		shelves := []*shelf{newShelf("A", names), newShelf("B", names), newShelf("C", names)}
		l := limits()
		l.Watch = 0 // TestGate says how often it is looked whether they are loaded
		set := setOf(t, l, shelves...)
		query := source.ListQuery{
			Sources: []resident.SourceName{"A", "B", "C"}, Order: order, Limit: 7,
			Wanted: func(resident.SourceName) source.Wanted { return source.Wanted{} },
		}
		for n := 0; ; n++ {
			page, err := set.ListResidents(t.Context(), query)
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for _, s := range shelves {
				asked := int(s.asked.Swap(0))
				total += asked
				if asked > 1 {
					t.Errorf("%s: a source is asked %d times for one page", order, asked)
				}
			}
			if want := map[source.Order]int{source.ByID: 1, source.ByName: 3}; n == 0 &&
				total != want[order] {
				t.Errorf("%s: %d sources are asked for the first page", order, total)
			}
			if !page.More {
				break
			}
			turn(&query, &page)
		}
	}
}

func TestSetRefuses(t *testing.T) {
	t.Parallel()
	if _, err := source.NewSet(limits(), newShelf("A", nil), newShelf("A", nil)); err == nil {
		t.Error("got no error of two sources of one name")
	}
	set := setOf(t, limits(), newShelf("A", nil))
	_, err := set.ListResidents(t.Context(), source.ListQuery{
		Sources: []resident.SourceName{"B"}, Limit: 1,
	})
	if resident.CodeOf(err) != resident.BadInput {
		t.Errorf("got %v of a source that there is not", err)
	}
}

// What only one source can be searched by is refused for the others by name.
func TestOwnFilter(t *testing.T) {
	t.Parallel()
	set := setOf(t, limits(), newShelf("A", []string{"X"}), newShelf("B", []string{"Y"}))
	page, err := set.ListResidents(t.Context(), source.ListQuery{
		Sources: []resident.SourceName{"A", "B"}, Limit: 5, Order: source.ByID,
		Filter: resident.Filter{Own: true, OwnSource: "B"},
		Wanted: func(resident.SourceName) source.Wanted { return source.Wanted{} },
	})
	if err != nil || !slices.Equal(idsOf(&page), []string{"b:7"}) || len(page.Missing) != 1 ||
		page.Missing[0].Source != "A" || page.Missing[0].Reason() != source.FilterNotSupported {
		t.Errorf("got %v, missing %v, %v", idsOf(&page), page.Missing, err)
	}
}
