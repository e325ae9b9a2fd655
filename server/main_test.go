package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

var postgres *dbtest.Server

// TestMain is the program itself when a test starts this binary as one.
func TestMain(m *testing.M) {
	if os.Getenv("BE_THE_SERVER") != "" {
		os.Exit(exitCode())
	}
	os.Exit(dbtest.Run(m, &postgres, schemas(catalogue.Sources())...))
}

func today() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

func newSample(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", func(ctx context.Context, pool *sqlx.DB) error {
		return seedAll(ctx, over(pool), plug.Sample{
			Residents: 200, Seed: 1, Today: sampleDay(), Options: sample.Options{Now: today},
		})
	})(t)
}

// over returns a database that is another's, with Mosaic in use and no other source.
func over(pool *sqlx.DB) *database { return &database{DB: pool, inUse: catalogue.Sources()[:1]} }

// A buffer is written by many goroutines.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// configured returns the configuration of serve that flags make, at the time of the tests.
func configured(t *testing.T, args ...string) *serveFlags {
	t.Helper()
	command, err := parse(args, &program{getenv: environment(), stdout: io.Discard, now: today})
	if err != nil {
		t.Fatal(err)
	}
	return command.Selected().Target.Addr().Interface().(*serveFlags)
}

// developer lets everyone in, for tests of other things than authentication.
func developer() web.AuthMethods {
	return web.AuthMethods{Developer: &access.Caller{
		Kind: access.Developer, ID: "test", Name: "test", Scopes: web.Scopes(),
	}}
}

// newHandlerOf returns what answers over a database, and logs nothing.
func newHandlerOf(t *testing.T, pool *sqlx.DB, args ...string) http.Handler {
	t.Helper()
	handler, err := configured(t, args...).gateway(
		t.Context(), over(pool), developer(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return handler
}

// newServer returns the address of a server over a database that lets everyone in.
func newServer(t *testing.T, pool *sqlx.DB) string {
	t.Helper()
	handler, err := configured(t).gateway(
		t.Context(), over(pool), developer(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// An answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func send(t *testing.T, request *http.Request) answer {
	t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.Close { // the client takes the header away
		response.Header.Set("Connection", "close")
	}
	return answer{response.StatusCode, response.Header, string(body)}
}

func newRequest(t *testing.T, method, url, body string, headers ...string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Add(name, value)
	}
	return request
}

// post asks for a GraphQL operation.
func post(t *testing.T, url, query string, headers ...string) answer {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		t.Fatal(err)
	}
	return send(t, newRequest(t, http.MethodPost, url+"/graphql", string(body),
		append(headers, "Content-Type: application/json")...))
}

// operators returns what a gateway is given of a database that is not its own, and the header by
// which a service with every scope is known.
func operators(t *testing.T, pool *sqlx.DB) (dsn, authorization string) {
	t.Helper()
	dsn = postgres.DSNAs(t, pool, "serving")
	if err := db.Grant(t.Context(), pool, "serving", schemas(catalogue.Sources())...); err != nil {
		t.Fatal(err)
	}
	return dsn, newKey(t, pool, web.Scopes())
}

// newKey returns the header by which a service with these scopes is known.
func newKey(t *testing.T, pool *sqlx.DB, scopes access.Scopes) string {
	t.Helper()
	keys := access.NewKeys(access.KeysOptions{DB: pool, Now: time.Now})
	_, secret, err := keys.Create(t.Context(), access.NewKey{
		Name: strings.ToLower(rand.Text()), Scopes: scopes, Lifetime: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return "Authorization: Bearer " + secret
}

func execute(t *testing.T, pool *sqlx.DB, statement string) {
	t.Helper()
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// hold locks the table of residents until the function that it returns is called.
func hold(t *testing.T, pool *sqlx.DB) (release func()) {
	t.Helper()
	tx, err := pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "LOCK mosaic.dm_persons"); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// waitFor looks until something is so, for ten seconds at most.
func waitFor(t *testing.T, isSo func() bool) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for deadline := time.After(10 * time.Second); ; {
		if isSo() {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal("waited for ten seconds in vain")
		}
	}
}
