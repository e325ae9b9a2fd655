package academy

import (
	"iter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Sample is made-up residents of Academy, with the oddities that the real ones have, at the rates
// of sample_oddities.go. Equal samples hold equal residents, and a sample begins with those of a
// smaller one of the same Seed and Today. No name, address, number or e-mail is a real resident's.
type Sample struct {
	Residents int
	Seed      uint64
	Today     time.Time // the day that ages and periods are reckoned from
}

// Truth yields the reference of each resident, with the number of the human whom they are, which is
// the same in the samples of other sources with the same Seed and Today.
func (s Sample) Truth() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for residents := range s.households(nil) {
			for _, r := range residents {
				if !yield(r.String(), r.human) {
					return
				}
			}
		}
	}
}

// sampleResident is somebody who was made, and the human whom they are.
type sampleResident struct {
	reference
	human int
}

// The streams of chance. One for each kind of thing, so that none depends on another.
const (
	sampleHouseholdStream = iota
	samplePropertyStream
)

// sampleMaker makes the rows of one household after another, of those that Academy knows. It is not
// for concurrent use.
type sampleMaker struct {
	world *sample.World
	dice  *sample.Dice
	rows  *sample.Rows     // nil when only the residents are wanted
	unit  int              // households so far
	made  []sampleResident // of the household
	most  int              // residents that there may be of the household

	homes      []sample.Home  // which the household was liable for
	properties map[int64]bool // whose row is made, by UPRN
}

// households writes the rows of one household after another, and yields the residents that they
// are, which hold until the next.
func (s Sample) households(rows *sample.Rows) iter.Seq[[]sampleResident] {
	return func(yield func([]sampleResident) bool) {
		m := &sampleMaker{
			world: sample.NewWorld(s.Seed, s.Today), dice: sample.NewDice(s.Seed, "academy"),
			rows: rows, properties: make(map[int64]bool),
		}
		done := 0
		for block := 0; done < s.Residents; block++ {
			for _, people := range sample.Households(m.world.Block(block)) {
				if done == s.Residents || !m.dice.Knows(people[0].Household, sampleKnown) {
					continue
				}
				m.household(people, s.Residents-done)
				done += len(m.made)
				if !yield(m.made) {
					return
				}
			}
		}
	}
}

// household makes the rows of those who live together: a claim, an account or both. They are most
// residents at most. The first household is a plain one.
func (m *sampleMaker) household(people []*sample.Human, most int) {
	number := people[0].Household
	m.dice.Begin(sampleHouseholdStream, number)
	m.dice.Plain = number == 0
	m.made, m.homes, m.most = m.made[:0], m.homes[:0], most
	has := m.dice.N(10)
	if m.dice.Plain || has < 6 {
		m.claim(people)
	}
	if (m.dice.Plain || has > 3) && len(m.made) < most {
		m.account(people[0])
	}
	m.unit++
	for _, home := range m.homes {
		m.property(home, number == 0)
	}
}

// add adds a row. A nil pointer is null.
func (m *sampleMaker) add(table sampleTable, values ...any) {
	if m.rows != nil {
		m.rows.Of(int(table)).Add(values...)
	}
}

// addResident notes that somebody was made. Mark is as the row has it.
func (m *sampleMaker) addResident(h *sample.Human, r reference, mark *string) {
	if r.mark = noMark; mark != nil && len(*mark) == 1 && isLetterOrDigit(rune((*mark)[0])) {
		r.mark = *mark
	}
	m.made = append(m.made, sampleResident{r, h.Index})
}

// sampleDay writes a day as DMS does.
func sampleDay(day time.Time) *string {
	return new(day.Format(time.DateOnly) + " 00:00:00.0000000")
}

// oddDay writes a day as it should not be, at a rate.
func (m *sampleMaker) oddDay(rate sample.Rate, day *string) *string {
	if !m.dice.Odd(rate) {
		return day
	}
	return sample.OneOf(m.dice, nil, nil, new(""), sampleDay(sample.UnknownDay()),
		new("2021-02-30 00:00:00.0000000"), new("31/12/2099"), new("2020-07-05"), new("unknown"))
}
