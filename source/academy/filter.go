package academy

import (
	"fmt"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// matches returns the conditions that are all true of residents of a kind who match the filter.
func (st *statement) matches(k *kind, f *resident.Filter) []string {
	var where []string
	add := func(condition string) { where = append(where, condition) }

	if f.SourceID != "" {
		if r, ok := parseReference(f.SourceID); ok && r.kind == k.name {
			add(st.isOneOf(k, []reference{r}))
			add(fmt.Sprintf(k.markIs, st.Arg(r.mark, "text")))
		} else {
			add(nobody)
		}
	}
	if f.FirstName != "" {
		add("gateway.name_form(" + k.firstName + ") LIKE " + st.Part(f.FirstName))
	}
	if f.LastName != "" {
		add("gateway.name_form(" + k.lastName + ") LIKE " + st.Part(f.LastName))
	}
	if f.DateOfBirth != nil {
		add(k.birthDate + " = " + st.Arg(f.DateOfBirth.String(), "date"))
	}
	if f.Locates() && isHidden(f.Leave) {
		add(nobody)
	}
	if f.Email != "" {
		add(within(k.email, func() []string { return st.matchesEmail(f) }))
	}
	if f.Phone != "" {
		add(within(k.phone, func() []string {
			return []string{phoneDigits + " LIKE " + st.Part(f.Phone), isTaxPhone}
		}))
	}
	if f.OnAddress() {
		add(within(k.address, func() []string { return st.matchesAddress(k, f) }))
	}
	return where
}

// within puts conditions in the place that a condition of a kind has for them. They are not even
// asked for where it has none: PostgreSQL refuses a parameter that stands nowhere.
func within(condition string, conditions func() []string) string {
	if condition == nobody {
		return nobody
	}
	return fmt.Sprintf(condition, strings.Join(conditions(), " AND "))
}

// matchesEmail returns the conditions that are all true of e-mail rows that match the filter.
func (st *statement) matchesEmail(f *resident.Filter) []string {
	where := []string{emailForm + " = " + st.Arg(f.Email, "text"), isEmail, isTaxEmail}
	if !f.IncludeEnded {
		where = append(where, fmt.Sprintf(emailHolds, st.Today()))
	}
	return where
}

// matchesAddress returns the conditions that are all true of addresses that match the filter.
func (st *statement) matchesAddress(k *kind, f *resident.Filter) []string {
	var where []string
	if f.Postcode.Outward != "" {
		where = append(where, "gateway.postcode_outward("+k.postcode+") = "+
			st.Arg(f.Postcode.Outward, "text"))
	}
	if f.Postcode.Inward != "" {
		where = append(where, "gateway.postcode_inward("+k.postcode+") = "+
			st.Arg(f.Postcode.Inward, "text"))
	}
	if f.Address != "" {
		where = append(where, addressForm+" LIKE "+st.Part(f.Address))
	}
	if f.UPRN != "" {
		where = append(where, uprnForm+" = "+st.Arg(f.UPRN, "text"))
	}
	if !f.IncludeEnded {
		where = append(where, fmt.Sprintf(k.holds, st.Today()))
	}
	return where
}
