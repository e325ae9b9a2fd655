package engine_test

import (
	"os"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres, db.Gateway(), fifthSchema())) }
