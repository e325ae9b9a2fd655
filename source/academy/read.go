package academy

import (
	"strconv"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// A row is a member of a claim, or a tax payer. Columns that were not asked for are nil.
type row struct {
	engine.Row

	Number     int64   `db:"number"`
	Person     *int64  `db:"person"` // nil of a tax payer
	Mark       string  `db:"mark"`
	NumberMark *string `db:"number_mark"` // only for Mark

	Title        *string    `db:"title"`
	FirstName    *string    `db:"first_name"`
	LastName     *string    `db:"last_name"`
	FullName     *string    `db:"full_name"`
	BirthDate    *time.Time `db:"birth_date"`
	DeceasedDate *time.Time `db:"deceased_date"`
	NINumber     *string    `db:"ni_number"`
	StatusInd    *int       `db:"status_ind"`

	Addresses engine.List[addressRow] `db:"addresses"`
	Emails    engine.List[emailRow]   `db:"emails"`
	Phones    engine.List[phoneRow]   `db:"phones"`
}

// An addressRow is an address of a resident, in the order of the statement.
type addressRow struct {
	Ref      string    `json:"i"` // of the property, or the number that the claim gave it
	Nth      int       `json:"n"` // of the times that it was lived at, from 0
	Lines    []*string `json:"l"`
	Postcode *string   `json:"p"`
	UPRN     *string   `json:"u"`
	Start    *string   `json:"s"`
	End      *string   `json:"e"`
	Current  bool      `json:"c"`
}

// An emailRow is an e-mail address of a resident, in the order of selectEmails.
type emailRow struct {
	SeqNo   int     `json:"i"`
	Nth     int     `json:"n"` // of those with this number, from 0
	Address *string `json:"v"`
	Start   *string `json:"s"`
	End     *string `json:"e"`
	Current bool    `json:"c"`
}

// A phoneRow is the four numbers that one row has room for.
type phoneRow []*string

// read returns a resident in the gateway's own words, and their contact details.
func read(row *row, wanted *source.Wanted) (*resident.Resident, []*resident.ContactDetail) {
	ref := reference{kind: row.Kind, number: row.Number, mark: row.Mark}
	if row.Person != nil {
		ref.person = *row.Person
	}
	r := &resident.Resident{
		SourceID:    ref.String(),
		Title:       source.Fact(row.Title),
		FirstName:   source.Fact(row.FirstName),
		LastName:    source.Fact(row.LastName),
		FullName:    source.Fact(row.FullName),
		DateOfBirth: engine.Day(row.BirthDate),
	}
	if wanted.Facts.Has(resident.FactDeceased) && row.Kind == benefits {
		// Of tax payers Academy does not say.
		r.Deceased = new(row.DeceasedDate != nil && resident.DateOf(*row.DeceasedDate).String() != NoEnd)
	}
	if wanted.Record {
		r.Record = row.record(ref)
	}
	return r, row.details()
}

func (row *row) record(ref reference) *Record {
	if ref.kind == councilTax {
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

// details returns the addresses, of which the resident lives at the first if it is in use; the
// phones, of which Academy does not say which is to be tried first, nor from when to when: each is
// in use; and the e-mail addresses, the latest first.
func (row *row) details() []*resident.ContactDetail {
	var details []*resident.ContactDetail
	for i, a := range row.Addresses {
		id := repeated(engine.EscapeReference(a.Ref), a.Nth)
		d := engine.AddressDetail(id, a.Postcode, a.UPRN, a.Lines...)
		d.Preferred = i == 0
		d.Current, d.ValidFrom, d.ValidTo = a.Current, source.Date(a.Start), lastDay(a.End)
		details = append(details, d)
	}
	for i, phones := range row.Phones {
		for j, phone := range phones {
			id := strconv.Itoa(4*i + j + 1)
			details = append(details, engine.PhoneDetail(id, phone, nil, resident.OtherUse))
		}
	}
	for i, e := range row.Emails {
		d := engine.EmailDetail(repeated("email:"+strconv.Itoa(e.SeqNo), e.Nth), e.Address, nil)
		if d != nil {
			d.Preferred = i == 0
			d.Current, d.ValidFrom, d.ValidTo = e.Current, source.Date(e.Start), lastDay(e.End)
			details = append(details, d)
		}
	}
	return details
}

// repeated tells the times apart that one thing stands there.
func repeated(id string, nth int) string {
	if nth == 0 {
		return id
	}
	return id + "." + strconv.Itoa(nth+1)
}

// lastDay is nil of what has no end.
func lastDay(s *string) *resident.Date {
	if source.Or(s) == NoEnd {
		return nil
	}
	return source.Date(s)
}
