package mosaic

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// setPhones writes down how a human can be called.
func (m *sampleMaker) setPhones(p *SamplePerson, h *sample.Human) {
	d := m.dice
	if d.Odd(sampleNoPhone) {
		p.Oddities |= SamplePhoneMissing
		return
	}
	if h.HomePhone != nil {
		m.addPhone(p, m.householdOf(h).phoneID, *h.HomePhone)
		p.Oddities |= SamplePhoneShared
	}
	next := int64(sampleFirstNumber + m.made*sampleNumberStep)
	own := 0
	if h.Age(m.world.Today()) >= 11 || h.HomePhone == nil {
		own++
	}
	if d.Odd(sampleSecondPhone) {
		own++
		if d.Odd(sampleThirdPhone) {
			own++
		}
	}
	for n := range own {
		number := h.Mobile
		if n > 0 {
			number = sample.OneOf(d, sample.Mobile(d), sample.Landline(d), sample.Landline(d))
		}
		m.addPhone(p, next, number)
		next++
	}
	if d.Odd(sampleRepeatedPhone) && len(p.Phones) > 0 {
		again := p.Phones[d.N(len(p.Phones))]
		again.NumberID = next
		p.Phones = append(p.Phones, again)
		p.Oddities |= SamplePhoneTwice
	}
}

// addPhone adds a row of dm_telephone_numbers.
func (m *sampleMaker) addPhone(p *SamplePerson, id int64, number sample.Phone) {
	row, odd := m.phone(number)
	row.NumberID, row.PersonID = id, p.PersonID
	p.Phones = append(p.Phones, row)
	p.Oddities |= odd
}

func (m *sampleMaker) phone(number sample.Phone) (SamplePhone, SampleOddities) {
	d := m.dice
	text, kind := number.Spelled(d), samplePhoneType(d, number)
	var odd SampleOddities
	if kind == samplePhoneExDirectory {
		odd |= SamplePhoneExDirectory
	}
	nonsense, noted := d.Odd(sampleNonsensePhone), d.Odd(sampleNotedPhone)
	two, blanks := d.Odd(sampleTwoPhones), d.Odd(sampleBlanksRoundCall)
	row := SamplePhone{Type: kind}
	switch {
	case nonsense:
		row.Number = sample.NoPhone(d)
		return row, odd | SamplePhoneNonsense
	case two:
		text = number.Plain() + sample.OneOf(d, " / ", " or ", "/") + sample.Mobile(d).Plain()
		odd |= SamplePhoneTwo
	case noted:
		text = sample.NotedPhone(d, text)
		odd |= SamplePhoneNote
	case blanks:
		text = sample.Blanks(d, text)
		odd |= SampleUntrimmed
	}
	row.Number = new(sample.Cut(text, 32))
	return row, odd
}

// The types of phone numbers, as Mosaic has them.
const (
	samplePhonePrimary     = "Primary"
	samplePhoneHome        = "Home"
	samplePhoneMobile      = "Mobile"
	samplePhoneSecond      = "Mobile - Secondary"
	samplePhoneWork        = "Work"
	samplePhoneFax         = "Fax"
	samplePhonePager       = "Pager"
	samplePhoneExDirectory = "Ex-directory (do not disclose number)"
)

func samplePhoneType(d *sample.Dice, number sample.Phone) string {
	at := d.N(1_000)
	if number.Kind == sample.MobilePhone {
		switch {
		case d.Plain || at < 690:
			return samplePhoneMobile
		case at < 770:
			return samplePhoneSecond
		case at < 900:
			return samplePhonePrimary
		case at < 950:
			return samplePhoneWork
		case at < 980:
			return samplePhoneExDirectory
		case at < 990:
			return samplePhonePager
		}
		return samplePhoneHome
	}
	switch {
	case d.Plain || at < 570:
		return samplePhoneHome
	case at < 790:
		return samplePhonePrimary
	case at < 910:
		return samplePhoneWork
	case at < 955:
		return samplePhoneExDirectory
	case at < 990:
		return samplePhoneFax
	}
	return samplePhonePager
}

// orphanPhone makes a phone number of an id that no resident has.
func (m *sampleMaker) orphanPhone(index int) SamplePhone {
	m.dice.Begin(sampleOrphanPhoneStream, index)
	row, _ := m.phone(sample.Mobile(m.dice))
	row.NumberID, row.PersonID = int64(1_001+3*index), sampleNobody(m.dice)
	return row
}
