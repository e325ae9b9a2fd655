package housing

import (
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// A row is a member of a household. Columns that were not asked for are nil.
type row struct {
	engine.Row

	House      string                   `db:"house_ref"`
	Person     int64                    `db:"person_no"`
	Title      *string                  `db:"title"`
	Forename   *string                  `db:"forename"`
	Surname    *string                  `db:"surname"`
	DOB        *time.Time               `db:"dob"`
	NINo       *string                  `db:"ni_no"`
	ContactKey *string                  `db:"contact_key"`
	Tenancies  engine.List[tenancyRow]  `db:"tenancies"`
	Properties engine.List[propertyRow] `db:"properties"`
	Phones     engine.List[contactRow]  `db:"phones"`
	Emails     engine.List[contactRow]  `db:"emails"`
}

// A tenancyRow is a tenancy of a household, in the order of selectTenancies.
type tenancyRow struct {
	Reference   string  `json:"r"`
	Code        *string `json:"c"`
	Description *string `json:"d"`
	Active      bool    `json:"a"`
	Terminated  *bool   `json:"t"`
	Start       *string `json:"s"`
	End         *string `json:"e"`
}

// A propertyRow is a property of a household, in the order of selectProperties.
type propertyRow struct {
	Ref      string  `json:"i"`
	Address  *string `json:"a"`
	Postcode *string `json:"p"`
	UPRN     *string `json:"u"`
}

// A contactRow is a phone or an e-mail address of a member, the latest first.
type contactRow struct {
	ID      int64   `json:"i"`
	Text    *string `json:"n"`
	Type    *string `json:"t"`
	Allowed *string `json:"k"`
	Default *string `json:"d"` // of an e-mail address
}

// read returns a member in the gateway's own words, and their contact details.
func read(row *row, wanted *source.Wanted) (*resident.Resident, []*resident.ContactDetail) {
	r := &resident.Resident{
		SourceID:    Reference(row.House, row.Person),
		Title:       source.Fact(row.Title),
		FirstName:   source.Fact(row.Forename),
		LastName:    source.Fact(row.Surname),
		DateOfBirth: engine.Day(row.DOB),
	}
	if wanted.Record {
		r.Record = row.record()
	}
	return r, row.details()
}

func (row *row) record() *Record {
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

// details returns the property that the household has now, preferred unless its tenancies have
// ended, before others that are not told to be in use: of them Universal Housing does not say
// whether the household has them beside it, such as a garage, or had them before. Of phones the
// latest that is no fax is preferred, and of e-mail addresses the latest that Universal Housing
// calls the default. It does not say from when to when either holds: each is in use.
func (row *row) details() []*resident.ContactDetail {
	var details []*resident.ContactDetail
	for i, p := range row.Properties {
		d := engine.AddressDetail(engine.EscapeReference(p.Ref), p.Postcode, p.UPRN, p.Address)
		if i == 0 {
			d.Current, d.ValidFrom, d.ValidTo = row.stay()
			d.Preferred = true
		}
		details = append(details, d)
	}
	for _, p := range row.Phones {
		use := phoneUse(p.Type)
		d := engine.PhoneDetail(strconv.FormatInt(p.ID, 10), p.Text, p.Type, use)
		if d != nil {
			d.ContactAllowed, d.Preferred = saysYes(p.Allowed), use != resident.FaxUse
			details = append(details, d)
		}
	}
	isDefault := make(map[string]bool) // however the address is spelled in other rows
	for _, e := range row.Emails {
		if yes := saysYes(e.Default); yes != nil && *yes {
			isDefault[source.EmailForm(source.Or(e.Text))] = true
		}
	}
	for _, e := range row.Emails {
		d := engine.EmailDetail("email:"+strconv.FormatInt(e.ID, 10), e.Text, e.Type)
		if d != nil {
			d.ContactAllowed, d.Preferred = saysYes(e.Allowed), isDefault[source.EmailForm(*d.Value)]
			details = append(details, d)
		}
	}
	return details
}

// stay returns how long a household has its property, as far as its tenancies tell. It is current
// unless there are tenancies and all have ended. It begins with the tenancy, where only one can be
// meant, and ends with the last of them, where of each it is known that it ends and when. isLivedAt
// holds the same of what is current.
func (row *row) stay() (isCurrent bool, from, to *resident.Date) {
	lasting := make([]*tenancyRow, 0, len(row.Tenancies))
	for i := range row.Tenancies {
		if row.Tenancies[i].Active {
			lasting = append(lasting, &row.Tenancies[i])
		}
	}
	isCurrent = len(lasting) > 0 || len(row.Tenancies) == 0
	if len(lasting) == 0 {
		for i := range row.Tenancies {
			lasting = append(lasting, &row.Tenancies[i])
		}
	}
	if len(lasting) == 1 {
		from = source.Date(lasting[0].Start)
	}
	last := ""
	for _, t := range lasting {
		if t.End == nil || t.Terminated != nil && !*t.Terminated {
			return isCurrent, from, nil
		}
		last = max(last, *t.End)
	}
	return isCurrent, from, source.Date(&last)
}

func phoneUse(kind *string) resident.ContactUse {
	switch strings.ToUpper(source.Said(kind)) {
	case "H":
		return resident.HomeUse
	case "M":
		return resident.MobileUse
	case "F":
		return resident.FaxUse
	case "W":
		return resident.WorkUse
	}
	return resident.OtherUse // X is there too, and nobody says what it is
}

// saysYes reads a flag; nil where Universal Housing does not say.
func saysYes(flag *string) *bool {
	switch strings.ToUpper(source.Said(flag)) {
	case "Y":
		return new(true)
	case "N":
		return new(false)
	}
	return nil
}
