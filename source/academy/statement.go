package academy

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A statement is one question put to PostgreSQL, of residents of every kind. Its text is made of
// those fixed parts that the question needs.
type statement struct{ table.Statement }

func (a *Academy) newStatement() *statement { return &statement{table.NewStatement(a.now())} }

// ordered returns the end of a SELECT.
func ordered(l table.Listing, by, limit string) string {
	text := ""
	if l.Limit > 0 {
		text = "\n\tORDER  BY " + by
	}
	if limit != "" {
		text += "\n\tLIMIT  " + limit
	}
	return text
}

// selectResidents returns the text that reads what is wanted of the residents who fulfil every
// condition that where has for their kind. Of each kind a page is cut by its own indexes, and the
// page of all out of those. The details are read after that: never of a resident who is not on it.
func (st *statement) selectResidents(
	wanted source.Wanted, where func(*kind) []string, l table.Listing,
) string {
	limit := ""
	if l.Limit > 0 {
		limit = st.Arg(l.Limit, "bigint")
	}
	var parts []string
	for _, k := range kinds() {
		parts = append(parts, "(SELECT "+strings.Join(columnsOf(&k, wanted, l), ", ")+
			"\n\tFROM   "+k.from+
			"\n\tWHERE  "+strings.Join(append([]string{k.who}, where(&k)...), "\n\tAND    ")+
			ordered(l, l.Keys(l.NameKey(k.nameKey), k.number, k.person), limit)+")")
	}
	mark := "CASE WHEN p.kind = " + benefits().rank + " THEN " + markOf("c.check_digit") +
		" ELSE p.number_mark END AS mark"
	columns := []string{"p.*", mark}
	if wanted.Record {
		columns = append(columns, "c.status_ind")
	}
	return "\n\tSELECT " + strings.Join(append(columns, st.details(wanted)...), ",\n\t       ") +
		"\n\tFROM   (" + strings.Join(parts, "\n\tUNION  ALL\n\t") +
		ordered(l, l.Keys("name_key", "kind", "number", "person"), limit) + ") p" +
		"\n\tLEFT   JOIN academy.hbclaim c ON p.kind = " + benefits().rank +
		" AND c.claim_id = p.number" +
		ordered(l, l.Keys("p.name_key", "p.kind", "p.number", "p.person"), "")
}

// niNumberField is the one field of the record that is read by itself: it needs a scope of its own.
const niNumberField = "AcademyRecord.niNumber"

// columnsOf lists the columns of a kind that a resident is read from.
func columnsOf(k *kind, wanted source.Wanted, l table.Listing) []string {
	columns := []string{
		k.rank + " AS kind", k.number + " AS number", k.person + " AS person", k.mark + " AS number_mark",
	}
	for _, c := range []struct {
		wanted bool
		column string
	}{
		{wanted.Facts.Has(resident.FactTitle), k.title + " AS title"},
		{wanted.Facts.Has(resident.FactFirstName), k.firstName + " AS first_name"},
		{wanted.Facts.Has(resident.FactLastName), k.lastName + " AS last_name"},
		{wanted.Facts.Has(resident.FactFullName), k.fullName + " AS full_name"},
		{wanted.Facts.Has(resident.FactDateOfBirth), k.birthDate + " AS birth_date"},
		{wanted.Facts.Has(resident.FactDeceased), k.deceasedDate + " AS deceased_date"},
		{wanted.Fields.Has(niNumberField), k.niNumber + " AS ni_number"},
		{l.Order == source.ByName, l.NameKey(k.nameKey) + " AS name_key"},
	} {
		if c.wanted {
			columns = append(columns, c.column)
		}
	}
	return columns
}

// countResidents returns the text that counts who fulfils every condition, up to atMost.
func (st *statement) countResidents(where func(*kind) []string, atMost int) string {
	limit := st.Arg(atMost, "bigint")
	var parts []string
	for _, k := range kinds() {
		conditions := append([]string{k.who}, where(&k)...)
		parts = append(parts, "(SELECT 1 FROM "+k.from+
			"\n\tWHERE  "+strings.Join(conditions, "\n\tAND    ")+"\n\tLIMIT  "+limit+")")
	}
	return "\n\tSELECT count(*) FROM (" + strings.Join(parts, "\n\tUNION  ALL\n\t") +
		"\n\tLIMIT  " + limit + ") p"
}

// beyond returns the condition that is true of residents of a kind after (">") or before ("<") an
// end of a page.
func (st *statement) beyond(
	k *kind, at *source.Bound, op string, order source.Order,
) (string, error) {
	place, ok := parseReference(at.SourceID)
	if !ok {
		return "", errors.New("academy: list residents: a position has no reference of Academy")
	}
	if k.name != place.kind {
		// All of one kind are before all of the other, where they are of one name.
		isBeyond := (place.kind == benefitsName) == (op == ">")
		switch {
		case order == source.ByID && isBeyond:
			return "true", nil
		case order == source.ByID:
			return nobody, nil
		case isBeyond:
			op += "="
		}
		return k.nameKey + " " + op + " " + st.Arg(at.NameKey, "text"), nil
	}
	if at.Inclusive {
		op += "="
	}
	row, than := k.number+", "+k.person, st.Arg(place.number, "integer")+", "+
		st.Arg(place.person, "integer")
	if order == source.ByName {
		row, than = k.nameKey+", "+row, st.Arg(at.NameKey, "text")+", "+than
	}
	return "(" + row + ") " + op + " (" + than + ")", nil
}

// isOneOf is true of residents of a kind with one of the references, some of which may be of the
// other kind.
func (st *statement) isOneOf(k *kind, references []reference) string {
	var numbers, persons []int64
	for _, r := range references {
		if r.kind == k.name {
			numbers, persons = append(numbers, r.number), append(persons, r.person)
		}
	}
	if len(numbers) == 0 {
		return nobody
	}
	if k.name == councilTaxName {
		return k.number + " = ANY (" + st.Arg(pq.Array(numbers), "integer[]") + ")"
	}
	return fmt.Sprintf("(%s, %s) IN (SELECT u.n, u.p FROM unnest(%s, %s) u (n, p))", k.number,
		k.person, st.Arg(pq.Array(numbers), "integer[]"), st.Arg(pq.Array(persons), "integer[]"))
}
