package graph_test

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

// A switch takes the schema of a source away and gives it back.
type schemaSwitch struct {
	database *sqlx.DB
	off      map[string]bool
}

func (s *schemaSwitch) set(t *testing.T, schema string, off bool) {
	t.Helper()
	if s.off[schema] == off {
		return
	}
	s.off[schema] = off
	from, to := schema, "gone_"+schema
	if !off {
		from, to = to, from
	}
	dbtest.Execute(t, s.database, "ALTER SCHEMA "+from+" RENAME TO "+to)
}

// Sources go and come back between one page and the next: whoever goes on from the last cursor
// meets everybody once, and each source's residents in their order.
func TestAcrossSourceComesBack(t *testing.T) {
	t.Parallel()
	database := ownAcross(t)
	a := newAcrossGraph(t, database, acrossLimits())
	l := library{across: a, lists: make(map[string][]node)}
	power := schemaSwitch{database, make(map[string]bool)}
	skipped := 0
	rapid.Check(t, func(rt *rapid.T) {
		asked := map[string]any{"orderBy": rapid.SampledFrom([]string{"ID", "NAME"}).Draw(rt, "order")}
		if rapid.Bool().Draw(rt, "filtered") {
			asked["filter"] = map[string]any{
				"lastName": rapid.SampledFrom([]string{"a", "s", "k", "th"}).Draw(rt, "last name"),
			}
		}
		for _, name := range a.listers() {
			power.set(t, strings.ToLower(name), false)
		}
		want, _ := l.whole(t, a.listers(), asked)
		back, size := rapid.Bool().Draw(rt, "from the end"), rapid.IntRange(5, 40).Draw(rt, "size")
		got := l.walkWithGaps(t, rt, &power, asked, size, back, &skipped)
		for _, name := range a.listers() { // each source's own are in their order
			of := func(ids []string) []string {
				return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
					return !strings.HasPrefix(id, strings.ToLower(name)+":")
				})
			}
			if !slices.Equal(of(got), of(want)) {
				rt.Fatalf("%v of %s: got %v, want %v", asked, name, of(got), of(want))
			}
		}
		if len(got) != len(want) {
			rt.Fatalf("%v: got %d residents, want %d", asked, len(got), len(want))
		}
	})
	if skipped < 50 {
		t.Errorf("a source was missing from %d pages: they prove little", skipped)
	}
}

// walkWithGaps walks on while any source but one may be down, and until all have answered that they
// have no more.
func (l *library) walkWithGaps(
	t *testing.T, rt *rapid.T, power *schemaSwitch, asked map[string]any, size int, back bool,
	skipped *int,
) (ids []string) {
	t.Helper()
	variables := maps.Clone(asked)
	first, after := "first", "after"
	if back {
		first, after = "last", "before"
	}
	variables[first] = size
	for n := 0; ; n++ {
		up := rapid.SampledFrom(l.listers()).Draw(rt, "up")
		for _, name := range l.listers() {
			off := n < 12 && name != up && rapid.Bool().Draw(rt, "down")
			power.set(t, strings.ToLower(name), off)
		}
		response := l.Execute(t.Context(), graph.Request{Query: acrossList, Variables: variables})
		var page listAnswer
		if err := json.Unmarshal(response.Data, &page); err != nil || page.Residents == nil {
			t.Fatalf("got %s and %v", response.Data, response.Errors)
		}
		if len(response.Errors) != len(page.Residents.Unavailable) {
			rt.Fatalf("got %v of %v", response.Errors, page.Residents.Unavailable)
		}
		if len(response.Errors) > 0 {
			*skipped++
		}
		info := page.Residents.PageInfo
		more, cursor := info.HasNextPage, info.EndCursor
		if back {
			ids = append(page.ids(), ids...)
			more, cursor = info.HasPreviousPage, info.StartCursor
		} else {
			ids = append(ids, page.ids()...)
		}
		if cursor != nil {
			variables[after] = *cursor
		}
		if !more && len(page.Residents.Unavailable) == 0 {
			return ids
		}
	}
}

// By id and without a filter sources follow each other. One that is down is passed over for the
// next, and is not asked, nor told of, where the page is full before it.
func TestAcrossInTurn(t *testing.T) {
	t.Parallel()
	for _, down := range []int{0, 1} {
		database := ownAcross(t)
		a := newAcrossGraph(t, database, acrossLimits())
		names := a.listers()
		dropTables(t, database, strings.ToLower(names[down]))
		response := a.Execute(t.Context(), graph.Request{
			Query: acrossList, Variables: map[string]any{"first": 3},
		})
		var page listAnswer
		if err := json.Unmarshal(response.Data, &page); err != nil {
			t.Fatal(err)
		}
		// The first source fills the page; where it is down, the next does.
		from := strings.ToLower(names[1-down]) + ":"
		ids, missing := page.ids(), page.Residents.Unavailable
		if len(ids) != 3 || slices.ContainsFunc(ids, func(id string) bool {
			return !strings.HasPrefix(id, from)
		}) || len(missing) != 1-down || len(response.Errors) != 1-down {
			t.Errorf("without %s: got %v, missing %v", names[down], ids, missing)
		}
	}
}

