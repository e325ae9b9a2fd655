package mosaic

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A personRow is a row of selectPersons. Columns that were not asked for are nil.
type personRow struct {
	PersonID     int64      `db:"person_id"`
	LegacyID     *string    `db:"person_id_legacy"`
	FullName     *string    `db:"full_name"`
	Title        *string    `db:"title"`
	FirstName    *string    `db:"first_name"`
	LastName     *string    `db:"last_name"`
	DateOfBirth  *time.Time `db:"date_of_birth"`
	DateOfDeath  *time.Time `db:"date_of_death"`
	Gender       *string    `db:"gender"`
	Restricted   *string    `db:"restricted"`
	ContextFlag  *string    `db:"context_flag"`
	Nationality  *string    `db:"nationality"`
	NHSID        *int64     `db:"nhs_id"`
	EmailAddress *string    `db:"email_address"`
	NameKey      string     `db:"name_key"`
	Addresses    []byte     `db:"addresses"`
	Phones       []byte     `db:"phones"`
}

// resident returns the row in the gateway's own words.
func (row *personRow) resident(wanted source.Wanted) (*resident.Resident, error) {
	r := &resident.Resident{
		Source:   Name,
		SourceID: strconv.FormatInt(row.PersonID, 10),
		// As isUnrestricted has it.
		Restricted:  said(row.Restricted) != "N",
		FullName:    text(row.FullName),
		Title:       text(row.Title),
		FirstName:   text(row.FirstName),
		LastName:    text(row.LastName),
		DateOfBirth: date(row.DateOfBirth),
		Gender:      gender(row.Gender),
		Nationality: text(row.Nationality),
		NHSNumber:   nhsNumber(row.NHSID),
		AgeGroup:    ageGroup(row.ContextFlag),
		Has:         wanted.Facts,
	}
	if wanted.Facts.Has(resident.FactDeceased) {
		deceased := row.DateOfDeath != nil
		r.Deceased = &deceased
	}
	var addresses []addressRow
	if err := decode(row.Addresses, &addresses); err != nil {
		return nil, err
	}
	if len(addresses) > 0 && addresses[0].Current && wanted.Facts.Has(resident.FactUPRN) {
		r.UPRN = uprn(addresses[0].UPRN)
	}
	if wanted.Contacts != resident.NoContacts {
		var phones []phoneRow
		if err := decode(row.Phones, &phones); err != nil {
			return nil, err
		}
		r.SetContactDetails(contactDetails(r.ID(), row.EmailAddress, addresses, phones, wanted))
	}
	if wanted.Record {
		r.Record = &Record{
			LegacyID:    text(row.LegacyID),
			ContextFlag: text(row.ContextFlag),
			DateOfDeath: date(row.DateOfDeath),
		}
	}
	r.Withhold(wanted.Leave)
	return r, nil
}

// decode reads what json_agg wrote; nothing is an empty list.
func decode[T any](list []byte, into *[]T) error {
	if list == nil {
		return nil
	}
	if err := json.Unmarshal(list, into); err != nil {
		// The text of the error could hold what was in the row.
		return fmt.Errorf("mosaic: a list in a row cannot be read: %T", err)
	}
	return nil
}

// said is the text without the blanks around it; blank for nothing and for the dash that stands in
// columns that may not be null.
func said(s *string) string {
	if s == nil {
		return ""
	}
	if trimmed := strings.TrimSpace(*s); trimmed != "-" {
		return trimmed
	}
	return ""
}

// text is said, as a fact: nil for nothing.
func text(s *string) *string {
	if t := said(s); t != "" {
		return &t
	}
	return nil
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
	switch strings.ToUpper(said(s)) {
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
	switch said(s) {
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
