package housing

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A memberRow is a row of selectMembers. Columns that were not asked for are nil.
type memberRow struct {
	House  string `db:"house_ref"`
	Person int64  `db:"person_no"`

	Title      *string    `db:"title"`
	Forename   *string    `db:"forename"`
	Surname    *string    `db:"surname"`
	DOB        *time.Time `db:"dob"`
	NINo       *string    `db:"ni_no"`
	ContactKey *string    `db:"contact_key"`
	NameKey    string     `db:"name_key"`

	Tenancies  table.List[tenancyRow]  `db:"tenancies"`
	Properties table.List[propertyRow] `db:"properties"`
	Phones     table.List[phoneRow]    `db:"phones"`
	Emails     table.List[emailRow]    `db:"emails"`
}

// A tenancyRow is one of the tenancies of a memberRow, in the order of the statement.
type tenancyRow struct {
	Reference   string  `json:"r"`
	Code        *string `json:"c"`
	Description *string `json:"d"`
	Active      bool    `json:"a"`
	Terminated  *bool   `json:"t"`
	Start       *string `json:"s"`
	End         *string `json:"e"`
}

// resident returns the row in the gateway's own words.
func (row *memberRow) resident(wanted source.Wanted) *resident.Resident {
	r := &resident.Resident{
		Source:      Name,
		SourceID:    reference{row.House, row.Person}.String(),
		Restricted:  everyoneIsRestricted,
		Title:       source.Fact(row.Title),
		FirstName:   source.Fact(row.Forename),
		LastName:    source.Fact(row.Surname),
		DateOfBirth: birthDate(row.DOB),
		Has:         wanted.Facts,
	}
	if wanted.Facts.Has(resident.FactUPRN) && len(row.Properties) > 0 && row.stay().current {
		r.UPRN = source.UPRN(row.Properties[0].UPRN)
	}
	if wanted.Contacts != resident.NoContacts {
		r.SetContactDetails(row.contactDetails(r.ID(), wanted))
	}
	if wanted.Record {
		r.Record = row.record()
	}
	r.Withhold(wanted.Leave)
	return r
}

func (row *memberRow) record() *Record {
	record := &Record{
		Tenancies:             []*Tenancy{},
		NINumber:              source.NINumber(row.NINo),
		WaitingListContactKey: source.Fact(row.ContactKey),
	}
	for i := range row.Tenancies {
		t := &row.Tenancies[i]
		record.Tenancies = append(record.Tenancies, &Tenancy{
			Reference:         strings.TrimSpace(t.Reference),
			TenureCode:        source.Fact(t.Code),
			TenureDescription: source.Fact(t.Description),
			IsActive:          t.Active,
			Start:             source.Date(t.Start),
			End:               source.Date(t.End),
		})
	}
	return record
}

func birthDate(t *time.Time) *resident.Date {
	if t == nil || resident.DateOf(*t) == unknownDate() {
		return nil
	}
	return new(resident.DateOf(*t))
}
