package housing

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A phoneRow is one of the phones of a memberRow, in the order of the statement: the latest first.
type phoneRow struct {
	ID      int64   `json:"i"`
	Number  *string `json:"n"`
	Type    *string `json:"t"`
	Allowed *string `json:"k"`
}

// An emailRow is one of the e-mail addresses of a memberRow, likewise.
type emailRow struct {
	ID      int64   `json:"i"`
	Address *string `json:"n"`
	Type    *string `json:"t"`
	Allowed *string `json:"k"`
	Default *string `json:"d"`
}

// contactDetails returns what is in use before what is not, and of each addresses before phones
// before e-mail, the preferred first. What Universal Housing holds twice is told once.
func (row *memberRow) contactDetails(
	residentID string, wanted source.Wanted,
) []*resident.ContactDetail {
	var all []*resident.ContactDetail
	if wanted.Contacts.Has(resident.Address) {
		all = row.addressDetails(residentID)
	}
	all = append(all, phoneDetails(residentID, row.Phones)...)
	all = append(all, emailDetails(residentID, row.Emails)...)

	told := make(map[string]bool)
	details := make([]*resident.ContactDetail, 0, len(all))
	for _, inUse := range []bool{true, false} {
		for _, d := range all {
			if d.Current == inUse && !told[meaning(d)] && (inUse || wanted.IncludeEnded) {
				told[meaning(d)] = true
				details = append(details, d)
			}
		}
	}
	return details
}

// meaning is equal of two details that say the same.
func meaning(d *resident.ContactDetail) string {
	parts := []string{string(d.Type), string(d.Use), reachedBy(d)}
	switch d.Type {
	case resident.Address:
		parts = append(parts, source.Or(d.Address.UPRN))
	case resident.Phone:
		parts = append(parts, source.Or(d.Phone.Note))
	case resident.Email:
	}
	return strings.Join(parts, "\n")
}

// reachedBy is equal of two details of a type that reach the same place.
func reachedBy(d *resident.ContactDetail) string {
	switch d.Type {
	case resident.Address:
		return source.AddressForm(source.Or(d.Value))
	case resident.Email:
		return source.EmailForm(source.Or(d.Value))
	case resident.Phone:
		if form := source.PhoneForm(source.Or(d.Value)); form != "" {
			return form
		}
		return d.Phone.AsGiven
	}
	return d.ID
}

// phoneDetails returns the phones, the preferred first: the latest that may be used and is no fax.
// Universal Housing does not say from when to when a number holds: each is in use.
func phoneDetails(residentID string, rows []phoneRow) []*resident.ContactDetail {
	var details []*resident.ContactDetail
	for i := range rows {
		number, parts, ok := source.ReadPhone(source.Or(rows[i].Number))
		if !ok {
			continue // nobody can be reached by it
		}
		details = append(details, &resident.ContactDetail{
			ID:             fmt.Sprintf("%s:phone:%d", residentID, rows[i].ID),
			Type:           resident.Phone,
			Value:          &number,
			Label:          source.Fact(rows[i].Type),
			Use:            phoneUse(rows[i].Type),
			Current:        true,
			ContactAllowed: isAllowed(rows[i].Allowed),
			Phone:          parts,
		})
	}
	return preferring(details, func(d *resident.ContactDetail) bool {
		return d.Use != resident.FaxUse
	})
}

func phoneUse(kind *string) resident.ContactUse {
	switch strings.ToUpper(source.Said(kind)) {
	case "H":
		return resident.HomeUse
	case "M":
		return resident.MobileUse
	case "F":
		return resident.FaxUse
	case "W":
		return resident.WorkUse
	}
	return resident.OtherUse // X is there too, and nobody says what it is
}

// emailDetails returns the e-mail addresses, the preferred first: the latest that Universal Housing
// calls the default and that may be used.
func emailDetails(residentID string, rows []emailRow) []*resident.ContactDetail {
	defaults := make(map[string]bool)
	details := make([]*resident.ContactDetail, 0, len(rows))
	for i := range rows {
		d := &resident.ContactDetail{
			ID:             fmt.Sprintf("%s:email:%d", residentID, rows[i].ID),
			Type:           resident.Email,
			Value:          source.Fact(rows[i].Address),
			Label:          source.Fact(rows[i].Type),
			Use:            resident.OtherUse,
			Current:        true,
			ContactAllowed: isAllowed(rows[i].Allowed),
		}
		details = append(details, d)
		defaults[reachedBy(d)] = defaults[reachedBy(d)] || saysYes(rows[i].Default)
	}
	return preferring(details, func(d *resident.ContactDetail) bool { return defaults[reachedBy(d)] })
}

// preferring marks the first that may be preferred, and puts it first. What may not be used is
// never preferred, and may not be used wherever else it stands, however it is spelled there: it is
// the same number. isReachedUnrefused in filter.go holds the same.
func preferring(
	details []*resident.ContactDetail, mayBe func(*resident.ContactDetail) bool,
) []*resident.ContactDetail {
	allowed := make(map[string]*bool)
	for _, d := range details {
		if at := allowed[reachedBy(d)]; at == nil || d.ContactAllowed != nil && *at {
			allowed[reachedBy(d)] = d.ContactAllowed
		}
	}
	var refused []*resident.ContactDetail
	for _, d := range details {
		if d.OptedOut() {
			refused = append(refused, d)
		}
	}
	for _, d := range details {
		d.ContactAllowed = allowed[reachedBy(d)]
		if slices.ContainsFunc(refused, func(r *resident.ContactDetail) bool {
			return d.Type == resident.Phone && source.HaveNumberInCommon(d.Phone.AsGiven, r.Phone.AsGiven)
		}) {
			d.ContactAllowed = new(false)
		}
	}
	first := slices.IndexFunc(details, func(d *resident.ContactDetail) bool {
		return mayBe(d) && (d.ContactAllowed == nil || *d.ContactAllowed)
	})
	if first < 0 {
		return details
	}
	details[first].Preferred = true
	return slices.Concat(details[first:first+1], details[:first], details[first+1:])
}

// isAllowed is whether a resident agreed to be reached; nil where Universal Housing does not say.
func isAllowed(flag *string) *bool {
	switch strings.ToUpper(source.Said(flag)) {
	case "Y":
		return new(true)
	case "N":
		return new(false)
	}
	return nil
}

func saysYes(flag *string) bool { return strings.EqualFold(source.Said(flag), "Y") }
