package sample

import (
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// person makes the only or the first record of a human.
func (m *sampleMaker) person(h *sample.Human) Person {
	p := m.record(h)
	m.setNames(&p, h)
	m.setDates(&p, h)
	m.setStatus(&p, h)
	m.setAddresses(&p, h)
	m.setPhones(&p, h)
	return p
}

// record starts the row of a resident: what only depends on where it stands.
func (m *sampleMaker) record(h *sample.Human) Person {
	p := Person{PersonID: m.personID(), human: h.Index}
	if m.dice.Odd(constantLegacy) {
		p.PersonIDLegacy = new("-")
		p.Oddities |= LegacyConstant
	} else {
		p.PersonIDLegacy = new("L" + strconv.Itoa(20_000_000+m.made))
	}
	return p
}

// personID returns ids that ascend and leave gaps.
func (m *sampleMaker) personID() int64 {
	if m.made == 0 {
		return firstPerson
	}
	jitter := m.dice.Of(m.made, personStep)
	return int64(firstPerson + m.made*personStep + jitter)
}

// The widths of the columns that names are cut to.
const (
	partWidth = 30
	fullWidth = 62
)

// setNames writes the names of a human into a record, well or badly.
func (m *sampleMaker) setNames(p *Person, h *sample.Human) {
	d := m.dice
	first, last := h.First, h.Last
	if d.Odd(upperCaseName) {
		first, last = strings.ToUpper(first), strings.ToUpper(last)
		p.Oddities |= NameUpperCase
	}
	full := last + ", " + first
	if d.Odd(forwardsName) {
		full = first + " " + last
		p.Oddities |= NameForwards
	}
	if d.Odd(blanksRoundNames) {
		first, last, full = sample.Blanks(d, first), sample.Blanks(d, last), full+"  "
		p.Oddities |= Untrimmed
	}
	p.FirstName = new(sample.Cut(first, partWidth))
	p.LastName = new(sample.Cut(last, partWidth))
	p.FullName = new(sample.Cut(full, fullWidth))
	if *p.FirstName != first || *p.LastName != last || *p.FullName != full {
		p.Oddities |= NameCut
	}
	m.loseNames(p)
	if hasApostrophe(p.FirstName) || hasApostrophe(p.LastName) {
		p.Oddities |= NameApostrophe
	}
}

// loseNames takes away what nobody typed.
func (m *sampleMaker) loseNames(p *Person) {
	d := m.dice
	noFirst, noLast := d.Odd(noFirstName), d.Odd(noLastName)
	noFull, none := d.Odd(blankFullName), d.Odd(noNameAtAll)
	if noFirst || none {
		p.FirstName = nil
		p.Oddities |= FirstNameMissing
	}
	if noLast || none {
		p.LastName = nil
		p.Oddities |= LastNameMissing
	}
	if noFull || none {
		p.FullName = new(sample.OneOf(d, "", " ", "  "))
		p.Oddities |= FullNameBlank
	}
	if p.Oddities.Has(FirstNameMissing | LastNameMissing | FullNameBlank) {
		p.Oddities |= NameMissing
	}
}

func hasApostrophe(name *string) bool {
	return name != nil && strings.ContainsAny(*name, "'’")
}

func (m *sampleMaker) setDates(p *Person, h *sample.Human) {
	if h.Died != nil {
		p.DateOfDeath = new(*h.Died)
		p.Oddities |= Deceased
	}
	noBirth, sentinel := m.dice.Odd(noBirthDate), m.dice.Odd(sentinelBirth)
	switch {
	case noBirth:
		p.Oddities |= BirthMissing
	case sentinel:
		p.DateOfBirth = new(sample.UnknownDay())
		p.Oddities |= BirthSentinel
	default:
		p.DateOfBirth = new(h.Born)
	}
}

func (m *sampleMaker) setStatus(p *Person, h *sample.Human) {
	d := m.dice
	p.Restricted = new("N")
	restricted, unknown := d.Odd(isRestricted), d.Odd(restrictionNull)
	switch {
	case restricted:
		p.Restricted = new("Y")
		p.Oddities |= Restricted
	case unknown:
		p.Restricted = nil
		p.Oddities |= RestrictedUnknown
	}

	p.Gender = new("M")
	if h.Female {
		p.Gender = new("F")
	}
	if d.Odd(unsaidGender) {
		p.Gender = new(sample.OneOf(d, "-", "U"))
	}
	if !d.Odd(noTitle) {
		p.Title = new(h.Title)
	}

	p.ContextFlag = new("A")
	if h.Age(m.world.Today()) < 18 {
		p.ContextFlag = new("C")
	}
	if d.Odd(noContextFlag) {
		p.ContextFlag = nil
		p.Oddities |= ContextMissing
	}
	if !d.Odd(noNationality) {
		p.Nationality = new(h.Nationality)
	}
	if h.NHSNumber != 0 && !d.Odd(noNHSNumber) {
		p.NHSID = new(h.NHSNumber)
	} else {
		p.Oddities |= NHSMissing
	}
	m.setEmail(p, h)
}

func (m *sampleMaker) setEmail(p *Person, h *sample.Human) {
	d := m.dice
	messy := d.Odd(messyEmail)
	if d.Odd(noEmail) {
		p.Oddities |= EmailMissing
		return
	}
	p.EmailAddress = new(h.Email())
	if messy {
		p.EmailAddress = new(sample.MessyEmail(d, *p.EmailAddress))
		p.Oddities |= EmailMessy
	}
}
