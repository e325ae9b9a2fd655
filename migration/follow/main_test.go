package follow_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/follow"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

var server *dbtest.Server

func TestMain(m *testing.M) {
	if isChild() {
		os.Exit(beKilled())
	}
	os.Exit(dbtest.Run(m, &server, db.Gateway(),
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}

// now is when every test of this package begins.
func now() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

// a place is a system, and the PostgreSQL that follows it.
type place struct {
	*migrationtest.World
	db    *sqlx.DB
	clock time.Time
}

// newPlace is one that holds so many rows of each table, all of them loaded.
func newPlace(t *testing.T, rows int) *place {
	t.Helper()
	p := &place{migrationtest.New(t, server.New(t), mosaic.Mapping()), server.New(t), now()}
	p.Fill(t, 0, rows)
	_, err := load.Run(t.Context(), load.Options{
		DB: p.db, Mapping: p.Mapping, Reader: p.Reader, Feed: p.Reader, Now: now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *place) options() follow.Options {
	return follow.Options{
		DB: p.db, Mapping: p.Mapping, Feed: p.Reader, Reader: p.Reader,
		Now:  func() time.Time { return p.clock },
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func (p *place) pass(t *testing.T) {
	t.Helper()
	if err := follow.Once(t.Context(), p.options()); err != nil {
		t.Fatal(err)
	}
}

// wantSame fails unless what is served is what the system holds.
func (p *place) wantSame(t *testing.T) {
	t.Helper()
	for i := range p.Mapping.Tables {
		p.WantSame(t, p.db, &p.Mapping.Tables[i])
	}
}
