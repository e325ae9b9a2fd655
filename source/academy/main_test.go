package academy_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/academy"
	academysample "github.com/LBHackney-IT/resident-gateway/source/academy/sample"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "academy", Files: academy.Schema()}))
}

// today is the day on which every test of this package takes place.
func today() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

// sampleOf is a sample of that day.
func sampleOf(residents int) academysample.Sample {
	return academysample.Sample{Residents: residents, Seed: 1, Today: today()}
}

// newSample returns a database with 400 sample residents.
func newSample(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", func(ctx context.Context, database *sqlx.DB) error {
		return sampleOf(400).Load(ctx, database, academysample.Options{Now: today})
	})(t)
}
