package academy

import (
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// declaration says what Academy has: those on a benefit claim, and those who lead in being liable
// for council tax. Expressions that an index has stand in both files word for word. Academy does
// not say who is restricted, so Unrestricted is blank: everyone is.
func declaration() *engine.Declaration[row] {
	return &engine.Declaration[row]{
		Mapping: Mapping(),
		Description: "Those on benefit claims and those liable for council tax: who they are, where" +
			" they live and have lived, and the phones and e-mail of tax payers.",
		Tables: []string{"hbmember", "ctaccount"},
		Kinds:  []engine.Kind{benefits: claimMember(), councilTax: taxPayer()},
		Read:   read,
	}
}

// niNumberField is the one field of the record that is read by itself: it needs a scope of its own.
const niNumberField = "AcademyRecord.niNumber"

// A person is where the columns of a kind stand.
type person struct {
	title, firstName, lastName, fullName string
	birthDate, deceasedDate, niNumber    string

	mark string // the last character of the number; null where it is not in the row
}

func (p *person) columns() []engine.Column {
	return []engine.Column{
		{Name: "number_mark", SQL: p.mark},
		{Name: "title", SQL: p.title, For: source.WantFacts(resident.FactTitle)},
		{Name: "first_name", SQL: p.firstName, For: source.WantFacts(resident.FactFirstName)},
		{Name: "last_name", SQL: p.lastName, For: source.WantFacts(resident.FactLastName)},
		{Name: "full_name", SQL: p.fullName, For: source.WantFacts(resident.FactFullName)},
		{Name: "birth_date", SQL: p.birthDate, For: source.WantFacts(resident.FactDateOfBirth)},
		{Name: "deceased_date", SQL: p.deceasedDate, For: source.WantFacts(resident.FactDeceased)},
		{Name: "ni_number", SQL: p.niNumber, For: source.Wanted{Fields: niNumberField}},
	}
}

func (p *person) nameKey() string {
	return "gateway.name_key(" + p.lastName + ", " + p.firstName + ", " + p.fullName + `) COLLATE "C"`
}

// filters are those that both kinds answer. The address of a row is d.
func (p *person) filters(
	addresses *engine.Related, postcode string,
) map[resident.FilterField]engine.Filter {
	return map[resident.FilterField]engine.Filter{
		resident.FilterFirstName: engine.Contains("gateway.name_form(" + p.firstName + ")"),
		resident.FilterLastName:  engine.Contains("gateway.name_form(" + p.lastName + ")"),
		resident.FilterPostcode:  engine.Postcode(postcode).In(addresses),
		resident.FilterAddress: engine.Contains(`gateway.address_form(coalesce(d.addr1, '') || ' ' ||
			coalesce(d.addr2, '') || ' ' || coalesce(d.addr3, '') || ' ' || coalesce(d.addr4, ''))`).
			In(addresses),
		resident.FilterUPRN: engine.Where("ltrim(btrim(d.uprn), '0') = {value}", "text").In(addresses),
	}
}

// claimMember is a member of the household of a benefit claim: a claim and a person on it are one
// resident, at however many addresses, in the row of the last of them.
func claimMember() engine.Kind {
	p := person{
		title: "m.title", firstName: "m.forename", lastName: "m.surname", fullName: "m.name",
		birthDate: "academy.day(m.birth_date)", deceasedDate: "academy.day(m.deceased_date)",
		niNumber: "m.nino", mark: "NULL::text",
	}
	filters := p.filters(&engine.Related{
		In: `(m.claim_id, m.person_ref) IN (
			SELECT o.claim_id, o.person_ref
			FROM   academy.hbhousehold d
			JOIN   academy.hbmember o ON o.claim_id = d.claim_id AND o.house_id = d.house_id
			WHERE  {match})`,
		InUse: claimAddressInUse,
	}, "d.post_code")
	filters[resident.FilterDateOfBirth] = engine.Where(p.birthDate+" = {value}", "date")
	return engine.Kind{
		From: "academy.hbmember m",
		Where: `(m.house_id, m.member_id) = (
			SELECT l.house_id, l.member_id
			FROM   academy.hbmember l
			WHERE  l.claim_id = m.claim_id AND l.person_ref = m.person_ref
			ORDER  BY l.house_id DESC, l.member_id DESC
			LIMIT  1)`,
		Key: []engine.Key{
			{Name: "number", SQL: "m.claim_id", Type: "integer"},
			{Name: "person", SQL: "m.person_ref", Type: "integer"},
		},
		Parse:   parserOf(benefits),
		Check:   claimMark("m.claim_id"),
		NameKey: p.nameKey(),
		Columns: p.columns(),
		Details: []engine.Detail{
			{Name: "mark", SQL: engine.Always(claimMark("p.number"))},
			{
				Name: "status_ind", For: source.Wanted{Record: true}, SQL: engine.Always(
					`(SELECT c.status_ind FROM academy.hbclaim c WHERE c.claim_id = p.number)`),
			},
			{
				Name: "addresses", SQL: selectClaimAddresses,
				For: source.Wanted{Contacts: resident.Addresses, Facts: resident.FactUPRN},
			},
		},
		Filters: filters,
	}
}

// taxPayer is the lead liable tax payer of an account. An account without an occupation, a phone or
// anything else is one all the same.
func taxPayer() engine.Kind {
	p := person{
		title: "a.lead_liab_title", firstName: "a.lead_liab_forename", lastName: "a.lead_liab_surname",
		fullName: "a.lead_liab_name", birthDate: "NULL::date", deceasedDate: "NULL::date",
		niNumber: "NULL::text", mark: markOf("a.account_cd"),
	}
	filters := p.filters(&engine.Related{
		In: `a.account_ref IN (
			SELECT o.account_ref
			FROM   academy.ctproperty d
			JOIN   academy.ctoccupation o ON o.property_ref = d.property_ref
			WHERE  {match})`,
		InUse: accountAddressInUse,
	}, "d.postcode")
	// As lists, for they are short: the planner would guess otherwise, and read every account.
	filters[resident.FilterEmail] = engine.Where("gateway.email_form(e.email_addr) = {value}", "text").
		In(&engine.Related{
			In: "a.account_ref = ANY (ARRAY(SELECT e.reference_id FROM academy.syemail e" +
				" WHERE {match} AND " + isTaxEmail + "))",
			InUse: emailInUse,
		})
	filters[resident.FilterPhone] = engine.Contains(phoneDigits).In(&engine.Related{
		In: "a.account_ref = ANY (ARRAY(SELECT " + phoneAccount +
			" FROM academy.syphone s WHERE {match} AND " + isTaxPhone + "))",
	})
	return engine.Kind{
		From:    "academy.ctaccount a",
		Key:     []engine.Key{{Name: "number", SQL: "a.account_ref", Type: "integer"}},
		Parse:   parserOf(councilTax),
		Check:   p.mark,
		NameKey: p.nameKey(),
		Columns: p.columns(),
		Details: []engine.Detail{
			{Name: "mark", SQL: engine.Always("p.number_mark")},
			{
				Name: "addresses", SQL: selectAccountAddresses,
				For: source.Wanted{Contacts: resident.Addresses, Facts: resident.FactUPRN},
			},
			{
				Name: "phones", SQL: engine.Always(selectPhones),
				For: source.Wanted{Contacts: resident.Phones},
			},
			{Name: "emails", SQL: selectEmails, For: source.Wanted{Contacts: resident.Emails}},
		},
		Filters: filters,
	}
}
