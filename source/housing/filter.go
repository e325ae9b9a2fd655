package housing

import (
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// unknownDate is what stands for a day that nobody knows.
func unknownDate() resident.Date { return resident.Date{Year: 1900, Month: time.January, Day: 1} }

// matches returns the conditions that are all true of members who match the filter.
func (st *statement) matches(f *resident.Filter) []string {
	const nobody = "false"
	var where []string
	add := func(condition string) { where = append(where, condition) }

	if f.SourceID != "" {
		if r, ok := parseReference(f.SourceID); ok {
			add(st.isOneOf([]reference{r}))
		} else {
			add(nobody)
		}
	}
	if f.FirstName != "" {
		add("gateway.name_form(m.forename) LIKE " + st.Part(f.FirstName))
	}
	if f.LastName != "" {
		add("gateway.name_form(m.surname) LIKE " + st.Part(f.LastName))
	}
	if f.DateOfBirth != nil {
		day := st.Arg(f.DateOfBirth.String(), "date")
		add("m.dob >= " + day + " AND m.dob < " + day + " + 1")
		if *f.DateOfBirth == unknownDate() {
			add(nobody)
		}
	}
	if own, ok := f.Own.(Filter); ok && own.ActiveTenanciesOnly {
		add("EXISTS (SELECT FROM housing.tenagree t WHERE t.house_ref = m.house_ref AND " + isTenancy +
			" AND NOT " + st.hasEnded() + ")")
	}
	if f.Locates() && isHidden(f.Leave) {
		add(nobody)
	}
	if f.Email != "" {
		email := emailForm + " = " + st.Arg(f.Email, "text") + " AND " + isEmail
		add(isReached(`"CCEmailAddress"`, email))
		if !f.Leave.OptedOut {
			add("NOT " + isReached(`"CCEmailAddress"`, email+` AND upper(c."OKToEmail") = 'N'`))
		}
	}
	if f.Phone != "" {
		phone := `gateway.digits(c."PhoneNo") LIKE ` + st.Part(f.Phone)
		if f.Leave.OptedOut {
			add(isReached(`"CCPhone"`, phone))
		} else {
			add(isReachedUnrefused(phone))
		}
	}
	if f.OnAddress() {
		add("m.house_ref IN (SELECT d.house_ref FROM housing.property d WHERE " +
			strings.Join(st.matchesAddress(f), " AND ") + ")")
	}
	return where
}

const (
	emailForm = `gateway.email_form(c."Email")`
	isEmail   = `position('@' IN c."Email") > 0` // the others are words such as `none`
)

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
// number in common with any that they may not be called by, however it is spelled there. It does
// not depend on what is asked, as notExDirectory of Mosaic does not.
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
			           CROSS  JOIN generate_series(1, length(r.digits) - 8) AS at
			           WHERE  x."ContactNo" IN ` + contactNumbers("r") + `
			           AND    upper(x."OKToCall") = 'N'
			           AND    (gateway.digits(x."PhoneNo") LIKE '%' || substr(r.digits, at, 9) || '%'
			                   OR length(gateway.digits(x."PhoneNo")) BETWEEN 6 AND 8
			                   AND r.digits LIKE '%' || gateway.digits(x."PhoneNo") || '%')
			           LIMIT  1), true))`
}

// matchesAddress returns the conditions that are all true of properties that match the filter.
func (st *statement) matchesAddress(f *resident.Filter) []string {
	where := []string{saysWhere("d")}
	if f.Postcode.Outward != "" {
		where = append(where, "gateway.postcode_outward(d.post_code) = "+
			st.Arg(f.Postcode.Outward, "text"))
	}
	if f.Postcode.Inward != "" {
		where = append(where, "gateway.postcode_inward(d.post_code) = "+
			st.Arg(f.Postcode.Inward, "text"))
	}
	if f.Address != "" {
		where = append(where, "gateway.address_form(d.address1) LIKE "+st.Part(f.Address))
	}
	if f.UPRN != "" {
		where = append(where, "ltrim(btrim(d.u_llpg_ref), '0') = "+st.Arg(f.UPRN, "text"))
	}
	if !f.IncludeEnded {
		where = append(where, st.isLivedAt())
	}
	return where
}

// isLivedAt is true of a property d that its household has now: the latest of its properties,
// unless all the tenancies of the household have ended. addressDetails in address.go holds the
// same.
func (st *statement) isLivedAt() string {
	return `d.prop_ref = (
				SELECT o.prop_ref
				FROM   housing.property o
				WHERE  o.house_ref = d.house_ref
				AND    ` + saysWhere("o") + `
				ORDER  BY ` + latestFirst("o") + `
				LIMIT  1)
			AND coalesce((
				SELECT NOT bool_and(` + st.hasEnded() + `)
				FROM   housing.tenagree t
				WHERE  t.house_ref = d.house_ref
				AND    ` + isTenancy + `), true)`
}
