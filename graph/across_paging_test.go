package graph_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A library is what a walk through a list is compared with: each source by itself, in pages of a
// hundred, put together by the rules of the list in the plainest way.
type library struct {
	across
	mu    sync.Mutex
	lists map[string][]node // of one source, by what was asked
}

// list asks for a page. What a source cannot be searched by is the only error there may be.
func (l *library) list(t testing.TB, variables map[string]any) *listAnswer {
	t.Helper()
	response := l.Execute(t.Context(), graph.Request{Query: acrossList, Variables: variables})
	for _, err := range response.Errors {
		if err.Extensions["code"] != resident.BadInput || err.Extensions["source"] == nil {
			t.Fatalf("%v: got %v", variables, response.Errors)
		}
	}
	var answer listAnswer
	if err := json.Unmarshal(response.Data, &answer); err != nil {
		t.Fatal(err)
	}
	return &answer
}

// of returns the list of one source; false where it cannot be searched like that.
func (l *library) of(t testing.TB, name string, asked map[string]any) ([]node, bool) {
	t.Helper()
	key := fmt.Sprint(name, asked)
	l.mu.Lock()
	defer l.mu.Unlock()
	if known, read := l.lists[key]; read {
		return known, known != nil
	}
	variables := maps.Clone(asked)
	variables["sources"], variables["first"] = []any{name}, 100
	all := []node{}
	for {
		page := l.list(t, variables)
		if page.Residents == nil {
			l.lists[key] = nil
			return nil, false
		}
		for _, edge := range page.Residents.Edges {
			all = append(all, edge.Node)
		}
		if !page.Residents.PageInfo.HasNextPage {
			break
		}
		variables["after"] = *page.Residents.PageInfo.EndCursor
	}
	l.lists[key] = all
	return all, true
}

// whole is the list that sources make together, as ids, and which of them have no part in it.
func (l *library) whole(
	t testing.TB, sources []string, asked map[string]any,
) (ids, without []string) {
	t.Helper()
	var all []node
	for _, name := range l.listers() { // whatever the order they are asked in
		if !slices.Contains(sources, name) {
			continue
		}
		part, able := l.of(t, name, asked)
		if !able {
			without = append(without, name)
		}
		all = append(all, part...)
	}
	if asked["orderBy"] == "NAME" {
		slices.SortStableFunc(all, func(a, b node) int { return cmp.Compare(a.key(), b.key()) })
	}
	for _, n := range all {
		ids = append(ids, n.ID)
	}
	return ids, without
}

func (n *node) key() string { return source.NameKey(n.LastName, n.FirstName, n.FullName) }

// A part of a filter, and whom it was taken from.
type partOf struct {
	name  string
	value any
	from  node
}

// partsAcross are the parts of a filter by which real residents can be found.
func partsAcross(t testing.TB, a across) []partOf {
	t.Helper()
	var parts []partOf
	var answer struct {
		Residents struct {
			PageInfo struct{ EndCursor string }
			Nodes    []struct {
				node
				SourceID, DateOfBirth, NHSNumber, AgeGroup, UPRN string
				ContactDetails                                   []struct {
					Type, Value string
					Phone       struct{ E164 string }
					Address     struct {
						Lines          []string
						Postcode, UPRN string
					}
				}
			}
		}
	}
	after := ""
	for {
		answer.Residents.Nodes = nil
		ask(t, a.gateway, `{ residents(first: 100`+after+`) { pageInfo { endCursor } nodes {
			id firstName lastName fullName source { name } sourceId dateOfBirth nhsNumber ageGroup uprn
			contactDetails(includeEnded: true) { type value phone { e164 }
				address { lines postcode uprn } } } } }`, &answer)
		if len(answer.Residents.Nodes) == 0 {
			return parts
		}
		after = `, after: "` + answer.Residents.PageInfo.EndCursor + `"`
		for _, n := range answer.Residents.Nodes {
			add := func(name, value string) {
				if value != "" {
					parts = append(parts, partOf{name, value, n.node})
				}
			}
			for _, part := range [][2]string{{"firstName", n.FirstName}, {"lastName", n.LastName}} {
				if form := source.NameForm(part[1]); len(form) >= 3 {
					add(part[0], part[1])
					add(part[0], form[:2])
				}
			}
			add("sourceId", n.SourceID)
			add("dateOfBirth", n.DateOfBirth)
			add("nhsNumber", n.NHSNumber)
			add("ageGroup", n.AgeGroup)
			add("uprn", n.UPRN)
			for _, d := range n.ContactDetails {
				if d.Type == "EMAIL" {
					add("email", d.Value)
				}
				add("phone", d.Phone.E164)
				add("uprn", d.Address.UPRN)
				if read, err := resident.ParsePostcode(d.Address.Postcode); err == nil {
					add("postcode", d.Address.Postcode)
					add("postcode", read.Outward)
				}
				if len(d.Address.Lines) > 0 && source.AddressForm(d.Address.Lines[0]) != "" {
					add("address", d.Address.Lines[0])
				}
			}
		}
	}
}

