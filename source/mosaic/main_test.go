package mosaic_test

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}

// today is the day on which every test of this package takes place.
func today() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

// newSample returns a database with sample residents.
func newSample(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "sample", func(ctx context.Context, database *sqlx.DB) error {
		return mosaicsample.Sample{Residents: 400, Seed: 1, Today: today()}.Load(
			ctx, database, mosaicsample.Options{Now: today})
	})(t)
}
