package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
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
	server := httptest.NewServer(newHandlerOf(t, pool))
	t.Cleanup(server.Close)
	return server.URL
}

// operators returns what a gateway is given of a database that is not its own, and the header by
// which a service with every scope is known.
func operators(t *testing.T, pool *sqlx.DB) (dsn, authorization string) {
	t.Helper()
	dsn = postgres.DSNAs(t, pool, "serving")
	if err := db.Grant(t.Context(), pool, "serving", schemas(catalogue.Sources())...); err != nil {
		t.Fatal(err)
	}
	return dsn, webtest.NewKey(t, pool, web.Scopes())
}
