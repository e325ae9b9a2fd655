// Package sample makes up residents of Academy, with the oddities of the real ones. No name,
// address, number or email is a real resident's. Read sample.go first.
package sample

import (
	"iter"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Sample is made-up residents of Academy, with the oddities that the real ones have, at the rates
// of oddities.go. Equal samples hold equal residents, and a sample begins with those of a
// smaller one of the same Seed and Today.
type Sample struct {
	Residents int
	Seed      uint64
	Today     time.Time // the day that ages and periods are reckoned from
}

// New returns a sample as the command line asks for it.
func New(s plug.Sample) plug.Seeder { //nolint:ireturn // what plug.Of asks for
	return Sample{s.Residents, s.Seed, s.Today}
}

// Truth yields the reference of each resident, with the number of the human whom they are, which is
// the same in the samples of other sources with the same Seed and Today.
func (s Sample) Truth() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for residents := range s.households(nil) {
			for _, r := range residents {
				if !yield(r.id, r.human) {
					return
				}
			}
		}
	}
}

// sampleResident is somebody who was made, and the human whom they are.
type sampleResident struct {
	id    string // their reference
	human int
}

// The streams of chance. One for each kind of thing, so that none depends on another.
const (
	householdStream = iota
	propertyStream
)

// maker makes the rows of one household after another, of those that Academy knows. It is not
// for concurrent use.
type maker struct {
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
		m := &maker{
			world: sample.NewWorld(s.Seed, s.Today), dice: sample.NewDice(s.Seed, "academy"),
			rows: rows, properties: make(map[int64]bool),
		}
		done := 0
		for block := 0; done < s.Residents; block++ {
			for _, people := range sample.Households(m.world.Block(block)) {
				if done == s.Residents || !m.dice.Knows(people[0].Household, known) {
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
func (m *maker) household(people []*sample.Human, most int) {
	number := people[0].Household
	m.dice.Begin(householdStream, number)
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
func (m *maker) add(table sampleTable, values ...any) {
	if m.rows != nil {
		m.rows.Of(int(table)).Add(values...)
	}
}

// addResident notes that somebody was made.
func (m *maker) addResident(h *sample.Human, id string) {
	m.made = append(m.made, sampleResident{id, h.Index})
}

// sampleDay writes a day as DMS does.
func sampleDay(day time.Time) *string {
	return new(day.Format(time.DateOnly) + " 00:00:00.0000000")
}

// oddDay writes a day as it should not be, at a rate.
func (m *maker) oddDay(rate sample.Rate, day *string) *string {
	if !m.dice.Odd(rate) {
		return day
	}
	return sample.OneOf(m.dice, nil, nil, new(""), sampleDay(sample.UnknownDay()),
		new("2021-02-30 00:00:00.0000000"), new("31/12/2099"), new("2020-07-05"), new("unknown"))
}
