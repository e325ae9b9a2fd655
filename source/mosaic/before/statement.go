package before

import (
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A statement is one question put to PostgreSQL. Its text is made of those fixed parts that the
// question needs.
type statement struct{ table.Statement }

func (m *Mosaic) newStatement() *statement { return &statement{table.NewStatement(m.now())} }

// The expressions that stand in an index, word for word.
const (
	nameKey   = `gateway.name_key(p.last_name, p.first_name, p.full_name) COLLATE "C"`
	emailForm = `gateway.email_form(p.email_address)`
)

// isUnrestricted is true of persons whose whereabouts anyone may know. Only a plain No is one:
// where Mosaic does not say, nobody may assume.
const isUnrestricted = `p.restricted = 'N'`

// located reads an expression that could locate a person, of those of whom that may be known.
func located(wanted source.Wanted, expression string) string {
	if wanted.Leave.Restricted {
		return expression
	}
	return "CASE WHEN " + isUnrestricted + " THEN " + expression + " END"
}

// columnsOf lists the columns that each fact is read from.
func columnsOf(wanted source.Wanted) []string {
	columns := []string{"p.person_id", "p.restricted"}
	for _, c := range []struct {
		wanted bool
		column string
	}{
		{wanted.Facts.Has(resident.FactFullName), "p.full_name"},
		{wanted.Facts.Has(resident.FactTitle), "p.title"},
		{wanted.Facts.Has(resident.FactFirstName), "p.first_name"},
		{wanted.Facts.Has(resident.FactLastName), "p.last_name"},
		{wanted.Facts.Has(resident.FactDateOfBirth), finite("date_of_birth")},
		{wanted.Facts.Has(resident.FactDeceased) || wanted.Record, finite("date_of_death")},
		{wanted.Facts.Has(resident.FactGender), "p.gender"},
		{wanted.Facts.Has(resident.FactNationality), "p.nationality"},
		{wanted.Facts.Has(resident.FactNHSNumber), "p.nhs_id"},
		{wanted.Facts.Has(resident.FactAgeGroup) || wanted.Record, "p.context_flag"},
		{wanted.Contacts.Has(resident.Email), located(wanted, "p.email_address") + " AS email_address"},
		{wanted.Record, "p.person_id_legacy"},
	} {
		if c.wanted {
			columns = append(columns, c.column)
		}
	}
	return columns
}

// finite reads a column of p as a moment that there is: one that never comes is as good as none.
func finite(column string) string {
	return fmt.Sprintf("CASE WHEN isfinite(p.%[1]s) THEN p.%[1]s END AS %[1]s", column)
}

// selectPersons returns the text that reads what is wanted of the persons who fulfil every
// condition of where. The details are read after the page is cut: never of a person who is not
// on it.
func (st *statement) selectPersons(wanted source.Wanted, where []string, l table.Listing) string {
	columns := columnsOf(wanted)
	inner, outer := "", ""
	if l.Limit > 0 {
		if l.Order == source.ByName {
			columns = append(columns, l.NameKey(nameKey)+" AS name_key")
		}
		inner = "\n\t\tORDER BY " + l.Keys("name_key", "person_id") +
			"\n\t\tLIMIT " + st.Arg(l.Limit, "bigint")
		outer = "\n\tORDER BY " + l.Keys("p.name_key", "p.person_id")
	}
	var details strings.Builder
	if addresses := st.selectAddresses(wanted); addresses != "" {
		details.WriteString(",\n\t\t" + located(wanted, addresses) + " AS addresses")
	}
	if wanted.Contacts.Has(resident.Phone) {
		details.WriteString(",\n\t\t" + located(wanted, selectPhones) + " AS phones")
	}
	return "\n\tSELECT p.*" + details.String() + "\n\tFROM (" + //nolint:unqueryvet // they are listed
		"\n\t\tSELECT " + strings.Join(columns, ", ") +
		"\n\t\tFROM   mosaic.dm_persons p" + whereAll(where) + inner +
		"\n\t) p" + outer
}

// countPersons returns the text that counts who fulfils every condition of where, up to atMost.
func (st *statement) countPersons(where []string, atMost int) string {
	return "\n\tSELECT count(*) FROM (" +
		"\n\t\tSELECT FROM mosaic.dm_persons p" + whereAll(where) +
		"\n\t\tLIMIT " + st.Arg(atMost, "bigint") +
		"\n\t) p"
}

func whereAll(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\n\t\tWHERE  " + strings.Join(conditions, "\n\t\tAND    ")
}

// beyond is true of persons after (">") or before ("<") an end of a page.
func (st *statement) beyond(at *source.Bound, op string, order source.Order) (string, error) {
	id, ok := personID(at.SourceID)
	if !ok {
		return "", errors.New("mosaic: list residents: a position has no Mosaic ID")
	}
	if at.Inclusive {
		op += "="
	}
	if order == source.ByName {
		return fmt.Sprintf(`(%s, p.person_id) %s (%s, %s)`,
			nameKey, op, st.Arg(at.NameKey, "text"), st.Arg(id, "bigint")), nil
	}
	return fmt.Sprintf("p.person_id %s %s", op, st.Arg(id, "bigint")), nil
}

// isOneOf is true of persons with one of ids.
func (st *statement) isOneOf(ids []int64) string {
	return "p.person_id = ANY (" + st.Arg(pq.Array(ids), "bigint[]") + ")"
}

// A day that nobody knows, and one that never comes, stand for none.
const (
	startDay = `nullif(a.start_date::date, '1900-01-01')`
	endDay   = `nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31')`
)

// isCurrent is true of addresses that hold today. Their last day is still one of them.
func (st *statement) isCurrent() string {
	return fmt.Sprintf("coalesce(%[2]s >= %[1]s, true) AND coalesce(%[3]s <= %[1]s, true)",
		st.Today(), endDay, startDay)
}

// saysWhere is true of addresses that say anything of where they are. The others are no addresses.
const saysWhere = `(a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)`

// selectAddresses returns the expression that reads the addresses of a person, or blank where
// nothing of them is wanted. The order is the rule for the one address that a resident lives at:
// current before others, displayed before not, then the latest start, then the greatest link id.
func (st *statement) selectAddresses(wanted source.Wanted) string {
	details := wanted.Contacts.Has(resident.Address)
	if !details && !wanted.Facts.Has(resident.FactUPRN) {
		return ""
	}
	parts := []string{"'u', a.unique_id"}
	if details {
		parts = append(parts, "'i', a.ref_addresses_people_id", "'a', a.address", "'p', a.post_code",
			"'d', a.is_display_address", "'m', a.is_contact_address", "'s', "+startDay, "'e', "+endDay)
	}
	current, only := st.isCurrent(), ""
	if wanted.IncludeEnded && details {
		parts = append(parts, "'c', "+current)
	} else {
		parts = append(parts, "'c', true")
		only = "\n\t\t\tAND    " + current
	}
	return fmt.Sprintf(`(
			SELECT json_agg(json_build_object(%s)
			       ORDER BY (%s) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                %s DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    %s%s)`,
		strings.Join(parts, ", "), current, startDay, saysWhere, only)
}

const selectPhones = `(
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id)`
