package housing

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// Record is what only Universal Housing knows of a resident.
type Record struct {
	Tenancies             []*Tenancy // those that have not ended first, then the latest
	NINumber              *string    // in capitals without spaces
	WaitingListContactKey *string
}

// Tenancy is a tenancy agreement of the household of a resident.
type Tenancy struct {
	Reference         string
	TenureCode        *string
	TenureDescription *string
	IsActive          bool // it has not ended
	Start             *resident.Date
	End               *resident.Date
}

// Filter is what only Universal Housing can be searched by: the value of resident.Filter.Own.
type Filter struct {
	ActiveTenanciesOnly bool // only members of households with a tenancy that has not ended
}

// ResidentResolver answers what housing.graphqls adds to Resident.
type ResidentResolver struct{}

// Housing answers Resident.housing. It asks nothing: the record was read with the resident.
func (ResidentResolver) Housing(_ context.Context, r *resident.Resident) (*Record, error) {
	return engine.RecordOf[Record](r, Name)
}
