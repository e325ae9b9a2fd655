package qlik

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// lineSize is the longest that a line may be, in bytes. A real one is a hundred.
const lineSize = 16 << 10

// A Fault is why a file is not loaded: where in it, and what is wrong. It holds no value of it.
type Fault struct {
	Line   int    // from 1, which is the header
	Column string // as in the table; blank where it is no column's
	Reason string
}

// String returns the fault in a line.
func (f Fault) String() string {
	if f.Column == "" {
		return fmt.Sprintf("line %d: %s", f.Line, f.Reason)
	}
	return fmt.Sprintf("line %d, %s: %s", f.Line, f.Column, f.Reason)
}

// An export is a file of Qlik's, which is read line by line. No cell goes on from one line to the
// next, so that a quote which is never closed spoils its line and not the rest.
type export struct {
	in      *bufio.Reader
	line    int // that was read last
	columns []column
	places  []int    // of each column, in a line
	cells   [][]byte // of the line that was read last
}

// newExport returns a file in which no day may be after today.
func newExport(file io.Reader, today resident.Date) *export {
	tomorrow := time.Date(today.Year, today.Month, today.Day+1, 0, 0, 0, 0, time.UTC)
	return &export{in: bufio.NewReaderSize(file, lineSize), columns: columns(tomorrow)}
}

// next reads a line, without what ends it. It is good until the next is read; io.EOF comes after
// the last. ok is whether it was not too long.
func (e *export) next() (line []byte, ok bool, err error) {
	line, err = e.in.ReadSlice('\n')
	ok = !errors.Is(err, bufio.ErrBufferFull)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = e.in.ReadSlice('\n')
	}
	// The last line need not be ended.
	if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
		return nil, ok, err
	}
	e.line++
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r")), ok, nil
}

// header reads the first line, and returns what is wrong with it; io.EOF where there is none.
func (e *export) header() ([]Fault, error) {
	line, ok, err := e.next()
	if err != nil {
		return nil, err
	}
	line = bytes.TrimPrefix(line, []byte("\ufeff"))
	if !ok {
		return e.fault(tooLong), nil
	}
	if e.cells, ok = split(e.cells[:0], line); !ok {
		return e.fault(brokenQuotes), nil
	}
	var faults []Fault
	e.places = slices.Repeat([]int{-1}, len(e.columns))
	for place, cell := range e.cells {
		c := e.columnOf(strings.ToLower(string(cell)))
		switch {
		case c < 0:
			faults = append(faults, Fault{Line: 1, Reason: fmt.Sprintf(
				"column %d of the file is none that is loaded", place+1)})
		case e.places[c] >= 0:
			faults = append(faults, Fault{1, e.columns[c].name, string(columnTwice)})
		default:
			e.places[c] = place
		}
	}
	for c, place := range e.places {
		if place < 0 {
			faults = append(faults, Fault{1, e.columns[c].name, string(columnMissing)})
		}
	}
	return faults, nil
}

// columnOf returns the place among columns of the one that a header calls so; -1 for none.
func (e *export) columnOf(name string) int {
	return slices.IndexFunc(e.columns, func(c column) bool {
		return name != "" && (c.name == name || c.also == name)
	})
}

// appendRow reads a line and appends its cells to rows as COPY takes them, with a tab before each.
// Of a line that has faults, or nothing in it, it appends nothing.
func (e *export) appendRow(rows []byte) ([]byte, []Fault, error) {
	line, ok, err := e.next()
	switch {
	case err != nil || len(line) == 0:
		return rows, nil, err
	case !ok:
		return rows, e.fault(tooLong), nil
	}
	if e.cells, ok = split(e.cells[:0], line); !ok {
		return rows, e.fault(brokenQuotes), nil
	}
	if len(e.cells) > len(e.columns) {
		return rows, e.fault(tooManyCells), nil
	}
	if len(e.cells) < len(e.columns) {
		return rows, e.fault(tooFewCells), nil
	}
	before := len(rows)
	var faults []Fault
	for i, c := range e.columns {
		var wrong reason
		rows, wrong = c.toRow(append(rows, '\t'), string(e.cells[e.places[i]]))
		if wrong != fine {
			faults = append(faults, Fault{e.line, c.name, string(wrong)})
		}
	}
	if faults != nil {
		rows = rows[:before]
	}
	return rows, faults, nil
}

func (e *export) fault(wrong reason) []Fault {
	return []Fault{{Line: e.line, Reason: string(wrong)}}
}

// split appends the cells of a line, without their quotes and the blanks around them. It is false
// where a quote stands within a cell that has none around it, or is not closed.
func split(cells [][]byte, line []byte) ([][]byte, bool) {
	for {
		cell, rest, ok := cutCell(line)
		if !ok {
			return cells, false
		}
		cells = append(cells, bytes.Trim(cell, " \t"))
		if len(rest) == 0 {
			return cells, true
		}
		if rest[0] != ',' {
			return cells, false
		}
		line = rest[1:]
	}
}

// cutCell returns the first cell of a line, without its quotes, and what follows it, from the comma
// on.
func cutCell(line []byte) (cell, rest []byte, ok bool) {
	quoted, isQuoted := bytes.CutPrefix(line, []byte(`"`))
	if !isQuoted {
		end := bytes.IndexByte(line, ',')
		if end < 0 {
			end = len(line)
		}
		return line[:end], line[end:], bytes.IndexByte(line[:end], '"') < 0
	}
	end := closing(quoted)
	if end < 0 {
		return nil, nil, false
	}
	cell, rest = quoted[:end], quoted[end+1:]
	if bytes.IndexByte(cell, '"') >= 0 {
		cell = bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))
	}
	return cell, rest, true
}

// closing returns where the quote stands that ends a cell, or -1. One that is written twice is in
// the cell.
func closing(quoted []byte) int {
	for i := 0; i < len(quoted); i++ {
		if quoted[i] != '"' {
			continue
		}
		if i+1 == len(quoted) || quoted[i+1] != '"' {
			return i
		}
		i++
	}
	return -1
}
