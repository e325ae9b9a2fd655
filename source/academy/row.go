package academy

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A residentRow is a row of selectResidents. Columns that were not asked for are nil.
type residentRow struct {
	Kind   int    `db:"kind"`
	Number int64  `db:"number"`
	Person int64  `db:"person"`
	Mark   string `db:"mark"`

	NumberMark *string `db:"number_mark"` // only for Mark

	Title        *string    `db:"title"`
	FirstName    *string    `db:"first_name"`
	LastName     *string    `db:"last_name"`
	FullName     *string    `db:"full_name"`
	BirthDate    *time.Time `db:"birth_date"`
	DeceasedDate *time.Time `db:"deceased_date"`
	NINumber     *string    `db:"ni_number"`
	StatusInd    *int       `db:"status_ind"`
	NameKey      string     `db:"name_key"`

	Addresses table.List[addressRow] `db:"addresses"`
	Emails    table.List[emailRow]   `db:"emails"`
	Phones    table.List[phoneRow]   `db:"phones"`
}

func (row *residentRow) reference() reference {
	return reference{
		kind: kinds()[row.Kind].name, number: row.Number, person: row.Person, mark: row.Mark,
	}
}

// resident returns the row in the gateway's own words.
func (row *residentRow) resident(wanted source.Wanted) *resident.Resident {
	ref := row.reference()
	r := &resident.Resident{
		Source:     Name,
		SourceID:   ref.String(),
		Restricted: everyoneIsRestricted,
		Title:      source.Fact(row.Title),
		FirstName:  source.Fact(row.FirstName),
		LastName:   source.Fact(row.LastName),
		FullName:   source.Fact(row.FullName),
		Has:        wanted.Facts,
	}
	if row.BirthDate != nil {
		r.DateOfBirth = new(resident.DateOf(*row.BirthDate))
	}
	if wanted.Facts.Has(resident.FactDeceased) && ref.kind == benefitsName {
		// Of tax payers Academy does not say.
		r.Deceased = new(row.DeceasedDate != nil && resident.DateOf(*row.DeceasedDate).String() != noEnd)
	}
	if wanted.Facts.Has(resident.FactUPRN) && len(row.Addresses) > 0 && row.Addresses[0].Current {
		r.UPRN = source.UPRN(row.Addresses[0].UPRN)
	}
	if wanted.Contacts != resident.NoContacts {
		r.SetContactDetails(row.contactDetails(r.ID(), wanted.Contacts))
	}
	if wanted.Record {
		r.Record = row.record(ref)
	}
	r.Withhold(wanted.Leave)
	return r
}

func (row *residentRow) record(ref reference) *Record {
	if ref.kind == councilTaxName {
		return &Record{CouncilTaxAccount: &CouncilTaxAccount{Number: ref.quoted()}}
	}
	claim := &BenefitClaim{
		Number: ref.quoted(), PersonRef: int(ref.person), StatusIndicator: row.StatusInd,
	}
	if row.StatusInd != nil {
		claim.IsLive = new(*row.StatusInd == liveClaim)
	}
	return &Record{BenefitClaim: claim, NINumber: source.NINumber(row.NINumber)}
}
