package mosaic

import (
	"strings"
	"time"
)

// secondRecord makes a record of a human who is in the block already: the names are spelled a
// little differently, and much is missing. Only one of the two may say that the human is restricted
// or dead.
func (m *sampleMaker) secondRecord(index, first int) SamplePerson {
	d, truth, original := m.dice, m.truths[first], &m.people[first]
	m.truths[index%sampleBlockSize] = truth

	p := m.record(index)
	p.SameAs = original.PersonID
	p.Oddities |= SampleEnteredTwice
	spelled := truth
	spelled.first, spelled.last = sampleMisspell(d, truth.first), truth.last
	if d.n(2) == 0 {
		spelled.first, spelled.last = truth.first, sampleMisspell(d, truth.last)
	}
	if d.n(10) < 6 {
		spelled.nhs = 0
	}
	m.setNames(&p, spelled)
	m.setStatus(&p, spelled)
	if original.EmailAddress != nil && d.n(2) == 0 {
		p.EmailAddress = original.EmailAddress
		p.Oddities &^= SampleEmailMissing | SampleEmailMessy
		p.Oddities |= original.Oddities & SampleEmailMessy
	}
	if original.Oddities.Has(SampleRestricted) && d.n(2) == 0 {
		p.Restricted = new("Y")
		p.Oddities = p.Oddities&^SampleRestrictedUnknown | SampleRestricted
	}
	m.setBirthAgain(&p, truth.born)
	m.setAddresses(&p, index, truth)
	m.setPhones(&p, index, truth)
	if len(original.Phones) > 0 && len(p.Phones) == 0 {
		m.addPhone(&p, int64(sampleFirstNumber+index*sampleNumberStep), truth.number)
		p.Oddities &^= SamplePhoneMissing
	}
	return p
}

// setBirthAgain writes a date of birth that is the same mostly, or missing, or with day and month
// exchanged.
func (m *sampleMaker) setBirthAgain(p *SamplePerson, born time.Time) {
	switch at := m.dice.n(20); {
	case at < 5:
		p.Oddities |= SampleBirthMissing
	case at == 5 && born.Day() <= 12:
		exchanged := time.Date(
			born.Year(), time.Month(born.Day()), int(born.Month()), 0, 0, 0, 0, time.UTC)
		p.DateOfBirth = &exchanged
	default:
		p.DateOfBirth = &born
	}
}

// sampleMisspell writes a name as somebody else would.
func sampleMisspell(d *sampleDice, name string) string {
	switch d.n(6) {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	case 2:
		return strings.NewReplacer("'", "", "’", "", "-", " ").Replace(name)
	case 3:
		return strings.NewReplacer("'", "’", "’", "'", " ", "-", "ph", "f", "ie", "y").Replace(name)
	case 4:
		return strings.ReplaceAll(name, " ", "")
	}
	letters := []rune(name)
	if len(letters) < 4 {
		return name
	}
	at := d.between(1, len(letters)-2)
	return string(letters[:at]) + string(letters[at+1:])
}
