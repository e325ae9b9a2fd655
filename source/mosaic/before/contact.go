package before

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An addressRow is one of the addresses of a personRow, in the order of selectAddresses.
type addressRow struct {
	LinkID   int64   `json:"i"`
	UPRN     *int64  `json:"u"`
	Address  *string `json:"a"`
	Postcode *string `json:"p"`
	Display  *string `json:"d"`
	Contact  *string `json:"m"`
	Start    *string `json:"s"`
	End      *string `json:"e"`
	Current  bool    `json:"c"`
}

// A phoneRow is one of the phones of a personRow.
type phoneRow struct {
	ID     int64   `json:"i"`
	Number *string `json:"n"`
	Type   *string `json:"t"`
}

// contactDetails returns what is in use before what is not, and of each addresses before phones
// before e-mail, the preferred first. What Mosaic holds twice is told once.
func (row *personRow) contactDetails(
	residentID string, wanted source.Wanted,
) []*resident.ContactDetail {
	details := make([]*resident.ContactDetail, 0, len(row.Addresses)+len(row.Phones)+1)
	if wanted.Contacts.Has(resident.Address) {
		for i := range row.Addresses {
			// The first of them all is the one that the resident lives at, if it is current.
			details = appendNew(details, row.Addresses[i].detail(residentID, i == 0))
		}
	}
	if wanted.Contacts.Has(resident.Phone) {
		details = appendPhones(details, residentID, row.Phones)
	}
	if wanted.Contacts.Has(resident.Email) {
		details = appendNew(details, emailDetail(residentID, row.EmailAddress))
	}
	slices.SortStableFunc(details, func(a, b *resident.ContactDetail) int {
		return rank(a.Current) - rank(b.Current)
	})
	return details
}

// appendNew appends d, unless it is nil or tells nothing that one before it does not: whether
// letters go there is then told of that one.
func appendNew(details []*resident.ContactDetail, d *resident.ContactDetail,
) []*resident.ContactDetail {
	if d == nil {
		return details
	}
	for _, earlier := range details {
		if saysTheSame(earlier, d) {
			earlier.ForCorrespondence = earlier.ForCorrespondence || d.ForCorrespondence
			earlier.ExDirectory = earlier.ExDirectory || d.ExDirectory
			return details
		}
	}
	return append(details, d)
}

// saysTheSame is whether two details would be one to a person who reads them. Two addresses in use
// now are, whenever they began; of those that ended, each period counts.
func saysTheSame(a, b *resident.ContactDetail) bool {
	if a.Type != b.Type || a.Current != b.Current || !equal(a.Label, b.Label) {
		return false
	}
	switch a.Type {
	case resident.Phone:
		return a.Phone.AsGiven == b.Phone.AsGiven ||
			equal(a.Phone.Note, b.Phone.Note) && sameNumber(a, b)
	case resident.Address:
		return source.AddressForm(source.Or(a.Value)) == source.AddressForm(source.Or(b.Value)) &&
			equal(a.Address.UPRN, b.Address.UPRN) &&
			(a.Current || equal(a.ValidFrom, b.ValidFrom) && equal(a.ValidTo, b.ValidTo))
	case resident.Email: // there is one
	}
	return false
}

// sameNumber is whether two phones ring in the same place.
func sameNumber(a, b *resident.ContactDetail) bool {
	form := source.PhoneForm(source.Or(a.Value))
	return form != "" && form == source.PhoneForm(source.Or(b.Value))
}

