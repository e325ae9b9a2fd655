package qlik

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// Plug is how Qlik is put into the gateway, with a sample of it.
func Plug(sample func(plug.Sample) plug.Seeder) plug.Plug {
	p := plug.Of(Name, Schema(), New, sample)
	p.LoadFile = loadFile
	return p
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
