package sample_test

import (
	"os"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(),
		db.Schema{Name: "mosaic", Files: mosaic.Schema()}))
}
