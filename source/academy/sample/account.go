package sample

import (
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

const (
	firstAccount = 10_000_001
	accountStep  = 3 // one number of three is used
)

// account makes an account of a tax payer, for every home that they have lived in.
func (m *maker) account(h *sample.Human) {
	id := firstAccount + m.unit*accountStep + m.dice.N(accountStep)
	mark := sample.OneOf(m.dice, new("B"), new("H"), new("Y"), new("4"))
	if m.dice.Odd(noCheckDigit) {
		mark = nil
	}
	first, last, whole := m.named(h)
	if m.dice.Odd(noNameParts) {
		first, last = nil, nil
	}
	m.add(accounts, id, mark, whole, h.Title, first, last)
	m.addResident(h, academy.AccountReference(int64(id), mark))
	m.occupations(id, h)
	m.phones(id, h)
	m.emails(id, h)
}

func (m *maker) occupations(id int, h *sample.Human) {
	if m.dice.Odd(noOccupation) {
		return
	}
	twice := m.dice.Odd(occupiedTwice)
	until := forever()
	if m.dice.Odd(vacated) {
		until = sampleDay(m.world.DaysAgo(1 + m.dice.N(2_000)))
	}
	until = m.oddDay(oddVacation, until)
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
func (m *maker) property(h sample.Home, plain bool) {
	if m.properties[h.UPRN] {
		return
	}
	m.properties[h.UPRN] = true
	m.dice.Begin(propertyStream, int(h.UPRN))
	m.dice.Plain = plain
	if !m.dice.Odd(noProperty) {
		m.add(sampleProperties, append([]any{propertyRef(h)}, m.written(h)...)...)
	}
}
