// Package qlik answers for Qlik, where the council's analysts bring together what is known of
// households. It knows properties and no residents. It owns the schema qlik in PostgreSQL; no other
// package reads it. Read survey.go for what is asked, then load.go for how a file gets in.
package qlik

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// Name is what callers ask for Qlik by.
const Name resident.SourceName = "QLIK"

const title = "Qlik"

// Qlik is the source. It is safe for concurrent use.
type Qlik struct {
	db  *sqlx.DB
	now func() time.Time
}

var (
	_ source.Surveyor = (*Qlik)(nil)
	_ source.Reporter = (*Qlik)(nil)
)

// New returns a Qlik over db. Closing it leaves db open: the caller owns it. The times that the
// export says are in the zone of now().
func New(db *sqlx.DB, now func() time.Time) *Qlik { return &Qlik{db: db, now: now} }

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema qlik.
func Schema() fs.FS { return table.Schema(schema) }

// About says who Qlik is.
func (q *Qlik) About() source.About {
	return source.About{
		Name:  Name,
		Title: title,
		Description: "Households by their property: signs that they may need help. It knows no" +
			" residents.",
	}
}

const lastLoad = `
	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'qlik') AS loaded_at,
	       (SELECT min(date_created) FROM qlik.qlik_vulnerability)    AS oldest`

// Freshness is as of the oldest row of the export, and not of the day that it was loaded on: a file
// may have lain about.
func (q *Qlik) Freshness(ctx context.Context) (source.Freshness, error) {
	var row struct {
		LoadedAt *time.Time `db:"loaded_at"`
		Oldest   *time.Time `db:"oldest"`
	}
	if err := q.db.GetContext(ctx, &row, lastLoad); err != nil {
		return source.Freshness{}, failed(ctx, "qlik: freshness", err)
	}
	switch {
	case row.LoadedAt != nil:
		asOf := row.LoadedAt.UTC()
		if row.Oldest != nil {
			oldest := q.moment(*row.Oldest)
			if oldest.Before(asOf) {
				asOf = oldest
			}
		}
		return source.Freshness{State: source.Current, AsOf: &asOf}, nil
	case row.Oldest != nil:
		note := "There is data, and no record of when it was loaded."
		return source.Freshness{State: source.Unknown, Note: &note}, nil
	}
	note := "Qlik's data has not been loaded yet."
	return source.Freshness{State: source.NotLoaded, Note: &note}, nil
}

// Report is what Freshness says, with where it came from.
func (q *Qlik) Report(ctx context.Context) (source.Report, error) {
	report, err := table.Loads{
		DB: q.db, Title: title, Schema: "qlik", Tables: []string{"qlik_vulnerability"}, Now: q.now,
	}.Report(ctx)
	if err == nil {
		report.Freshness, err = q.Freshness(ctx)
	}
	return report, err
}

// moment returns when it was what a clock on the wall of the export said.
func (q *Qlik) moment(wall time.Time) time.Time {
	year, month, day := wall.Date()
	hour, minute, second := wall.Clock()
	return time.Date(year, month, day, hour, minute, second, 0, q.now().Location()).UTC()
}

// failed is source.Failed, but that who asked has given up is said before what came of it: a
// statement that is given up ends like one that takes too long.
func failed(ctx context.Context, doing string, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return source.Failed(title, doing, err)
}
