package migrationtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Writer changes the tables of a system that have keys, as those who use it do.
type Writer struct {
	world *World
	dice  *rand.Rand
	next  int // the number of the next row that is new
	times int // how often it has written
}

// Writer returns a writer who knows rows up to a number, and does the same for the same seed.
func (w *World) Writer(rows int, seed uint64) *Writer {
	return &Writer{world: w, dice: rand.New(rand.NewPCG(seed, 2)), next: rows}
}

// Write makes one transaction of a few changes: rows that are new, changed, deleted, or all of that
// one after the other.
func (w *Writer) Write(ctx context.Context) error {
	w.times++
	var statements []string
	for range 1 + w.dice.IntN(5) {
		t := w.table()
		switch w.dice.IntN(4) {
		case 0:
			statements = append(statements, insert(t, w.next, w.times))
			w.next++
		case 1:
			statements = append(statements, remove(t, w.dice.IntN(w.next)))
		case 2:
			statements = append(statements, update(t, w.dice.IntN(w.next), w.times))
		default: // gone, and there again
			n := w.dice.IntN(w.next)
			statements = append(statements, remove(t, n), insert(t, n, w.times))
		}
	}
	tx, err := w.world.System.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	defer tx.Rollback()
	for _, s := range statements {
		if _, err := tx.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("write %.80s: %w", s, err)
		}
	}
	return tx.Commit()
}

func (w *Writer) table() *mapping.Table {
	for {
		t := &w.world.Mapping.Tables[w.dice.IntN(len(w.world.Mapping.Tables))]
		if len(t.Key) > 0 && !t.Optional {
			return t
		}
	}
}

func name(t *mapping.Table) string { return "[" + t.Owner + "].[" + t.From + "]" }

func insert(t *mapping.Table, number, version int) string {
	return "INSERT INTO " + name(t) + " (" + columnList(t) + ") VALUES (" +
		strings.Join(Row(t, number, version), ", ") + ")"
}

func remove(t *mapping.Table, number int) string {
	return "DELETE FROM " + name(t) + " WHERE " + whereKey(t, number)
}

func update(t *mapping.Table, number, version int) string {
	var set []string
	for i, v := range Row(t, number, version) {
		if c := &t.Columns[i]; !slices.Contains(t.Key, c.Named()) {
			set = append(set, "["+c.From+"] = "+v)
		}
	}
	return "UPDATE " + name(t) + " SET " + strings.Join(set, ", ") + " WHERE " + whereKey(t, number)
}

func whereKey(t *mapping.Table, number int) string {
	var all []string
	for i, v := range Row(t, number, 0) {
		if c := &t.Columns[i]; slices.Contains(t.Key, c.Named()) {
			all = append(all, "["+c.From+"] = "+v)
		}
	}
	return strings.Join(all, " AND ")
}
