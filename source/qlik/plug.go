package qlik

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// Plug is how Qlik is put into the gateway.
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
		LoadFile: loadFile,
	}
}

func loadFile(ctx context.Context, db *sqlx.DB, f plug.File) (plug.Report, error) {
	report, err := Load(ctx, db, f.Reader, LoadOptions{Fewer: f.Fewer, Now: f.Now})
	told := plug.Report{MoreFaults: report.MoreFaults}
	for _, fault := range report.Faults {
		told.Faults = append(told.Faults, fmt.Sprint(fault))
	}
	if errors.Is(err, ErrFewer) {
		return told, fmt.Errorf("%w: %d, where there are %d; --fewer loads it all the same",
			err, report.Households, report.Before)
	}
	if err != nil {
		return told, err
	}
	told.Loaded = fmt.Sprintf("%d households, where there were %d, of %v to %v",
		report.Households, report.Before, report.Oldest, report.Newest)
	return told, nil
}