// drawAsked draws a filter of at most two parts, and an order; and whom it must find.
func drawAsked(rt *rapid.T, parts map[string][]partOf) (map[string]any, *node) {
	asked := map[string]any{"orderBy": rapid.SampledFrom([]string{"ID", "NAME"}).Draw(rt, "order")}
	if rapid.IntRange(0, 7).Draw(rt, "filtered") == 0 {
		return asked, nil
	}
	filter := map[string]any{"includeEnded": rapid.Bool().Draw(rt, "ended too")}
	asked["filter"] = filter
	var from *node
	for range rapid.IntRange(1, 2).Draw(rt, "parts") {
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(parts))).Draw(rt, "part")
		part := rapid.SampledFrom(parts[name]).Draw(rt, "of")
		filter[part.name] = part.value
		if from == nil {
			from = &part.from
		} else {
			from = nil // two parts may be nobody's
		}
	}
	if filter["includeEnded"] == false {
		from = nil
	}
	return asked, from
}

func drawSources(rt *rapid.T, all []string) []string {
	some := rapid.Permutation(all).Draw(rt, "sources")
	return some[:rapid.IntRange(1, len(all)).Draw(rt, "of them")]
}

func anys(names []string) []any {
	all := make([]any, len(names))
	for i, name := range names {
		all[i] = name
	}
	return all
}

// Whatever sources make a list, in whatever order they are named, by whatever it is searched: its
// pages, of any sizes, in either direction, hold everybody once and in the order of the list. From
// a cursor in the middle the list goes on either way, and another list does not take it.
func TestAcrossPaging(t *testing.T) {
	t.Parallel()
	l := library{
		across: newAcrossGraph(t, newAcross(t), acrossLimits()), lists: make(map[string][]node),
	}
	parts := make(map[string][]partOf)
	for _, p := range partsAcross(t, l.across) {
		parts[p.name] = append(parts[p.name], p)
	}
	if len(parts) < 10 {
		t.Fatalf("got parts of %d kinds: they prove little", len(parts))
	}
	several := 0
	rapid.Check(t, func(rt *rapid.T) {
		asked, from := drawAsked(rt, parts)
		sources := drawSources(rt, l.listers())
		want, without := l.whole(t, sources, asked)
		if from != nil && slices.Contains(sources, from.Source.Name) &&
			!slices.Contains(without, from.Source.Name) && !slices.Contains(want, from.ID) {
			rt.Fatalf("%v does not find %s, who it was taken from", asked, from.ID)
		}
		variables := maps.Clone(asked)
		variables["sources"] = anys(sources)
		size := rapid.IntRange(1, 9).Draw(rt, "page size")
		if len(want) > 50 {
			size *= 11
		}
		back := rapid.Bool().Draw(rt, "from the end")
		got, pages := walkAcross(t, rt, &l, variables, size, back)
		if len(without) == len(sources) {
			if pages != nil {
				rt.Fatalf("%v: got a page, and no source can be searched like that", asked)
			}
			return
		}
		if !slices.Equal(got, want) {
			rt.Fatalf("%v of %v: got %v, want %v", asked, sources, got, want)
		}
		if len(want) > 0 && len(sources) > 1 {
			several++
		}
		checkWithout(rt, pages, without)
		if len(want) > 0 {
			l.checkCursor(t, rt, variables, pages, want)
		}
	})
	if several < dbtest.Rounds(3, 10) {
		t.Errorf("%d lists of several sources had anyone: they prove little", several)
	}
}

