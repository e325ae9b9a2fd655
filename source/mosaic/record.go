package mosaic

import (
	"context"
	"errors"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Record is what only Mosaic knows of a resident.
type Record struct {
	LegacyID    *string
	ContextFlag *string
	DateOfDeath *resident.Date
}

// ResidentResolver answers what mosaic.graphqls adds to Resident.
type ResidentResolver struct{}

// Mosaic answers Resident.mosaic. It asks nothing: the record was read with the resident.
func (ResidentResolver) Mosaic(_ context.Context, r *resident.Resident) (*Record, error) {
	if r.Source != Name {
		return nil, nil
	}
	record, ok := r.Record.(*Record)
	if !ok {
		return nil, errors.New("mosaic: the record was not read")
	}
	return record, nil
}
