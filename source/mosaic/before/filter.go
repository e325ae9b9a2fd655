package before

import (
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// matches returns the conditions that are all true of persons who match the filter.
func (st *statement) matches(f *resident.Filter) []string {
	var where []string
	add := func(condition string) { where = append(where, condition) }

	if f.SourceID != "" {
		if id, ok := personID(f.SourceID); ok {
			add("p.person_id = " + st.Arg(id, "bigint"))
		} else {
			add("false")
		}
	}
	if f.FirstName != "" {
		add("gateway.name_form(p.first_name) LIKE " + st.Part(f.FirstName))
	}
	if f.LastName != "" {
		add("gateway.name_form(p.last_name) LIKE " + st.Part(f.LastName))
	}
	if f.DateOfBirth != nil {
		day := st.Arg(f.DateOfBirth.String(), "date")
		add("p.date_of_birth >= " + day + " AND p.date_of_birth < " + day + " + 1")
		if *f.DateOfBirth == unknownDate() {
			add("false")
		}
	}
	switch f.AgeGroup {
	case resident.Adult:
		add("p.context_flag = 'A'")
	case resident.Child:
		add("p.context_flag = 'C'")
	}
	if f.NHSNumber != "" {
		add("p.nhs_id = " + st.Arg(f.NHSNumber, "bigint") + " AND p.nhs_id > 0")
	}
	if f.Locates() && !f.Leave.Restricted {
		add(isUnrestricted)
	}
	if f.Email != "" {
		add(emailForm + " = " + st.Arg(f.Email, "text"))
	}
	if f.Phone != "" {
		add("p.person_id IN (SELECT t.person_id FROM mosaic.dm_telephone_numbers t WHERE " +
			strings.Join(st.matchesPhone(f), " AND ") + ")")
	}
	if f.OnAddress() {
		add("p.person_id IN (SELECT a.person_id FROM mosaic.dm_addresses a WHERE " +
			strings.Join(st.matchesAddress(f), " AND ") + ")")
	}
	return where
}

// matchesAddress returns the conditions that are all true of addresses that match the filter.
func (st *statement) matchesAddress(f *resident.Filter) []string {
	var where []string
	if f.Postcode != (resident.Postcode{}) {
		where = append(where, "gateway.postcode_outward(a.post_code) = "+
			st.Arg(f.Postcode.Outward, "text"))
	}
	if f.Postcode.Inward != "" {
		where = append(where, "gateway.postcode_inward(a.post_code) = "+
			st.Arg(f.Postcode.Inward, "text"))
	}
	if f.Address != "" {
		where = append(where, "gateway.address_form(a.address) LIKE "+
			st.Part(f.Address))
	}
	if f.UPRN != "" {
		where = append(where, "a.unique_id = "+st.Arg(f.UPRN, "bigint"))
	}
	if !f.IncludeEnded {
		where = append(where, st.isCurrent())
	}
	return where
}

// notExDirectory is true of phones that have no number in common with any that the person has as
// ex-directory, under whatever type it stands: so that nobody is found by a number that may not be
// told. It does not depend on what is asked: who may see a phone finds its person by every piece of
// it, or by none, and learns nothing of the others. markExDirectory in contact.go holds the same.
const notExDirectory = `NOT EXISTS (
			SELECT FROM mosaic.dm_telephone_numbers x
			CROSS  JOIN generate_series(1, length(gateway.digits(t.telephone_number)) - 8) AS at
			WHERE  x.person_id = t.person_id
			AND    gateway.name_form(x.telephone_number_type) LIKE '%exdirectory%'
			AND    (gateway.digits(x.telephone_number) LIKE
			            '%' || substr(gateway.digits(t.telephone_number), at, 9) || '%'
			        OR length(gateway.digits(x.telephone_number)) BETWEEN 6 AND 8
			        AND gateway.digits(t.telephone_number) LIKE
			            '%' || gateway.digits(x.telephone_number) || '%'))`

// matchesPhone returns the conditions that are all true of phones that match the filter.
func (st *statement) matchesPhone(f *resident.Filter) []string {
	where := []string{"gateway.digits(t.telephone_number) LIKE " + st.Part(f.Phone)}
	if !f.Leave.ExDirectory {
		where = append(where, notExDirectory)
	}
	return where
}