// Who asks a source that does not answer waits; who asks others meanwhile does not, nor does
// whoever comes after the source was left alone.
func TestAcrossOthersAreNotSlowed(t *testing.T) {
	t.Parallel()
	for _, p := range catalogue.Sources() {
		t.Run(string(p.Name), func(t *testing.T) {
			t.Parallel()
			database := ownAcross(t)
			limits := acrossLimits() // of a minute: nothing here ends because time does
			a := newAcrossGraph(t, database, limits)
			ones, _ := oneOfEach(t, a)
			lockTables(t, database, pgSchema(p.Name))
			hung := make(chan *graph.Response, 4)
			ctx, giveUp := context.WithCancel(t.Context())
			for range cap(hung) {
				slow := a.gateway // with searches of its own
				slow.caller = newCaller("slow", a.caller.Scopes)
				go func() {
					hung <- slow.Execute(ctx, graph.Request{Query: `{
						sources { freshness { state } } residents(orderBy: NAME) { nodes { id } } }`})
				}()
			}
			began := time.Now()
			for _, name := range a.listers() {
				if name == string(p.Name) {
					continue
				}
				for range 20 {
					var answer json.RawMessage
					ask(t, a.gateway, `{ residents(sources: [`+name+`], orderBy: NAME) { nodes { id } }
						resident(id: "`+ones[name].ID+`") { id } }`, &answer)
				}
			}
			if took := time.Since(began); took > 20*time.Second {
				t.Errorf("it took %v", took)
			}
			select {
			case response := <-hung:
				t.Errorf("the source answered: %s, %v", response.Data, response.Errors)
			default:
			}
			giveUp()
			for range cap(hung) {
				<-hung // who gives up is not kept
			}
		})
	}
}

// Who asks all sources in every question, and has no more searches at once than anyone, goes on
// being answered by those that are well: of their searches one at a time waits for a source that
// hangs.
func TestAcrossOneCallerGoesOn(t *testing.T) {
	t.Parallel()
	database := ownAcross(t)
	limits := source.DefaultLimits(time.Now) // in the same proportion, and sooner
	limits.Timeout, limits.Rest, limits.Failures = time.Second, 100*time.Millisecond, 4
	a := newAcrossGraph(t, database, limits)
	lockTables(t, database, pgSchema(a.set.Listers()[0]))
	var answered atomic.Int32 // from when all searches could be waiting, and for as long as they wait
	from := time.Now().Add(limits.Timeout + limits.Timeout/2)
	until := from.Add(limits.Timeout)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for time.Now().Before(until) {
				response := a.Execute(t.Context(), graph.Request{
					Query: `{ residents(first: 1, orderBy: NAME) { nodes { id } } }`,
				})
				if !strings.Contains(string(response.Data), `{"id":"`) {
					t.Errorf("got %s and %v", response.Data, response.Errors)
				}
				if now := time.Now(); now.After(from) && now.Before(until) {
					answered.Add(1)
				}
			}
		})
	}
	all.Wait()
	t.Logf("%d questions were answered in %v", answered.Load(), limits.Timeout)
	if answered.Load() < 30 {
		t.Errorf("%d questions were answered in %v", answered.Load(), limits.Timeout)
	}
}

// Where no source has a part in a list there is an error for each that was asked by name, whatever
// keeps it from having one.
func TestAcrossNobodyAnswers(t *testing.T) {
	t.Parallel()
	database := ownAcross(t)
	a := newAcrossGraph(t, database, acrossLimits())
	names := a.listers()
	down, forbidden := names[0], names[1]
	dropTables(t, database, strings.ToLower(down))
	response := a.as(but(strings.ToLower(forbidden)+":read")...).Execute(t.Context(), graph.Request{
		Query: `{ residents(sources: [` + down + `, ` + forbidden + `]) { nodes { id } } }`,
	})
	told := make(map[any]any)
	for _, err := range response.Errors {
		told[err.Extensions["source"]] = err.Extensions["code"]
	}
	want := map[any]any{
		resident.SourceName(down):      resident.Unavailable,
		resident.SourceName(forbidden): resident.Forbidden,
	}
	if string(response.Data) != `{"residents":null}` || !maps.Equal(told, want) {
		t.Errorf("got %s and %v", response.Data, response.Errors)
	}
}
