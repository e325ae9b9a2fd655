package mosaic

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// secondRecord makes a record of a human who is in the block already: the names are spelled a
// little differently, and much is missing. Only one of the two may say that the human is restricted
// or dead.
func (m *sampleMaker) secondRecord(h *sample.Human, original *SamplePerson) SamplePerson {
	d := m.dice
	p := m.record(h)
	p.SameAs = original.PersonID
	p.Oddities |= SampleEnteredTwice
	spelled := *h
	if d.N(2) == 0 {
		spelled.Last = sample.Misspell(d, h.Last)
	} else {
		spelled.First = sample.Misspell(d, h.First)
	}
	if d.N(10) < 6 {
		spelled.NHSNumber = 0
	}
	m.setNames(&p, &spelled)
	m.setStatus(&p, &spelled)
	if original.EmailAddress != nil && d.N(2) == 0 {
		p.EmailAddress = original.EmailAddress
		p.Oddities &^= SampleEmailMissing | SampleEmailMessy
		p.Oddities |= original.Oddities & SampleEmailMessy
	}
	if original.Oddities.Has(SampleRestricted) && d.N(2) == 0 {
		p.Restricted = new("Y")
		p.Oddities = p.Oddities&^SampleRestrictedUnknown | SampleRestricted
	}
	m.setBirthAgain(&p, h.Born)
	m.setAddresses(&p, h)
	m.setPhones(&p, h)
	if len(original.Phones) > 0 && len(p.Phones) == 0 {
		m.addPhone(&p, int64(sampleFirstNumber+m.made*sampleNumberStep), h.Mobile)
		p.Oddities &^= SamplePhoneMissing
	}
	return p
}

// setBirthAgain writes a date of birth that is the same mostly, or missing, or with day and month
// exchanged.
func (m *sampleMaker) setBirthAgain(p *SamplePerson, born time.Time) {
	switch at := m.dice.N(20); {
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
