package graph_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A page as a caller reads it.
type page struct {
	Residents struct {
		Edges []struct {
			Cursor string
			Node   struct{ ID, LastName string }
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
	}
}

const pageFields = `{ edges { cursor node { id lastName } }
	pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`

func TestWalk(t *testing.T) {
	t.Parallel()
	for name, arguments := range map[string]string{
		"by id":              "orderBy: ID",
		"by name":            "orderBy: NAME",
		"filtered":           `orderBy: NAME, filter: { lastName: "a" }`,
		"nobody":             `filter: { lastName: "no such name" }`,
		"of a source":        "sources: [MOSAIC]",
		"everyone on a page": `filter: { sourceId: "1000001" }`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, newSample(t))
			var forwards, backwards []string
			for after, more := "", true; more; {
				var p page
				ask(t, g, `{ residents(first: 7, `+arguments+after+`)`+pageFields, &p)
				for _, e := range p.Residents.Edges {
					forwards = append(forwards, e.Node.ID)
				}
				if p.Residents.PageInfo.HasPreviousPage != (after != "") {
					t.Errorf("got hasPreviousPage %t after %q", p.Residents.PageInfo.HasPreviousPage, after)
				}
				if more = p.Residents.PageInfo.HasNextPage; more {
					after = fmt.Sprintf(", after: %q", *p.Residents.PageInfo.EndCursor)
				}
			}
			for before, more := "", true; more; {
				var p page
				ask(t, g, `{ residents(last: 9, `+arguments+before+`)`+pageFields, &p)
				var ids []string
				for _, e := range p.Residents.Edges {
					ids = append(ids, e.Node.ID)
				}
				backwards = append(ids, backwards...)
				if p.Residents.PageInfo.HasNextPage != (before != "") {
					t.Errorf("got hasNextPage %t before %q", p.Residents.PageInfo.HasNextPage, before)
				}
				if more = p.Residents.PageInfo.HasPreviousPage; more {
					before = fmt.Sprintf(", before: %q", *p.Residents.PageInfo.StartCursor)
				}
			}
			if !slices.Equal(forwards, backwards) {
				t.Errorf("got %d residents forwards, and others, %d, backwards",
					len(forwards), len(backwards))
			}
		})
	}
}

func TestCursorsTellNothing(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	var first, again page
	ask(t, g, `{ residents(first: 50, orderBy: NAME)`+pageFields, &first)
	ask(t, g, `{ residents(first: 50, orderBy: NAME)`+pageFields, &again)
	for i, e := range first.Residents.Edges {
		if e.Cursor != again.Residents.Edges[i].Cursor {
			t.Errorf("the cursor of resident %d is another one the second time", i)
		}
		sealed, err := base64.RawURLEncoding.DecodeString(e.Cursor)
		if err != nil {
			t.Fatal(err)
		}
		_, id, _ := resident.SplitID(e.Node.ID)
		for _, secret := range []string{id, strings.ToLower(e.Node.LastName)} {
			if secret != "" && strings.Contains(strings.ToLower(string(sealed)), secret) {
				t.Errorf("the cursor of resident %d tells %q", i, secret)
			}
		}
	}
}

func TestCursorsOfOtherLists(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	var p page
	ask(t, g, `{ residents(first: 2, filter: { lastName: "a" })`+pageFields, &p)
	cursor := *p.Residents.PageInfo.EndCursor
	flipped := []byte(cursor)
	flipped[len(flipped)/2] ^= 1

	for name, tt := range map[string]struct{ arguments, cursor string }{
		"another filter": {`filter: { lastName: "b" }`, cursor},
		"no filter":      {"first: 1", cursor},
		"another order":  {`filter: { lastName: "a" }, orderBy: NAME`, cursor},
		"other sources":  {`filter: { lastName: "a" }, sources: [MOSAIC]`, cursor},
		"ended too":      {`filter: { lastName: "a", includeEnded: true }`, cursor},
		"changed":        {`filter: { lastName: "a" }`, string(flipped)},
		"cut":            {`filter: { lastName: "a" }`, cursor[:len(cursor)-4]},
		"blank":          {`filter: { lastName: "a" }`, ""},
		"not base64":     {`filter: { lastName: "a" }`, "!!"},
		"made up":        {`filter: { lastName: "a" }`, "bW9zYWljOjEwMDAwMDE"},
		"an id":          {`filter: { lastName: "a" }`, "mosaic:1000001"},
	} {
		for _, argument := range []string{"after", "before"} {
			t.Run(name+" "+argument, func(t *testing.T) {
				t.Parallel()
				response := g.Execute(t.Context(), graph.Request{
					Query: fmt.Sprintf(`{ residents(%s, %s: %q) { nodes { id } } }`,
						tt.arguments, argument, tt.cursor),
				})
				if len(response.Errors) != 1 ||
					response.Errors[0].Extensions["code"] != resident.BadCursor ||
					response.Errors[0].Extensions["argument"] != argument {
					t.Errorf("got %v, want %s", response.Errors, resident.BadCursor)
				}
			})
		}
	}

	// The same list said in another way is the same list.
	var same page
	before := fmt.Sprintf(`query { residents(last: 1, before: %q, filter: { lastName: "-A" })`, cursor)
	ask(t, g, before+pageFields, &same)
	if got, want := same.Residents.Edges[0].Node.ID, p.Residents.Edges[0].Node.ID; got != want {
		t.Errorf("got %s before the cursor, want %s", got, want)
	}
}

func TestCursorKeyIsLongEnough(t *testing.T) {
	t.Parallel()
	if _, err := graph.New(graph.Options{CursorKey: make([]byte, 31)}); err == nil {
		t.Error("got no error for a short key")
	}
}

// Bad cursors are told together, and with what else is wrong with the page.
func TestBadCursorsTogether(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	response := g.Execute(t.Context(), graph.Request{
		Query: `{ residents(first: 0, after: "a", before: "b") { nodes { id } } }`,
	})
	var got []string
	for _, err := range response.Errors {
		got = append(got, fmt.Sprint(err.Extensions["argument"]))
	}
	if want := []string{"after", "before", "first"}; !slices.Equal(got, want) {
		t.Errorf("got faults of %v, want %v", got, want)
	}
}
