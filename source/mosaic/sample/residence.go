package sample

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// setAddresses writes down where a human lives and has lived.
func (m *sampleMaker) setAddresses(p *Person, h *sample.Human) {
	d := m.dice
	if d.Odd(noAddress) {
		p.Oddities |= AddressMissing
		return
	}
	w := m.householdOf(h).wording
	if d.Odd(ownAddressWording) {
		w = m.wording()
	}
	since := h.Stays[0].Since
	m.addAddress(p, h.Stays[0].Home, w, &since, nil)

	if d.Odd(onlyEnded) {
		p.Addresses[0].EndDate = new(m.world.DaysAgo(d.Between(1, 1_000)))
		if p.Addresses[0].EndDate.Before(since) {
			p.Addresses[0].EndDate = new(m.world.DaysAgo(1))
			p.Addresses[0].StartDate = new(m.world.DaysAgo(2))
		}
		p.Oddities |= AddressEnded
	} else {
		m.addCurrentAddresses(p, since)
	}
	for _, stay := range h.Stays[1:] {
		m.addAddress(p, stay.Home, m.wording(), new(stay.Since), new(stay.Until))
	}

	d.Shuffle(len(p.Addresses), func(i, j int) {
		p.Addresses[i], p.Addresses[j] = p.Addresses[j], p.Addresses[i]
	})
	for i := range p.Addresses {
		p.Addresses[i].LinkID = int64(firstLink + m.made*linkStep + i)
		p.Addresses[i].PersonID = new(p.PersonID)
	}
}

// addAddress adds a row for a period. A resident is displayed at the first that is added.
func (m *sampleMaker) addAddress(
	p *Person, h sample.Home, w sampleWording, start, end *time.Time,
) {
	d := m.dice
	a, odd := m.address(h, w)
	a.StartDate, a.EndDate = start, end
	if d.Odd(noStartDate) {
		a.StartDate = nil
	}
	if len(p.Addresses) > 0 {
		a.IsDisplayAddress = new("N")
		a.IsContactAddress = new(sample.OneOf(d, "N", "N", "Y"))
	}
	if d.Odd(noFlags) {
		switch d.N(3) {
		case 0:
			a.IsDisplayAddress = nil
		case 1:
			a.IsContactAddress = nil
		default:
			a.IsDisplayAddress, a.IsContactAddress = nil, nil
		}
		odd |= FlagsMissing
	}
	p.Addresses = append(p.Addresses, a)
	p.Oddities |= odd
}

// addCurrentAddresses gives a resident who lives somewhere more than that.
func (m *sampleMaker) addCurrentAddresses(p *Person, since time.Time) {
	d := m.dice
	if d.Odd(futureEnd) {
		p.Addresses[0].EndDate = new(m.world.DaysAgo(-d.Between(1, 400)))
		p.Oddities |= AddressEnds
	}
	if d.Odd(repeatedAddress) {
		p.Addresses = append(p.Addresses, p.Addresses[0])
		p.Oddities |= AddressTwice | AddressSeveral | m.displayed(p)
	}
	if d.Odd(secondCurrent) {
		start := latest(since, m.world.DaysAgo(d.N(2_000)))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		p.Oddities |= AddressSeveral
	}
	if d.Odd(secondDisplayed) {
		start := latest(since, m.world.DaysAgo(d.N(2_000)))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		if second := &p.Addresses[len(p.Addresses)-1]; second.IsDisplayAddress != nil {
			second.IsDisplayAddress = new("Y")
		}
		p.Oddities |= AddressSeveral | m.displayed(p)
	}
	if d.Odd(futureStart) {
		start := m.world.DaysAgo(-d.Between(1, 120))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		p.Oddities |= AddressStarts
	}
}

// displayed returns AddressDisplayed when that is so.
func (m *sampleMaker) displayed(p *Person) Oddities {
	displayed := 0
	for _, a := range p.Addresses {
		if a.IsDisplayAddress != nil && *a.IsDisplayAddress == "Y" {
			displayed++
		}
	}
	if displayed > 1 {
		return AddressDisplayed
	}
	return 0
}
