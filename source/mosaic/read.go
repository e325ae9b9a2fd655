package mosaic

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// A row is a person. Columns that were not asked for are nil.
type row struct {
	engine.Row

	PersonID     int64                   `db:"person_id"`
	LegacyID     *string                 `db:"person_id_legacy"`
	FullName     *string                 `db:"full_name"`
	Title        *string                 `db:"title"`
	FirstName    *string                 `db:"first_name"`
	LastName     *string                 `db:"last_name"`
	DateOfBirth  *time.Time              `db:"date_of_birth"`
	DateOfDeath  *time.Time              `db:"date_of_death"`
	Gender       *string                 `db:"gender"`
	ContextFlag  *string                 `db:"context_flag"`
	Nationality  *string                 `db:"nationality"`
	NHSID        *int64                  `db:"nhs_id"`
	EmailAddress *string                 `db:"email_address"`
	Addresses    engine.List[addressRow] `db:"addresses"`
	Phones       engine.List[phoneRow]   `db:"phones"`
}

// An addressRow is an address of a person, in the order of selectAddresses.
type addressRow struct {
	LinkID   int64   `json:"i"`
	UPRN     *string `json:"u"`
	Address  *string `json:"a"`
	Postcode *string `json:"p"`
	Display  *string `json:"d"`
	Contact  *string `json:"m"`
	Start    *string `json:"s"`
	End      *string `json:"e"`
	Current  bool    `json:"c"`
}

// A phoneRow is a phone of a person.
type phoneRow struct {
	ID     int64   `json:"i"`
	Number *string `json:"n"`
	Type   *string `json:"t"`
}

// The codes and texts of Mosaic.
const (
	adult, child = "A", "C"      // context_flag
	exDirectory  = "exdirectory" // in the type of a number that is not to be disclosed
)

// read returns a person in the gateway's own words, and their contact details.
func read(row *row, wanted *source.Wanted) (*resident.Resident, []*resident.ContactDetail) {
	r := &resident.Resident{
		SourceID:    strconv.FormatInt(row.PersonID, 10),
		FullName:    source.Fact(row.FullName),
		Title:       source.Fact(row.Title),
		FirstName:   source.Fact(row.FirstName),
		LastName:    source.Fact(row.LastName),
		DateOfBirth: engine.Day(row.DateOfBirth),
		Gender:      gender(row.Gender),
		Nationality: source.Fact(row.Nationality),
		NHSNumber:   nhsNumber(row.NHSID),
	}
	if wanted.Facts.Has(resident.FactDeceased) {
		r.Deceased = new(row.DateOfDeath != nil)
	}
	if wanted.Facts.Has(resident.FactAgeGroup) {
		r.AgeGroup = ageGroup(row.ContextFlag)
	}
	if wanted.Record {
		r.Record = &Record{
			LegacyID:    source.Fact(row.LegacyID),
			ContextFlag: source.Fact(row.ContextFlag),
			DateOfDeath: engine.Day(row.DateOfDeath),
		}
	}
	return r, row.details()
}

func (row *row) details() []*resident.ContactDetail {
	var details []*resident.ContactDetail
	for i := range row.Addresses {
		d := row.Addresses[i].detail()
		d.Preferred = i == 0 // if it is current
		details = append(details, d)
	}
	for i := range row.Phones {
		details = append(details, row.Phones[i].detail())
	}
	// Mosaic holds one email for a person, and nothing about it.
	email := engine.EmailDetail("email", row.EmailAddress, nil)
	if email != nil {
		email.Preferred = true
	}
	return append(details, email)
}

func (row *addressRow) detail() *resident.ContactDetail {
	d := engine.AddressDetail(strconv.FormatInt(row.LinkID, 10), row.Postcode, row.UPRN, row.Address)
	d.Current, d.ValidFrom, d.ValidTo = row.Current, source.Date(row.Start), source.Date(row.End)
	d.ForCorrespondence = source.Said(row.Contact) == "Y"
	if d.ForCorrespondence && source.Said(row.Display) != "Y" {
		d.Use = resident.CorrespondenceUse
	}
	return d
}

func (row *phoneRow) detail() *resident.ContactDetail {
	kind := strings.ToLower(source.Said(row.Type))
	use := resident.OtherUse
	switch {
	case strings.HasPrefix(kind, "mobile"):
		use = resident.MobileUse
	case kind == "home":
		use = resident.HomeUse
	case kind == "work":
		use = resident.WorkUse
	case kind == "fax":
		use = resident.FaxUse
	case kind == "pager":
		use = resident.PagerUse
	}
	d := engine.PhoneDetail(strconv.FormatInt(row.ID, 10), row.Number, row.Type, use)
	if d != nil {
		d.Preferred = kind == "primary"
		d.ExDirectory = strings.Contains(source.NameForm(kind), exDirectory)
	}
	return d
}

func gender(s *string) *resident.Gender {
	g := resident.OtherGender
	switch strings.ToUpper(source.Said(s)) {
	case "":
		return nil
	case "F":
		g = resident.Female
	case "M":
		g = resident.Male
	case "U":
		g = resident.UnknownGender
	}
	return &g
}

func ageGroup(s *string) *resident.AgeGroup {
	switch source.Said(s) {
	case adult:
		return new(resident.Adult)
	case child:
		return new(resident.Child)
	}
	return nil
}

// nhsNumber gives back the leading zeros that a number loses. One of more than ten digits is none.
func nhsNumber(id *int64) *string {
	if id == nil || *id <= 0 || *id > 9_999_999_999 {
		return nil
	}
	return new(fmt.Sprintf("%010d", *id))
}
