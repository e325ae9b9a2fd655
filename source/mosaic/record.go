package mosaic

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
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
	return engine.RecordOf[Record](r, Name)
}
