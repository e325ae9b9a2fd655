package engine

import (
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// AddressDetail returns an address that is written in one text or in several, without what the
// source says of its use.
func AddressDetail(id string, postcode, uprn *string, text ...*string) *resident.ContactDetail {
	address := &resident.PostalAddress{
		Postcode: source.Postcode(postcode), UPRN: source.UPRN(uprn),
	}
	address.Lines = source.AddressLines(source.Or(address.Postcode), text...)
	parts := address.Lines
	if address.Postcode != nil {
		parts = append(slices.Clone(parts), *address.Postcode)
	}
	value := strings.Join(parts, ", ")
	return &resident.ContactDetail{
		ID: "address:" + id, Type: resident.Address, Value: source.Fact(&value),
		Use: resident.HomeUse, Address: address,
	}
}

// PhoneDetail returns a phone that is in use, as none of the systems says otherwise. It returns nil
// for a text by which nobody can be reached.
func PhoneDetail(
	id string, text, label *string, use resident.ContactUse,
) *resident.ContactDetail {
	number, parts, ok := source.ReadPhone(source.Or(text))
	if !ok {
		return nil
	}
	return &resident.ContactDetail{
		ID: "phone:" + id, Type: resident.Phone, Value: &number, Label: source.Fact(label), Use: use,
		Current: true, Phone: parts,
	}
}

// EmailDetail returns an email address that is in use. It returns nil where there is none.
func EmailDetail(id string, text, label *string) *resident.ContactDetail {
	value := source.Fact(text)
	if value == nil {
		return nil
	}
	return &resident.ContactDetail{
		ID: id, Type: resident.Email, Value: value, Label: source.Fact(label),
		Use: resident.OtherUse, Current: true,
	}
}

// arrange returns contact details as callers get them: those in use before those that have ended;
// of each, addresses before phones before emails; of each type the preferred one first, then others
// that the source marks; and each once. It marks what may not be disclosed wherever it stands.
func arrange(details []*resident.ContactDetail) []*resident.ContactDetail {
	type ranked struct {
		*resident.ContactDetail

		rank int
	}
	details = slices.DeleteFunc(details, func(d *resident.ContactDetail) bool { return d == nil })
	spreadMarks(details)
	all := make([]ranked, len(details))
	var preferred resident.ContactTypes
	for i, d := range details {
		isMarked := d.Preferred
		d.Preferred = d.Preferred && d.Current && !d.OptedOut() && !preferred.Has(d.Type)
		if d.Preferred {
			preferred |= resident.TypesOf([]resident.ContactType{d.Type})
		}
		all[i] = ranked{d, rank(d, isMarked)}
	}
	slices.SortStableFunc(all, func(a, b ranked) int { return a.rank - b.rank })
	for i := range all {
		details[i] = all[i].ContactDetail
	}
	return once(details)
}

// rank is least of what comes first.
func rank(d *resident.ContactDetail, isMarked bool) int {
	rank := 0
	switch d.Type {
	case resident.Address:
	case resident.Phone:
		rank = 1
	case resident.Email:
		rank = 2
	}
	if !d.Current {
		rank += 3
	}
	switch {
	case d.Preferred:
		return 3 * rank
	case isMarked:
		return 3*rank + 1
	}
	return 3*rank + 2
}

// spreadMarks marks details that are ex-directory, or that the resident may not be contacted by,
// wherever else the same number or address stands, however it is spelled. NumbersInCommon is the
// same rule for filters. That the resident may be contacted is true of the same address only.
func spreadMarks(details []*resident.ContactDetail) {
	var undisclosed, refused, allowed []*resident.ContactDetail
	for _, d := range details {
		switch {
		case d.OptedOut():
			refused = append(refused, d)
		case d.ContactAllowed != nil:
			allowed = append(allowed, d)
		}
		if d.ExDirectory {
			undisclosed = append(undisclosed, d)
		}
	}
	for _, d := range details {
		reaches := func(other *resident.ContactDetail) bool { return reachTheSame(d, other) }
		if slices.ContainsFunc(refused, reaches) {
			d.ContactAllowed = new(false)
		} else if d.ContactAllowed == nil && slices.ContainsFunc(allowed,
			func(other *resident.ContactDetail) bool { return reachedBy(d) == reachedBy(other) }) {
			d.ContactAllowed = new(true)
		}
		d.ExDirectory = d.ExDirectory || slices.ContainsFunc(undisclosed, reaches)
	}
}

func reachTheSame(a, b *resident.ContactDetail) bool {
	return a == b || reachedBy(a) == reachedBy(b) || a.Type == resident.Phone && b.Type == a.Type &&
		source.HaveNumberInCommon(a.Phone.AsGiven, b.Phone.AsGiven)
}

// reachedBy is equal for two details that reach the same place.
func reachedBy(d *resident.ContactDetail) string {
	by := ""
	switch d.Type {
	case resident.Address:
		by = source.AddressForm(source.Or(d.Value)) + "\n" + source.Or(d.Address.UPRN)
	case resident.Email:
		by = source.EmailForm(source.Or(d.Value))
	case resident.Phone:
		if by = source.PhoneForm(source.Or(d.Value)); by == "" {
			by = d.Phone.AsGiven
		}
	}
	return string(d.Type) + "\n" + by
}

// once leaves out details that repeat an earlier one. What a repeated one says of letters then
// holds for the first.
func once(details []*resident.ContactDetail) []*resident.ContactDetail {
	counts := make(map[resident.ContactType]int)
	for _, d := range details {
		counts[d.Type]++
	}
	first := make(map[string]*resident.ContactDetail)
	kept := make([]*resident.ContactDetail, 0, len(details))
	for _, d := range details {
		if counts[d.Type] == 1 {
			kept = append(kept, d)
			continue
		}
		undated, dated := meanings(d)
		if earlier := first[dated]; earlier != nil {
			earlier.ForCorrespondence = earlier.ForCorrespondence || d.ForCorrespondence
			continue
		}
		first[dated] = d
		if first[undated] == nil {
			first[undated] = d
		}
		kept = append(kept, d)
	}
	return kept
}

// meanings are equal for two details that say the same: of those in use whenever they began, and of
// those that have ended for the same period. One that is not in use and has no period repeats any
// other of the same place.
func meanings(d *resident.ContactDetail) (undated, dated string) {
	note := ""
	if d.Phone != nil {
		note = source.Or(d.Phone.Note)
	}
	label := strings.ToLower(source.Or(d.Label))
	undated = strings.Join([]string{reachedBy(d), label, note}, "\n")
	if d.Current {
		return undated, undated
	}
	dated = undated
	if d.ValidFrom != nil {
		dated += " from " + d.ValidFrom.String()
	}
	if d.ValidTo != nil {
		dated += " to " + d.ValidTo.String()
	}
	return undated, dated
}
