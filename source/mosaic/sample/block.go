package sample

import "github.com/LBHackney-IT/resident-gateway/source/sample"

const (
	firstPerson = 1_000_001
	firstLink   = 5_000_001
	firstNumber = 3_000_001

	personStep = 3  // one person_id of three is used
	linkStep   = 12 // more than the addresses of any resident
	numberStep = 8  // more than the phone numbers of any resident
	sharedSlot = numberStep - 1
)

// The streams of chance. One for each kind of thing, so that none depends on another.
const (
	peopleStream = iota
	secondStream
	blockStream
	householdStream
	orphanAddressStream
	orphanPhoneStream
)

// sampleMaker makes residents of those humans of the world that Mosaic knows. It is not for
// concurrent use.
type sampleMaker struct {
	world      *sample.World
	dice       *sample.Dice
	made       int // residents so far
	people     []Person
	households [sample.BlockSize]*sampleHousehold // by the number of the household in the block
}

// sampleHousehold is what the records of those who live together have in common.
type sampleHousehold struct {
	wording sampleWording
	phoneID int64 // of the home's phone
}

func newSampleMaker(s Sample) *sampleMaker {
	return &sampleMaker{
		world: sample.NewWorld(s.Seed, s.Today), dice: sample.NewDice(s.Seed, "mosaic"),
	}
}

// block returns the residents of the next block, which hold until another is made.
func (m *sampleMaker) block(block int) []Person {
	m.people = m.people[:0]
	m.households = [sample.BlockSize]*sampleHousehold{}
	humans := m.world.Block(block)
	for _, place := range m.places(block, humans) {
		h := place.human
		if at := h.Household % sample.BlockSize; m.households[at] == nil {
			m.households[at] = m.household(h.Household)
		}
		if place.isSecond {
			m.dice.Begin(secondStream, h.Index)
			m.people = append(m.people, m.secondRecord(h, &m.people[place.first]))
		} else {
			m.dice.Begin(peopleStream, h.Index)
			m.dice.Plain = h.Index == 0
			m.people = append(m.people, m.person(h))
		}
		m.made++
	}
	return m.people
}

// samplePlace is where a resident stands in a block.
type samplePlace struct {
	human    *sample.Human
	isSecond bool // whether it is another record of a human who has one before it
	first    int  // and where that one is
}

// places puts those whom Mosaic knows in order, and says who is there twice.
func (m *sampleMaker) places(block int, humans []sample.Human) []samplePlace {
	m.dice.Begin(blockStream, block)
	places := make([]samplePlace, 0, len(humans))
	var twice [sample.BlockSize]bool
	for i := range humans {
		h := &humans[i]
		if !m.dice.Knows(h.Index, known) {
			continue
		}
		places = append(places, samplePlace{human: h})
		if len(places) <= 2 || !m.dice.Odd(sampleSecondRecord) {
			continue
		}
		first := m.dice.Between(1, len(places)-1)
		if of := places[first].human; !twice[of.Index%sample.BlockSize] {
			twice[of.Index%sample.BlockSize] = true
			places = append(places, samplePlace{human: of, isSecond: true, first: first})
		}
	}
	return places
}

// household makes what the records of a household have in common, the next resident being the
// first of it.
func (m *sampleMaker) household(number int) *sampleHousehold {
	m.dice.Begin(householdStream, number)
	return &sampleHousehold{
		wording: m.wording(),
		phoneID: int64(firstNumber + m.made*numberStep + sharedSlot),
	}
}

func (m *sampleMaker) householdOf(h *sample.Human) *sampleHousehold {
	return m.households[h.Household%sample.BlockSize]
}
