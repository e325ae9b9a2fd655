package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// The tests in across_*_test.go are of all sources together, each as it is, over a database that
// holds a sample of each.

func pgSchema(name resident.SourceName) string { return strings.ToLower(string(name)) }

// newAcross returns a database with 150 sample residents of each source, many of them the same
// people. Tests share it, and none may change it.
func newAcross(t testing.TB) *sqlx.DB {
	t.Helper()
	return postgres.Shared(t, "across", seedAcross)
}

// ownAcross returns a database with the same residents, which t may change.
func ownAcross(t testing.TB) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "across", seedAcross)(t)
}

func seedAcross(ctx context.Context, database *sqlx.DB) error {
	var all error
	for _, p := range catalogue.Sources() {
		all = errors.Join(all, p.Seed(ctx, database, plug.Sample{
			Residents: 150, Seed: 1, Today: today(), Options: sample.Options{Now: today},
		}))
	}
	return all
}

// newFewAcross returns a gateway over the few residents of testdata, with the sources that those
// are of in use, and no others that there may come to be.
func newFewAcross(t *testing.T) across {
	t.Helper()
	database := postgres.Shared(t, "few across", fill("residents.sql", "across/residents.sql"))
	return newAcrossGraph(t, database, acrossLimits(), "MOSAIC", "ACADEMY", "HOUSING", "QLIK")
}

// An across is a gateway over all sources, each with connections of its own.
type across struct {
	gateway
	log      *log
	set      *source.Set
	counters map[resident.SourceName]*dbtest.Counter // of the statements put to each source
}

// as returns the same gateway, asked by a caller with these scopes alone.
func (a across) as(scopes ...string) across {
	a.gateway = a.gateway.as(scopes...)
	return a
}

// acrossLimits are those of sources that are given long enough by a slow machine, and are never
// left alone.
func acrossLimits() source.Limits {
	limits := unwatched()
	limits.Timeout, limits.Failures = time.Minute, 1_000_000
	return limits
}

// newAcrossGraph returns a gateway over a database, with all sources in use, or only those that are
// named, asked by a caller with every scope.
func newAcrossGraph(
	t testing.TB, database *sqlx.DB, limits source.Limits, only ...resident.SourceName,
) across {
	t.Helper()
	a := across{log: new(log), counters: make(map[resident.SourceName]*dbtest.Counter)}
	var all []source.Source
	for _, p := range catalogue.Sources() {
		if len(only) > 0 && !slices.Contains(only, p.Name) {
			continue
		}
		pool, counter := postgres.Counting(t, postgres.DSNOf(t, database))
		pool.SetMaxOpenConns(2)
		a.counters[p.Name] = counter
		all = append(all, p.Open(pool, today))
	}
	var err error
	if a.set, err = source.NewSet(limits, all...); err != nil {
		t.Fatal(err)
	}
	a.gateway = gateway{
		caller:  &access.Caller{Kind: access.Service, Name: "test", Scopes: graph.Scopes()},
		records: new(records),
	}
	a.Graph, err = graph.New(graph.Options{
		Sources: a.set, CursorKey: bytes.Repeat([]byte("key"), 11), Record: a.records.record,
		Now: time.Now, Report: a.log.report,
	})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// listers are the names of the sources that list residents, in the order of the list.
func (a across) listers() []string {
	var all []string
	for _, name := range a.set.Listers() {
		all = append(all, string(name))
	}
	return all
}

// statements are those put to sources since this was last called, and how many to each.
func (a across) statements() (texts []string, counts map[resident.SourceName]int) {
	counts = make(map[resident.SourceName]int)
	for _, name := range slices.Sorted(maps.Keys(a.counters)) {
		put := a.counters[name].Statements()
		a.counters[name].Reset()
		texts = append(texts, put...)
		if len(put) > 0 {
			counts[name] = len(put)
		}
	}
	return texts, counts
}

// everyFieldAcross returns a selection for each field of a type, with all sources in use.
func everyFieldAcross(name string) string {
	return strings.Join(everyFieldOf(graph.Schema(), name), " ")
}

// A resident of an answer, as far as these tests look at one.
type node struct {
	ID                            string
	FirstName, LastName, FullName string // blank for null
	Source                        struct{ Name string }
}

// A listAnswer is an answer to acrossList.
type listAnswer struct {
	Residents *struct {
		Edges []struct {
			Cursor string
			Node   node
		}
		PageInfo struct {
			HasNextPage, HasPreviousPage bool
			StartCursor, EndCursor       *string
		}
		Unavailable []struct{ Name, Reason string }
	}
}

func (l *listAnswer) ids() []string {
	var ids []string
	for _, edge := range l.Residents.Edges {
		ids = append(ids, edge.Node.ID)
	}
	return ids
}

const acrossList = `query list($filter: ResidentFilter, $sources: [SourceName!], $first: Int,
	$after: String, $last: Int, $before: String, $orderBy: ResidentOrder! = ID) {
	residents(filter: $filter, sources: $sources, first: $first, after: $after, last: $last,
		before: $before, orderBy: $orderBy) {
		edges { cursor node { id firstName lastName fullName source { name } } }
		pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
		unavailable { name reason } } }`

// newCaller returns a caller whose searches wait for nobody else's.
func newCaller(name string, scopes access.Scopes) *access.Caller {
	return &access.Caller{Kind: access.Service, Name: name, Scopes: scopes}
}

// isRefusal is whether an error is told for want of a scope.
func isRefusal(scope string) func(*gqlerror.Error) bool {
	return func(err *gqlerror.Error) bool {
		return err.Extensions["code"] == resident.Forbidden &&
			fmt.Sprint(err.Extensions["requiredScope"]) == scope
	}
}