func equal[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// detail returns the address in the gateway's own words.
func (row *addressRow) detail(residentID string, isFirst bool) *resident.ContactDetail {
	address := &resident.PostalAddress{UPRN: uprn(row.UPRN), Postcode: source.Postcode(row.Postcode)}
	address.Lines = addressLines(source.Said(row.Address), source.Or(address.Postcode))
	parts := address.Lines
	if address.Postcode != nil {
		parts = append(slices.Clone(parts), *address.Postcode)
	}
	value := strings.Join(parts, ", ")
	d := &resident.ContactDetail{
		ID:                fmt.Sprintf("%s:address:%d", residentID, row.LinkID),
		Type:              resident.Address,
		Value:             source.Fact(&value),
		Use:               resident.HomeUse,
		Preferred:         isFirst && row.Current,
		Current:           row.Current,
		ForCorrespondence: source.Said(row.Contact) == "Y",
		ValidFrom:         source.Date(row.Start),
		ValidTo:           source.Date(row.End),
		Address:           address,
	}
	if d.ForCorrespondence && source.Said(row.Display) != "Y" {
		d.Use = resident.CorrespondenceUse
	}
	return d
}

// addressLines takes an address apart that Mosaic holds in one text. A number by itself belongs to
// the line after it, and the postcode is told elsewhere.
func addressLines(address, postcode string) []string {
	parts := strings.FieldsFunc(withoutPostcode(address, postcode), func(r rune) bool {
		return r == ',' || r == '\n' || r == '\r'
	})
	lines := make([]string, 0, len(parts))
	number := ""
	for _, part := range parts {
		part = strings.Join(strings.Fields(part), " ")
		if part == "" {
			continue
		}
		if isHouseNumber(part) && number == "" {
			number = part
			continue
		}
		lines = append(lines, strings.TrimSpace(number+" "+part))
		number = ""
	}
	if number != "" {
		lines = append(lines, number)
	}
	return lines
}

// withoutPostcode takes the postcode of an address off its end, and what would be left before it.
func withoutPostcode(address, postcode string) string {
	rest, cut := source.CutPostcode(address, postcode)
	switch {
	case cut:
		return rest
	case postcode == "":
		return address
	}
	return strings.TrimRight(address, " ,.\n\r")
}

// isHouseNumber is true of 12, 12A and 12-14.
func isHouseNumber(part string) bool {
	if part[0] < '0' || part[0] > '9' || len(part) > 8 {
		return false
	}
	for _, r := range part[:len(part)-1] {
		if (r < '0' || r > '9') && r != '-' {
			return false
		}
	}
	return true
}

// appendPhones appends the phones, the one that Mosaic calls primary first. Mosaic does not say
// from when to when a number holds: each is in use.
func appendPhones(
	details []*resident.ContactDetail, residentID string, phones []phoneRow,
) []*resident.ContactDetail {
	slices.SortStableFunc(phones, func(a, b phoneRow) int {
		return rank(a.isPrimary()) - rank(b.isPrimary())
	})
	all := make([]*resident.ContactDetail, 0, len(phones))
	hasPreferred := false
	for i := range phones {
		d := phones[i].detail(residentID)
		if d == nil {
			continue
		}
		d.Preferred = phones[i].isPrimary() && !hasPreferred
		hasPreferred = hasPreferred || d.Preferred
		all = append(all, d)
	}
	markExDirectory(all)
	for _, d := range all {
		details = appendNew(details, d)
	}
	return details
}

// markExDirectory marks a number that is not to be disclosed wherever it stands: beside it, under
// another type, it is the same number. notExDirectory in filter.go holds the same.
func markExDirectory(phones []*resident.ContactDetail) {
	for _, marked := range phones {
		if !strings.Contains(source.NameForm(source.Or(marked.Label)), "exdirectory") {
			continue
		}
		for _, d := range phones {
			d.ExDirectory = d.ExDirectory || d == marked ||
				source.HaveNumberInCommon(d.Phone.AsGiven, marked.Phone.AsGiven)
		}
	}
}

// rank puts what comes first before what does not.
func rank(first bool) int {
	if first {
		return 0
	}
	return 1
}

func (row *phoneRow) isPrimary() bool { return strings.EqualFold(source.Said(row.Type), "Primary") }

// detail returns nil for a row that nobody can be reached by.
func (row *phoneRow) detail(residentID string) *resident.ContactDetail {
	number, parts, ok := source.ReadPhone(source.Or(row.Number))
	if !ok {
		return nil
	}
	d := &resident.ContactDetail{
		ID:      fmt.Sprintf("%s:phone:%d", residentID, row.ID),
		Type:    resident.Phone,
		Value:   &number,
		Label:   source.Fact(row.Type),
		Use:     resident.OtherUse,
		Current: true,
		Phone:   parts,
	}
	kind := strings.ToLower(source.Said(row.Type))
	switch {
	case strings.HasPrefix(kind, "mobile"):
		d.Use = resident.MobileUse
	case kind == "home":
		d.Use = resident.HomeUse
	case kind == "work":
		d.Use = resident.WorkUse
	case kind == "fax":
		d.Use = resident.FaxUse
	case kind == "pager":
		d.Use = resident.PagerUse
	}
	return d
}

// emailDetail returns nil where there is none. Mosaic holds one for a person, and nothing about it.
func emailDetail(residentID string, email *string) *resident.ContactDetail {
	value := source.Fact(email)
	if value == nil {
		return nil
	}
	return &resident.ContactDetail{
		ID:        residentID + ":email",
		Type:      resident.Email,
		Value:     value,
		Use:       resident.OtherUse,
		Preferred: true,
		Current:   true,
	}
}
