package dbtest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// A lender keeps the connections that pools are done with, and gives them to the next pool over the
// same database. A new connection costs about 20 ms of CPU.
type lender struct {
	mu   sync.Mutex
	idle map[string][]*lentConn // by connection string
}

// pool returns a pool over the database at dsn whose connections are lent.
func (s *Server) pool(dsn string, wrap func(driver.Conn) driver.Conn) (*sqlx.DB, error) {
	connector, err := db.Connector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sqlx.NewDb(sql.OpenDB(&lending{connector, dsn, &s.lender, wrap}), "postgres")
	pool.SetMaxOpenConns(8) // many tests share one server
	pool.SetMaxIdleConns(8)
	return pool, nil
}

// open returns a pool that is closed when t ends.
func (s *Server) open(
	t testing.TB, dsn string, wrap func(driver.Conn) driver.Conn,
) *sqlx.DB {
	t.Helper()
	pool, err := s.pool(dsn, wrap)
	if err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

// take returns a connection that nobody uses, if there is one.
func (l *lender) take(dsn string) *lentConn {
	l.mu.Lock()
	defer l.mu.Unlock()
	idle := l.idle[dsn]
	if len(idle) == 0 {
		return nil
	}
	last := len(idle) - 1
	l.idle[dsn] = idle[:last]
	return idle[last]
}

// keep takes a connection back, which its pool has closed.
func (l *lender) keep(dsn string, conn *lentConn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.idle == nil {
		l.idle = make(map[string][]*lentConn)
	}
	l.idle[dsn] = append(l.idle[dsn], conn)
}

// forget closes the connections to a database that nobody uses.
func (l *lender) forget(database string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for dsn, idle := range l.idle {
		if !strings.Contains(dsn, "dbname='"+database+"'") {
			continue
		}
		for _, conn := range idle {
			_ = conn.fullConn.Close()
		}
		delete(l.idle, dsn)
	}
}

// lending is a Connector that asks the lender first.
type lending struct {
	driver.Connector
	dsn    string
	lender *lender
	wrap   func(driver.Conn) driver.Conn // what the pool gets, of a connection
}

func (l *lending) Connect(ctx context.Context) (driver.Conn, error) {
	lent := l.lender.take(l.dsn)
	if lent == nil {
		fresh, err := l.Connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		lent = &lentConn{fullConn: fresh.(fullConn)}
	}
	lent.from = l
	if l.wrap == nil {
		return lent, nil
	}
	return l.wrap(lent), nil
}

type lentConn struct {
	fullConn
	from *lending
}

// Close gives the connection back as good as new: what has been set, locked, listened to or
// prepared on it is gone. One that is broken, or within a transaction, is closed.
func (c *lentConn) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if c.IsValid() {
		if _, err := c.ExecContext(ctx, `DISCARD ALL`, nil); err == nil {
			c.from.lender.keep(c.from.dsn, c)
			return nil
		}
	}
	return c.fullConn.Close()
}
