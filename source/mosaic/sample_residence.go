package mosaic

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// setAddresses writes down where a human lives and has lived.
func (m *sampleMaker) setAddresses(p *SamplePerson, h *sample.Human) {
	d := m.dice
	if d.Odd(sampleNoAddress) {
		p.Oddities |= SampleAddressMissing
		return
	}
	w := m.householdOf(h).wording
	if d.Odd(sampleOwnAddressWording) {
		w = m.wording()
	}
	since := h.Stays[0].Since
	m.addAddress(p, h.Stays[0].Home, w, &since, nil)

	if d.Odd(sampleOnlyEnded) {
		p.Addresses[0].EndDate = new(m.world.DaysAgo(d.Between(1, 1_000)))
		if p.Addresses[0].EndDate.Before(since) {
			p.Addresses[0].EndDate = new(m.world.DaysAgo(1))
			p.Addresses[0].StartDate = new(m.world.DaysAgo(2))
		}
		p.Oddities |= SampleAddressEnded
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
		p.Addresses[i].LinkID = int64(sampleFirstLink + m.made*sampleLinkStep + i)
		p.Addresses[i].PersonID = new(p.PersonID)
	}
}

// addAddress adds a row for a period. A resident is displayed at the first that is added.
func (m *sampleMaker) addAddress(
	p *SamplePerson, h sample.Home, w sampleWording, start, end *time.Time,
) {
	d := m.dice
	a, odd := m.address(h, w)
	a.StartDate, a.EndDate = start, end
	if d.Odd(sampleNoStartDate) {
		a.StartDate = nil
	}
	if len(p.Addresses) > 0 {
		a.IsDisplayAddress = new("N")
		a.IsContactAddress = new(sample.OneOf(d, "N", "N", "Y"))
	}
	if d.Odd(sampleNoFlags) {
		switch d.N(3) {
		case 0:
			a.IsDisplayAddress = nil
		case 1:
			a.IsContactAddress = nil
		default:
			a.IsDisplayAddress, a.IsContactAddress = nil, nil
		}
		odd |= SampleFlagsMissing
	}
	p.Addresses = append(p.Addresses, a)
	p.Oddities |= odd
}

// addCurrentAddresses gives a resident who lives somewhere more than that.
func (m *sampleMaker) addCurrentAddresses(p *SamplePerson, since time.Time) {
	d := m.dice
	if d.Odd(sampleFutureEnd) {
		p.Addresses[0].EndDate = new(m.world.DaysAgo(-d.Between(1, 400)))
		p.Oddities |= SampleAddressEnds
	}
	if d.Odd(sampleRepeatedAddress) {
		p.Addresses = append(p.Addresses, p.Addresses[0])
		p.Oddities |= SampleAddressTwice | SampleAddressSeveral | m.displayed(p)
	}
	if d.Odd(sampleSecondCurrent) {
		start := sampleLatest(since, m.world.DaysAgo(d.N(2_000)))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		p.Oddities |= SampleAddressSeveral
	}
	if d.Odd(sampleSecondDisplayed) {
		start := sampleLatest(since, m.world.DaysAgo(d.N(2_000)))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		if second := &p.Addresses[len(p.Addresses)-1]; second.IsDisplayAddress != nil {
			second.IsDisplayAddress = new("Y")
		}
		p.Oddities |= SampleAddressSeveral | m.displayed(p)
	}
	if d.Odd(sampleFutureStart) {
		start := m.world.DaysAgo(-d.Between(1, 120))
		m.addAddress(p, m.world.Home(d), m.wording(), &start, nil)
		p.Oddities |= SampleAddressStarts
	}
}

// displayed returns SampleAddressDisplayed when that is so.
func (m *sampleMaker) displayed(p *SamplePerson) SampleOddities {
	displayed := 0
	for _, a := range p.Addresses {
		if a.IsDisplayAddress != nil && *a.IsDisplayAddress == "Y" {
			displayed++
		}
	}
	if displayed > 1 {
		return SampleAddressDisplayed
	}
	return 0
}
