// Package housing answers for Universal Housing, the system of tenancies, from the tables migrated
// out of it. It owns the schema housing in PostgreSQL; no other package reads it. A resident is a
// member of a household: read reference.go first, then statement.go, where every question becomes
// one statement.
package housing

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// Name is what callers ask for Universal Housing by.
const Name resident.SourceName = "HOUSING"

const title = "Universal Housing"

// everyoneIsRestricted is what Universal Housing says of who is restricted: nothing at all, and
// nobody may assume that someone is not. All that follows from it, in what is told, what is read
// and who is found, follows from this constant.
const everyoneIsRestricted = true

// isHidden is whether the whereabouts of residents may not be known with this leave.
func isHidden(leave resident.Leave) bool { return everyoneIsRestricted && !leave.Restricted }

// Housing is the source. It is safe for concurrent use.
type Housing struct {
	db    *sqlx.DB
	now   func() time.Time
	taken *mapping.Mapping
}

var (
	_ source.Getter   = (*Housing)(nil)
	_ source.Lister   = (*Housing)(nil)
	_ source.Reporter = (*Housing)(nil)
)

// New returns a Housing over db, which it leaves open: the caller owns it. The day that decides
// whether a tenancy has ended is the one that it is at now(), in now()'s own zone.
func New(db *sqlx.DB, now func() time.Time) *Housing {
	return &Housing{db: db, now: now, taken: Mapping()}
}

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema housing.
func Schema() fs.FS { return table.Schema(schema) }

// About says who Universal Housing is.
func (h *Housing) About() source.About {
	const known = "Members of the households of council tenancies: who they are, where the household" +
		" lives, its tenancies, and the phones and e-mail of its members."
	return source.About{
		Name: Name, Title: title, Description: known,
		FilterFields: []resident.FilterField{
			resident.FilterSourceID, resident.FilterFirstName, resident.FilterLastName,
			resident.FilterDateOfBirth, resident.FilterEmail, resident.FilterPhone,
			resident.FilterAddress, resident.FilterPostcode, resident.FilterUPRN,
			resident.OwnFilterField(Name),
		},
	}
}

// Freshness is how far the data is behind the system.
func (h *Housing) Freshness(ctx context.Context) (source.Freshness, error) {
	return h.loads().Freshness(ctx)
}

// Report is how fresh Universal Housing is, and what that rests on.
func (h *Housing) Report(ctx context.Context) (source.Report, error) {
	return h.loads().Report(ctx)
}

func (h *Housing) loads() table.Loads {
	return table.Loads{
		DB: h.db, Title: title, Schema: "housing", Tables: []string{"member"},
		Mapping: h.taken, Now: h.now,
	}
}
