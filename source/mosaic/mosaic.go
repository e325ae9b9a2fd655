// Package mosaic answers for Mosaic, the social care system, from the tables migrated out of it. It
// owns the schema mosaic in PostgreSQL; no other package reads it. Read declaration.go first: it
// says what Mosaic has, and the engine asks.
package mosaic

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

// Name is what callers ask for Mosaic by.
const Name resident.SourceName = "MOSAIC"

// New returns Mosaic over db, which it leaves open. The day on which an address is current is the
// day that it is at now(), in now()'s own time zone.
func New(db *sqlx.DB, now func() time.Time) *engine.Source {
	return engine.New(db, now, declaration())
}

// Plug is how Mosaic is put into the gateway, with a sample of it.
func Plug(sample func(plug.Sample) plug.Seeder) plug.Plug {
	return plug.OfTables(Mapping(), Schema(), New, sample)
}

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema mosaic.
func Schema() fs.FS { return table.Schema(schema) }
