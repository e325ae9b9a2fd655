package table

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Loads is what is known of when the tables of a source were loaded.
type Loads struct {
	DB     *sqlx.DB
	Title  string   // of the source, such as Mosaic
	Schema string   // that its tables are in, which is also what gateway.load calls it: mosaic
	Tables []string // without the schema: those that hold a row for each resident
}

// Freshness is as of the last load that the gateway knows of.
func (l Loads) Freshness(ctx context.Context) (source.Freshness, error) {
	hasRows := make([]string, len(l.Tables))
	for i, name := range l.Tables {
		hasRows[i] = "EXISTS (SELECT FROM " + l.Schema + "." + name + ")"
	}
	lastLoad := `
	SELECT (SELECT loaded_at FROM gateway.load WHERE source = '` + l.Schema + `') AS loaded_at,
	       ` + strings.Join(hasRows, " OR ") + ` AS has_rows`
	var row struct {
		LoadedAt *time.Time `db:"loaded_at"`
		HasRows  bool       `db:"has_rows"`
	}
	if err := l.DB.GetContext(ctx, &row, lastLoad); err != nil {
		return source.Freshness{}, source.Failed(l.Title, l.Schema+": freshness", err)
	}
	switch {
	case row.LoadedAt != nil:
		return source.Freshness{State: source.Current, AsOf: new(row.LoadedAt.UTC())}, nil
	case row.HasRows:
		return source.Freshness{
			State: source.Unknown, Note: new("There is data, and no record of when it was loaded."),
		}, nil
	}
	return source.Freshness{
		State: source.NotLoaded, Note: new(l.Title + "'s data has not been loaded yet."),
	}, nil
}

// Nobody is asked before an answer that holds nobody is given: nobody can be found in a source that
// was never loaded, and to say so is not to say that there is no such resident.
func (l Loads) Nobody(ctx context.Context) error {
	freshness, err := l.Freshness(ctx)
	if err != nil {
		return err
	}
	if freshness.State == source.NotLoaded {
		return resident.Errorf(resident.Unavailable, source.ErrNotLoaded,
			"%s has not been loaded yet", l.Title)
	}
	return nil
}
