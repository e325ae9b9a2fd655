package load_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

var server *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &server, db.Gateway(),
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}

// now is when every test of this package takes place.
func now() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

// a place is a system, and the PostgreSQL that it is loaded into.
type place struct {
	*migrationtest.World
	db *sqlx.DB
}

func newPlace(t *testing.T) *place {
	t.Helper()
	return &place{migrationtest.New(t, server.New(t), mosaic.Mapping()), server.New(t)}
}

// options are those of a load that follows on, and does not wait.
func (p *place) options() load.Options {
	return load.Options{
		DB: p.db, Mapping: p.Mapping, Reader: p.Reader, Feed: p.Reader, RangeRows: 300, Now: now,
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
}

func (p *place) load(t *testing.T, o load.Options) load.Report {
	t.Helper()
	report, err := load.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// wantSame fails unless what is served is what the system holds.
func (p *place) wantSame(t *testing.T) {
	t.Helper()
	for i := range p.Mapping.Tables {
		p.WantSame(t, p.db, &p.Mapping.Tables[i])
	}
}

// loaded is the digest of a table here.
func (p *place) loaded(t *testing.T, table *mapping.Table) canon.Digest {
	t.Helper()
	var d canon.Digest
	for _, line := range migrationtest.Lines(t, pgreader.New(p.db, "mosaic", "here"), table) {
		d.Add([]byte(line))
	}
	return d
}
