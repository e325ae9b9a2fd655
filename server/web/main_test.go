package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
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
) (url string, logged *webtest.Buffer) {
	t.Helper()
	return newServerFor(t, pool, developer(), changes...)
}

// newServerFor is the same, for callers who authenticate in these ways.
func newServerFor(
	t *testing.T, pool *sqlx.DB, auth AuthMethods, changes ...func(*Options),
) (url string, logged *webtest.Buffer) {
	t.Helper()
	logged = new(webtest.Buffer)
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
