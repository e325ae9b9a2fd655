package target_test

import (
	"os"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

var postgres *dbtest.Server

// Each database has the tables of every source, as they are migrated.
func TestMain(m *testing.M) {
	schemas := []db.Schema{db.Gateway()}
	for _, p := range catalogue.Sources() {
		schemas = append(schemas, db.Schema{
			Name: strings.ToLower(string(p.Name)), Files: p.Schema,
		})
	}
	os.Exit(dbtest.Run(m, &postgres, schemas...))
}
