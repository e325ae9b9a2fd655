package sample

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// secondRecord makes a record of a human who is in the block already: the names are spelled a
// little differently, and much is missing. Only one of the two may say that the human is restricted
// or dead.
func (m *sampleMaker) secondRecord(h *sample.Human, original *Person) Person {
	d := m.dice
	p := m.record(h)
	p.SameAs = original.PersonID
	p.Oddities |= EnteredTwice
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
		p.Oddities &^= EmailMissing | EmailMessy
		p.Oddities |= original.Oddities & EmailMessy
	}
	if original.Oddities.Has(Restricted) && d.N(2) == 0 {
		p.Restricted = new("Y")
		p.Oddities = p.Oddities&^RestrictedUnknown | Restricted
	}
	m.setBirthAgain(&p, h.Born)
	m.setAddresses(&p, h)
	m.setPhones(&p, h)
	if len(original.Phones) > 0 && len(p.Phones) == 0 {
		m.addPhone(&p, int64(firstNumber+m.made*numberStep), h.Mobile)
		p.Oddities &^= PhoneMissing
	}
	return p
}

// setBirthAgain writes a date of birth that is the same mostly, or missing, or with day and month
// exchanged.
func (m *sampleMaker) setBirthAgain(p *Person, born time.Time) {
	switch at := m.dice.N(20); {
	case at < 5:
		p.Oddities |= BirthMissing
	case at == 5 && born.Day() <= 12:
		exchanged := time.Date(
			born.Year(), time.Month(born.Day()), int(born.Month()), 0, 0, 0, 0, time.UTC)
		p.DateOfBirth = &exchanged
	default:
		p.DateOfBirth = &born
	}
}
