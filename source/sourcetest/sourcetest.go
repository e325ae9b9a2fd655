// Package sourcetest is the conformance suite: what every source that gets and lists residents
// keeps to, whatever its tables, every source that knows properties, and a sample of residents. A
// source passes it from a test of its own package. Read Run first, or RunSurvey; then RunSample.
package sourcetest

import (
	"errors"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A Source can do all that the suite asks of.
type Source interface {
	source.Getter
	source.Lister
}

// A Subject is a source over data of its own, which the suite reads and changes.
type Subject struct {
	Source Source
	// Remove takes these residents away, with all that is theirs.
	Remove func(t testing.TB, sourceIDs []string)
	// Add puts in n residents that were not there, spread over the list in every order. The same draw
	// is never made twice.
	Add func(t testing.TB, n int)
}

// A Harness makes what the suite needs.
type Harness struct {
	// Open returns a source over 200 to 1,000 residents with all the oddities of its system.
	Open func(t *testing.T) Subject
	// OpenNotLoaded returns the source over tables that nothing was ever loaded into.
	OpenNotLoaded func(t *testing.T) Source
	// NoSuchIDs are texts that are not references of a resident of the source.
	NoSuchIDs []string
	// NoExDirectory is whether the source cannot say of a number that it is not to be disclosed.
	NoExDirectory bool
}

// Run runs the suite. Tests that only read share one source.
func Run(t *testing.T, h Harness) {
	shared, own := h.Open(t), h.Open
	h.Open = func(*testing.T) Subject { return shared }
	for name, test := range map[string]func(*testing.T, Harness){
		"About":          testAbout,
		"Freshness":      testFreshness,
		"NotLoaded":      testNotLoaded,
		"Get":            testGet,
		"Wanted":         testWanted,
		"ContactDetails": testContactDetails,
		"Order":          testOrder,
		"Pages":          testPages,
		"PagesWhileChanging": func(t *testing.T, h Harness) {
			h.Open = own
			testPagesWhileChanging(t, h)
		},
		"Filters":        testFilters,
		"FiltersAreText": testFiltersAreText,
		"RefusedFilters": testRefusedFilters,
		"Count":          testCount,
		"Ends":           testEnds,
		"Withheld":       testWithheld,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h)
		})
	}
}

func testAbout(t *testing.T, h Harness) { checkAbout(t, h.Open(t).Source) }

func checkAbout(t *testing.T, s source.Source) {
	t.Helper()
	about := s.About()
	if about.Name == "" || about.Title == "" || about.Description == "" {
		t.Errorf("got %+v, want a name, a title and a description", about)
	}
	id := resident.JoinID(about.Name, "31")
	if name, sourceID, ok := resident.SplitID(id); !ok || name != about.Name || sourceID != "31" {
		t.Errorf("the name %q does not make an id that can be split again", about.Name)
	}
}

func testFreshness(t *testing.T, h Harness) { checkFreshness(t, h.Open(t).Source) }

func checkFreshness(t *testing.T, s source.Source) {
	t.Helper()
	freshness, err := s.Freshness(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if freshness.State == source.NotLoaded || freshness.State == "" {
		t.Errorf("got state %q of a source that was loaded", freshness.State)
	}
}

// Nobody can be found in a source that was never loaded: to say so is not to say that there is no
// such resident.
func testNotLoaded(t *testing.T, h Harness) {
	s := h.OpenNotLoaded(t)
	checkNotLoaded(t, s)
	_, listErr := s.ListResidents(t.Context(), source.Query{Order: source.ByID, Limit: 1})
	_, getErr := s.ResidentsByID(t.Context(), []string{"31"}, source.Wanted{})
	_, oddErr := s.ResidentsByID(t.Context(), h.NoSuchIDs, source.Wanted{})
	_, countErr := s.CountResidents(t.Context(), &resident.Filter{}, 10)
	for asked, err := range map[string]error{
		"list": listErr, "get": getErr, "get what cannot be": oddErr, "count": countErr,
	} {
		checkNobodyThere(t, asked, err)
	}
}

func checkNotLoaded(t *testing.T, s source.Source) {
	t.Helper()
	freshness, err := s.Freshness(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if freshness.State != source.NotLoaded {
		t.Errorf("got state %q, want %q", freshness.State, source.NotLoaded)
	}
}

func checkNobodyThere(t *testing.T, asked string, err error) {
	t.Helper()
	if resident.CodeOf(err) != resident.Unavailable || !errors.Is(err, source.ErrNotLoaded) {
		t.Errorf("%s: got %v, want %s, for it was never loaded", asked, err, resident.Unavailable)
	}
}

// everyone reads the whole list, by the largest pages, with all there is.
func everyone(t testing.TB, s Source, order source.Order) []source.Placed {
	t.Helper()
	return walk(t, s, source.Query{
		Order: order, Limit: 100, Wanted: source.Everything(),
	}, func() {})
}

// walk reads a list to its end, page by page from where query begins, and calls between before each
// page but the first.
func walk(t testing.TB, s Source, query source.Query, between func()) []source.Placed {
	t.Helper()
	var all []source.Placed
	for {
		page, err := s.ListResidents(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Residents) > query.Limit {
			t.Fatalf("a page of %d has %d residents", query.Limit, len(page.Residents))
		}
		if page.More && len(page.Residents) != query.Limit {
			t.Fatalf("a page of %d has %d residents, and yet there are more",
				query.Limit, len(page.Residents))
		}
		if query.FromEnd {
			all = append(append([]source.Placed(nil), page.Residents...), all...)
		} else {
			all = append(all, page.Residents...)
		}
		if !page.More {
			return all
		}
		if query.FromEnd {
			query.Before = &source.Bound{Position: page.Residents[0].At}
		} else {
			query.After = &source.Bound{Position: page.Residents[len(page.Residents)-1].At}
		}
		between()
	}
}

func idsOf(residents []source.Placed) []string {
	ids := make([]string, len(residents))
	for i, r := range residents {
		ids[i] = r.SourceID
	}
	return ids
}
