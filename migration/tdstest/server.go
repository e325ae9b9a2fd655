// Package tdstest gives tests an endpoint that speaks TDS 7.4, the protocol of SQL Server, over a
// PostgreSQL database: a double of SQL Server, for what loads from it, follows its Change Tracking
// and verifies against it.
//
// It understands a small part of T-SQL, which it rewrites; the rest it answers with error 102. Text
// of varchar and char is sent in code page 1252, as SQL_Latin1_General_CP1_CI_AS has it, with ? for
// letters that it lacks; but text is compared and ordered by its bytes, while SQL Server ignores
// case and blanks at the end. Times are those of UTC.
//
// What passes here may still fail at SQL Server. The double shows nothing of TLS, NTLM, MARS, bulk
// copy, cursors or output parameters; of collations other than bytes; of locks, of how isolation
// levels differ, or of plans; nor of T-SQL beyond what it rewrites. An error ends a batch, and in a
// transaction leaves nothing but to roll back, as with XACT_ABORT ON.
//
// Read this file, then session.go for the protocol and statement.go for the language. It knows
// nothing of our own tables.
package tdstest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
)

const patience = 10 * time.Second // for what is done when nobody waits any more

// Table is one that the endpoint has. Letter case of names does not count.
type Table struct {
	Schema  string // dbo if empty
	Name    string
	Columns []Column
	Key     []string // of which columns; none for a table without a primary key
	Tracked bool     // by Change Tracking; it needs a key
}

// Column is one of a Table.
type Column struct {
	Name string
	Type string // as T-SQL has it, such as "numeric(16,0)" or "nvarchar(max)"
	Null bool
}

// Server is an endpoint. Its methods may be called from several goroutines.
type Server struct {
	db       *sqlx.DB
	listener net.Listener
	tables   *catalogue
	stop     context.CancelFunc
	running  sync.WaitGroup

	left atomic.Int64 // rows until connections are cut; below 0, they are not
	pace atomic.Int64 // rows in a second for each connection; 0 is as fast as it goes

	mu         sync.Mutex
	isClosed   bool
	sessions   map[*session]bool
	statements []string
}

// Serve starts an endpoint over a database for the time of a test. The database stays open.
func Serve(tb testing.TB, db *sqlx.DB, tables ...Table) *Server {
	tb.Helper()
	s, err := Listen(context.WithoutCancel(tb.Context()), db, tables...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// Listen starts an endpoint over a database on a free port of this machine, until Close. It makes
// the tables that are not there; those of an endpoint before it stay as they are, with their rows
// and their changes. Each request takes a connection of db, which a transaction keeps to its end.
//
// db is to belong to a role that may make schemas. ctx is for the start alone.
func Listen(ctx context.Context, db *sqlx.DB, tables ...Table) (*Server, error) {
	s := &Server{
		db: db, tables: newCatalogue(), sessions: map[*session]bool{},
	}
	s.left.Store(-1)
	if err := s.tables.prepare(ctx, db, tables); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	var err error
	if s.listener, err = config.Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("tdstest: listen: %w", err)
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	s.stop = stop
	s.running.Go(func() { s.accept(running) })
	return s, nil
}

func (s *Server) accept(ctx context.Context) {
	for {
		conn, err := s.listener.Accept()
		if err != nil {
			return
		}
		of := newSession(s, conn)
		if !s.enter(of) {
			conn.Close()
			continue
		}
		s.running.Go(func() {
			of.serve(ctx)
			s.mu.Lock()
			delete(s.sessions, of)
			s.mu.Unlock()
		})
	}
}

func (s *Server) enter(of *session) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[of] = true
	return !s.isClosed
}

// Close ends all connections and the endpoint. What is in the database stays.
func (s *Server) Close() error {
	s.mu.Lock()
	s.isClosed = true
	s.mu.Unlock()
	err := s.listener.Close()
	s.stop()
	s.DropConnections()
	s.running.Wait()
	if err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("tdstest: close: %w", err)
	}
	return nil
}

// DSN is how go-mssqldb reaches the endpoint. Any other name of a database does as well.
func (s *Server) DSN() string {
	u := url.URL{
		Scheme: "sqlserver", User: url.UserPassword(user, password), Host: s.Addr(),
		RawQuery: url.Values{"database": {"mosaic"}, "encrypt": {"disable"}}.Encode(),
	}
	return u.String()
}

// Addr is the host and the port that the endpoint listens on.
func (s *Server) Addr() string { return s.listener.Addr().String() }

// DB is the database behind, for filling tables fast. Schemas, tables and columns are those that
// were declared, in lower case.
func (s *Server) DB() *sqlx.DB { return s.db }

// Statements are those that clients have sent so far, as they were sent, without their parameters.
// Requests that begin and end transactions, and nothing else, are not among them.
func (s *Server) Statements() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.statements)
}

func (s *Server) note(statement string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.statements = append(s.statements, statement)
}

// DropConnections cuts every connection that there is. New ones are taken.
func (s *Server) DropConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for of := range s.sessions {
		of.conn.Close()
	}
}

// Break cuts every connection that there is once so many more rows were sent, whoever to. It does
// so once.
func (s *Server) Break(after int) { s.left.Store(int64(max(after, 1))) }

// Slow has each connection send no more than so many rows in a second; 0 lifts it.
func (s *Server) Slow(rowsPerSecond int) { s.pace.Store(int64(rowsPerSecond)) }

var errBroken = errors.New("tdstest: the connection was to break")

// sent counts a row, and does what Break and Slow have asked for.
func (s *session) sent(ctx context.Context) error {
	if s.server.left.Load() > 0 && s.server.left.Add(-1) == 0 {
		s.server.left.Store(-1)
		s.out.write(s.buf)
		s.out.cut()
		s.server.DropConnections()
		return errBroken
	}
	pace := s.server.pace.Load()
	if pace <= 0 {
		return nil
	}
	s.out.write(s.buf)
	s.buf = s.buf[:0]
	timer := time.NewTimer(time.Second / time.Duration(pace))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
