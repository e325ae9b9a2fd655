package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	schemas := []db.Schema{db.Gateway()}
	for _, p := range catalogue.Sources() {
		schemas = append(schemas, db.Schema{Name: pgSchema(p.Name), Files: p.Schema})
	}
	os.Exit(dbtest.Run(m, &postgres, schemas...))
}

// today is the day on which every test of this package takes place.
func today() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// newSample returns a database with 200 sample residents, which tests share and none may change.
func newSample(t testing.TB) *sqlx.DB {
	t.Helper()
	return postgres.Shared(t, "sample", seedSample)
}

// ownSample returns a database with the same residents, which t may change.
func ownSample(t testing.TB) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", seedSample)(t)
}

func seedSample(ctx context.Context, database *sqlx.DB) error {
	return mosaicsample.Sample{Residents: 200, Seed: 1, Today: today()}.Load(
		ctx, database, mosaicsample.Options{Now: today})
}

// A log keeps what was reported.
type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) report(_ context.Context, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, err.Error())
}

func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Join(l.lines, "\n")
}

// A gateway is a graph that somebody asks, and the records that it keeps of it.
type gateway struct {
	*graph.Graph
	caller  *access.Caller
	records *records
}

// Execute answers a request of the caller.
func (g gateway) Execute(ctx context.Context, request graph.Request) *graph.Response {
	return g.Graph.Execute(access.WithCaller(ctx, g.caller), request)
}

// as returns the same graph, asked by a caller with these scopes alone.
func (g gateway) as(scopes ...string) gateway {
	g.caller = &access.Caller{Kind: access.Service, Name: "test", Scopes: access.ScopesOf(scopes...)}
	return g
}

// records are what was recorded.
type records struct {
	mu  sync.Mutex
	all []access.Record
	err error // of recording, where it is to fail
}

func (r *records) record(_ context.Context, record access.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, record)
	return r.err
}

// take returns what was recorded since it was last taken.
func (r *records) take() []access.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := r.all
	r.all = nil
	return all
}

// unwatched are the limits of sources of which nobody looks whether they are loaded, so that each
// statement is of a question. TestGateStatements says what looking takes.
func unwatched() source.Limits {
	limits := source.DefaultLimits(time.Now)
	limits.Watch = 0
	return limits
}

// newGraph returns a graph over a database, asked by a caller with every scope.
func newGraph(t testing.TB, database *sqlx.DB) (gateway, *log) {
	t.Helper()
	set, err := source.NewSet(unwatched(), mosaic.New(database, today))
	if err != nil {
		t.Fatal(err)
	}
	var reported log
	g := gateway{
		caller:  &access.Caller{Kind: access.Service, Name: "test", Scopes: graph.Scopes()},
		records: new(records),
	}
	g.Graph, err = graph.New(graph.Options{
		Sources:   set,
		CursorKey: bytes.Repeat([]byte("key"), 11),
		Record:    g.records.record,
		Now:       today,
		Report:    reported.report,
	})
	if err != nil {
		t.Fatal(err)
	}
	return g, &reported
}

// ask returns the data of an answer without errors, read into what is given.
func ask(t testing.TB, g gateway, query string, into any) {
	t.Helper()
	response := g.Execute(t.Context(), graph.Request{Query: query})
	if len(response.Errors) > 0 {
		t.Fatalf("got %v", response.Errors)
	}
	if err := json.Unmarshal(response.Data, into); err != nil {
		t.Fatal(err)
	}
}
