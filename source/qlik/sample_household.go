package qlik

import (
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Of homes, those that Qlik knows.
const sampleKnown sample.Rate = 5_000

// The rates of what is so of households.
const (
	sampleHealth         sample.Rate = 2_200
	sampleSupport        sample.Rate = 2_500
	sampleTemporary      sample.Rate = 400
	sampleLowIncome      sample.Rate = 1_500 // of those without council tax support
	sampleSEND           sample.Rate = 1_300 // of those with children
	sampleLearning       sample.Rate = 200
	sampleAdultCases     sample.Rate = 600
	sampleChildCases     sample.Rate = 900   // of those with children
	sampleChildrenBefore sample.Rate = 3_000 // of whoever lives now where somebody lived before
	sampleAloneBefore    sample.Rate = 3_500 // of those with children among them
)

// The rates of what is odd.
const (
	sampleBlankFlag  sample.Rate = 300 // of each indicator
	sampleBlankCases sample.Rate = 200
	sampleBlankRow   sample.Rate = 60 // nothing is said but the property
	sampleOldDate    sample.Rate = 150
)

// sampleStream is the one stream of chance: a household depends on its property.
const sampleStream = 0

// sampleMaker makes the households of one sample.
type sampleMaker struct {
	world     *sample.World
	dice      *sample.Dice
	seen      map[int64]bool // the properties that have been decided about
	residents int            // who live in the households so far
}

func newSampleMaker(s Sample) *sampleMaker {
	return &sampleMaker{
		world: sample.NewWorld(s.Seed, s.Today),
		dice:  sample.NewDice(s.Seed, "qlik"),
		seen:  make(map[int64]bool),
	}
}

// block makes the households at the homes of a block's humans, now and before, until most residents
// live in them.
func (m *sampleMaker) block(block, most int) []SampleHousehold {
	var made []SampleHousehold
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
func (m *sampleMaker) knows(uprn int64) bool { return m.dice.Knows(int(uprn), sampleKnown) }

// family is whether there are children among people, and a parent alone with them.
func (m *sampleMaker) family(people []*sample.Human) (children, alone bool) {
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
func (m *sampleMaker) strangers() (children, alone bool) {
	children = m.is(sampleChildrenBefore)
	return children, children && m.is(sampleAloneBefore)
}

// is draws whether something is so, which is nothing odd.
func (m *sampleMaker) is(rate sample.Rate) bool { return m.dice.N(10_000) < int(rate) }

// add appends the household at a property, unless there is one already.
func (m *sampleMaker) add(
	made []SampleHousehold, uprn int64, plain bool, family func() (children, alone bool),
) []SampleHousehold {
	if m.seen[uprn] {
		return made
	}
	m.seen[uprn] = true
	m.dice.Begin(sampleStream, int(uprn))
	m.dice.Plain = plain
	children, alone := family()
	return append(made, m.household(uprn, children, alone))
}

func (m *sampleMaker) household(uprn int64, children, alone bool) SampleHousehold {
	d := m.dice
	supported := m.is(sampleSupport)
	h := SampleHousehold{UPRN: uprn, DateCreated: m.world.DaysAgo(3).Add(6*time.Hour + 30*time.Minute)}
	h.HasHealthConditionOrDisability = m.flag(m.is(sampleHealth))
	h.ReceivesCouncilTaxSupport = m.flag(supported)
	h.IsInTemporaryAccommodation = m.flag(m.is(sampleTemporary))
	h.HasLowIncome = m.flag(m.is(sampleLowIncome) || supported)
	h.HasChildWithSend = m.flag(m.is(sampleSEND) && children)
	h.IsSingleParent = m.flag(alone)
	h.HasLearningDisability = m.flag(m.is(sampleLearning))
	h.AdultSocialCareCases = m.cases(m.is(sampleAdultCases))
	h.ChildSocialCareCases = m.cases(m.is(sampleChildCases) && children)
	if d.Odd(sampleOldDate) {
		h.DateCreated = m.world.DaysAgo(d.Between(400, 2_400))
	}
	if d.Odd(sampleBlankRow) {
		h.Household = Household{}
	}
	h.AsOf = resident.DateOf(h.DateCreated)
	return h
}

// flag is an indicator, or blank.
func (m *sampleMaker) flag(isSo bool) *bool {
	if m.dice.Odd(sampleBlankFlag) {
		return nil
	}
	return &isSo
}

// cases is a count of cases, or blank.
func (m *sampleMaker) cases(some bool) *int {
	if m.dice.Odd(sampleBlankCases) {
		return nil
	}
	if !some {
		return new(0)
	}
	return new(sample.OneOf(m.dice, 1, 1, 1, 2, 2, 3))
}
