package files

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Columns that DMS adds.
const (
	opName     = "Op"              // what was done
	seqName    = "AR_H_CHANGE_SEQ" // a number that grows with each change of the system
	beforeName = "BI_"             // before the name of a column: what was there before an update
)

// The operations.
const (
	opInsert = 'I'
	opUpdate = 'U'
	opDelete = 'D'
)

const (
	mostIgnored = 16 << 20 // bytes of the columns that are ignored, of a row
	mostShort   = 64       // bytes of a number, a time or a GUID
	mostSeq     = 64       // digits; DMS writes 35
)

var (
	errColumns   error = formError("a row has not as many values as there are columns")
	errNull      error = formError("null, where the system has a value in every row")
	errOperation error = formError("an operation is I, U or D, and I alone in a full load")
	errSeq       error = formError("the number of a change is of digits")
)

// A kind is what a file is of.
type kind int

const (
	ofLoad kind = iota
	ofChanges
)

// A layout is where in the rows of a file the columns of a table are.
type layout struct {
	table  *mapping.Table
	canon  *canon.Table
	names  []string // of the columns of the file
	at     []int    // where each column is, in the order of Ordered
	before []int    // where those of the key are that stood there before; nil where they are not told
	op     int      // where the operation is; none where there is no such column
	seq    int
	most   int // how long a row may be, in bytes

	null         string
	mayNotBeNull []bool // in the order of Ordered
}

// none is where a column is that is not there.
const none = -1

// layoutOf is that of a file which begins with these names; without a header, with none.
func layoutOf(t *mapping.Table, o *Options, k kind, header []string) (*layout, error) {
	l := &layout{
		table: t, canon: canon.Of(t), names: header, op: none, seq: none, most: mostSeq,
		null: o.Null,
	}
	if !o.Header {
		if o.Op || k == ofChanges {
			l.names = append(l.names, opName)
		}
		for i := range t.Columns {
			l.names = append(l.names, t.Columns[i].Named())
		}
	}
	if l.names[0] == opName && (k == ofChanges || columnOf(t, opName) == nil || !o.Header) {
		l.op = 0
	}
	if k == ofChanges && l.op == none {
		return nil, formError("the first column is not " + opName)
	}
	where := map[string]int{}
	for i, name := range l.names {
		if i == l.op {
			continue
		}
		c := columnOf(t, name)
		if c == nil {
			l.addOther(i, o)
			continue
		}
		if _, isTwice := where[c.Named()]; isTwice {
			return nil, formError("column " + c.Named() + " is there twice")
		}
		where[c.Named()] = i
	}
	for _, c := range t.Ordered() {
		at, isThere := where[c.Named()]
		if !isThere {
			return nil, formError("column " + c.Named() + " is missing")
		}
		l.at = append(l.at, at)
		l.mayNotBeNull = append(l.mayNotBeNull, c.NotNull)
		l.most += 2*max(longest(c), len(o.Null)) + len(`"",`) // each byte may be a quotation mark
	}
	l.findBefore()
	return l, nil
}

// addOther takes in a column that the mapping does not have.
func (l *layout) addOther(i int, o *Options) {
	l.most += len(o.Null) + 1
	if strings.EqualFold(l.names[i], seqName) {
		l.seq = i
		return
	}
	if l.most < mostIgnored {
		l.most += mostIgnored
	}
}

// findBefore finds what the key was before an update, which is told whole or not at all.
func (l *layout) findBefore() {
	for _, name := range l.table.Key {
		c := l.table.Column(name)
		at := slices.IndexFunc(l.names, func(n string) bool {
			before, isBefore := strings.CutPrefix(n, beforeName)
			return isBefore && (strings.EqualFold(before, c.From) || strings.EqualFold(before, name))
		})
		if at < 0 {
			l.before = nil
			return
		}
		l.before = append(l.before, at)
	}
}

// columnOf is the column that goes by a name, there or here, in whatever case; nil for none.
func columnOf(t *mapping.Table, name string) *mapping.Column {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].From, name) {
			return &t.Columns[i]
		}
	}
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Named(), name) {
			return &t.Columns[i]
		}
	}
	return nil
}

// longest is the most bytes that a value of a column may be written in.
func longest(c *mapping.Column) int {
	parsed := c.Parsed()
	long := mostShort
	switch {
	case parsed.Large:
		long = c.Limit
	case parsed.Length > 0:
		long = 4 * parsed.Length // of a character, in UTF-8
	}
	if parsed.Kind == mapping.Bytes {
		long = 2*long + len("0x")
	}
	return max(long, mostShort)
}

// isNull says whether a value is not there.
func (l *layout) isNull(v *value) bool {
	return len(v.text) == len(l.null) && !v.isQuoted && string(v.text) == l.null
}

// operation is what a row says was done: an insert, where it does not say.
func (l *layout) operation(values []value, k kind) (byte, error) {
	if len(values) != len(l.names) {
		return 0, errColumns
	}
	if l.op == none {
		return opInsert, nil
	}
	text := values[l.op].text
	if len(text) != 1 {
		return 0, errOperation
	}
	switch text[0] {
	case opInsert:
		return opInsert, nil
	case opUpdate, opDelete:
		if k == ofChanges {
			return text[0], nil
		}
	}
	return 0, errOperation
}

// appendColumns appends columns of a row, from one to before another, in the order of Ordered.
func (l *layout) appendColumns(line []byte, values []value, from, to int) ([]byte, error) {
	for i := from; i < to; i++ {
		var err error
		if line, err = l.appendColumn(line, i, &values[l.at[i]]); err != nil {
			return line, err
		}
	}
	return line, nil
}

func (l *layout) appendColumn(line []byte, i int, v *value) ([]byte, error) {
	if !l.isNull(v) {
		return l.canon.AppendText(line, i, v.text) //nolint:wrapcheck // it says which column
	}
	if l.mayNotBeNull[i] {
		return line, fmt.Errorf("column %s: %w", l.canon.Columns()[i], errNull)
	}
	return l.canon.AppendNull(line, i), nil
}

// appendBefore appends the key that a row had before an update, and says whether it is told.
func (l *layout) appendBefore(line []byte, values []value) ([]byte, bool, error) {
	for i, at := range l.before {
		v := &values[at]
		if len(v.text) == 0 || l.isNull(v) {
			return line, false, nil
		}
		var err error
		if line, err = l.canon.AppendText(line, i, v.text); err != nil {
			return line, false, err //nolint:wrapcheck // as above
		}
	}
	return line, l.before != nil, nil
}

// seqOf is the number of a change; blank where it is not told.
func (l *layout) seqOf(values []value) (string, error) {
	if l.seq == none {
		return "", nil
	}
	v := &values[l.seq]
	if len(v.text) == 0 || l.isNull(v) {
		return "", nil
	}
	if len(v.text) > mostSeq {
		return "", fmt.Errorf("column %s: %w", seqName, errSeq)
	}
	for _, b := range v.text {
		if b < '0' || b > '9' {
			return "", fmt.Errorf("column %s: %w", seqName, errSeq)
		}
	}
	return string(v.text), nil
}
