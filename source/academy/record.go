package academy

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// Record is what only Academy knows of a resident: of one on a claim, or of a tax payer.
type Record struct {
	BenefitClaim      *BenefitClaim
	CouncilTaxAccount *CouncilTaxAccount
	NINumber          *string
}

// BenefitClaim is the claim that a resident is on.
type BenefitClaim struct {
	Number          string // as letters quote it
	PersonRef       int
	IsLive          *bool
	StatusIndicator *int
}

// CouncilTaxAccount is the account that a resident is liable for.
type CouncilTaxAccount struct {
	Number string // as bills quote it
}

// ResidentResolver answers what academy.graphqls adds to Resident.
type ResidentResolver struct{}

// Academy answers Resident.academy. It asks nothing: the record was read with the resident.
func (ResidentResolver) Academy(_ context.Context, r *resident.Resident) (*Record, error) {
	return engine.RecordOf[Record](r, Name)
}
