package housing

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A statement is one question put to PostgreSQL: of its fixed parts it takes those that the
// question needs.
type statement struct{ table.Statement }

func (h *Housing) newStatement() *statement {
	return &statement{table.NewStatement(h.now())}
}

const (
	// isSomebody is true of rows that have a reference. The others are nobody's: nothing can be asked
	// of them, and a blank would make them one household.
	isSomebody = `m.house_ref > '' AND m.person_no >= 0`

	// niNumberField is the one field of the record that needs a scope of its own, and is read alone.
	niNumberField = "HousingRecord.niNumber"

	// nameKey stands in an index, word for word.
	nameKey = `gateway.name_key(m.surname, m.forename, NULL) COLLATE "C"`
)

// ordered returns the clause that puts rows, whose columns are of this table, in order.
func ordered(l table.Listing, of string) string {
	if l.Limit == 0 {
		return ""
	}
	return "\n\tORDER  BY " + l.Keys(of+"name_key", of+"house_ref", of+"person_no")
}

// selectMembers returns the text that reads what is wanted of the members who fulfil every
// condition. The details are read after the page is cut: never of a resident who is not on it.
func (st *statement) selectMembers(wanted source.Wanted, where []string, l table.Listing) string {
	limit := ""
	if l.Limit > 0 {
		limit = "\n\tLIMIT  " + st.Arg(l.Limit, "bigint")
	}
	columns := append([]string{"p.*"}, st.details(wanted)...)
	return "\n\tSELECT " + strings.Join(columns, ",\n\t       ") +
		"\n\tFROM   (SELECT " + strings.Join(columnsOf(wanted, l), ", ") +
		"\n\tFROM   housing.member m" + whereAll(where) + ordered(l, "") + limit + ") p" +
		ordered(l, "p.")
}

// countMembers returns the text that counts who fulfils every condition, up to atMost.
func (st *statement) countMembers(where []string, atMost int) string {
	return "\n\tSELECT count(*) FROM (SELECT FROM housing.member m" + whereAll(where) +
		"\n\tLIMIT  " + st.Arg(atMost, "bigint") + ") p"
}

func whereAll(where []string) string {
	return "\n\tWHERE  " + strings.Join(append([]string{isSomebody}, where...), "\n\tAND    ")
}

// columnsOf lists the columns of a member that are wanted.
func columnsOf(wanted source.Wanted, l table.Listing) []string {
	columns := []string{"m.house_ref", "m.person_no"}
	for _, c := range []struct {
		wanted bool
		column string
	}{
		{wanted.Facts.Has(resident.FactTitle), "m.title"},
		{wanted.Facts.Has(resident.FactFirstName), "m.forename"},
		{wanted.Facts.Has(resident.FactLastName), "m.surname"},
		// A moment that never comes is none.
		{wanted.Facts.Has(resident.FactDateOfBirth), "CASE WHEN isfinite(m.dob) THEN m.dob END AS dob"},
		{wanted.Fields.Has(niNumberField), "m.ni_no"},
		{l.Order == source.ByName, l.NameKey(nameKey) + " AS name_key"},
	} {
		if c.wanted {
			columns = append(columns, c.column)
		}
	}
	return columns
}

// beyond returns the condition that is true of members after (">") or before ("<") an end of a
// page. The household and the number of a member are compared as two, and never as one number made
// of both.
func (st *statement) beyond(at *source.Bound, op string, order source.Order) (string, error) {
	place, ok := parseReference(at.SourceID)
	if !ok {
		return "", errors.New("housing: list residents: a position has no reference of Housing")
	}
	if at.Inclusive {
		op += "="
	}
	row := "m.house_ref, m.person_no"
	than := st.Arg(place.house, "bpchar") + ", " + st.Arg(place.person, "numeric")
	if order == source.ByName {
		row, than = nameKey+", "+row, st.Arg(at.NameKey, "text")+", "+than
	}
	return "(" + row + ") " + op + " (" + than + ")", nil
}

// isOneOf is true of members with one of the references.
func (st *statement) isOneOf(references []reference) string {
	houses, persons := make([]string, len(references)), make([]int64, len(references))
	for i, r := range references {
		houses[i], persons[i] = r.house, r.person
	}
	return fmt.Sprintf("(m.house_ref, m.person_no) IN (SELECT u.h, u.n FROM unnest(%s, %s) u (h, n))",
		st.Arg(pq.Array(houses), "bpchar[]"), st.Arg(pq.Array(persons), "numeric[]"))
}
