package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
)

// A candidate is a row that was found to differ. Of a table without a key, it is all rows that are
// like it.
type candidate struct {
	identity uint64 // the hash of what it is known by
	label    string
	rows     int64 // how many differ
	first    sight
	last     sight
	hasMoved bool // whether what is here was another at any look than at the first
}

// A sight is what a look at a row found on each side.
type sight [sides]state

// A state is what one side has of a row.
type state struct {
	rows int64
	sum  uint64 // of the hashes of those rows
}

// A fate is what becomes of a candidate after a look.
type fate int

const (
	stillOpen fate = iota
	settled
	differs
)

// fateOf decides about a row that was looked at again.
//
// It is settled if both sides are equal, or if what is here now is what the system had then, since
// changes of it get here. It differs if neither side has moved since the look before, for longer
// than a change takes to get here. If neither, it is to be looked at once more; in the end it
// differs if the system's row has rested and is not here, or if what is here of it never moved.
func (c *candidate) fateOf(now *sight, isLast bool) fate {
	switch {
	case now[onHere] == now[onSystem], now[onHere] == c.last[onSystem]:
		return settled
	case *now == c.last:
		return differs
	case !isLast:
		return stillOpen
	case now[onSystem] == c.last[onSystem], !c.hasMoved && now[onHere] == c.first[onHere]:
		return differs
	}
	return settled
}

// lookAgain looks at the candidates, after the lag, and decides about them.
func (c *comparison) lookAgain(ctx context.Context, isLast bool) error {
	var open []*candidate
	err := c.look(ctx, c.open, func(row *candidate, now *sight, columns []string) {
		switch row.fateOf(now, isLast) {
		case settled:
			c.report.Settled += row.rows
		case differs:
			c.tell(row, now, columns)
		case stillOpen:
			row.last = *now
			row.hasMoved = row.hasMoved || now[onHere] != row.first[onHere]
			open = append(open, row)
		}
	})
	c.open = open
	return err
}

// tell reports a row that differs, and the columns that do if both sides have it.
func (c *comparison) tell(row *candidate, now *sight, columns []string) {
	finding := Finding{Table: c.table.Name, Key: asList(row.label)}
	more := now[onSystem].rows - now[onHere].rows
	switch {
	case more > 0:
		finding.Kind = MissingTarget
	case more < 0:
		finding.Kind = MissingSource
	default:
		finding.Kind, finding.Columns = RecordDiff, columns
	}
	count := max(more, -more, 1)
	c.report.Differ += count
	for range min(count, int64(c.o.MostFindings-len(c.findings))) {
		c.findings = append(c.findings, finding)
	}
}

// mostParameters is how many values may be asked for at once: SQL Server takes 2,100.
const mostParameters = 2_000

// inTurn reads what is here, and then what the system has. So, if the system's row is at one look
// what it was at the look before, it was that while the row here was read, and for the lag before:
// had both been read at once, what is here could be of a change that the system made later.
func (c *comparison) inTurn(
	ctx context.Context, parts [sides]migration.Part, wanted [sides]bool,
	each func(side int, batch *migration.Batch) error,
) error {
	for _, side := range [sides]int{onHere, onSystem} {
		only := [sides]bool{}
		only[side] = wanted[side]
		if err := c.sides(ctx, parts, only, each); err != nil {
			return fmt.Errorf("look at rows that differ: %w", err)
		}
	}
	return nil
}

// An eachLook is called with a row, what was found of it, and which of its columns differ.
type eachLook func(row *candidate, now *sight, columns []string)

// look reads rows again on both sides.
func (c *comparison) look(ctx context.Context, some []*candidate, each eachLook) error {
	if len(some) == 0 {
		return nil
	}
	if len(c.table.Key) == 0 {
		return c.lookAtLines(ctx, some, each)
	}
	most := min(migration.MostKeys, mostParameters/len(c.table.Key))
	var named, nameless []*candidate
	for _, row := range some {
		if slices.Contains(canon.Fields([]byte(row.label)), nil) {
			nameless = append(nameless, row)
		} else {
			named = append(named, row)
		}
	}
	for chunk := range slices.Chunk(named, most) {
		var parts [sides]migration.Part
		for _, row := range chunk {
			parts[onHere].Keys = append(parts[onHere].Keys, []byte(row.label))
			if c.canHold(row.label) {
				parts[onSystem].Keys = append(parts[onSystem].Keys, []byte(row.label))
			}
		}
		if err := c.lookAtKeys(ctx, chunk, parts, each); err != nil {
			return err
		}
	}
	if len(nameless) == 0 {
		return nil
	}
	// No row can be asked for by a key without a value: all of the table is read.
	return c.lookAtKeys(ctx, nameless, [sides]migration.Part{}, each)
}

