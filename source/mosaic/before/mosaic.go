// Package before is Mosaic as it was, for a test to hold the engine to.
package before

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

const title = "Mosaic"

// Mosaic is the source. It is safe for concurrent use.
type Mosaic struct {
	db    *sqlx.DB
	now   func() time.Time
	taken *mapping.Mapping
}

var (
	_ source.Getter   = (*Mosaic)(nil)
	_ source.Lister   = (*Mosaic)(nil)
	_ source.Reporter = (*Mosaic)(nil)
)

// New returns a Mosaic over db. Closing it leaves db open: the caller owns it. The day on which an
// address is current is the day that it is at now(), in now()'s own zone.
func New(db *sqlx.DB, now func() time.Time) *Mosaic {
	return &Mosaic{db: db, now: now, taken: mosaic.Mapping()}
}

// About says who Mosaic is.
func (m *Mosaic) About() source.About {
	return source.About{
		Name:  mosaic.Name,
		Title: title,
		Description: "Adults and children known to social care: who they are, where they live and" +
			" have lived, their phones and e-mail.",
		FilterFields: []resident.FilterField{
			resident.FilterSourceID, resident.FilterFirstName, resident.FilterLastName,
			resident.FilterDateOfBirth, resident.FilterAgeGroup, resident.FilterNHSNumber,
			resident.FilterEmail, resident.FilterPhone, resident.FilterAddress,
			resident.FilterPostcode, resident.FilterUPRN,
		},
	}
}

// loads is what is known of when Mosaic's tables were loaded.
func (m *Mosaic) loads() table.Loads {
	return table.Loads{
		DB: m.db, Title: title, Schema: "mosaic", Tables: []string{"dm_persons"},
		Mapping: m.taken, Now: m.now,
	}
}

// Freshness is how far the data is behind the system.
func (m *Mosaic) Freshness(ctx context.Context) (source.Freshness, error) {
	return m.loads().Freshness(ctx)
}

// Report is how fresh Mosaic is, and what that rests on.
func (m *Mosaic) Report(ctx context.Context) (source.Report, error) {
	return m.loads().Report(ctx)
}
