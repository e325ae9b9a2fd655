package main

import (
	"context"
	"io/fs"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// A plug is how a source is put into the gateway.
type plug struct {
	name   resident.SourceName
	schema fs.FS
	open   func(*sqlx.DB, func() time.Time) source.Source
	seed   func(context.Context, *sqlx.DB, sample) error
}

// A sample is what sample residents are made of.
type sample struct {
	residents int
	seed      uint64
	replace   bool
	now       func() time.Time
	progress  func(phase string, done, total int)
}

// sources is the table of the sources there are. A source is in the gateway when it has a line
// here.
func sources() []plug {
	return []plug{
		{mosaic.Name, mosaic.Schema(), openMosaic, seedMosaic},
	}
}

// schemas is what the database needs: what the gateway keeps of its own, then each source's.
func schemas() []db.Schema {
	all := []db.Schema{
		db.Gateway(),
		{Name: "access", Files: access.Schema(), Grants: access.Grants()},
	}
	for _, p := range sources() {
		all = append(all, db.Schema{Name: strings.ToLower(string(p.name)), Files: p.schema})
	}
	return all
}

// openSources returns the set of all sources, over one database.
func openSources(database *sqlx.DB, now func() time.Time) (*source.Set, error) {
	var all []source.Source
	for _, p := range sources() {
		all = append(all, p.open(database, now))
	}
	return source.NewSet(all...)
}

// londonClock returns what the time is, in London: the day there is the day for Hackney's records.
func londonClock() (func() time.Time, error) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		return nil, err
	}
	return func() time.Time { return time.Now().In(london) }, nil
}

func openMosaic(database *sqlx.DB, now func() time.Time) source.Source {
	return mosaic.New(database, now)
}

// sampleDay is the day that sample residents are as old as they are on, whatever the day is: they
// are the same for the same seed.
func sampleDay() time.Time { return time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC) }

func seedMosaic(ctx context.Context, database *sqlx.DB, s sample) error {
	return mosaic.Sample{Residents: s.residents, Seed: s.seed, Today: sampleDay()}.Load(
		ctx, database, mosaic.SampleOptions{Replace: s.replace, Progress: s.progress, Now: s.now})
}
