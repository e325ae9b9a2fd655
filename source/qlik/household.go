package qlik

import (
	"context"
	"errors"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Household is what Qlik knows of whoever lives at a property, all of them together. Nil is what
// the export left blank.
type Household struct {
	HasHealthConditionOrDisability *bool
	ReceivesCouncilTaxSupport      *bool
	IsInTemporaryAccommodation     *bool
	HasLowIncome                   *bool
	HasChildWithSend               *bool // special educational needs or disabilities
	IsSingleParent                 *bool
	HasLearningDisability          *bool

	AdultSocialCareCases *int
	ChildSocialCareCases *int

	AsOf resident.Date // the day that the export says
}

// PostalAddressResolver answers what qlik.graphqls adds to PostalAddress.
type PostalAddressResolver struct{}

// Household answers PostalAddress.household. It asks nothing: the household was read with the
// address.
func (PostalAddressResolver) Household(
	_ context.Context, a *resident.PostalAddress,
) (*Household, error) {
	survey, asked := a.Survey(Name)
	switch {
	case !asked && a.UPRN == nil, asked && survey == nil:
		return nil, nil
	case !asked:
		return nil, errors.New("qlik: the household was not read")
	}
	household, ok := survey.(*Household)
	if !ok {
		return nil, errors.New("qlik: what was read is no household")
	}
	return household, nil
}
