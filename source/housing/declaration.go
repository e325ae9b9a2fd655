package housing

import (
	"fmt"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// declaration says what Universal Housing has: a member of a household is a row of member.
func declaration() *engine.Declaration[row] {
	return &engine.Declaration[row]{
		Mapping: Mapping(),
		Description: "Members of the households of council tenancies: who they are, where the household" +
			" lives, its tenancies, and the phones and e-mail of its members.",
		Tables: []string{"member"},
		Kinds:  []engine.Kind{member()},
		Read:   read,
	}
}

// niNumberField is the one field of the record that needs a scope of its own, and is read alone.
const niNumberField = "HousingRecord.niNumber"

// member says where each thing stands. Expressions that an index has stand there word for word.
// Universal Housing does not say who is restricted, so Unrestricted is blank: everyone is.
func member() engine.Kind {
	return engine.Kind{
		From: "housing.member m",
		// Rows without a reference are nobody's: nothing can be asked of them, and a blank would make
		// them one household.
		Where: `m.house_ref > '' AND m.person_no >= 0`,
		Key: []engine.Key{
			{Name: "house_ref", SQL: "m.house_ref", Type: "bpchar"},
			{Name: "person_no", SQL: "m.person_no", Type: "numeric"},
		},
		Parse:   parseReference,
		NameKey: `gateway.name_key(m.surname, m.forename, NULL) COLLATE "C"`,
		Columns: []engine.Column{
			{Name: "title", SQL: "m.title", For: source.WantFacts(resident.FactTitle)},
			{Name: "forename", SQL: "m.forename", For: source.WantFacts(resident.FactFirstName)},
			{Name: "surname", SQL: "m.surname", For: source.WantFacts(resident.FactLastName)},
			{
				Name: "dob", SQL: engine.Finite("m.dob"),
				For: source.WantFacts(resident.FactDateOfBirth),
			},
			{Name: "ni_no", SQL: "m.ni_no", For: source.Wanted{Fields: niNumberField}},
		},
		Details: []engine.Detail{
			{
				Name: "tenancies", SQL: selectTenancies, For: source.Wanted{
					Contacts: resident.Addresses, Facts: resident.FactUPRN, Record: true,
				},
			},
			{
				Name: "properties", SQL: selectProperties,
				For: source.Wanted{Contacts: resident.Addresses, Facts: resident.FactUPRN},
			},
			{
				Name: "phones", SQL: engine.Always(selectPhones()),
				For: source.Wanted{Contacts: resident.Phones},
			},
			{
				Name: "emails", SQL: engine.Always(selectEmails()),
				For: source.Wanted{Contacts: resident.Emails},
			},
			{
				Name: "contact_key", SQL: engine.Always(selectContactKey),
				For: source.Wanted{Record: true},
			},
		},
		Filters: filters(),
		Own:     ownFilter,
	}
}

func filters() map[resident.FilterField]engine.Filter {
	properties := &engine.Related{
		In: "m.house_ref IN (SELECT d.house_ref FROM housing.property d WHERE " + saysWhere("d") +
			" AND {match})",
		InUse: isLivedAt(),
	}
	phones := &engine.Related{
		In:        isReached(`"CCPhone"`, "{match}"),
		Disclosed: isReachedUnrefused("{match}"),
		Needs:     resident.Leave{OptedOut: true},
	}
	const isRefused = ` AND upper(c."OKToEmail") = 'N'`
	emails := &engine.Related{
		In: isReached(`"CCEmailAddress"`, "{match} AND "+isEmail),
		Disclosed: isReached(`"CCEmailAddress"`, "{match} AND "+isEmail) + " AND NOT " +
			isReached(`"CCEmailAddress"`, "{match} AND "+isEmail+isRefused),
		Needs: resident.Leave{OptedOut: true},
	}
	return map[resident.FilterField]engine.Filter{
		resident.FilterFirstName:   engine.Contains("gateway.name_form(m.forename)"),
		resident.FilterLastName:    engine.Contains("gateway.name_form(m.surname)"),
		resident.FilterDateOfBirth: engine.OnDay("m.dob"),
		resident.FilterEmail: engine.Where(`gateway.email_form(c."Email") = {value}`, "text").
			In(emails),
		resident.FilterPhone:    engine.Contains(`gateway.digits(c."PhoneNo")`).In(phones),
		resident.FilterPostcode: engine.Postcode("d.post_code").In(properties),
		resident.FilterAddress:  engine.Contains("gateway.address_form(d.address1)").In(properties),
		resident.FilterUPRN: engine.Where("ltrim(btrim(d.u_llpg_ref), '0') = {value}", "text").
			In(properties),
	}
}

// ownFilter is the condition for what only Universal Housing can be filtered by.
func ownFilter(value any) (condition string, ok bool) {
	own, ok := value.(Filter)
	if !own.ActiveTenanciesOnly {
		return "true", ok
	}
	return "EXISTS (SELECT FROM housing.tenagree t WHERE t.house_ref = m.house_ref AND " + isTenancy +
		" AND NOT " + hasEnded + ")", ok
}

// The conditions and expressions on a tenancy t, of which a row without a reference is none.
const (
	isTenancy = `t.tag_ref > ''`
	startDay  = `nullif(t.cot::date, '1900-01-01')`
	endDay    = `nullif(t.eot::date, '1900-01-01')`

	// isOneHousehold is true of a tenancy t by which its household can be told. By one that two have,
	// each would be given what is the other's. It is no NOT EXISTS, which the planner would make a
	// join of, and take for one that leaves next to nothing.
	isOneHousehold = isTenancy + `
		           AND    t.house_ref = ALL (
		               SELECT x.house_ref
		               FROM   housing.tenagree x
		               WHERE  x.tag_ref = t.tag_ref AND x.house_ref > '')`

	// hasEnded is true of a tenancy t that was terminated, unless its last day is yet to come. Where
	// Universal Housing does not say whether it was, its last day decides.
	hasEnded = `(t.terminated IS NOT false AND coalesce(` + endDay +
		` < {today}, t.terminated IS true))`

	isEmail = `position('@' IN c."Email") > 0` // the others are words such as `none`
)

// selectTenancies reads the tenancies of a household: those that have not ended first, then the
// latest. Only a record says what they are called.
func selectTenancies(wanted *source.Wanted) string {
	parts := []string{
		"'a', NOT " + hasEnded, "'t', t.terminated", "'s', " + startDay, "'e', " + endDay,
	}
	if wanted.Record {
		parts = append(parts, "'r', t.tag_ref", "'c', t.tenure", `'d', (
		           SELECT max(y.ten_desc) FROM housing.tenure y WHERE y.ten_type = t.tenure)`)
	}
	return `(
		SELECT json_agg(json_build_object(` + strings.Join(parts, ", ") + `)
		       ORDER BY ` + hasEnded + `, ` + startDay + ` DESC NULLS LAST, t.tag_ref DESC)
		FROM   housing.tenagree t
		WHERE  t.house_ref = p.house_ref
		AND    ` + isTenancy + `)`
}

// saysWhere is true of a property that says anything of where it is. The others are none.
func saysWhere(row string) string {
	return fmt.Sprintf(`%[1]s.prop_ref > '' AND (
		           concat(%[1]s.address1, %[1]s.post_code) ~ '[[:alnum:]]'
		           OR %[1]s.u_llpg_ref ~ '^ *0*[1-9][0-9]{0,11} *$')`, row)
}

// latestFirst is the order in which the first of several properties of a household is the one that
// it has now.
func latestFirst(row string) string {
	return fmt.Sprintf("%[1]s.dtstamp DESC NULLS LAST, %[1]s.prop_ref DESC", row)
}

// selectProperties reads the properties of a household: the one that it has now before others that
// are, or were, its too.
func selectProperties(wanted *source.Wanted) string {
	parts := []string{"'u', d.u_llpg_ref"}
	limit := "\n\t\t        LIMIT  1"
	if wanted.Contacts.Has(resident.Address) {
		parts = append(parts, "'i', d.prop_ref", "'a', d.address1", "'p', d.post_code")
		if wanted.IncludeEnded {
			limit = ""
		}
	}
	return fmt.Sprintf(`(
		SELECT json_agg(json_build_object(%s)
		       ORDER BY %s)
		FROM   (SELECT d.prop_ref, d.address1, d.post_code, d.u_llpg_ref, d.dtstamp
		        FROM   housing.property d
		        WHERE  d.house_ref = p.house_ref
		        AND    %s
		        ORDER  BY %[2]s%[4]s) d)`,
		strings.Join(parts, ", "), latestFirst("d"), saysWhere("d"), limit)
}

// isLivedAt is true of a property d that its household has now: the latest of its properties,
// unless all the tenancies of the household have ended. stay in read.go holds the same.
func isLivedAt() string {
	return `d.prop_ref = (
				SELECT o.prop_ref
				FROM   housing.property o
				WHERE  o.house_ref = d.house_ref
				AND    ` + saysWhere("o") + `
				ORDER  BY ` + latestFirst("o") + `
				LIMIT  1)
			AND coalesce((
				SELECT NOT bool_and(` + hasEnded + `)
				FROM   housing.tenagree t
				WHERE  t.house_ref = d.house_ref
				AND    ` + isTenancy + `), true)`
}

// linkPerson is whose of a household a link l is. It stands in an index, word for word.
const linkPerson = `(CASE WHEN btrim(l."Key2") ~ '^[0-9]{1,2}$' THEN btrim(l."Key2")::numeric END)`

// contactNumbers reads what the contact centre knows a member by: through a tenancy and the number
// of the member both, for either alone is another's as well.
func contactNumbers(member string) string {
	return `(
		           SELECT l."ContactNo"
		           FROM   housing.tenagree t
		           JOIN   housing."CCContactLink" l ON l."Key1" = t.tag_ref
		           WHERE  t.house_ref = ` + member + `.house_ref
		           AND    ` + isOneHousehold + `
		           AND    ` + linkPerson + ` = ` + member + `.person_no)`
}

// isReached is true of members whom a row c of a table of the contact centre is of that fulfils a
// condition. contactNumbers holds the same, the other way round.
func isReached(table, condition string) string {
	return `(m.house_ref, m.person_no) IN (
			SELECT t.house_ref, ` + linkPerson + `
			FROM   housing.` + table + ` c
			JOIN   housing."CCContactLink" l ON l."ContactNo" = c."ContactNo"
			JOIN   housing.tenagree t ON t.tag_ref = l."Key1"
			WHERE  ` + isOneHousehold + `
			AND    ` + condition + `)`
}

// isReachedUnrefused is true of members whom a phone c is of that fulfils a condition, and has no
// number in common with any that they may not be called by. It does not depend on what is asked: a
// caller who may see a phone finds its member by every piece of it, or by none.
func isReachedUnrefused(condition string) string {
	return `(m.house_ref, m.person_no) IN (
			SELECT r.house_ref, r.person_no
			FROM   (SELECT t.house_ref, ` + linkPerson + ` AS person_no,
			               gateway.digits(c."PhoneNo") AS digits
			        FROM   housing."CCPhone" c
			        JOIN   housing."CCContactLink" l ON l."ContactNo" = c."ContactNo"
			        JOIN   housing.tenagree t ON t.tag_ref = l."Key1"
			        WHERE  ` + isOneHousehold + `
			        AND    ` + condition + `
			        OFFSET 0) r -- few, and found before what follows is asked of each
			WHERE  coalesce((
			           SELECT false
			           FROM   housing."CCPhone" x
			           WHERE  x."ContactNo" IN ` + contactNumbers("r") + `
			           AND    upper(x."OKToCall") = 'N'
			           AND    ` + engine.NumbersInCommon("r.digits", `gateway.digits(x."PhoneNo")`) + `
			           LIMIT  1), true))`
}

// selectPhones reads the phones of a member p, the latest first.
func selectPhones() string {
	return `(
		SELECT json_agg(json_build_object('i', c."PhoneID", 'n', c."PhoneNo", 't', c."PhoneType",
		           'k', c."OKToCall")
		       ORDER BY c."modDate" DESC NULLS LAST, c."PhoneID" DESC)
		FROM   housing."CCPhone" c
		WHERE  c."ContactNo" IN ` + contactNumbers("p") + `)`
}

// selectEmails reads the e-mail addresses of a member p, likewise.
func selectEmails() string {
	return `(
		SELECT json_agg(json_build_object('i', c."EmailID", 'n', c."Email", 't', c."EmailType",
		           'k', c."OKToEmail", 'd', c."Defualt")
		       ORDER BY c."modDate" DESC NULLS LAST, c."EmailID" DESC)
		FROM   housing."CCEmailAddress" c
		WHERE  c."ContactNo" IN ` + contactNumbers("p") + `
		AND    ` + isEmail + `)`
}

// selectContactKey reads the key of the household p in the housing register: by its own reference,
// or else by that of a tenancy of it. Of several the latest is taken.
const selectContactKey = `coalesce(
		(SELECT max(k.con_key) FROM housing.contacts k WHERE k.con_ref = p.house_ref),
		(SELECT max(k.con_key)
		 FROM   housing.tenagree t
		 JOIN   housing.contacts k ON k.tag_ref = t.tag_ref
		 WHERE  t.house_ref = p.house_ref
		 AND    ` + isOneHousehold + `))::text`
