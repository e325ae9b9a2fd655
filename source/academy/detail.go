package academy

import (
	"fmt"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// details returns the columns that the addresses, the phones and the e-mail addresses of the
// residents p of a page are read from: none of those whose whereabouts may not be known.
func (st *statement) details(wanted source.Wanted) []string {
	var columns []string
	if isHidden(wanted.Leave) {
		return nil
	}
	if wanted.Contacts.Has(resident.Address) || wanted.Facts.Has(resident.FactUPRN) {
		// Without the addresses themselves, the one that is lived at tells the property.
		ended := wanted.IncludeEnded && wanted.Contacts.Has(resident.Address)
		columns = append(columns, fmt.Sprintf("CASE p.kind WHEN %s THEN %s ELSE %s END AS addresses",
			benefits().rank, st.claimAddresses(ended), st.accountAddresses(ended)))
	}
	ofAccounts := "CASE p.kind WHEN " + councilTax().rank + " THEN "
	if wanted.Contacts.Has(resident.Phone) {
		columns = append(columns, ofAccounts+selectPhones+" END AS phones")
	}
	if wanted.Contacts.Has(resident.Email) {
		columns = append(columns, ofAccounts+st.emails(wanted.IncludeEnded)+" END AS emails")
	}
	return columns
}

// addressParts is what JSON holds of an address d, but for its reference and its period.
const addressParts = `'l', json_build_array(d.addr1, d.addr2, d.addr3, d.addr4), 'u', d.uprn`

// claimAddresses returns the expression that reads where a member of a claim lives and has lived:
// the addresses of the claim that they have a row at. Those in use come first, then the latest; the
// first is the one that the member lives at.
func (st *statement) claimAddresses(ended bool) string {
	holds := fmt.Sprintf(benefits().holds, st.Today())
	return `(
		SELECT json_agg(json_build_object('i', d.house_id::text, ` + addressParts + `, 'p', d.post_code,
		           's', academy.day(d.from_date), 'e', academy.day(d.to_date), 'c', ` + holds + `)
		       ORDER BY ` + holds + ` DESC, academy.day(d.from_date) DESC NULLS LAST, d.house_id DESC)
		FROM   academy.hbhousehold d
		WHERE  d.claim_id = p.number
		AND    EXISTS (SELECT FROM academy.hbmember o WHERE o.claim_id = d.claim_id
		               AND o.house_id = d.house_id AND o.person_ref = p.person)
		AND    ` + says(benefits()) + only(!ended, holds) + `)`
}

// accountAddresses returns the expression that reads the properties of an account, in that order.
// Which one is lived at does not depend on whether the property is known.
func (st *statement) accountAddresses(ended bool) string {
	holds := fmt.Sprintf(councilTax().holds, st.Today())
	return `(
		SELECT json_agg(json_build_object('i', o.property_ref, 'n', ` + timesBefore + `, ` +
		addressParts + `, 'p', d.postcode, 's', NULL,
		           'e', academy.day(o.vacation_date), 'c', ` + holds + `)
		       ORDER BY ` + holds + ` DESC, academy.day(o.vacation_date) DESC NULLS LAST,
		                o.property_ref DESC)
		FROM   academy.ctoccupation o
		JOIN   academy.ctproperty d ON d.property_ref = o.property_ref
		WHERE  o.account_ref = p.number
		AND    ` + says(councilTax()) + only(!ended, holds) + `)`
}

// timesBefore is how often an account was liable for a property before an occupation o of it: an
// occupation has nothing else to be told apart by.
const timesBefore = `(
		           SELECT count(DISTINCT coalesce(academy.day(x.vacation_date), '0001-01-01'))
		           FROM   academy.ctoccupation x
		           WHERE  x.account_ref = o.account_ref AND x.property_ref = o.property_ref
		           AND    coalesce(academy.day(x.vacation_date), '0001-01-01') <
		                  coalesce(academy.day(o.vacation_date), '0001-01-01'))`

// says is true of addresses of a kind that say anything of where they are. Others are no addresses.
func says(k kind) string {
	return "concat(d.addr1, d.addr2, d.addr3, d.addr4, d.uprn, " + k.postcode + ") ~ '[[:alnum:]]'"
}

// only adds a condition where it is to be one.
func only(is bool, condition string) string {
	if !is {
		return ""
	}
	return "\n\t\tAND    " + condition
}

const selectPhones = `(
		SELECT json_agg(json_build_array(s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		       ORDER BY s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		FROM   academy.syphone s
		WHERE  ` + phoneAccount + ` = p.number
		AND    ` + isTaxPhone + `)`

// emails returns the expression that reads the e-mail addresses of an account: those in use first,
// then the latest. A number may stand there twice, so rows of one are told apart by all they hold.
func (st *statement) emails(ended bool) string {
	holds := "(" + fmt.Sprintf(emailHolds, st.Today()) + ")"
	return `(
		SELECT json_agg(json_build_object('i', coalesce(e.person_type_seq_no, 0),
		           'n', (SELECT count(*) FROM academy.syemail x
		                 WHERE x.reference_id = e.reference_id AND x.applic_id = e.applic_id
		                 AND x.person_type = e.person_type
		                 AND coalesce(x.person_type_seq_no, 0) = coalesce(e.person_type_seq_no, 0)
		                 AND ` + emailRowOf("x") + ` < ` + emailRowOf("e") + `),
		           'v', e.email_addr, 's', academy.day(e.email_start_date),
		           'e', academy.day(e.email_end_date), 'c', ` + holds + `)
		       ORDER BY ` + holds + ` DESC, academy.day(e.email_start_date) DESC NULLS LAST,
		                e.person_type_seq_no DESC NULLS LAST, ` + emailRowOf("e") + `)
		FROM   academy.syemail e
		WHERE  e.reference_id = p.number
		AND    ` + isTaxEmail + `
		AND    ` + isEmail + only(!ended, holds) + `)`
}

// emailRowOf is what rows with one number are told apart by.
func emailRowOf(row string) string {
	return fmt.Sprintf("(coalesce(%[1]s.email_start_date, ''), coalesce(%[1]s.email_addr, ''), "+
		"coalesce(%[1]s.email_end_date, ''))", row)
}