// walkAcross reads a list to its end, and returns who is on its pages, in the order of the list.
func walkAcross(
	t *testing.T, rt *rapid.T, l *library, asked map[string]any, size int, back bool,
) (ids []string, pages []*listAnswer) {
	t.Helper()
	variables := maps.Clone(asked)
	for {
		// Sizes may differ from page to page.
		first, after := "first", "after"
		if back {
			first, after = "last", "before"
		}
		variables[first] = max(1, size-rapid.IntRange(0, 2).Draw(rt, "fewer"))
		page := l.list(t, variables)
		if page.Residents == nil {
			return nil, nil
		}
		pages = append(pages, page)
		info, more := page.Residents.PageInfo, page.Residents.PageInfo.HasNextPage
		cursor := info.EndCursor
		if back {
			ids = append(page.ids(), ids...)
			more, cursor = info.HasPreviousPage, info.StartCursor
		} else {
			ids = append(ids, page.ids()...)
		}
		if n := len(page.Residents.Edges); n > variables[first].(int) ||
			more && n < variables[first].(int) {
			rt.Fatalf("a page of %v has %d, and more: %t", variables[first], n, more)
		}
		if len(ids) > 10_000 {
			rt.Fatalf("%v: the list does not end", asked)
		}
		if !more {
			return ids, pages
		}
		variables[after] = *cursor
	}
}

// checkWithout looks whether each page says which sources cannot be searched like that.
func checkWithout(rt *rapid.T, pages []*listAnswer, without []string) {
	for _, page := range pages {
		var told []string
		for _, u := range page.Residents.Unavailable {
			told = append(told, u.Name)
			if u.Reason != "FILTER_NOT_SUPPORTED" {
				rt.Fatalf("got %v", page.Residents.Unavailable)
			}
		}
		if !slices.Equal(told, without) {
			rt.Fatalf("got %v unavailable, want %v", told, without)
		}
	}
}

// checkCursor goes on from somewhere in a list, both ways, and takes the cursor to other lists.
func (l *library) checkCursor(
	t *testing.T, rt *rapid.T, asked map[string]any, pages []*listAnswer, want []string,
) {
	t.Helper()
	page := rapid.SampledFrom(pages).Draw(rt, "page")
	if len(page.Residents.Edges) == 0 {
		return
	}
	edge := rapid.SampledFrom(page.Residents.Edges).Draw(rt, "edge")
	at, size := slices.Index(want, edge.Node.ID), rapid.IntRange(1, 100).Draw(rt, "rest")
	before, after := want[:at], want[at+1:]
	for _, part := range []struct {
		side, size string
		want       []string
	}{
		{"after", "first", after[:min(size, len(after))]},
		{"after", "last", after[max(0, len(after)-size):]},
		{"before", "first", before[:min(size, len(before))]},
		{"before", "last", before[max(0, len(before)-size):]},
	} {
		variables := maps.Clone(asked)
		variables[part.side], variables[part.size] = edge.Cursor, size
		// The sources may be named in another order, and more than once.
		sources := slices.Clone(asked["sources"].([]any))
		slices.Reverse(sources)
		variables["sources"] = append(sources, sources[0])
		if got := l.list(t, variables).ids(); !slices.Equal(got, part.want) {
			rt.Fatalf("%s %s of %v: got %v, want %v", part.size, part.side, asked, got, part.want)
		}
	}
	for name, change := range map[string]any{
		"orderBy": map[any]any{"ID": "NAME", "NAME": "ID"}[asked["orderBy"]],
		"filter":  map[string]any{"lastName": strings.Repeat("z", 9)},
		"sources": otherSources(l.listers(), asked["sources"].([]any)),
	} {
		variables := maps.Clone(asked)
		variables[name], variables["after"] = change, edge.Cursor
		response := l.Execute(t.Context(), graph.Request{Query: acrossList, Variables: variables})
		if string(response.Data) != `{"residents":null}` || len(response.Errors) != 1 ||
			response.Errors[0].Extensions["code"] != resident.BadCursor {
			rt.Fatalf("with another %s: got %.200s and %v", name, response.Data, response.Errors)
		}
	}
}

// otherSources are others than these.
func otherSources(all []string, than []any) []any {
	if len(than) < len(all) {
		return anys(all)
	}
	return anys(all[1:])
}
