package dbtest

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
)

// template is a database that others are copied from. PostgreSQL copies it only while nobody is
// connected to it.
type template struct {
	name string
	from string

	once sync.Once
	err  error

	share    sync.Once
	shared   *sqlx.DB
	shareErr error
}

// template returns the template of that name, filled.
func (s *Server) template(
	t testing.TB, name string, prepare func(context.Context, *sqlx.DB) error,
) *template {
	t.Helper()
	s.ready(t)

	s.mu.Lock()
	made := s.templates[name]
	if made == nil {
		made = &template{
			name: fmt.Sprintf("template_%d", len(s.templates)+1),
			from: s.base.name,
		}
		s.templates[name] = made
	}
	s.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), templatePatience)
	defer cancel()
	if err := made.prepare(ctx, s, prepare); err != nil {
		t.Fatalf("dbtest: template %s: %v", name, err)
	}
	return made
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
	pool, err := s.pool(s.embedded.DSN(p.name), nil)
	if err != nil {
		return err
	}
	err = fill(ctx, pool)
	if err == nil {
		_, err = pool.ExecContext(ctx, `VACUUM (ANALYZE)`)
	}
	_ = pool.Close()
	s.lender.forget(p.name)
	if err != nil {
		return err
	}
	return s.vacated(ctx, p.name)
}

// share makes a copy of a template in which every transaction is read-only, and opens it.
func (s *Server) share(from *template) (*sqlx.DB, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	name := from.name + "_shared"
	if err := s.copy(ctx, from.name, name); err != nil {
		return nil, err
	}
	readOnly := `ALTER DATABASE ` + name + ` SET default_transaction_read_only = on`
	if _, err := s.admin.ExecContext(ctx, readOnly); err != nil {
		return nil, fmt.Errorf("make %s read-only: %w", name, err)
	}
	return s.pool(s.embedded.DSN(name), nil)
}
