package table

import (
	"context"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/freshness"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Loads is what is known of when the tables of a source were loaded.
type Loads struct {
	DB     *sqlx.DB
	Title  string   // of the source, such as Mosaic
	Schema string   // that its tables are in, which is also what gateway.load calls it: mosaic
	Tables []string // without the schema: those that hold a row for each resident
	// Mapping is what is taken from the system of record. It is nil where that is nowhere described,
	// and what is there then never grows old; Now may be nil too.
	Mapping *mapping.Mapping
	Now     func() time.Time
}

// Report is how fresh the source is, and what that rests on.
func (l Loads) Report(ctx context.Context) (source.Report, error) {
	var now time.Time
	if l.Now != nil {
		now = l.Now()
	}
	return freshness.Read(ctx, l.DB, &freshness.Subject{
		Title: l.Title, Schema: l.Schema, Tables: l.Tables, Mapping: l.Mapping,
	}, now)
}

// Freshness is what Report says in short.
func (l Loads) Freshness(ctx context.Context) (source.Freshness, error) {
	report, err := l.Report(ctx)
	return report.Freshness, err
}

// Nobody is asked before an answer that holds nobody is given: nobody can be found in a source that
// was never loaded, and to say so is not to say that there is no such resident. It asks nothing
// else, for it is asked often.
func (l Loads) Nobody(ctx context.Context) error {
	loads := []string{"SELECT EXISTS (SELECT FROM gateway.load WHERE source = '" + l.Schema + "')"}
	for _, name := range l.Tables {
		loads = append(loads, "EXISTS (SELECT FROM "+l.Schema+"."+name+")")
	}
	var is bool
	if err := l.DB.GetContext(ctx, &is, strings.Join(loads, " OR ")); err != nil {
		return source.Failed(l.Title, l.Schema+": whether it is loaded", err)
	}
	if !is {
		return source.Closed(l.Title, source.NotLoaded)
	}
	return nil
}
