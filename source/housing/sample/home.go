package sample

import (
	"fmt"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// sampleHouse is a household with a house_ref of its own.
type sampleHouse struct {
	ref       string
	number    int // of which its other references are made
	stay      sample.Stay
	people    []*sample.Human
	isEarlier bool
	tags      []string // of its tenancies
}

// unknownDay is what stands for a day that nobody knows.
func unknownDay() *time.Time { return new(sample.UnknownDay()) }

// properties writes where a household lives, and what else it has.
func (m *maker) properties(h *sampleHouse) {
	if m.dice.Odd(noProperty) {
		return
	}
	stamp := new(m.world.DaysAgo(m.dice.Between(1, 2_000)))
	if m.dice.Odd(noStamp) {
		stamp = nil
	}
	m.property(h, 0, h.stay.Home, stamp)
	if !m.dice.Odd(secondProperty) {
		return
	}
	other, at := m.world.Home(m.dice), stamp
	switch m.dice.N(4) {
	case 0: // it is the later one
		at = new(m.world.DaysAgo(0))
	case 1, 2:
		at = new(m.world.DaysAgo(m.dice.Between(2_001, 4_000)))
	}
	if m.dice.N(3) == 0 {
		other.Lines = []string{fmt.Sprintf("Garage %d", m.dice.Between(1, 60)), other.Lines[0]}
	}
	m.property(h, 1, other, at)
}

func (m *maker) property(h *sampleHouse, nth int, home sample.Home, stamp *time.Time) {
	d := m.dice
	postcode := new(home.Postcode)
	if d.Odd(oddPostcode) {
		postcode = sample.OneOf(d, nil, new(""), new(sample.RubbishPostcode(d)),
			new(sample.Outward(home.Postcode)), new(sample.UnusualPostcode(d, home.Postcode, 10)),
			new(sample.UnusualPostcode(d, home.Postcode, 10)))
	}
	uprn := new(fmt.Sprint(home.UPRN))
	if d.Odd(oddUPRN) {
		uprn = sample.OneOf(d, nil, new(""), new("0"), new("N/A"), new("U/K"),
			new(fmt.Sprintf("%016d", home.UPRN)), new(fmt.Sprintf("%012d", home.UPRN)),
			new(fmt.Sprintf(" %d", home.UPRN)))
	}
	m.add(sampleProperties,
		fmt.Sprintf("%08d", 2*h.number+nth), h.ref, m.address(home), postcode, uprn, stamp)
}

// address writes an address in one text, in one of many ways.
func (m *maker) address(home sample.Home) *string {
	d := m.dice
	if d.Odd(noAddress) {
		return sample.OneOf(d, nil, new(""), new("-"))
	}
	lines := append([]string(nil), home.Lines...)
	if d.N(3) == 0 {
		lines = append(lines, "London")
	}
	if d.Odd(postcodeInLine) {
		lines = append(lines, sample.OneOf(d, home.Postcode, strings.ToLower(home.Postcode)))
	}
	if d.Odd(numberApart) {
		if number, street, found := strings.Cut(lines[0], " "); found && number < "A" {
			lines[0] = number + ", " + street
		}
	}
	address := strings.Join(lines, sample.OneOf(d, ", ", ", ", ",", "  ", "   ", " "))
	if d.Odd(capitals) {
		address = strings.ToUpper(address)
	}
	return &address
}

// tenures writes what the codes of tenures stand for.
func (m *maker) tenures() {
	for _, line := range tenureCodes() {
		code, description, _ := strings.Cut(line, " ")
		m.add(sampleTenures, code, sample.Cut(description, 15))
	}
}

func tenureCodes() []string {
	return []string{
		"SEC Secure", "INT Introductory", "ASY Asylum Seeker", "DEC Decant", "FRE Freehold",
		"LEA Leasehold", "MPA Mesne Profit Ac", "NON Non-Secure", "PVG Private Garage",
		"TAF Tenant Acc Flat", "TGA Tenant Garage", "TRA Traveller",
	}
}

// tenancies writes the tenancies that a household has and has had.
func (m *maker) tenancies(h *sampleHouse) {
	d := m.dice
	if d.Odd(noTenancy) {
		return
	}
	start, end := h.stay.Since, h.stay.Until
	if d.Odd(secondTenancy) { // an introductory one, which the other followed
		middle := start.AddDate(1, 0, 0)
		if middle.Before(m.world.Today()) {
			m.tenancy(h, new("INT"), new("t"), &start, new(middle.AddDate(0, 0, -1)))
			start = middle
		}
	}
	code := new(sample.OneOf(d, "SEC", "SEC", "SEC", "SEC", "SEC", "INT", "LEA", "NON"))
	if d.Odd(oddTenure) {
		code = sample.OneOf(d, nil, new(""), new("ZZZ"), new("S5"))
	}
	terminated, last := new("f"), unknownDay()
	if h.isEarlier || d.Odd(endedTenancy) {
		terminated = new("t")
		last = &end
		if end.IsZero() {
			last = new(m.world.DaysAgo(d.N(700)))
		}
	}
	if d.Odd(oddTermination) {
		switch d.N(5) {
		case 0: // it ended, and nobody knows when
			terminated, last = new("t"), unknownDay()
		case 1: // it is to end
			terminated, last = new("t"), new(m.world.DaysAgo(-d.N(60)))
		case 2: // it was to have ended, and went on
			terminated, last = new("f"), new(m.world.DaysAgo(d.Between(1, 900)))
		case 3:
			terminated = nil
		case 4:
			last = nil
		}
	}
	first := &start
	if d.Odd(oddStart) {
		first = sample.OneOf(d, nil, unknownDay(), new(m.world.DaysAgo(-d.Between(1, 30))))
	}
	m.tenancy(h, code, terminated, first, last)
	if d.Odd(garageTenancy) {
		m.tenancy(h, new("TGA"), new("f"), first, unknownDay())
	}
}

func (m *maker) tenancy(
	h *sampleHouse, code, terminated *string, start, end *time.Time,
) {
	tag := fmt.Sprintf("%07d/%02d", h.number, len(h.tags)+1)
	h.tags = append(h.tags, tag)
	m.add(sampleTenancies, tag, h.ref, code, terminated, start, end)
}

// contactKeys writes what the housing register knows a household by.
func (m *maker) contactKeys(h *sampleHouse) {
	if m.dice.Odd(noContactKey) {
		return
	}
	var tag *string
	if len(h.tags) > 0 {
		tag = &h.tags[0]
	}
	house := &h.ref
	if tag != nil && m.dice.Odd(keyByTenancy) {
		house = nil
	}
	m.add(sampleContacts, 2*h.number, house, tag)
	if m.dice.Odd(secondKey) {
		m.add(sampleContacts, 2*h.number+1, house, tag)
	}
}
