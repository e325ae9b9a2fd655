package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}

// today is the day on which every test of this package takes place.
func today() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// newSample returns a database with 200 sample residents.
func newSample(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", func(ctx context.Context, database *sqlx.DB) error {
		return mosaicsample.Sample{Residents: 200, Seed: 1, Today: today()}.Load(
			ctx, database, mosaicsample.Options{Now: today})
	})(t)
}

// newFixture returns a database with the residents of testdata/residents.sql.
func newFixture(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "fixture", func(ctx context.Context, database *sqlx.DB) error {
		statements, err := os.ReadFile("testdata/residents.sql")
		if err != nil {
			return err
		}
		_, err = database.ExecContext(ctx, string(statements))
		return err
	})(t)
}

// A gateway is a graph that somebody asks.
type gateway struct {
	*graph.Graph
	caller *access.Caller
}

// Execute answers a request of the caller.
func (g gateway) Execute(ctx context.Context, request graph.Request) *graph.Response {
	return g.Graph.Execute(access.WithCaller(ctx, g.caller), request)
}

// as returns the same graph, asked by a caller with these scopes alone.
func (g gateway) as(scopes ...string) gateway {
	g.caller = &access.Caller{Scopes: access.ScopesOf(scopes...)}
	return g
}

// newGraph returns a graph over a database, asked by a caller with every scope.
func newGraph(t *testing.T, database *sqlx.DB) gateway {
	t.Helper()
	set, err := source.NewSet(source.DefaultLimits(time.Now), mosaic.New(database, today))
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.New(graph.Options{
		Sources:   set,
		CursorKey: bytes.Repeat([]byte("key"), 11),
		Record:    func(context.Context, access.Record) error { return nil },
		Now:       today,
		Report:    func(context.Context, error) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	return gateway{g, &access.Caller{Scopes: graph.Scopes()}}
}

// A service is the handler behind a real server: requests and answers are what they are there.
type service struct {
	url      string
	client   *http.Client
	contract *contract
}

func newService(t *testing.T, executor rest.Executor) *service {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("/api/v1/", rest.Handler(executor))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return &service{url: server.URL, client: server.Client(), contract: readContract(t)}
}

// An answer is one that the contract allows: send sees to it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get asks for what is under /api/v1.
func (s *service) get(t *testing.T, target string) answer {
	t.Helper()
	return s.send(t, http.MethodGet, target)
}

func (s *service) send(t *testing.T, method, target string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+"/api/v1"+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := s.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{response.StatusCode, response.Header, body}
	checkHeader(t, a)
	if method == http.MethodHead {
		if len(body) > 0 {
			t.Errorf("HEAD %s: got a body", target)
		}
		return a
	}
	path, _, _ := strings.Cut(target, "?")
	s.contract.check(t, path, a)
	if a.status >= 400 {
		checkTellsNothing(t, a)
	}
	return a
}

// checkHeader holds what is true of every answer.
func checkHeader(t *testing.T, a answer) {
	t.Helper()
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Etag": "", "Last-Modified": "", "Location": "", "Set-Cookie": "",
	} {
		if got := strings.Join(a.header.Values(name), "; "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// checkTellsNothing fails when a problem tells of the inside.
func checkTellsNothing(t *testing.T, a answer) {
	t.Helper()
	for _, inside := range []string{
		"sql", "select", "pq:", "dm_", "postgres", "gateway.", "graphql", "filter.", "goroutine",
		"panic", ".go", "nil", "variable", "$", "strconv", "json", "127.0.0.1",
	} {
		if strings.Contains(strings.ToLower(string(a.body)), inside) {
			t.Errorf("got %s, which tells of %q", a.body, inside)
		}
	}
}

// want reads an answer of that status.
func (a answer) want(t *testing.T, status int, into any) {
	t.Helper()
	if a.status != status {
		t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// A page is what the tests read of a list.
type page struct {
	Residents []struct {
		MosaicID string
	}
	NextCursor *string
}

func (p *page) ids() []string {
	ids := make([]string, len(p.Residents))
	for i, r := range p.Residents {
		ids[i] = r.MosaicID
	}
	return ids
}

// A problem is what the tests read of one.
type problem struct {
	Status int
	Detail string
	Errors []fault
}

type fault struct{ Parameter, Detail string }

func (p *problem) parameters() []string {
	names := make([]string, len(p.Errors))
	for i, f := range p.Errors {
		names[i] = f.Parameter
	}
	return names
}
