// Package academy answers for Academy, the system of council tax and housing benefit, from the
// tables migrated out of it. It owns the schema academy in PostgreSQL; no other package reads it.
// Its residents are of two kinds, in one list: read kind.go first, then statement.go, where every
// question becomes one statement.
package academy

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

// Name is what callers ask for Academy by.
const Name resident.SourceName = "ACADEMY"

const title = "Academy"

// everyoneIsRestricted is what Academy says of who is restricted: nothing at all, and nobody may
// assume that someone is not. All that follows from it, in what is told, what is read and who is
// found, follows from this constant.
const everyoneIsRestricted = true

// isHidden is whether the whereabouts of Academy's residents may not be known with this leave.
func isHidden(leave resident.Leave) bool { return everyoneIsRestricted && !leave.Restricted }

// Academy is the source. It is safe for concurrent use.
type Academy struct {
	db    *sqlx.DB
	now   func() time.Time
	taken *mapping.Mapping
}

var (
	_ source.Getter   = (*Academy)(nil)
	_ source.Lister   = (*Academy)(nil)
	_ source.Reporter = (*Academy)(nil)
)

// New returns an Academy over db, which it leaves open: the caller owns it. The day on which an
// address is current is the day that it is at now(), in now()'s own zone.
func New(db *sqlx.DB, now func() time.Time) *Academy {
	return &Academy{db: db, now: now, taken: Mapping()}
}

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema academy.
func Schema() fs.FS { return table.Schema(schema) }

// About says who Academy is.
func (a *Academy) About() source.About {
	const known = "Those on benefit claims and those liable for council tax: who they are, where" +
		" they live and have lived, and the phones and e-mail of tax payers."
	return source.About{
		Name: Name, Title: title, Description: known,
		FilterFields: []resident.FilterField{
			resident.FilterSourceID, resident.FilterFirstName, resident.FilterLastName,
			resident.FilterDateOfBirth, resident.FilterEmail, resident.FilterPhone,
			resident.FilterAddress, resident.FilterPostcode, resident.FilterUPRN,
		},
	}
}

// loads is what is known of when Academy's tables were loaded.
func (a *Academy) loads() table.Loads {
	return table.Loads{
		DB: a.db, Title: title, Schema: "academy", Tables: []string{"hbmember", "ctaccount"},
		Mapping: a.taken, Now: a.now,
	}
}

// Freshness is how far the data is behind the system.
func (a *Academy) Freshness(ctx context.Context) (source.Freshness, error) {
	return a.loads().Freshness(ctx)
}

// Report is how fresh Academy is, and what that rests on.
func (a *Academy) Report(ctx context.Context) (source.Report, error) {
	return a.loads().Report(ctx)
}
