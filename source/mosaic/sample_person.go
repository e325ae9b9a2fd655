package mosaic

import (
	"strconv"
	"time"
)

// sampleTruth is what is so of a human, whatever the records say.
type sampleTruth struct {
	first, last string
	female      bool
	age         int
	born        time.Time
	nhs         int64 // 0 when there is none
	number      sampleNumber
	household   *sampleHousehold
}

// person makes the only or the first record of a human.
func (m *sampleMaker) person(index int, place samplePlace) (SamplePerson, sampleTruth) {
	truth := m.truth(index, place)
	p := m.record(index)
	m.setNames(&p, truth)
	m.setDates(&p, truth)
	m.setStatus(&p, truth)
	m.setAddresses(&p, index, truth)
	m.setPhones(&p, index, truth)
	return p, truth
}

func (m *sampleMaker) truth(index int, place samplePlace) sampleTruth {
	d, h := m.dice, place.household
	t := sampleTruth{
		female:    d.n(100) < 52,
		age:       h.headAge,
		nhs:       sampleNHSNumber(m.seed, index),
		number:    sampleMobile(d),
		household: h,
	}
	family := h.family
	switch place.role {
	case sampleHead:
	case samplePartner:
		t.age = max(18, h.headAge+d.between(-8, 8))
		if d.n(5) == 0 {
			family = m.families.pick(d)
		}
	case sampleChild:
		oldest := min(h.headAge-18, 17)
		t.age = d.between(0, max(0, oldest))
		if h.headAge > 60 {
			t.age = h.headAge - d.between(20, 40)
		}
	case sampleRelative:
		t.age = sampleAdultAge(d)
	}
	t.born = m.today.AddDate(-t.age, 0, -d.n(365))
	t.first, t.last = sampleNames(d, family, t.female)
	sharesName := place.role == sampleHead || place.role == sampleChild || d.n(10) < 6
	if sharesName {
		t.last = sampleFeminine(h.last, t.female)
	}
	if d.odd(sampleDoubleBarrelled) {
		t.last += "-" + sampleFeminine(m.families.pick(d).last.pick(d), t.female)
	}
	if d.odd(sampleNoNHSNumber) {
		t.nhs = 0
	}
	return t
}

// record starts the row of a resident: what only depends on where it stands.
func (m *sampleMaker) record(index int) SamplePerson {
	d := m.dice
	p := SamplePerson{PersonID: samplePersonID(m.seed, index)}
	if d.odd(sampleConstantLegacy) {
		p.PersonIDLegacy = new("-")
		p.Oddities |= SampleLegacyConstant
	} else {
		p.PersonIDLegacy = new("L" + strconv.Itoa(20_000_000+index))
	}
	return p
}

// samplePersonID returns ids that ascend and leave gaps.
func samplePersonID(seed uint64, index int) int64 {
	if index == 0 {
		return sampleFirstPerson
	}
	jitter := int(sampleScatter(seed^sampleScatter(uint64(index))) % samplePersonStep)
	return int64(sampleFirstPerson + index*samplePersonStep + jitter)
}

// sampleNHSNumber returns the NHS number of a human, 0 when it would have no check digit. All
// begin with 999, which is kept for tests.
func sampleNHSNumber(seed uint64, human int) int64 {
	const numbers = 1_000_000
	if human >= numbers {
		return 0
	}
	offset := int(sampleScatter(seed) % numbers)
	nine := 999_000_000 + (human*387_413+offset)%numbers
	sum := 0
	for rest, weight := nine, 2; rest > 0; rest, weight = rest/10, weight+1 {
		sum += rest % 10 * weight
	}
	check := 11 - sum%11
	switch check {
	case 10:
		return 0
	case 11:
		check = 0
	}
	return int64(nine)*10 + int64(check)
}

func (m *sampleMaker) setDates(p *SamplePerson, t sampleTruth) {
	d := m.dice
	dies := sampleDeadYoung
	if t.age >= 65 {
		dies = sampleDeadOld
	}
	dead := d.odd(dies)
	lived := int(m.today.Sub(t.born).Hours() / 24)
	if died := m.daysAgo(d.n(min(lived, 5_000) + 1)); dead {
		p.DateOfDeath = new(died)
		p.Oddities |= SampleDeceased
	}
	noBirth, sentinel := d.odd(sampleNoBirthDate), d.odd(sampleSentinelBirth)
	switch {
	case noBirth:
		p.Oddities |= SampleBirthMissing
	case sentinel:
		p.DateOfBirth = new(time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC))
		p.Oddities |= SampleBirthSentinel
	default:
		p.DateOfBirth = new(t.born)
	}
}

func (m *sampleMaker) setStatus(p *SamplePerson, t sampleTruth) {
	d := m.dice
	p.Restricted = new("N")
	restricted, unknown := d.odd(sampleIsRestricted), d.odd(sampleRestrictionNull)
	switch {
	case restricted:
		p.Restricted = new("Y")
		p.Oddities |= SampleRestricted
	case unknown:
		p.Restricted = nil
		p.Oddities |= SampleRestrictedUnknown
	}

	p.Gender = new("M")
	if t.female {
		p.Gender = new("F")
	}
	if d.odd(sampleUnsaidGender) {
		p.Gender = new(sampleOneOf(d, "-", "U"))
	}
	p.Title = sampleTitle(d, t)

	p.ContextFlag = new("A")
	if m.isChild(t) {
		p.ContextFlag = new("C")
	}
	if d.odd(sampleNoContextFlag) {
		p.ContextFlag = nil
		p.Oddities |= SampleContextMissing
	}
	if !d.odd(sampleNoNationality) {
		p.Nationality = new(t.household.family.nationality.pick(d))
		if d.n(3) > 0 {
			p.Nationality = new("British")
		}
	}
	p.NHSID = nil
	if t.nhs != 0 {
		p.NHSID = new(t.nhs)
	} else {
		p.Oddities |= SampleNHSMissing
	}
	m.setEmail(p, t)
}

func (m *sampleMaker) isChild(t sampleTruth) bool {
	return t.born.AddDate(18, 0, 0).After(m.today)
}

func sampleTitle(d *sampleDice, t sampleTruth) *string {
	at := d.n(20)
	switch {
	case d.odd(sampleNoTitle):
		return nil
	case at == 0 && t.age > 25:
		return new(sampleOneOf(d, "Dr", "Rev", "Mx", "Prof"))
	case t.age < 16 && !t.female:
		return new("Master")
	case !t.female:
		return new("Mr")
	case t.age < 18 || at < 8:
		return new("Miss")
	case at < 14:
		return new("Mrs")
	}
	return new("Ms")
}
