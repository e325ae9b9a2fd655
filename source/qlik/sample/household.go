package sample

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Of homes, those that Qlik knows.
const known sample.Rate = 5_000

// The rates of what is so of households.
const (
	health         sample.Rate = 2_200
	support        sample.Rate = 2_500
	temporary      sample.Rate = 400
	lowIncome      sample.Rate = 1_500 // of those without council tax support
	sEND           sample.Rate = 1_300 // of those with children
	learning       sample.Rate = 200
	adultCases     sample.Rate = 600
	childCases     sample.Rate = 900   // of those with children
	childrenBefore sample.Rate = 3_000 // of whoever lives now where somebody lived before
	aloneBefore    sample.Rate = 3_500 // of those with children among them
)

// The rates of what is odd.
const (
	blankFlag  sample.Rate = 300 // of each indicator
	blankCases sample.Rate = 200
	blankRow   sample.Rate = 60 // nothing is said but the property
	oldDate    sample.Rate = 150
)

// stream is the one stream of chance: a household depends on its property.
const stream = 0

// maker makes the households of one sample.
type maker struct {
	world     *sample.World
	dice      *sample.Dice
	seen      map[int64]bool // the properties that have been decided about
	residents int            // who live in the households so far
}

func newSampleMaker(s Sample) *maker {
	return &maker{
		world: sample.NewWorld(s.Seed, s.Today),
		dice:  sample.NewDice(s.Seed, "qlik"),
		seen:  make(map[int64]bool),
	}
}

// block makes the households at the homes of a block's humans, now and before, until most residents
// live in them.
func (m *maker) block(block, most int) []Household {
	var made []Household
	for _, people := range sample.Households(m.world.Block(block)) {
		if m.residents >= most {
			break
		}
		isFirst := people[0].Index == 0
		home := people[0].Stays[0].UPRN
		if isFirst || m.knows(home) {
			m.residents = min(m.residents+len(people), most)
			made = m.add(made, home, isFirst, func() (children, alone bool) { return m.family(people) })
		}
		for _, human := range people {
			for _, stay := range human.Stays[1:] {
				if m.knows(stay.UPRN) {
					made = m.add(made, stay.UPRN, false, m.strangers)
				}
			}
		}
	}
	return made
}

// knows is whether Qlik knows a property.
func (m *maker) knows(uprn int64) bool { return m.dice.Knows(int(uprn), known) }

// family is whether there are children among people, and a parent alone with them.
func (m *maker) family(people []*sample.Human) (children, alone bool) {
	adults := 0
	for _, human := range people {
		switch {
		case human.Age(m.world.Today()) >= 18:
			adults++
		case human.Role == sample.Child:
			children = true
		}
	}
	return children, children && adults == 1
}

// strangers is the same of people whom nobody has made up.
func (m *maker) strangers() (children, alone bool) {
	children = m.is(childrenBefore)
	return children, children && m.is(aloneBefore)
}

// is draws whether something is so, which is nothing odd.
func (m *maker) is(rate sample.Rate) bool { return m.dice.N(10_000) < int(rate) }

// add appends the household at a property, unless there is one already.
func (m *maker) add(
	made []Household, uprn int64, plain bool, family func() (children, alone bool),
) []Household {
	if m.seen[uprn] {
		return made
	}
	m.seen[uprn] = true
	m.dice.Begin(stream, int(uprn))
	m.dice.Plain = plain
	children, alone := family()
	return append(made, m.household(uprn, children, alone))
}

func (m *maker) household(uprn int64, children, alone bool) Household {
	d := m.dice
	supported := m.is(support)
	h := Household{UPRN: uprn, DateCreated: m.world.DaysAgo(3).Add(6*time.Hour + 30*time.Minute)}
	h.HasHealthConditionOrDisability = m.flag(m.is(health))
	h.ReceivesCouncilTaxSupport = m.flag(supported)
	h.IsInTemporaryAccommodation = m.flag(m.is(temporary))
	h.HasLowIncome = m.flag(m.is(lowIncome) || supported)
	h.HasChildWithSend = m.flag(m.is(sEND) && children)
	h.IsSingleParent = m.flag(alone)
	h.HasLearningDisability = m.flag(m.is(learning))
	h.AdultSocialCareCases = m.cases(m.is(adultCases))
	h.ChildSocialCareCases = m.cases(m.is(childCases) && children)
	if d.Odd(oldDate) {
		h.DateCreated = m.world.DaysAgo(d.Between(400, 2_400))
	}
	if d.Odd(blankRow) {
		h.Household = qlik.Household{}
	}
	h.AsOf = resident.DateOf(h.DateCreated)
	return h
}

// flag is an indicator, or blank.
func (m *maker) flag(isSo bool) *bool {
	if m.dice.Odd(blankFlag) {
		return nil
	}
	return &isSo
}

// cases is a count of cases, or blank.
func (m *maker) cases(some bool) *int {
	if m.dice.Odd(blankCases) {
		return nil
	}
	if !some {
		return new(0)
	}
	return new(sample.OneOf(m.dice, 1, 1, 1, 2, 2, 3))
}
