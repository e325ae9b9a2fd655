package academy

// Academy has residents of two kinds: those on a benefit claim, and those who lead in being liable
// for council tax. They are one list, the first kind before the second. A kind says where each
// thing that is asked stands in its tables, and the statement is made the same way of both.
type kind struct {
	name kindName
	rank string // in the list: a number, as a literal

	from string // the table of its rows, and the name they go by
	who  string // the condition that is true of the one row of each resident

	number, person string // what a reference is made of; and what rows are in order by
	mark           string // the last character of the number, and where it is not in the row nil
	markIs         string // the condition on it; %s is the parameter

	title, firstName, lastName, fullName string
	birthDate, deceasedDate, niNumber    string

	nameKey string // the expression that stands in an index, word for word

	// address is true of rows whose address, d, fulfils the conditions that take the place of %s.
	address  string
	postcode string // of d
	// holds is true of an address that is in use on the day %s.
	holds string

	// email and phone are true of rows of which an e-mail row e or a phone row s fulfils the
	// conditions that take the place of %s; nobody where a kind has none.
	email, phone string
}

// A kindName is how references of a kind begin.
type kindName string

const (
	benefitsName   kindName = "benefits"
	councilTaxName kindName = "council-tax"
)

func kinds() []kind { return []kind{benefits(), councilTax()} }

const (
	noText = "NULL::text"
	noDate = "NULL::date"
	nobody = "false"
)

// benefits are the members of households of benefit claims: a claim and a person on it are one
// resident, at however many addresses, in the row of the last of them.
func benefits() kind {
	return kind{
		name: benefitsName, rank: "0",
		from: "academy.hbmember m",
		who: `(m.house_id, m.member_id) = (
			SELECT l.house_id, l.member_id
			FROM   academy.hbmember l
			WHERE  l.claim_id = m.claim_id AND l.person_ref = m.person_ref
			ORDER  BY l.house_id DESC, l.member_id DESC
			LIMIT  1)`,
		number: "m.claim_id", person: "m.person_ref", mark: noText,
		markIs: `coalesce((SELECT ` + markOf("c.check_digit") + ` FROM academy.hbclaim c
			WHERE c.claim_id = m.claim_id), '` + noMark + `') = %s`,
		title: "m.title", firstName: "m.forename", lastName: "m.surname",
		fullName: "m.name", niNumber: "m.nino",
		birthDate:    "academy.day(m.birth_date)",
		deceasedDate: "academy.day(m.deceased_date)",
		nameKey:      `gateway.name_key(m.surname, m.forename, m.name) COLLATE "C"`,
		address: `(m.claim_id, m.person_ref) IN (
			SELECT o.claim_id, o.person_ref
			FROM   academy.hbhousehold d
			JOIN   academy.hbmember o ON o.claim_id = d.claim_id AND o.house_id = d.house_id
			WHERE  %s)`,
		postcode: "d.post_code",
		holds: `coalesce(academy.day(d.to_date) >= %[1]s
			AND coalesce(academy.day(d.from_date) <= %[1]s, true), false)`,
		email: nobody, phone: nobody,
	}
}

// councilTax are the lead liable tax payers. An account without an occupation, a phone or anything
// else is one all the same.
func councilTax() kind {
	return kind{
		name: councilTaxName, rank: "1",
		from: "academy.ctaccount a", who: "true",
		number: "a.account_ref", person: "0::integer", mark: markOf("a.account_cd"),
		markIs: markOf("a.account_cd") + " = %s",
		title:  "a.lead_liab_title", firstName: "a.lead_liab_forename",
		lastName: "a.lead_liab_surname", fullName: "a.lead_liab_name",
		birthDate: noDate, deceasedDate: noDate, niNumber: noText,
		nameKey: `gateway.name_key(a.lead_liab_surname, a.lead_liab_forename, ` +
			`a.lead_liab_name) COLLATE "C"`,
		address: `a.account_ref IN (
			SELECT o.account_ref
			FROM   academy.ctproperty d
			JOIN   academy.ctoccupation o ON o.property_ref = d.property_ref
			WHERE  %s)`,
		postcode: "d.postcode",
		// Of the properties of an account the one with the greatest day of vacation, and that one
		// only until then.
		holds: `coalesce(academy.day(o.vacation_date) >= %s
			AND (academy.day(o.vacation_date), o.property_ref) = (
				SELECT academy.day(l.vacation_date), l.property_ref
				FROM   academy.ctoccupation l
				WHERE  l.account_ref = o.account_ref
				ORDER  BY 1 DESC NULLS LAST, 2 DESC NULLS LAST
				LIMIT  1), false)`,
		// As lists, for they are short: the planner would guess otherwise, and read every account.
		email: "a.account_ref = ANY (ARRAY(SELECT e.reference_id FROM academy.syemail e WHERE %s))",
		phone: "a.account_ref = ANY (ARRAY(SELECT " + phoneAccount +
			" FROM academy.syphone s WHERE %s))",
	}
}

// The expressions on an address d, an e-mail row e and a phone row s. Those that stand in an index
// stand there word for word.
const (
	addressForm = `gateway.address_form(coalesce(d.addr1, '') || ' ' || coalesce(d.addr2, '') || ' ' ||
		coalesce(d.addr3, '') || ' ' || coalesce(d.addr4, ''))`
	uprnForm = `ltrim(btrim(d.uprn), '0')`

	isTaxEmail = `e.applic_id = '` + taxApplication + `' AND e.person_type = '` + leadLiable + `'`
	isEmail    = `position('@' IN e.email_addr) > 0` // the others are words such as `none`
	emailForm  = `gateway.email_form(e.email_addr)`
	// emailHolds is true of an e-mail address that is in use on the day %s.
	emailHolds = `coalesce(academy.day(e.email_start_date) <= %[1]s, true)
			AND coalesce(academy.day(e.email_end_date) >= %[1]s, true)`

	isTaxPhone   = `s.applic_id = '` + taxApplication + `' AND s.ref_type = '` + accountPhone + `'`
	phoneAccount = `(CASE WHEN btrim(s.ref) ~ '^[0-9]{1,9}$' THEN btrim(s.ref)::integer END)`
	phoneDigits  = `(coalesce(gateway.digits(s.phonenum1), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum2), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum3), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum4), ''))`
)
