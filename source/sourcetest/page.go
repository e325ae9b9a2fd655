package sourcetest

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// A list is in one order, strictly, and that by name is the one that Go would put it in.
func testOrder(t *testing.T, h Harness) {
	s := h.Open(t).Source
	byID := idsOf(everyone(t, s, source.ByID))
	rank := make(map[string]int)
	for i, id := range byID {
		if _, twice := rank[id]; twice {
			t.Fatalf("a resident is listed twice")
		}
		rank[id] = i
	}
	named := everyone(t, s, source.ByName)
	if len(named) != len(byID) {
		t.Fatalf("got %d residents by name and %d by id", len(named), len(byID))
	}
	for _, r := range named {
		want := source.NameKey(said(r.LastName), said(r.FirstName), said(r.FullName))
		if r.At.NameKey != want {
			t.Errorf("got the key %+q, want %+q", r.At.NameKey, want)
		}
	}
	if !slices.IsSortedFunc(named, func(a, b source.Placed) int {
		if c := strings.Compare(a.At.NameKey, b.At.NameKey); c != 0 {
			return c
		}
		return rank[a.SourceID] - rank[b.SourceID]
	}) {
		t.Error("the list by name is not in order of name, and of id where names are the same")
	}
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Walking a list with any page size, forwards or backwards, from any place to any other, meets what
// stands between them in its order.
func testPages(t *testing.T, h Harness) {
	s := h.Open(t).Source
	population := everyone(t, s, source.ByID)
	rapid.Check(t, func(rt *rapid.T) {
		query := source.Query{
			Filter:  drawFilter(rt, s, population),
			Order:   rapid.SampledFrom([]source.Order{source.ByID, source.ByName}).Draw(rt, "order"),
			FromEnd: rapid.Bool().Draw(rt, "from the end"),
			Limit:   100,
		}
		whole := query
		whole.FromEnd = false
		want := walk(t, s, whole, func() {})

		query.Limit = rapid.IntRange(1, 100).Draw(rt, "page size")
		from := rapid.IntRange(-1, len(want)-1).Draw(rt, "after")
		// A long way by small pages takes long, and tells no more than a shorter one.
		to := rapid.IntRange(from+1, min(len(want), from+1+20*query.Limit)).Draw(rt, "before")
		start, end := from+1, to
		if from >= 0 {
			query.After = &source.Bound{
				Position: want[from].At, Inclusive: rapid.Bool().Draw(rt, "from and with"),
			}
			if query.After.Inclusive {
				start--
			}
		}
		if to < len(want) {
			query.Before = &source.Bound{
				Position: want[to].At, Inclusive: rapid.Bool().Draw(rt, "to and with"),
			}
			if query.Before.Inclusive {
				end++
			}
		}
		between := want[start:end]
		got := idsOf(walk(t, s, query, func() {}))
		if !slices.Equal(got, idsOf(between)) {
			rt.Fatalf("got %d residents that are not the %d between the places", len(got), len(between))
		}
		// A page that holds just as many as there are says that there are no more.
		query.Limit = max(len(between), 1)
		page, err := s.ListResidents(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		if page.More || len(page.Residents) != len(between) {
			rt.Fatalf("got %d residents of %d, and more: %t",
				len(page.Residents), len(between), page.More)
		}
	})
}

// While others come and go between one page and the next, every resident who stays is met once.
func testPagesWhileChanging(t *testing.T, h Harness) {
	subject := h.Open(t)
	rapid.Check(t, func(rt *rapid.T) {
		population := everyone(t, subject.Source, source.ByID)
		query := source.Query{
			Filter:  drawFilter(rt, subject.Source, population),
			Order:   rapid.SampledFrom([]source.Order{source.ByID, source.ByName}).Draw(rt, "order"),
			FromEnd: rapid.Bool().Draw(rt, "from the end"),
			Limit:   100,
		}
		before := idsOf(walk(t, subject.Source, query, func() {}))
		query.Limit = rapid.IntRange(min(1+len(before)/10, 99), 100).Draw(rt, "page size")

		gone := make(map[string]bool)
		met := idsOf(walk(t, subject.Source, query, func() {
			n := rapid.IntRange(0, 3).Draw(rt, "how many come and go")
			var leaving []string
			for range min(n, len(before)) {
				id := rapid.SampledFrom(before).Draw(rt, "who goes")
				if !gone[id] {
					gone[id] = true
					leaving = append(leaving, id)
				}
			}
			subject.Remove(t, leaving)
			subject.Add(t, n)
		}))

		times := make(map[string]int)
		for _, id := range met {
			times[id]++
			if times[id] > 1 {
				rt.Fatalf("a resident is met twice")
			}
		}
		for _, id := range before {
			if !gone[id] && times[id] != 1 {
				rt.Fatalf("a resident who stayed is met %d times", times[id])
			}
		}
	})
}

// Counting stops where it is told to.
func testCount(t *testing.T, h Harness) {
	s := h.Open(t).Source
	population := everyone(t, s, source.ByID)
	rapid.Check(t, func(rt *rapid.T) {
		filter := drawFilter(rt, s, population)
		atMost := rapid.IntRange(1, len(population)+10).Draw(rt, "at most")
		want := 0
		for _, r := range population {
			if matches(r.Resident, &filter) {
				want++
			}
		}
		got, err := s.CountResidents(t.Context(), &filter, atMost)
		if err != nil {
			t.Fatal(err)
		}
		if got != min(want, atMost) {
			rt.Fatalf("got %d, want %d of %d", got, min(want, atMost), want)
		}
	})
}
