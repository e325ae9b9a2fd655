package dbtest

import (
	"context"
	"sync"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// template is a database that others are copied from. PostgreSQL copies it only while nobody is
// connected to it.
type template struct {
	name string
	from string

	once sync.Once
	err  error
}

// prepare fills the template the first time it is called, and says the same each time after. While
// one call fills it, others wait.
func (p *template) prepare(
	ctx context.Context, s *Server, fill func(context.Context, *sqlx.DB) error,
) error {
	p.once.Do(func() { p.err = p.prepareNow(ctx, s, fill) })
	return p.err
}

func (p *template) prepareNow(
	ctx context.Context, s *Server, fill func(context.Context, *sqlx.DB) error,
) error {
	if err := s.copy(ctx, p.from, p.name); err != nil {
		return err
	}
	pool, err := db.Open(ctx, s.embedded.DSN(p.name), testPool())
	if err != nil {
		return err
	}
	err = fill(ctx, pool)
	if err == nil {
		_, err = pool.ExecContext(ctx, `VACUUM (ANALYZE)`)
	}
	_ = pool.Close()
	if err != nil {
		return err
	}
	return s.vacated(ctx, p.name)
}

// testPool is small: many tests share one server.
func testPool() db.Pool { return db.Pool{MaxOpen: 8, MaxIdle: 2} }
