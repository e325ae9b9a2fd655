// Package sample makes up residents of Universal Housing, with the oddities of the real ones. No
// name, address, number or email is a real resident's. Read sample.go first.
package sample

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/housing"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Sample is made-up residents of Universal Housing, with the oddities that the real ones have, at
// the rates of oddities.go. Equal samples hold equal residents, and a sample begins with those of a
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

// Options says how a sample is loaded.
type Options = sample.Options

// Load puts the sample into the tables, as sample.Loading does.
func (s Sample) Load(ctx context.Context, db *sqlx.DB, o Options) error {
	return sample.Loading{
		Schema: "housing", Tables: tables(), Residents: s.Residents,
		Fill: func(rows *sample.Rows) iter.Seq[int] {
			return s.fill(rows, func(string, int) bool { return true })
		},
	}.Run(ctx, db, o)
}

// Truth yields the source id of each resident, with the Index of the human that they are. Someone
// who has had several tenancies is several residents.
func (s Sample) Truth() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for range s.fill(nil, yield) {
		}
	}
}

// The places of the tables among tables.
const (
	members = iota
	sampleProperties
	sampleTenancies
	sampleTenures
	sampleContacts
	links
	samplePhones
	sampleEmails
)

func tables() []sample.Table {
	return []sample.Table{
		{Name: "member", Columns: []string{
			"house_ref", "person_no", "title", "forename", "surname", "dob", "ni_no",
		}},
		{Name: "property", Columns: []string{
			"prop_ref", "house_ref", "address1", "post_code", "u_llpg_ref", "dtstamp",
		}},
		{Name: "tenagree", Columns: []string{
			"tag_ref", "house_ref", "tenure", "terminated", "cot", "eot",
		}},
		{Name: "tenure", Columns: []string{"ten_type", "ten_desc"}},
		{Name: "contacts", Columns: []string{"con_key", "con_ref", "tag_ref"}},
		{Name: `"CCContactLink"`, Columns: []string{`"ContactNo"`, `"Key1"`, `"Key2"`}},
		{Name: `"CCPhone"`, Columns: []string{
			`"PhoneID"`, `"ContactNo"`, `"PhoneNo"`, `"PhoneType"`, `"modDate"`, `"OKToCall"`,
		}},
		{Name: `"CCEmailAddress"`, Columns: []string{
			`"EmailID"`, `"ContactNo"`, `"Email"`, `"EmailType"`, `"modDate"`, `"OKToEmail"`, `"Defualt"`,
		}},
	}
}

// maker makes the rows of one household after another. It is not for concurrent use.
type maker struct {
	world *sample.World
	dice  *sample.Dice
	rows  *sample.Rows // nil when only the residents are wanted
	met   func(sourceID string, human int) bool
	ended bool // met wants no more
}

// add writes a row.
func (m *maker) add(table int, values ...any) {
	if m.rows != nil {
		m.rows.Of(table).Add(values...)
	}
}

// The stream of chance that a household is made by.
const households = 0

// fill makes the rows of the whole sample, and yields after each step how many residents are done.
// It tells met of each.
func (s Sample) fill(rows *sample.Rows, met func(string, int) bool) iter.Seq[int] {
	return func(yield func(int) bool) {
		m := &maker{
			world: sample.NewWorld(s.Seed, s.Today), dice: sample.NewDice(s.Seed, "housing"),
			rows: rows, met: met,
		}
		m.tenures()
		for block, done := 0, 0; done < s.Residents; block++ {
			for _, people := range sample.Households(m.world.Block(block)) {
				if !m.dice.Knows(people[0].Household, known) {
					continue
				}
				m.dice.Begin(households, people[0].Household)
				m.dice.Plain = people[0].Index == 0
				done += m.household(people, s.Residents-done)
				if done == s.Residents || m.ended {
					break
				}
			}
			if m.ended || !yield(done) {
				return
			}
		}
	}
}

// household makes the rows of those who live together: of the tenancy that they have, and of the
// one before it, if they were council tenants then. It returns how many residents they are, which
// is at most most.
func (m *maker) household(people []*sample.Human, most int) int {
	n := people[0].Household
	now := sampleHouse{
		ref: m.houseRef(n), number: firstNumber + n, stay: people[0].Stays[0], people: people,
	}
	done := m.house(&now, most)
	if len(people[0].Stays) > 1 && m.dice.Odd(earlierHouse) && done < most {
		before := sampleHouse{
			ref: fmt.Sprintf("%07d", firstEarlier+n), number: firstEarlier + n,
			stay: people[0].Stays[1], people: people, isEarlier: true,
		}
		done += m.house(&before, most-done)
	}
	if m.dice.Odd(ofNobody) {
		m.nobody(n)
	}
	return done
}

// The first numbers that households are given for the tenancy that they have, and for the one
// before it.
const (
	firstNumber  = 100_001
	firstEarlier = 5_000_001
)

// houseRef is the reference of a household: seven digits in most cases. None is another's.
func (m *maker) houseRef(n int) string {
	switch {
	case m.dice.Odd(shortRef) && n < firstNumber-2:
		return fmt.Sprintf("%d", n+1)
	case m.dice.Odd(longRef):
		return fmt.Sprintf("9%08d", n)
	case m.dice.Odd(lettersInRef):
		return fmt.Sprintf("TA%07d", n)
	case m.dice.Odd(slashInRef):
		return fmt.Sprintf("%d/A", n)
	}
	return fmt.Sprintf("%07d", firstNumber+n)
}

// house makes a household with all that is its own. It returns how many members there are.
func (m *maker) house(h *sampleHouse, most int) int {
	m.properties(h)
	m.tenancies(h)
	m.contactKeys(h)
	firstPerson := 1
	if m.dice.Odd(personsLate) {
		firstPerson = m.dice.Between(7, 23)
	}
	h.people = h.people[:min(len(h.people), most)]
	for i, human := range h.people {
		m.member(h, human, firstPerson+i)
		if !m.ended {
			id := housing.Reference(h.ref, int64(firstPerson+i))
			m.ended = !m.met(id, human.Index)
		}
		if m.ended {
			break
		}
	}
	return len(h.people)
}
