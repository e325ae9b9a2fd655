package academy

import (
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

const (
	sampleFirstAccount = 10_000_001
	sampleAccountStep  = 3 // one number of three is used
)

// account makes an account of a tax payer, for every home that they have lived in.
func (m *sampleMaker) account(h *sample.Human) {
	id := sampleFirstAccount + m.unit*sampleAccountStep + m.dice.N(sampleAccountStep)
	mark := sample.OneOf(m.dice, new("B"), new("H"), new("Y"), new("4"))
	if m.dice.Odd(sampleNoCheckDigit) {
		mark = nil
	}
	first, last, whole := m.named(h)
	if m.dice.Odd(sampleNoNameParts) {
		first, last = nil, nil
	}
	m.add(sampleAccounts, id, mark, whole, h.Title, first, last)
	m.addResident(h, reference{kind: councilTaxName, number: int64(id)}, mark)
	m.occupations(id, h)
	m.phones(id, h)
	m.emails(id, h)
}

func (m *sampleMaker) occupations(id int, h *sample.Human) {
	if m.dice.Odd(sampleNoOccupation) {
		return
	}
	twice := m.dice.Odd(sampleOccupiedTwice)
	until := sampleForever()
	if m.dice.Odd(sampleVacated) {
		until = sampleDay(m.world.DaysAgo(1 + m.dice.N(2_000)))
	}
	until = m.oddDay(sampleOddVacation, until)
	for i, stay := range h.Stays {
		if i > 0 {
			until, twice = sampleDay(stay.Until), false
		}
		m.homes = append(m.homes, stay.Home)
		m.add(sampleOccupations, id, propertyRef(stay.Home), until)
		if twice {
			m.add(sampleOccupations, id, propertyRef(stay.Home), until)
		}
	}
}

// propertyRef is what Academy calls a home.
func propertyRef(h sample.Home) string {
	return strconv.FormatInt(2_000_000+h.UPRN%1_000_000+h.UPRN/100_000_000_000*1_000_000, 10)
}

// property makes the row of a home, unless it is made already.
func (m *sampleMaker) property(h sample.Home, plain bool) {
	if m.properties[h.UPRN] {
		return
	}
	m.properties[h.UPRN] = true
	m.dice.Begin(samplePropertyStream, int(h.UPRN))
	m.dice.Plain = plain
	if !m.dice.Odd(sampleNoProperty) {
		m.add(sampleProperties, append([]any{propertyRef(h)}, m.written(h)...)...)
	}
}
