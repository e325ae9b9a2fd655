package sample

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// The first number of a claim in a sample. There are gaps between them.
const firstClaim = 1_000_001

// claim makes a claim of people, the first of whom moves with it from home to home.
func (m *maker) claim(people []*sample.Human) {
	d, id := m.dice, firstClaim+m.unit
	missing, noDigit := d.Odd(claimMissing), d.Odd(noCheckDigit)
	digit := sample.OneOf(d, new("A"), new("K"), new("X"), new("7"), new("0"))
	if noDigit {
		digit = sample.OneOf(d, nil, new(""), new(" "), new("?"))
	}
	status := sample.OneOf(d, new(1), new(1), new(1), new(2), new(5))
	if d.Plain {
		digit, status = new("X"), new(1)
	} else if d.Odd(noStatus) {
		status = nil
	}
	if missing {
		digit = nil
	} else {
		m.add(claims, id, digit, status)
	}
	for i, h := range people[:min(len(people), m.most)] {
		m.addResident(h, academy.ClaimReference(int64(id), int64(i+1), digit))
	}
	stays := people[0].Stays
	members := make([]bool, len(people)) // who is at an address already
	for house := 1; house <= len(stays); house++ {
		at := stays[len(stays)-house]
		m.claimHouse(id, house, at)
		m.members(id, house, at, people, members)
	}
}

// claimHouse makes the row of an address of a claim.
func (m *maker) claimHouse(id, house int, at sample.Stay) {
	isLast := at.Until.IsZero()
	until := sampleDay(at.Until)
	gone, future := m.dice.Odd(claimGone), m.dice.Odd(futureTo)
	switch {
	case isLast && future:
		until = sampleDay(m.world.DaysAgo(-1 - m.dice.N(300)))
	case isLast && gone:
		until = sampleDay(m.world.DaysAgo(1 + m.dice.N(400)))
	case isLast:
		until = forever()
	}
	from := m.oddDay(oddFrom, sampleDay(at.Since))
	until = m.oddDay(oddTo, until)
	columns := append([]any{id, house, from, until}, m.written(at.Home)...)
	if !m.dice.Odd(houseMissing) {
		m.add(sampleHouseholds, columns...)
	}
}

// forever is the last day of what has none.
func forever() *string { return new(academy.NoEnd + " 00:00:00.0000000") }

// members makes the rows of those people who lived at one address of a claim. Everyone is at one at
// least: those who never lived with the first but now are at the last. Those who are too many for
// the sample are made and left out, so that they change nothing of the others.
func (m *maker) members(
	id, house int, at sample.Stay, people []*sample.Human, members []bool,
) {
	member, isLast := 0, at.Until.IsZero()
	for i, h := range people {
		livedHere := isLast || slices.ContainsFunc(h.Stays, func(s sample.Stay) bool {
			return s.UPRN == at.UPRN
		})
		if !livedHere || i > 0 && isLast && members[i] && m.dice.Odd(memberStayed) {
			continue
		}
		members[i] = true
		rows := 1
		if m.dice.Odd(memberTwice) {
			rows = 2
		}
		for range rows {
			member++
			first, last, whole := m.named(h)
			born := m.oddDay(oddBirth, sampleDay(h.Born))
			died, ni := m.died(h), m.niNumber(h)
			if i < m.most {
				m.add(sampleMembers, id, house, member, i+1, whole, sample.Cut(h.Title, 4), first,
					last, born, died, ni)
			}
		}
	}
	if m.dice.Odd(memberNobody) {
		m.add(sampleMembers, id, house, member+1, nil, "NOBODY", nil, nil, "NOBODY", nil, nil, nil)
	}
}

// named is the parts of a name as they are written down: first, last, whole.
func (m *maker) named(h *sample.Human) (first, last, whole *string) {
	const width = 32
	given, family := h.First, h.Last
	if m.dice.Odd(upperCase) {
		given, family = strings.ToUpper(given), strings.ToUpper(family)
	}
	if m.dice.Odd(blanksRound) {
		given, family = sample.Blanks(m.dice, given), sample.Blanks(m.dice, family)
	}
	first, last = new(sample.Cut(given, width)), new(sample.Cut(family, width))
	whole = new(sample.Cut(strings.ToUpper(h.Last+" "+h.First), width))
	noFirst, none := m.dice.Odd(noFirstName), m.dice.Odd(noName)
	if noFirst || none {
		first = nil
	}
	if none {
		last, whole = nil, sample.OneOf(m.dice, nil, new(""), new(" "))
	}
	return first, last, whole
}

func (m *maker) died(h *sample.Human) *string {
	never := m.dice.Odd(neverDead)
	switch {
	case h.Died != nil:
		return sampleDay(*h.Died)
	case never:
		return forever()
	}
	return nil
}

func (m *maker) niNumber(h *sample.Human) *string {
	none, spaced := m.dice.Odd(noNINumber), m.dice.Odd(spacedNI)
	switch {
	case none || h.NINumber == "":
		return sample.OneOf(m.dice, nil, nil, new(""))
	case spaced:
		return new(strings.ToLower(h.NINumber) + " ")
	}
	return &h.NINumber
}

// written is the columns of an address, but for its keys: four lines, the postcode and the UPRN.
func (m *maker) written(h sample.Home) []any {
	d := m.dice
	lines := append(slices.Clone(h.Lines), "Hackney", "London", "")[:4]
	if len(h.Lines) > 1 {
		lines[2], lines[3] = "London", ""
	}
	if d.Odd(postcodeLine) {
		lines[3] = h.Postcode
	}
	if d.Odd(upperCase) {
		for i := range lines {
			lines[i] = strings.ToUpper(lines[i])
		}
	}
	blank := d.Odd(blankAddress)
	var columns []any
	for i := range lines {
		switch {
		case blank, lines[i] == "" && d.N(2) == 0:
			columns = append(columns, nil)
		default:
			columns = append(columns, lines[i])
		}
	}
	postcode, number := &h.Postcode, strconv.FormatInt(h.UPRN, 10)
	uprn := &number
	if d.Odd(oddPostcode) {
		unusual := sample.UnusualPostcode(d, h.Postcode, 8)
		postcode = sample.OneOf(d, &unusual, &unusual, &unusual, nil, new(""),
			new(sample.RubbishPostcode(d)), new(sample.Outward(h.Postcode)))
	}
	if d.Odd(noUPRN) {
		uprn = nil
	} else if d.Odd(oddUPRN) {
		uprn = sample.OneOf(d, new(fmt.Sprintf("%012d", h.UPRN)), new(fmt.Sprintf("%-12d", h.UPRN)),
			new("0"), new(" "), new("N/A"))
	}
	return append(columns, postcode, uprn)
}
