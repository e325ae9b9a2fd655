package dbtest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"
)

// Scratch returns a pool over a database that t has to itself, as New does, in which these
// statements have been run. It costs far less than New, and can less: all that t does is one
// transaction, which is undone when t ends. So one statement runs at a time, now() stands still,
// and after a statement that PostgreSQL refuses none is run any more.
func (s *Server) Scratch(t testing.TB, statements ...string) *sqlx.DB {
	t.Helper()
	s.ready(t)
	dsn, err := s.takeScratch(t.Context())
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { // after the pool is closed
		s.mu.Lock()
		defer s.mu.Unlock()
		s.scratches = append(s.scratches, dsn)
	})
	pool := s.open(t, dsn, func(conn driver.Conn) driver.Conn {
		return &scratchConn{fullConn: conn.(fullConn)}
	})
	pool.SetMaxOpenConns(1)
	Execute(t, pool, `BEGIN`)
	for _, statement := range statements {
		Execute(t, pool, statement)
	}
	return pool
}

// takeScratch returns the connection string of a database that nobody uses, which is made if there
// is none.
func (s *Server) takeScratch(ctx context.Context) (string, error) {
	s.mu.Lock()
	if last := len(s.scratches) - 1; last >= 0 {
		defer s.mu.Unlock()
		dsn := s.scratches[last]
		s.scratches = s.scratches[:last]
		return dsn, nil
	}
	s.mu.Unlock()
	name := fmt.Sprintf("scratch_%d", s.databases.Add(1))
	return s.embedded.DSN(name), s.copy(ctx, s.base.name, name)
}

// scratchConn is a connection within a transaction: those that are begun on it are parts of that.
type scratchConn struct {
	fullConn
	depth int
}

func (c *scratchConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	c.depth++
	part := &scratchTx{c, fmt.Sprintf("part_%d", c.depth)}
	return part, part.exec(ctx, `SAVEPOINT `+part.name)
}

func (c *scratchConn) Close() error {
	_, _ = c.ExecContext(context.Background(), `ROLLBACK`, nil) // or it is closed for good
	return c.fullConn.Close()
}

type scratchTx struct {
	conn *scratchConn
	name string
}

func (x *scratchTx) exec(ctx context.Context, statement string) error {
	_, err := x.conn.ExecContext(ctx, statement, nil)
	return err
}

func (x *scratchTx) Commit() error {
	x.conn.depth--
	return x.exec(context.Background(), `RELEASE `+x.name)
}

func (x *scratchTx) Rollback() error {
	x.conn.depth--
	return x.exec(context.Background(), `ROLLBACK TO `+x.name)
}
