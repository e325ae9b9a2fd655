package before

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A personRow is a row of selectPersons. Columns that were not asked for are nil.
type personRow struct {
	PersonID     int64                  `db:"person_id"`
	LegacyID     *string                `db:"person_id_legacy"`
	FullName     *string                `db:"full_name"`
	Title        *string                `db:"title"`
	FirstName    *string                `db:"first_name"`
	LastName     *string                `db:"last_name"`
	DateOfBirth  *time.Time             `db:"date_of_birth"`
	DateOfDeath  *time.Time             `db:"date_of_death"`
	Gender       *string                `db:"gender"`
	Restricted   *string                `db:"restricted"`
	ContextFlag  *string                `db:"context_flag"`
	Nationality  *string                `db:"nationality"`
	NHSID        *int64                 `db:"nhs_id"`
	EmailAddress *string                `db:"email_address"`
	NameKey      string                 `db:"name_key"`
	Addresses    table.List[addressRow] `db:"addresses"`
	Phones       table.List[phoneRow]   `db:"phones"`
}

// resident returns the row in the gateway's own words.
func (row *personRow) resident(wanted source.Wanted) *resident.Resident {
	r := &resident.Resident{
		Source:   mosaic.Name,
		SourceID: strconv.FormatInt(row.PersonID, 10),
		// As isUnrestricted has it.
		Restricted:  source.Said(row.Restricted) != "N",
		FullName:    source.Fact(row.FullName),
		Title:       source.Fact(row.Title),
		FirstName:   source.Fact(row.FirstName),
		LastName:    source.Fact(row.LastName),
		DateOfBirth: date(row.DateOfBirth),
		Gender:      gender(row.Gender),
		Nationality: source.Fact(row.Nationality),
		NHSNumber:   nhsNumber(row.NHSID),
		AgeGroup:    ageGroup(row.ContextFlag),
		Has:         wanted.Facts,
	}
	if wanted.Facts.Has(resident.FactDeceased) {
		deceased := row.DateOfDeath != nil
		r.Deceased = &deceased
	}
	if wanted.Facts.Has(resident.FactUPRN) && len(row.Addresses) > 0 && row.Addresses[0].Current {
		r.UPRN = uprn(row.Addresses[0].UPRN)
	}
	if wanted.Contacts != resident.NoContacts {
		r.SetContactDetails(row.contactDetails(r.ID(), wanted))
	}
	if wanted.Record {
		r.Record = &mosaic.Record{
			LegacyID:    source.Fact(row.LegacyID),
			ContextFlag: source.Fact(row.ContextFlag),
			DateOfDeath: date(row.DateOfDeath),
		}
	}
	r.Withhold(wanted.Leave)
	return r
}

// unknownDate is what stands in Mosaic for a date that nobody knows.
func unknownDate() resident.Date { return resident.Date{Year: 1900, Month: time.January, Day: 1} }

func date(t *time.Time) *resident.Date {
	if t == nil {
		return nil
	}
	d := resident.DateOf(*t)
	if d == unknownDate() {
		return nil
	}
	return &d
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
	var group resident.AgeGroup
	switch source.Said(s) {
	case "A":
		group = resident.Adult
	case "C":
		group = resident.Child
	default:
		return nil
	}
	return &group
}

// nhsNumber gives back the leading zeros that a number loses. One of more than ten digits is none.
func nhsNumber(id *int64) *string {
	if id == nil || *id <= 0 || *id > 9_999_999_999 {
		return nil
	}
	number := fmt.Sprintf("%010d", *id)
	return &number
}

func uprn(id *int64) *string {
	if id == nil || *id <= 0 {
		return nil
	}
	number := strconv.FormatInt(*id, 10)
	if len(number) > 12 {
		return nil
	}
	return &number
}
