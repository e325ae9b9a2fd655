package mosaic

import (
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// person makes the only or the first record of a human.
func (m *sampleMaker) person(h *sample.Human) SamplePerson {
	p := m.record(h)
	m.setNames(&p, h)
	m.setDates(&p, h)
	m.setStatus(&p, h)
	m.setAddresses(&p, h)
	m.setPhones(&p, h)
	return p
}

// record starts the row of a resident: what only depends on where it stands.
func (m *sampleMaker) record(h *sample.Human) SamplePerson {
	p := SamplePerson{PersonID: m.personID(), human: h.Index}
	if m.dice.Odd(sampleConstantLegacy) {
		p.PersonIDLegacy = new("-")
		p.Oddities |= SampleLegacyConstant
	} else {
		p.PersonIDLegacy = new("L" + strconv.Itoa(20_000_000+m.made))
	}
	return p
}

// personID returns ids that ascend and leave gaps.
func (m *sampleMaker) personID() int64 {
	if m.made == 0 {
		return sampleFirstPerson
	}
	jitter := m.dice.Of(m.made, samplePersonStep)
	return int64(sampleFirstPerson + m.made*samplePersonStep + jitter)
}

// The widths of the columns that names are cut to.
const (
	samplePartWidth = 30
	sampleFullWidth = 62
)

// setNames writes the names of a human into a record, well or badly.
func (m *sampleMaker) setNames(p *SamplePerson, h *sample.Human) {
	d := m.dice
	first, last := h.First, h.Last
	if d.Odd(sampleUpperCaseName) {
		first, last = strings.ToUpper(first), strings.ToUpper(last)
		p.Oddities |= SampleNameUpperCase
	}
	full := last + ", " + first
	if d.Odd(sampleForwardsName) {
		full = first + " " + last
		p.Oddities |= SampleNameForwards
	}
	if d.Odd(sampleBlanksRoundNames) {
		first, last, full = sample.Blanks(d, first), sample.Blanks(d, last), full+"  "
		p.Oddities |= SampleUntrimmed
	}
	p.FirstName = new(sample.Cut(first, samplePartWidth))
	p.LastName = new(sample.Cut(last, samplePartWidth))
	p.FullName = new(sample.Cut(full, sampleFullWidth))
	if *p.FirstName != first || *p.LastName != last || *p.FullName != full {
		p.Oddities |= SampleNameCut
	}
	m.loseNames(p)
	if sampleHasApostrophe(p.FirstName) || sampleHasApostrophe(p.LastName) {
		p.Oddities |= SampleNameApostrophe
	}
}

// loseNames takes away what nobody typed.
func (m *sampleMaker) loseNames(p *SamplePerson) {
	d := m.dice
	noFirst, noLast := d.Odd(sampleNoFirstName), d.Odd(sampleNoLastName)
	noFull, none := d.Odd(sampleBlankFullName), d.Odd(sampleNoNameAtAll)
	if noFirst || none {
		p.FirstName = nil
		p.Oddities |= SampleFirstNameMissing
	}
	if noLast || none {
		p.LastName = nil
		p.Oddities |= SampleLastNameMissing
	}
	if noFull || none {
		p.FullName = new(sample.OneOf(d, "", " ", "  "))
		p.Oddities |= SampleFullNameBlank
	}
	if p.Oddities.Has(SampleFirstNameMissing | SampleLastNameMissing | SampleFullNameBlank) {
		p.Oddities |= SampleNameMissing
	}
}

func sampleHasApostrophe(name *string) bool {
	return name != nil && strings.ContainsAny(*name, "'’")
}

func (m *sampleMaker) setDates(p *SamplePerson, h *sample.Human) {
	if h.Died != nil {
		p.DateOfDeath = new(*h.Died)
		p.Oddities |= SampleDeceased
	}
	noBirth, sentinel := m.dice.Odd(sampleNoBirthDate), m.dice.Odd(sampleSentinelBirth)
	switch {
	case noBirth:
		p.Oddities |= SampleBirthMissing
	case sentinel:
		p.DateOfBirth = new(sample.UnknownDay())
		p.Oddities |= SampleBirthSentinel
	default:
		p.DateOfBirth = new(h.Born)
	}
}

func (m *sampleMaker) setStatus(p *SamplePerson, h *sample.Human) {
	d := m.dice
	p.Restricted = new("N")
	restricted, unknown := d.Odd(sampleIsRestricted), d.Odd(sampleRestrictionNull)
	switch {
	case restricted:
		p.Restricted = new("Y")
		p.Oddities |= SampleRestricted
	case unknown:
		p.Restricted = nil
		p.Oddities |= SampleRestrictedUnknown
	}

	p.Gender = new("M")
	if h.Female {
		p.Gender = new("F")
	}
	if d.Odd(sampleUnsaidGender) {
		p.Gender = new(sample.OneOf(d, "-", "U"))
	}
	if !d.Odd(sampleNoTitle) {
		p.Title = new(h.Title)
	}

	p.ContextFlag = new("A")
	if h.Age(m.world.Today()) < 18 {
		p.ContextFlag = new("C")
	}
	if d.Odd(sampleNoContextFlag) {
		p.ContextFlag = nil
		p.Oddities |= SampleContextMissing
	}
	if !d.Odd(sampleNoNationality) {
		p.Nationality = new(h.Nationality)
	}
	if h.NHSNumber != 0 && !d.Odd(sampleNoNHSNumber) {
		p.NHSID = new(h.NHSNumber)
	} else {
		p.Oddities |= SampleNHSMissing
	}
	m.setEmail(p, h)
}

func (m *sampleMaker) setEmail(p *SamplePerson, h *sample.Human) {
	d := m.dice
	messy := d.Odd(sampleMessyEmail)
	if d.Odd(sampleNoEmail) {
		p.Oddities |= SampleEmailMissing
		return
	}
	p.EmailAddress = new(h.Email())
	if messy {
		p.EmailAddress = new(sample.MessyEmail(d, *p.EmailAddress))
		p.Oddities |= SampleEmailMessy
	}
}