// A seen is what a look found of a row on one side.
type seen struct {
	state

	columns []uint64 // the sums of the hashes of each column
}

func (s *seen) add(line []byte) {
	s.rows++
	s.sum += hash64(line)
	column := 0
	for value := range bytes.SplitSeq(line, []byte{'\t'}) {
		if column == len(s.columns) {
			s.columns = append(s.columns, 0)
		}
		s.columns[column] += hash64(value)
		column++
	}
}

// lookAtKeys reads parts that the rows of some keys are in. What comes with another key was not
// asked for: systems find more than was asked for, where they take letters of either case for one.
func (c *comparison) lookAtKeys(
	ctx context.Context, some []*candidate, parts [sides]migration.Part, each eachLook,
) error {
	places := make(map[string]int, len(some))
	for i, row := range some {
		places[row.label] = i
	}
	found := [sides][]seen{make([]seen, len(some)), make([]seen, len(some))}
	// Where the system can hold none of the keys, no keys would be all rows.
	wanted := [sides]bool{parts[onHere].Keys == nil || parts[onSystem].Keys != nil, true}
	err := c.inTurn(ctx, parts, wanted, func(side int, batch *migration.Batch) error {
		for i := range batch.Ends {
			line := batch.Line(i)
			if place, isAsked := places[string(c.canon.Key(line))]; isAsked {
				found[side][place].add(line)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, row := range some {
		system, here := &found[onSystem][i], &found[onHere][i]
		each(row, &sight{system.state, here.state}, c.columnsApart(system, here))
	}
	return nil
}

// canHold is whether the system may have a row of a key: one that stands here need not be of its
// type.
func (c *comparison) canHold(key string) bool {
	for i, value := range canon.Fields([]byte(key)) {
		if value == nil {
			return false
		}
		if _, err := c.canon.AppendText(nil, i, []byte(*value)); err != nil {
			return false
		}
	}
	return true
}

// columnsApart are the names of the columns that differ.
func (c *comparison) columnsApart(a, b *seen) []string {
	var names []string
	for i, name := range c.canon.Columns() {
		if i < len(a.columns) && i < len(b.columns) && a.columns[i] != b.columns[i] {
			names = append(names, name)
		}
	}
	return names
}

// lookAtLines counts the rows that are like each of some, of a table without a key. That takes
// reading all of it.
func (c *comparison) lookAtLines(ctx context.Context, some []*candidate, each eachLook) error {
	places := make(map[uint64]int, len(some))
	for i, row := range some {
		places[row.identity] = i
	}
	found := make([]sight, len(some))
	both := [sides]bool{true, true}
	err := c.inTurn(ctx, [sides]migration.Part{}, both, func(side int, batch *migration.Batch) error {
		for i := range batch.Ends {
			if place, isAsked := places[hash64(batch.Line(i))]; isAsked {
				found[place][side].rows++
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, row := range some {
		each(row, &found[i], nil)
	}
	return nil
}

// label is what a row is told by: its key or, without one, the columns that are named for it.
func (c *comparison) label(line []byte) string {
	if key := c.canon.Key(line); key != nil {
		return string(key)
	}
	values := bytes.Split(line, []byte{'\t'})
	named := make([][]byte, len(c.names))
	for i, column := range c.names {
		named[i] = values[column]
	}
	return string(bytes.Join(named, []byte{'\t'}))
}

// asList is a label as a JSON list of its values.
func asList(label string) string {
	list, err := json.Marshal(canon.Fields([]byte(label)))
	if err != nil {
		panic(err) // texts are JSON
	}
	return string(list)
}
