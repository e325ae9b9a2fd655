package sample

import "github.com/LBHackney-IT/resident-gateway/source/sample"

// setPhones writes down how a human can be called.
func (m *sampleMaker) setPhones(p *Person, h *sample.Human) {
	d := m.dice
	if d.Odd(noPhone) {
		p.Oddities |= PhoneMissing
		return
	}
	if h.HomePhone != nil {
		m.addPhone(p, m.householdOf(h).phoneID, *h.HomePhone)
		p.Oddities |= PhoneShared
	}
	next := int64(firstNumber + m.made*numberStep)
	own := 0
	if h.Age(m.world.Today()) >= 11 || h.HomePhone == nil {
		own++
	}
	if d.Odd(secondPhone) {
		own++
		if d.Odd(thirdPhone) {
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
	if d.Odd(repeatedPhone) && len(p.Phones) > 0 {
		again := p.Phones[d.N(len(p.Phones))]
		again.NumberID = next
		p.Phones = append(p.Phones, again)
		p.Oddities |= PhoneTwice
	}
}

// addPhone adds a row of dm_telephone_numbers.
func (m *sampleMaker) addPhone(p *Person, id int64, number sample.Phone) {
	row, odd := m.phone(number)
	row.NumberID, row.PersonID = id, p.PersonID
	p.Phones = append(p.Phones, row)
	p.Oddities |= odd
}

func (m *sampleMaker) phone(number sample.Phone) (Phone, Oddities) {
	d := m.dice
	text, kind := number.Spelled(d), phoneType(d, number)
	var odd Oddities
	if kind == phoneExDirectory {
		odd |= PhoneExDirectory
	}
	nonsense, noted := d.Odd(nonsensePhone), d.Odd(notedPhone)
	two, blanks := d.Odd(twoPhones), d.Odd(blanksRoundCall)
	row := Phone{Type: kind}
	switch {
	case nonsense:
		row.Number = sample.NoPhone(d)
		return row, odd | PhoneNonsense
	case two:
		text = number.Plain() + sample.OneOf(d, " / ", " or ", "/") + sample.Mobile(d).Plain()
		odd |= PhoneTwo
	case noted:
		text = sample.NotedPhone(d, text)
		odd |= PhoneNote
	case blanks:
		text = sample.Blanks(d, text)
		odd |= Untrimmed
	}
	row.Number = new(sample.Cut(text, 32))
	return row, odd
}

// The types of phone numbers, as Mosaic has them.
const (
	phonePrimary     = "Primary"
	phoneHome        = "Home"
	phoneMobile      = "Mobile"
	phoneSecond      = "Mobile - Secondary"
	phoneWork        = "Work"
	phoneFax         = "Fax"
	phonePager       = "Pager"
	phoneExDirectory = "Ex-directory (do not disclose number)"
)

func phoneType(d *sample.Dice, number sample.Phone) string {
	at := d.N(1_000)
	if number.Kind == sample.MobilePhone {
		switch {
		case d.Plain || at < 690:
			return phoneMobile
		case at < 770:
			return phoneSecond
		case at < 900:
			return phonePrimary
		case at < 950:
			return phoneWork
		case at < 980:
			return phoneExDirectory
		case at < 990:
			return phonePager
		}
		return phoneHome
	}
	switch {
	case d.Plain || at < 570:
		return phoneHome
	case at < 790:
		return phonePrimary
	case at < 910:
		return phoneWork
	case at < 955:
		return phoneExDirectory
	case at < 990:
		return phoneFax
	}
	return phonePager
}

// orphanPhone makes a phone number of an id that no resident has.
func (m *sampleMaker) orphanPhone(index int) Phone {
	m.dice.Begin(orphanPhoneStream, index)
	row, _ := m.phone(sample.Mobile(m.dice))
	row.NumberID, row.PersonID = int64(1_001+3*index), nobody(m.dice)
	return row
}
