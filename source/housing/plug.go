package housing

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// Plug is how Universal Housing is put into the gateway.
func Plug() plug.Plug {
	return plug.Plug{
		Name:   Name,
		Schema: Schema(),
		Open: func(db *sqlx.DB, now func() time.Time) source.Source {
			return New(db, now)
		},
		Seed: func(ctx context.Context, db *sqlx.DB, s plug.Sample) error {
			return Sample{s.Residents, s.Seed, s.Today}.Load(ctx, db, s.Options)
		},
	}
}
