package mosaic

import "strconv"

// sampleNumber is a phone number of the ranges that Ofcom keeps for drama. They are three thousand
// in all, so residents who are no relatives have them in common.
type sampleNumber struct {
	kind sampleNumberKind
	last int // the last three digits
}

type sampleNumberKind int

const (
	sampleMobileNumber  sampleNumberKind = iota // 07700 900000 to 900999
	sampleLondonNumber                          // 020 7946 0000 to 0999
	sampleNowhereNumber                         // 01632 960000 to 960999
)

const sampleNumbersOfAKind = 1_000

func sampleMobile(d *sampleDice) sampleNumber {
	return sampleNumber{sampleMobileNumber, d.n(sampleNumbersOfAKind)}
}

func sampleLandline(d *sampleDice) sampleNumber {
	kind := sampleOneOf(d, sampleLondonNumber, sampleLondonNumber, sampleNowhereNumber)
	return sampleNumber{kind, d.n(sampleNumbersOfAKind)}
}

// plain is the spelling with the fewest surprises.
func (n sampleNumber) plain() string {
	switch n.kind {
	case sampleMobileNumber:
		return n.after("07700 900")
	case sampleLondonNumber:
		return n.after("020 7946 0")
	case sampleNowhereNumber:
	}
	return n.after("01632 960")
}

// spelled is one of the many ways in which people write numbers.
func (n sampleNumber) spelled(d *sampleDice) string {
	if d.n(10) < 4 {
		return n.plain()
	}
	switch n.kind {
	case sampleMobileNumber:
		return n.after(sampleOneOf(d, "07700900", "07700900", "07700900", "07700900", "07700 900 ",
			"+447700900", "+44 7700 900", "+44 (0)7700 900", "07700-900-", "447700900",
			"(07700) 900"))
	case sampleLondonNumber:
		return n.after(sampleOneOf(d, "02079460", "02079460", "02079460", "0207 946 0",
			"(020) 7946 0", "+44 20 7946 0", "+44 (0)20 7946 0", "+442079460",
			"020-7946-0", "(0207) 9460"))
	case sampleNowhereNumber:
	}
	return n.after(sampleOneOf(d, "01632960", "01632960", "(01632) 960", "+44 1632 960",
		"+44 (0)1632 960", "01632-960"))
}

func (n sampleNumber) after(start string) string {
	digits := strconv.Itoa(sampleNumbersOfAKind + n.last)
	return start + digits[1:]
}

// setPhones writes down how a human can be called.
func (m *sampleMaker) setPhones(p *SamplePerson, index int, t sampleTruth) {
	d := m.dice
	if d.odd(sampleNoPhone) {
		p.Oddities |= SamplePhoneMissing
		return
	}
	h := t.household
	if h.phoneID != 0 {
		m.addPhone(p, h.phoneID, h.phone)
		p.Oddities |= SamplePhoneShared
	}
	next := int64(sampleFirstNumber + index*sampleNumberStep)
	own := 0
	if t.age >= 11 || h.phoneID == 0 {
		own++
	}
	if d.odd(sampleSecondPhone) {
		own++
		if d.odd(sampleThirdPhone) {
			own++
		}
	}
	for n := range own {
		number := t.number
		if n > 0 {
			number = sampleOneOf(d, sampleMobile(d), sampleLandline(d), sampleLandline(d))
		}
		m.addPhone(p, next, number)
		next++
	}
	if d.odd(sampleRepeatedPhone) && len(p.Phones) > 0 {
		again := p.Phones[d.n(len(p.Phones))]
		again.NumberID = next
		p.Phones = append(p.Phones, again)
		p.Oddities |= SamplePhoneTwice
	}
}

// addPhone adds a row of dm_telephone_numbers.
func (m *sampleMaker) addPhone(p *SamplePerson, id int64, number sampleNumber) {
	row, odd := m.phone(number)
	row.NumberID, row.PersonID = id, p.PersonID
	p.Phones = append(p.Phones, row)
	p.Oddities |= odd
}

func (m *sampleMaker) phone(number sampleNumber) (SamplePhone, SampleOddities) {
	d := m.dice
	text, kind := number.spelled(d), samplePhoneType(d, number)
	var odd SampleOddities
	if kind == samplePhoneExDirectory {
		odd |= SamplePhoneExDirectory
	}
	nonsense, noted := d.odd(sampleNonsensePhone), d.odd(sampleNotedPhone)
	two, blanks := d.odd(sampleTwoPhones), d.odd(sampleBlanksRoundCall)
	row := SamplePhone{Type: kind}
	switch {
	case nonsense:
		row.Number = sampleOneOf(d, nil, new(""), new(" "), new("-"), new("none"), new("None"),
			new("n/a"), new("N/A"), new("not known"), new("no phone"), new("tbc"))
		return row, odd | SamplePhoneNonsense
	case two:
		text = number.plain() + sampleOneOf(d, " / ", " or ", "/") + sampleMobile(d).plain()
		odd |= SamplePhoneTwo
	case noted:
		text = sampleNoteOn(d, text)
		odd |= SamplePhoneNote
	case blanks:
		text = sampleBlanks(d, text)
		odd |= SampleUntrimmed
	}
	row.Number = new(sampleCut(text, 32))
	return row, odd
}

func sampleNoteOn(d *sampleDice, number string) string {
	who := sampleOneOf(d, "Daughter", "Son", "Mum", "Dad", "Wife", "Husband", "Sister", "Carer",
		"Nan")
	return sampleOneOf(d, number+" - "+who, number+" - "+who, number+" ("+who+")", who+" "+number,
		who+": "+number, number+" (after 6pm)", number+" ext 12", number+" text only",
		"Tel "+number)
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

func samplePhoneType(d *sampleDice, number sampleNumber) string {
	at := d.n(1_000)
	if number.kind == sampleMobileNumber {
		switch {
		case d.plain || at < 690:
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
	case d.plain || at < 570:
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
	m.dice.seed(m.seed, sampleOrphanPhoneStream, index)
	row, _ := m.phone(sampleMobile(m.dice))
	row.NumberID, row.PersonID = int64(1_001+3*index), sampleNobody(m.dice)
	return row
}
