package academy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An addressRow is one of the addresses of a residentRow, in the order of the statement.
type addressRow struct {
	Ref      string    `json:"i"` // of the property, or the number that the claim gave it
	Nth      int       `json:"n"` // of the times that it was lived at, from 0
	Lines    []*string `json:"l"`
	Postcode *string   `json:"p"`
	UPRN     *string   `json:"u"`
	Start    *string   `json:"s"`
	End      *string   `json:"e"`
	Current  bool      `json:"c"`
}

// An emailRow is one of the e-mail addresses of a residentRow, in the order of the statement.
type emailRow struct {
	SeqNo   int     `json:"i"`
	Nth     int     `json:"n"` // of those with this number, from 0
	Address *string `json:"v"`
	Start   *string `json:"s"`
	End     *string `json:"e"`
	Current bool    `json:"c"`
}

// A phoneRow is the four numbers that one row has room for.
type phoneRow []*string

// contactDetails returns what is in use before what is not, and of each addresses before phones
// before e-mail, the preferred first. What Academy holds twice is told once.
func (row *residentRow) contactDetails(
	residentID string, types resident.ContactTypes,
) []*resident.ContactDetail {
	var all []*resident.ContactDetail
	if types.Has(resident.Address) {
		for i := range row.Addresses {
			all = append(all, row.Addresses[i].detail(residentID, i == 0))
		}
	}
	for i, phones := range row.Phones {
		for j, phone := range phones {
			all = append(all, phoneDetail(fmt.Sprintf("%s:phone:%d", residentID, 4*i+j+1), phone))
		}
	}
	for i := range row.Emails {
		all = append(all, row.Emails[i].detail(residentID, i == 0))
	}
	told := make(map[string]bool)
	details := make([]*resident.ContactDetail, 0, len(all))
	for _, inUse := range []bool{true, false} {
		for _, d := range all {
			if d != nil && d.Current == inUse && !told[meaning(d)] {
				told[meaning(d)] = true
				details = append(details, d)
			}
		}
	}
	return details
}

// meaning is equal of two details that say the same: whenever they began, if both are in use; of
// those that ended, each period counts.
func meaning(d *resident.ContactDetail) string {
	parts := []string{string(d.Type)}
	switch d.Type {
	case resident.Address:
		parts = append(parts, source.AddressForm(source.Or(d.Value)), source.Or(d.Address.UPRN))
	case resident.Email:
		parts = append(parts, source.EmailForm(source.Or(d.Value)))
	case resident.Phone:
		form := source.PhoneForm(source.Or(d.Value))
		if form == "" {
			form = d.Phone.AsGiven
		}
		parts = append(parts, form, source.Or(d.Phone.Note))
	}
	if !d.Current {
		for _, day := range []*resident.Date{d.ValidFrom, d.ValidTo} {
			if day != nil {
				parts = append(parts, day.String())
			} else {
				parts = append(parts, "")
			}
		}
	}
	return strings.Join(parts, "\n")
}

// detail returns the address in the gateway's own words. The first is the one that the resident
// lives at, if it is in use.
func (row *addressRow) detail(residentID string, isFirst bool) *resident.ContactDetail {
	address := &resident.PostalAddress{
		Lines: []string{}, Postcode: source.Postcode(row.Postcode), UPRN: source.UPRN(row.UPRN),
	}
	value := source.Or(address.Postcode)
	for _, line := range slices.Backward(row.Lines) {
		words := strings.Join(strings.Fields(source.Said(line)), " ")
		read, err := resident.ParsePostcode(words)
		if words == "" || err == nil && read.String() == source.Or(address.Postcode) {
			continue // the postcode is told elsewhere
		}
		address.Lines = append(address.Lines, words)
		value = strings.TrimSuffix(words+", "+value, ", ")
	}
	slices.Reverse(address.Lines)
	id := fmt.Sprintf("%s:address:%s", residentID, idPart(row.Ref))
	if row.Nth > 0 {
		id = fmt.Sprintf("%s.%d", id, row.Nth+1)
	}
	return &resident.ContactDetail{
		ID:        id,
		Type:      resident.Address,
		Value:     source.Fact(&value),
		Use:       resident.HomeUse,
		Preferred: isFirst && row.Current,
		Current:   row.Current,
		ValidFrom: source.Date(row.Start),
		ValidTo:   lastDay(row.End),
		Address:   address,
	}
}

// idPart is a reference with the letters that are safe in a URL, each other one by its number.
func idPart(ref string) string {
	var b strings.Builder
	for _, r := range ref {
		if isLetterOrDigit(r) {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "~%x~", r)
		}
	}
	return b.String()
}

// lastDay is nil of what has no end.
func lastDay(s *string) *resident.Date {
	if source.Or(s) == noEnd {
		return nil
	}
	return source.Date(s)
}

// phoneDetail returns nil for a text that nobody can be reached by. Academy does not say which of
// the four is to be tried first, nor from when to when: each is in use.
func phoneDetail(id string, phone *string) *resident.ContactDetail {
	number, parts, ok := source.ReadPhone(source.Or(phone))
	if !ok {
		return nil
	}
	return &resident.ContactDetail{
		ID: id, Type: resident.Phone, Value: &number, Use: resident.OtherUse, Current: true, Phone: parts,
	}
}

// detail returns the e-mail address in the gateway's own words. The first is the latest.
func (row *emailRow) detail(residentID string, isFirst bool) *resident.ContactDetail {
	id := fmt.Sprintf("%s:email:%d", residentID, row.SeqNo)
	if row.Nth > 0 {
		id = fmt.Sprintf("%s.%d", id, row.Nth+1)
	}
	return &resident.ContactDetail{
		ID:        id,
		Type:      resident.Email,
		Value:     source.Fact(row.Address),
		Use:       resident.OtherUse,
		Preferred: isFirst && row.Current,
		Current:   row.Current,
		ValidFrom: source.Date(row.Start),
		ValidTo:   lastDay(row.End),
	}
}
