// Package academy answers for Academy, the system of council tax and housing benefit, from the
// tables migrated out of it. It owns the schema academy in PostgreSQL; no other package reads it.
// Its residents are of two kinds, in one list: read declaration.go first, which says what Academy
// has.
package academy

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

// Name is what callers ask for Academy by.
const Name resident.SourceName = "ACADEMY"

// New returns Academy over db, which it leaves open. The day on which an address is current is the
// day that it is at now(), in now()'s own time zone.
func New(db *sqlx.DB, now func() time.Time) *engine.Source {
	return engine.New(db, now, declaration())
}

// Plug is how Academy is put into the gateway, with a sample of it.
func Plug(sample func(plug.Sample) plug.Seeder) plug.Plug {
	return plug.OfTables(Mapping(), Schema(), New, sample)
}

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema academy.
func Schema() fs.FS { return table.Schema(schema) }
