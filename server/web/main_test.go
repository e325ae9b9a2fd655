package web

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
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "access", Files: access.Schema(), Grants: access.Grants()},
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}

func today() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// newSample returns a database of 200 sample residents of Mosaic.
func newSample(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", func(ctx context.Context, pool *sqlx.DB) error {
		return mosaicsample.Sample{Residents: 200, Seed: 1, Today: today()}.Load(
			ctx, pool, mosaicsample.Options{Now: today})
	})(t)
}

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

// developer lets everyone in, for tests of other things than authentication.
func developer() AuthMethods {
	return AuthMethods{Developer: &access.Caller{
		Kind: access.Developer, ID: "test", Name: "test", Scopes: Scopes(),
	}}
}

// byKeys lets callers in by their API keys only, as time passes by itself.
func byKeys(pool *sqlx.DB) AuthMethods {
	return AuthMethods{Keys: access.NewKeys(access.KeysOptions{DB: pool, Now: time.Now})}
}

// newGateway returns a Gateway over the Mosaic of a database, with the defaults of the program
// except for what is changed.
func newGateway(
	t *testing.T, pool *sqlx.DB, auth AuthMethods, log io.Writer, changes ...func(*Options),
) *Gateway {
	t.Helper()
	limits := source.DefaultLimits(today)
	limits.Timeout = 30 * time.Second
	set, err := source.NewSet(limits, mosaic.New(pool, today))
	if err != nil {
		t.Fatal(err)
	}
	options := Options{
		Auth: auth, Sources: set, CursorKey: bytes.Repeat([]byte("key"), 11),
		Recorder: access.NewRecorder(pool), PingDatabase: pool.PingContext,
		RequestTimeout: 10 * time.Second, MaxConnections: 1024, MaxConcurrent: 64,
		MaxBody: 256 << 10, MaxCost: graph.DefaultMaxCost,
		RequestsPerMinute: 6_000, CostPerMinute: 2_000_000, FailuresPerMinute: 30,
		OpenSchema: auth.Developer != nil, Playground: auth.Developer != nil, REST: true,
		Now: today, Log: slog.New(slog.NewTextHandler(log, nil)),
	}
	for _, change := range changes {
		change(&options)
	}
	gateway, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	return gateway
}

// newServer returns the address of a server over a database that lets everyone in, and its log.
func newServer(
	t *testing.T, pool *sqlx.DB, changes ...func(*Options),
) (url string, logged *buffer) {
	t.Helper()
	return newServerFor(t, pool, developer(), changes...)
}

// newServerFor is the same, for callers who authenticate in these ways.
func newServerFor(
	t *testing.T, pool *sqlx.DB, auth AuthMethods, changes ...func(*Options),
) (url string, logged *buffer) {
	t.Helper()
	logged = new(buffer)
	server := httptest.NewServer(newGateway(t, pool, auth, logged, changes...))
	t.Cleanup(server.Close)
	return server.URL, logged
}

// documents trusts those of a manifest.
func documents(t *testing.T, manifest string, only bool) func(*Options) {
	t.Helper()
	trusted, err := ReadDocuments(manifest, only)
	if err != nil {
		t.Fatal(err)
	}
	return func(o *Options) { o.Documents = trusted }
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

// newKey returns the header by which a service with these scopes authenticates.
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

// waitingFor is how many wait for a table of a database that somebody holds.
func waitingFor(t *testing.T, pool *sqlx.DB) int {
	t.Helper()
	var n int
	const count = `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`
	if err := pool.GetContext(t.Context(), &n, count); err != nil {
		t.Fatal(err)
	}
	return n
}
