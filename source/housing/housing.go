// Package housing answers for Universal Housing, the system of tenancies, from the tables migrated
// out of it. It owns the schema housing in PostgreSQL; no other package reads it. A resident is a
// member of a household: read declaration.go first, which says what Universal Housing has, and then
// reference.go.
package housing

import (
	"embed"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// Name is what callers ask for Universal Housing by.
const Name resident.SourceName = "HOUSING"

// New returns Universal Housing over db, which it leaves open. The day that decides whether a
// tenancy has ended is the one that it is at now(), in now()'s own time zone.
func New(db *sqlx.DB, now func() time.Time) *engine.Source {
	return engine.New(db, now, declaration())
}

// Plug is how Universal Housing is put into the gateway, with a sample of it.
func Plug(sample func(plug.Sample) plug.Seeder) plug.Plug {
	return plug.OfTables(Mapping(), Schema(), New, sample)
}

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema housing.
func Schema() fs.FS { return table.Schema(schema) }
