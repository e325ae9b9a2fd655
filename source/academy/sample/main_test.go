package sample_test

import (
	"os"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/academy"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "academy", Files: academy.Schema()}))
}

// today is the day on which every test of this package takes place.
func today() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }
