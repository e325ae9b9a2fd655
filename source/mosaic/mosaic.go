// Package mosaic answers for Mosaic, the social care system, from the tables migrated out of it. It
// owns the schema mosaic in PostgreSQL; no other package reads it. Read list.go first, then
// statement.go: every question becomes one statement there.
package mosaic

import (
	"context"
	"embed"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Name is what callers ask for Mosaic by.
const Name resident.SourceName = "MOSAIC"

const title = "Mosaic"

// Mosaic is the source. It is safe for concurrent use.
type Mosaic struct {
	db  *sqlx.DB
	now func() time.Time
}

var (
	_ source.Getter = (*Mosaic)(nil)
	_ source.Lister = (*Mosaic)(nil)
)

// New returns a Mosaic over db. Closing it leaves db open: the caller owns it. The day on which an
// address is current is the day that it is at now(), in now()'s own zone.
func New(db *sqlx.DB, now func() time.Time) *Mosaic { return &Mosaic{db: db, now: now} }

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema mosaic.
func Schema() fs.FS {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err) // the name is a constant: it is valid or this never worked
	}
	return files
}

// About says who Mosaic is.
func (m *Mosaic) About() source.About {
	return source.About{
		Name:  Name,
		Title: title,
		Description: "Adults and children known to social care: who they are, where they live and" +
			" have lived, their phones and e-mail.",
	}
}

const lastLoad = `
	SELECT (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic') AS loaded_at,
	       EXISTS (SELECT FROM mosaic.dm_persons)                       AS has_rows`

// Freshness is as of the last load that the gateway knows of.
func (m *Mosaic) Freshness(ctx context.Context) (source.Freshness, error) {
	var row struct {
		LoadedAt *time.Time `db:"loaded_at"`
		HasRows  bool       `db:"has_rows"`
	}
	if err := m.db.GetContext(ctx, &row, lastLoad); err != nil {
		return source.Freshness{}, source.Failed(title, "mosaic: freshness", err)
	}
	switch {
	case row.LoadedAt != nil:
		asOf := row.LoadedAt.UTC()
		return source.Freshness{State: source.Current, AsOf: &asOf}, nil
	case row.HasRows:
		note := "There is data, and no record of when it was loaded."
		return source.Freshness{State: source.Unknown, Note: &note}, nil
	}
	note := "Mosaic's data has not been loaded yet."
	return source.Freshness{State: source.NotLoaded, Note: &note}, nil
}

// answered is asked before an answer that holds nobody is given: nobody can be found in a source
// that was never loaded, and to say so is not to say that there is no such resident.
func (m *Mosaic) answered(ctx context.Context) error {
	freshness, err := m.Freshness(ctx)
	if err != nil {
		return err
	}
	if freshness.State == source.NotLoaded {
		return resident.Errorf(resident.Unavailable, source.ErrNotLoaded,
			"Mosaic has not been loaded yet")
	}
	return nil
}

// today is the day that decides what is current.
func (m *Mosaic) today() string { return resident.DateOf(m.now()).String() }
