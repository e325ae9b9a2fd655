package dbtest

import (
	"context"
	"database/sql/driver"
	"slices"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
)

// Counter knows every statement that went through one pool. It may be used by several goroutines
// at once.
type Counter struct {
	mu         sync.Mutex
	statements []string
}

// Statements are the texts that were sent since the last Reset, in order. A statement that was
// prepared counts each time that it is run, and not when it is prepared; COPY counts once. The
// ends of a transaction count: BEGIN, COMMIT and ROLLBACK are sent too.
func (c *Counter) Statements() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.statements)
}

// Reset forgets all statements so far.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = nil
}

func (c *Counter) add(statement string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.statements = append(c.statements, statement)
}

// Counting returns a pool over the database at dsn that is like any other, and a Counter of what
// goes through it. The pool is closed when t ends.
func (s *Server) Counting(t testing.TB, dsn string) (*sqlx.DB, *Counter) {
	t.Helper()
	counter := &Counter{}
	pool := s.open(t, dsn, func(conn driver.Conn) driver.Conn {
		return &countingConn{conn.(fullConn), counter}
	})
	pool.SetMaxIdleConns(1) // a test has several over one database: others may have the rest
	return pool, counter
}

// fullConn is all that lib/pq's connections can do and database/sql asks for.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

// countingConn is a connection that tells its Counter what is sent. What it does not name itself
// is the connection's own.
type countingConn struct {
	fullConn
	counter *Counter
}

func (c *countingConn) QueryContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Rows, error) {
	c.counter.add(query)
	return c.fullConn.QueryContext(ctx, query, args)
}

func (c *countingConn) ExecContext(
	ctx context.Context, query string, args []driver.NamedValue,
) (driver.Result, error) {
	c.counter.add(query)
	return c.fullConn.ExecContext(ctx, query, args)
}

func (c *countingConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *countingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	stmt, err := c.fullConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	full, ok := stmt.(fullStmt)
	if !ok { // COPY, which is run once for each row
		c.counter.add(query)
		return stmt, nil
	}
	return &countingStmt{full, query, c.counter}, nil
}

func (c *countingConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.counter.add("BEGIN")
	tx, err := c.fullConn.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return &countingTx{tx, c.counter}, nil
}

type countingTx struct {
	driver.Tx
	counter *Counter
}

func (x *countingTx) Commit() error {
	x.counter.add("COMMIT")
	return x.Tx.Commit()
}

func (x *countingTx) Rollback() error {
	x.counter.add("ROLLBACK")
	return x.Tx.Rollback()
}

type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

type countingStmt struct {
	fullStmt
	query   string
	counter *Counter
}

func (s *countingStmt) ExecContext(
	ctx context.Context, args []driver.NamedValue,
) (driver.Result, error) {
	s.counter.add(s.query)
	return s.fullStmt.ExecContext(ctx, args)
}

func (s *countingStmt) QueryContext(
	ctx context.Context, args []driver.NamedValue,
) (driver.Rows, error) {
	s.counter.add(s.query)
	return s.fullStmt.QueryContext(ctx, args)
}
