// Package dbtest gives a test a PostgreSQL database of its own: a real one, on an embedded server
// that the tests of one package share. Read server.go; counting.go tells what was asked of a
// database.
package dbtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
)

const (
	patience         = 2 * time.Minute  // for a start, a copy, or a drop
	templatePatience = 10 * time.Minute // for all that a test fills a template with
)

// Server is an embedded PostgreSQL for the tests of one package. It starts when the first test
// asks for a database, so that tests which need none do not wait for it.
type Server struct {
	schemas []db.Schema
	start   func() error

	embedded   *db.Embedded
	admin      *sqlx.DB
	strategies bool // whether CREATE DATABASE takes a strategy, as it does since PostgreSQL 15
	base       *template
	databases  atomic.Int64 // made so far
	lender     lender

	mu        sync.Mutex
	scratches []string // connection strings of those that nobody uses
	templates map[string]*template
}

// Run runs the tests of m with a server in *s, on which every database has the schemas, and
// returns the code to exit with. It stops the server whatever the tests do.
//
//	var postgres *dbtest.Server
//
//	func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres, db.Gateway())) }
func Run(m *testing.M, s **Server, schemas ...db.Schema) int {
	server := newServer(schemas)
	defer server.stop()
	*s = server
	drawFew()
	return m.Run()
}

func newServer(schemas []db.Schema) *Server {
	s := &Server{schemas: schemas, templates: map[string]*template{}}
	s.start = sync.OnceValue(s.startNow)
	return s
}

func (s *Server) startNow() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()

	var err error
	if s.embedded, err = db.StartEmbedded(ctx, db.EmbeddedOptions{Getenv: getenv}); err != nil {
		return err
	}
	if s.admin, err = db.Open(ctx, s.embedded.DSN("postgres"), db.Pool{MaxOpen: 4}); err != nil {
		return err
	}
	const strategies = `SELECT current_setting('server_version_num')::int >= 150000`
	if err := s.admin.GetContext(ctx, &s.strategies, strategies); err != nil {
		return fmt.Errorf("version of the server: %w", err)
	}
	s.base = &template{name: "template_schemas", from: "template0"}
	return s.base.prepare(ctx, s, func(ctx context.Context, pool *sqlx.DB) error {
		_, err := db.Migrate(ctx, pool, s.schemas...)
		return err
	})
}

// stop ends the server, if it was started.
func (s *Server) stop() {
	for _, made := range s.templates {
		if made.shared != nil {
			_ = made.shared.Close()
		}
	}
	if s.admin != nil {
		_ = s.admin.Close()
	}
	if s.embedded != nil {
		if err := s.embedded.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// ready starts the server if no test has before.
func (s *Server) ready(t testing.TB) {
	t.Helper()
	if s == nil {
		t.Fatal("dbtest: no server: give the package a TestMain that calls dbtest.Run")
	}
	if err := s.start(); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
}

// New returns a pool over a database that t has to itself, empty but for the schemas. Both are
// gone when t ends. Tests may call it in parallel.
func (s *Server) New(t testing.TB) *sqlx.DB {
	t.Helper()
	return s.open(t, s.DSN(t), nil)
}

// DSN makes a database as New does, and returns its connection string instead of a pool.
func (s *Server) DSN(t testing.TB) string {
	t.Helper()
	s.ready(t)
	return s.clone(t, s.base)
}

// DSNOf is the connection string of the database of pool, which this server has made: for a second
// pool over it, such as a counting one.
func (s *Server) DSNOf(t testing.TB, pool *sqlx.DB) string {
	t.Helper()
	var name string
	if err := pool.GetContext(t.Context(), &name, `SELECT current_database()`); err != nil {
		t.Fatalf("dbtest: name of a database: %v", err)
	}
	return s.embedded.DSN(name)
}

// DSNAs is DSNOf for another role, which may connect and nothing else, unless it was granted more.
func (s *Server) DSNAs(t testing.TB, pool *sqlx.DB, role string) string {
	t.Helper()
	var name string
	if err := pool.GetContext(t.Context(), &name, `SELECT current_database()`); err != nil {
		t.Fatalf("dbtest: name of a database: %v", err)
	}
	s.mu.Lock() // all databases of the server share its roles
	defer s.mu.Unlock()
	if err := s.embedded.AddRole(t.Context(), s.admin, role); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	return s.embedded.DSNAs(role, name)
}

// Template has prepare fill a database with what several tests start from, and returns a New that
// gives each of them a copy of it. prepare is called once for each name, however many tests ask;
// its database has the schemas, and is analysed afterwards so that copies are planned as well as
// a database that has been in use.
func (s *Server) Template(
	t testing.TB, name string, prepare func(context.Context, *sqlx.DB) error,
) func(testing.TB) *sqlx.DB {
	t.Helper()
	made := s.template(t, name, prepare)
	return func(t testing.TB) *sqlx.DB {
		t.Helper()
		return s.open(t, s.clone(t, made), nil)
	}
}

// Shared returns a pool over one copy of the Template of that name, which all tests of the package
// share. A test must not write into it: PostgreSQL refuses every write. DSNOf gives a test a pool
// of its own over the same copy. Shared costs far less than a copy for each test.
func (s *Server) Shared(
	t testing.TB, name string, prepare func(context.Context, *sqlx.DB) error,
) *sqlx.DB {
	t.Helper()
	made := s.template(t, name, prepare)
	made.share.Do(func() { made.shared, made.shareErr = s.share(made) })
	if made.shareErr != nil {
		t.Fatalf("dbtest: share template %s: %v", name, made.shareErr)
	}
	return made.shared
}
