package academy

import (
	"fmt"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// The conditions and expressions on an address d of a household, or of an occupation o, on an
// e-mail row e and on a phone row s.
const (
	claimAddressInUse = `coalesce(academy.day(d.to_date) >= {today}
			AND coalesce(academy.day(d.from_date) <= {today}, true), false)`

	// Of the properties of an account the one with the greatest day of vacation, and that one only
	// until then.
	accountAddressInUse = `coalesce(academy.day(o.vacation_date) >= {today}
			AND (academy.day(o.vacation_date), o.property_ref) = (
				SELECT academy.day(l.vacation_date), l.property_ref
				FROM   academy.ctoccupation l
				WHERE  l.account_ref = o.account_ref
				ORDER  BY 1 DESC NULLS LAST, 2 DESC NULLS LAST
				LIMIT  1), false)`

	emailInUse = `(coalesce(academy.day(e.email_start_date) <= {today}, true)
			AND coalesce(academy.day(e.email_end_date) >= {today}, true))`

	// Those of the lead liable tax payer. E-mails without an @ are words such as `none`.
	isTaxEmail = `e.applic_id = '` + TaxApplication + `' AND e.person_type = '` + LeadLiable + `'
			AND position('@' IN e.email_addr) > 0`
	isTaxPhone = `s.applic_id = '` + TaxApplication + `' AND s.ref_type = '` + AccountPhone + `'`

	phoneAccount = `(CASE WHEN btrim(s.ref) ~ '^[0-9]{1,9}$' THEN btrim(s.ref)::integer END)`
	phoneDigits  = `(coalesce(gateway.digits(s.phonenum1), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum2), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum3), '') || ' ' ||
			coalesce(gateway.digits(s.phonenum4), ''))`

	// addressParts is what JSON holds of an address d, but for its reference and its period.
	addressParts = `'l', json_build_array(d.addr1, d.addr2, d.addr3, d.addr4), 'u', d.uprn`
)

// claimMark reads the last character of the number of a claim.
func claimMark(claimID string) string {
	return `coalesce((SELECT ` + markOf("c.check_digit") + ` FROM academy.hbclaim c
			WHERE c.claim_id = ` + claimID + `), '` + noMark + `')`
}

// says is true of addresses that say anything of where they are. Others are no addresses.
func says(postcode string) string {
	return "concat(d.addr1, d.addr2, d.addr3, d.addr4, d.uprn, " + postcode + ") ~ '[[:alnum:]]'"
}

// onlyInUse adds the condition where those that have ended are not wanted. Without the addresses
// themselves, the one that is lived at tells the property.
func onlyInUse(wanted *source.Wanted, of resident.ContactType, condition string) string {
	if wanted.IncludeEnded && wanted.Contacts.Has(of) {
		return ""
	}
	return "\n\t\tAND    " + condition
}

// selectClaimAddresses reads where a member of a claim lives and has lived: the addresses of the
// claim that they have a row at. Those in use come first, then the latest; the first is the one
// that the member lives at.
func selectClaimAddresses(wanted *source.Wanted) string {
	const inUse = claimAddressInUse
	return `(
		SELECT json_agg(json_build_object('i', d.house_id::text, ` + addressParts + `, 'p', d.post_code,
		           's', academy.day(d.from_date), 'e', academy.day(d.to_date), 'c', ` + inUse + `)
		       ORDER BY ` + inUse + ` DESC, academy.day(d.from_date) DESC NULLS LAST, d.house_id DESC)
		FROM   academy.hbhousehold d
		WHERE  d.claim_id = p.number
		AND    EXISTS (SELECT FROM academy.hbmember o WHERE o.claim_id = d.claim_id
		               AND o.house_id = d.house_id AND o.person_ref = p.person)
		AND    ` + says("d.post_code") + onlyInUse(wanted, resident.Address, inUse) + `)`
}

// selectAccountAddresses reads the properties of an account, in that order. Which one is lived at
// does not depend on whether the property is known.
func selectAccountAddresses(wanted *source.Wanted) string {
	const inUse = accountAddressInUse
	return `(
		SELECT json_agg(json_build_object('i', o.property_ref, 'n', ` + timesBefore + `, ` +
		addressParts + `, 'p', d.postcode, 's', NULL,
		           'e', academy.day(o.vacation_date), 'c', ` + inUse + `)
		       ORDER BY ` + inUse + ` DESC, academy.day(o.vacation_date) DESC NULLS LAST,
		                o.property_ref DESC)
		FROM   academy.ctoccupation o
		JOIN   academy.ctproperty d ON d.property_ref = o.property_ref
		WHERE  o.account_ref = p.number
		AND    ` + says("d.postcode") + onlyInUse(wanted, resident.Address, inUse) + `)`
}

// timesBefore is how often an account was liable for a property before an occupation o of it: an
// occupation has nothing else to be told apart by.
const timesBefore = `(
		           SELECT count(DISTINCT coalesce(academy.day(x.vacation_date), '0001-01-01'))
		           FROM   academy.ctoccupation x
		           WHERE  x.account_ref = o.account_ref AND x.property_ref = o.property_ref
		           AND    coalesce(academy.day(x.vacation_date), '0001-01-01') <
		                  coalesce(academy.day(o.vacation_date), '0001-01-01'))`

const selectPhones = `(
		SELECT json_agg(json_build_array(s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		       ORDER BY s.phonenum1, s.phonenum2, s.phonenum3, s.phonenum4)
		FROM   academy.syphone s
		WHERE  ` + phoneAccount + ` = p.number
		AND    ` + isTaxPhone + `)`

// selectEmails reads the e-mail addresses of an account: those in use first, then the latest. A
// number may stand there twice, so all that a row holds tells those of one number apart.
func selectEmails(wanted *source.Wanted) string {
	return `(
		SELECT json_agg(json_build_object('i', coalesce(e.person_type_seq_no, 0),
		           'n', (SELECT count(*) FROM academy.syemail x
		                 WHERE x.reference_id = e.reference_id AND x.applic_id = e.applic_id
		                 AND x.person_type = e.person_type
		                 AND coalesce(x.person_type_seq_no, 0) = coalesce(e.person_type_seq_no, 0)
		                 AND ` + emailRowOf("x") + ` < ` + emailRowOf("e") + `),
		           'v', e.email_addr, 's', academy.day(e.email_start_date),
		           'e', academy.day(e.email_end_date), 'c', ` + emailInUse + `)
		       ORDER BY ` + emailInUse + ` DESC, academy.day(e.email_start_date) DESC NULLS LAST,
		                e.person_type_seq_no DESC NULLS LAST, ` + emailRowOf("e") + `)
		FROM   academy.syemail e
		WHERE  e.reference_id = p.number
		AND    ` + isTaxEmail + onlyInUse(wanted, resident.Email, emailInUse) + `)`
}

// emailRowOf is what rows with one number are told apart by.
func emailRowOf(row string) string {
	return fmt.Sprintf("(coalesce(%[1]s.email_start_date, ''), coalesce(%[1]s.email_addr, ''), "+
		"coalesce(%[1]s.email_end_date, ''))", row)
}
