package mosaic

import (
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// declaration says what Mosaic has: a person is a row of dm_persons.
func declaration() *engine.Declaration[row] {
	return &engine.Declaration[row]{
		Mapping: Mapping(),
		Description: "Adults and children known to social care: who they are, where they live and" +
			" have lived, their phones and e-mail.",
		Tables: []string{"dm_persons"},
		Kinds:  []engine.Kind{person()},
		Read:   read,
	}
}

// person says where each thing stands. Expressions that an index has stand there word for word.
func person() engine.Kind {
	return engine.Kind{
		From:    "mosaic.dm_persons p",
		Key:     []engine.Key{{Name: "person_id", SQL: "p.person_id", Type: "bigint"}},
		Parse:   engine.ParseNumber,
		NameKey: `gateway.name_key(p.last_name, p.first_name, p.full_name) COLLATE "C"`,
		// Only a plain No: where Mosaic does not say, a person is restricted.
		Unrestricted: `p.restricted = 'N'`,
		Columns: []engine.Column{
			{Name: "full_name", SQL: "p.full_name", For: source.WantFacts(resident.FactFullName)},
			{Name: "title", SQL: "p.title", For: source.WantFacts(resident.FactTitle)},
			{Name: "first_name", SQL: "p.first_name", For: source.WantFacts(resident.FactFirstName)},
			{Name: "last_name", SQL: "p.last_name", For: source.WantFacts(resident.FactLastName)},
			{
				Name: "date_of_birth", SQL: engine.Finite("p.date_of_birth"),
				For: source.WantFacts(resident.FactDateOfBirth),
			},
			{
				Name: "date_of_death", SQL: engine.Finite("p.date_of_death"),
				For: source.Wanted{Facts: resident.FactDeceased, Record: true},
			},
			{Name: "gender", SQL: "p.gender", For: source.WantFacts(resident.FactGender)},
			{Name: "nationality", SQL: "p.nationality", For: source.WantFacts(resident.FactNationality)},
			{Name: "nhs_id", SQL: "p.nhs_id", For: source.WantFacts(resident.FactNHSNumber)},
			{
				Name: "context_flag", SQL: "p.context_flag",
				For: source.Wanted{Facts: resident.FactAgeGroup, Record: true},
			},
			{
				Name: "email_address", SQL: "p.email_address",
				For: source.Wanted{Contacts: resident.Emails},
			},
			{Name: "person_id_legacy", SQL: "p.person_id_legacy", For: source.Wanted{Record: true}},
		},
		Details: []engine.Detail{
			{
				Name: "addresses", SQL: selectAddresses,
				For: source.Wanted{Contacts: resident.Addresses, Facts: resident.FactUPRN},
			},
			{
				Name: "phones", SQL: engine.Always(selectPhones),
				For: source.Wanted{Contacts: resident.Phones},
			},
		},
		Filters: filters(),
	}
}

func filters() map[resident.FilterField]engine.Filter {
	const inPhones = `p.person_id IN (SELECT t.person_id FROM mosaic.dm_telephone_numbers t WHERE `
	addresses := &engine.Related{
		In:    `p.person_id IN (SELECT a.person_id FROM mosaic.dm_addresses a WHERE {match})`,
		InUse: isCurrent,
	}
	phones := &engine.Related{
		In:        inPhones + `{match})`,
		Disclosed: inPhones + `{match} AND ` + isDisclosed() + `)`,
		Needs:     resident.Leave{ExDirectory: true},
	}
	return map[resident.FilterField]engine.Filter{
		resident.FilterFirstName:   engine.Contains("gateway.name_form(p.first_name)"),
		resident.FilterLastName:    engine.Contains("gateway.name_form(p.last_name)"),
		resident.FilterDateOfBirth: engine.OnDay("p.date_of_birth"),
		resident.FilterAgeGroup: engine.Code("p.context_flag", map[any]string{
			resident.Adult: adult, resident.Child: child,
		}),
		resident.FilterNHSNumber: engine.Where("p.nhs_id = {value} AND p.nhs_id > 0", "bigint"),
		resident.FilterEmail:     engine.Where("gateway.email_form(p.email_address) = {value}", "text"),
		resident.FilterPhone:     engine.Contains("gateway.digits(t.telephone_number)").In(phones),
		resident.FilterPostcode:  engine.Postcode("a.post_code").In(addresses),
		resident.FilterAddress:   engine.Contains("gateway.address_form(a.address)").In(addresses),
		resident.FilterUPRN:      engine.Where("a.unique_id = {value}", "bigint").In(addresses),
	}
}

// isDisclosed is true of a phone t that has no number in common with any that the person has as
// ex-directory, under whatever type it stands. It does not depend on what is asked: a caller who
// may see a phone finds its person by every piece of it, or by none, and learns nothing of the
// others.
func isDisclosed() string {
	return `NOT EXISTS (
			SELECT FROM mosaic.dm_telephone_numbers x
			WHERE  x.person_id = t.person_id
			AND    gateway.name_form(x.telephone_number_type) LIKE '%` + exDirectory + `%'
			AND    ` + engine.NumbersInCommon("gateway.digits(t.telephone_number)",
		"gateway.digits(x.telephone_number)") + `)`
}

// A day that nobody knows, and one that never comes, stand for none.
const (
	startDay = `nullif(a.start_date::date, '1900-01-01')`
	endDay   = `nullif(nullif(a.end_date::date, '1900-01-01'), '2099-12-31')`

	// isCurrent is true of addresses that hold today. Their last day is still one of them.
	isCurrent = `coalesce(` + endDay + ` >= {today}, true) AND coalesce(` + startDay +
		` <= {today}, true)`

	// saysWhere is true of addresses that say anything of where they are. The others are no addresses.
	saysWhere = `(a.address ~ '[[:alnum:]]' OR a.post_code ~ '[[:alnum:]]' OR a.unique_id > 0)`
)

// selectAddresses reads the addresses of a person. The order is the rule for the one address that
// they live at: current before others, displayed before not, then the latest start, then the
// greatest link ID.
func selectAddresses(wanted *source.Wanted) string {
	parts := []string{"'u', a.unique_id::text"}
	details := wanted.Contacts.Has(resident.Address)
	if details {
		parts = append(parts, "'i', a.ref_addresses_people_id", "'a', a.address", "'p', a.post_code",
			"'d', a.is_display_address", "'m', a.is_contact_address", "'s', "+startDay, "'e', "+endDay)
	}
	only := ""
	if wanted.IncludeEnded && details {
		parts = append(parts, "'c', "+isCurrent)
	} else {
		parts = append(parts, "'c', true")
		only = "\n\t\t\tAND    " + isCurrent
	}
	return `(
			SELECT json_agg(json_build_object(` + strings.Join(parts, ", ") + `)
			       ORDER BY (` + isCurrent + `) DESC, (a.is_display_address = 'Y') DESC NULLS LAST,
			                ` + startDay + ` DESC NULLS LAST, a.ref_addresses_people_id DESC)
			FROM   mosaic.dm_addresses a
			WHERE  a.person_id = p.person_id
			AND    ` + saysWhere + only + `)`
}

const selectPhones = `(
			SELECT json_agg(json_build_object('i', t.telephone_number_id,
			           'n', t.telephone_number, 't', t.telephone_number_type)
			       ORDER BY t.telephone_number_id)
			FROM   mosaic.dm_telephone_numbers t
			WHERE  t.person_id = p.person_id)`
