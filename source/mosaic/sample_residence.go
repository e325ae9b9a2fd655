package mosaic

import "time"

// setAddresses writes down where a human lives and has lived.
func (m *sampleMaker) setAddresses(p *SamplePerson, index int, t sampleTruth) {
	d := m.dice
	if d.odd(sampleNoAddress) {
		p.Oddities |= SampleAddressMissing
		return
	}
	w := t.household.wording
	if d.odd(sampleOwnAddressWording) {
		w = m.wording()
	}
	since := sampleLatest(t.household.since, t.born)
	m.addAddress(p, t.household.home, w, &since, nil)

	if d.odd(sampleOnlyEnded) {
		p.Addresses[0].EndDate = new(m.daysAgo(d.between(1, 1_000)))
		if p.Addresses[0].EndDate.Before(since) {
			p.Addresses[0].EndDate = new(m.daysAgo(1))
			p.Addresses[0].StartDate = new(m.daysAgo(2))
		}
		p.Oddities |= SampleAddressEnded
	} else {
		m.addCurrentAddresses(p, since)
	}
	m.addPastAddresses(p, since, t.born)

	d.rand.Shuffle(len(p.Addresses), func(i, j int) {
		p.Addresses[i], p.Addresses[j] = p.Addresses[j], p.Addresses[i]
	})
	for i := range p.Addresses {
		p.Addresses[i].LinkID = int64(sampleFirstLink + index*sampleLinkStep + i)
		p.Addresses[i].PersonID = new(p.PersonID)
	}
}

// addAddress adds a row for a period. A resident is displayed at the first that is added.
func (m *sampleMaker) addAddress(
	p *SamplePerson, h sampleHome, w sampleWording, start, end *time.Time,
) {
	d := m.dice
	a, odd := m.address(h, w)
	a.StartDate, a.EndDate = start, end
	if d.odd(sampleNoStartDate) {
		a.StartDate = nil
	}
	if len(p.Addresses) > 0 {
		a.IsDisplayAddress = new("N")
		a.IsContactAddress = new(sampleOneOf(d, "N", "N", "Y"))
	}
	if d.odd(sampleNoFlags) {
		switch d.n(3) {
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
	if d.odd(sampleFutureEnd) {
		p.Addresses[0].EndDate = new(m.daysAgo(-d.between(1, 400)))
		p.Oddities |= SampleAddressEnds
	}
	if d.odd(sampleRepeatedAddress) {
		p.Addresses = append(p.Addresses, p.Addresses[0])
		p.Oddities |= SampleAddressTwice | SampleAddressSeveral | m.displayed(p)
	}
	if d.odd(sampleSecondCurrent) {
		start := sampleLatest(since, m.daysAgo(d.n(2_000)))
		m.addAddress(p, m.home(), m.wording(), &start, nil)
		p.Oddities |= SampleAddressSeveral
	}
	if d.odd(sampleSecondDisplayed) {
		start := sampleLatest(since, m.daysAgo(d.n(2_000)))
		m.addAddress(p, m.home(), m.wording(), &start, nil)
		if second := &p.Addresses[len(p.Addresses)-1]; second.IsDisplayAddress != nil {
			second.IsDisplayAddress = new("Y")
		}
		p.Oddities |= SampleAddressSeveral | m.displayed(p)
	}
	if d.odd(sampleFutureStart) {
		start := m.daysAgo(-d.between(1, 120))
		m.addAddress(p, m.home(), m.wording(), &start, nil)
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

// addPastAddresses adds where a resident lived before, the latest first and none before birth.
func (m *sampleMaker) addPastAddresses(p *SamplePerson, since, born time.Time) {
	d := m.dice
	end := since.AddDate(0, 0, -1)
	for n, rate := 0, sampleFirstPast; n < 3 && d.odd(rate); n, rate = n+1, sampleNextPast {
		start := sampleLatest(end.AddDate(0, 0, -d.between(60, 3_000)), born)
		if !start.Before(end) {
			return
		}
		m.addAddress(p, m.home(), m.wording(), new(start), new(end))
		end = start.AddDate(0, 0, -1)
	}
}
