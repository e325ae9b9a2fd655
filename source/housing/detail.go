package housing

import (
	"fmt"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// details returns the columns that are read of the members p of a page from other tables: of those
// whose whereabouts may not be known, nothing that would tell them.
func (st *statement) details(wanted source.Wanted) []string {
	var columns []string
	hidden := isHidden(wanted.Leave)
	addresses := !hidden &&
		(wanted.Contacts.Has(resident.Address) || wanted.Facts.Has(resident.FactUPRN))
	if wanted.Record || addresses {
		columns = append(columns, st.tenancies(wanted.Record)+" AS tenancies")
	}
	if addresses {
		columns = append(columns, properties(wanted)+" AS properties")
	}
	if !hidden && wanted.Contacts.Has(resident.Phone) {
		columns = append(columns, selectPhones()+" AS phones")
	}
	if !hidden && wanted.Contacts.Has(resident.Email) {
		columns = append(columns, selectEmails()+" AS emails")
	}
	if wanted.Record {
		columns = append(columns, selectContactKey+" AS contact_key")
	}
	return columns
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
)

// hasEnded is true of a tenancy t that was terminated, unless its last day is yet to come. Where
// Universal Housing does not say whether it was, its last day decides.
func (st *statement) hasEnded() string {
	return "(t.terminated IS NOT false AND coalesce(" + endDay + " < " + st.Today() +
		", t.terminated IS true))"
}

// tenancies returns the expression that reads the tenancies of a household: those that have not
// ended first, then the latest. Only a record tells what they are called.
func (st *statement) tenancies(called bool) string {
	parts := []string{
		"'a', NOT " + st.hasEnded(), "'t', t.terminated", "'s', " + startDay, "'e', " + endDay,
	}
	if called {
		parts = append(parts, "'r', t.tag_ref", "'c', t.tenure", `'d', (
		           SELECT max(y.ten_desc) FROM housing.tenure y WHERE y.ten_type = t.tenure)`)
	}
	return `(
		SELECT json_agg(json_build_object(` + strings.Join(parts, ", ") + `)
		       ORDER BY ` + st.hasEnded() + `, ` + startDay + ` DESC NULLS LAST, t.tag_ref DESC)
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

// properties returns the expression that reads the properties of a household: the one that it has
// now before others that are, or were, its too.
func properties(wanted source.Wanted) string {
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
