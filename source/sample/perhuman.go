package sample

import (
	"context"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"
)

// PerHuman is the sample of a source in which a human is one resident. Equal samples hold equal
// residents, and a sample begins with those of a smaller one of the same Seed and Today. The first
// human of the world is always in it, and plain.
type PerHuman struct {
	Schema string // of the source
	Tables []Table
	Known  Rate // how many humans of 10,000 the source knows

	// Reference is what the source calls a human.
	Reference func(h *Human) string
	// Write writes the rows of a human as the source would have them.
	Write func(rows *Rows, d *Dice, h *Human)

	Residents int
	Seed      uint64
	Today     time.Time
}

// Load puts the sample into the tables, as Loading.Run does.
func (s PerHuman) Load(ctx context.Context, db *sqlx.DB, o Options) error {
	return Loading{
		Schema: s.Schema, Tables: s.Tables, Residents: s.Residents, Fill: s.fill,
	}.Run(ctx, db, o)
}

// Truth yields the reference of each resident, with the number of the human whom they are.
func (s PerHuman) Truth() iter.Seq2[string, int] {
	return func(yield func(string, int) bool) {
		for h := range s.humans() {
			if !yield(s.Reference(h), h.Index) {
				return
			}
		}
	}
}

func (s PerHuman) humans() iter.Seq[*Human] {
	return func(yield func(*Human) bool) {
		world, dice := NewWorld(s.Seed, s.Today), NewDice(s.Seed, s.Schema)
		for block, done := 0, 0; done < s.Residents; block++ {
			humans := world.Block(block)
			for i := range humans {
				if done == s.Residents || !dice.Knows(humans[i].Index, s.Known) {
					continue
				}
				if done++; !yield(&humans[i]) {
					return
				}
			}
		}
	}
}

func (s PerHuman) fill(rows *Rows) iter.Seq[int] {
	return func(yield func(int) bool) {
		dice, done := NewDice(s.Seed, s.Schema), 0
		for h := range s.humans() {
			dice.Begin(0, h.Index)
			dice.Plain = h.Index == 0
			s.Write(rows, dice, h)
			if done++; !yield(done) {
				return
			}
		}
	}
}

// Unless returns the value, or null at a rate.
func Unless[T any](d *Dice, rate Rate, value *T) *T {
	if d.Odd(rate) {
		return nil
	}
	return value
}
