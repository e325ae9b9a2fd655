// Package canon writes rows in one form, whatever they were read from: SQL Server, PostgreSQL, or a
// file of DMS. The form is the text that COPY takes, with what says nothing left out: zeros that
// end a decimal, blanks that fill a char, the letter case of a GUID, less than 1/300 s of a
// datetime. So what is loaded is what is proved: two rows are the same where their lines are the
// same, byte for byte. Nothing here is logged, nor quoted in an error: rows are personal data.
package canon

import (
	"bytes"
	"database/sql/driver"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Null is a value that is not there.
const Null = `\N`

// ErrValue is of a value that is not of its column's type, or that PostgreSQL cannot hold.
var ErrValue = errors.New("a value is not what its column may hold")

// ErrLimit is of a large value that is longer than its column's limit.
var ErrLimit = errors.New("a large value is longer than its limit")

// A Table writes the rows of one table. It is safe for concurrent use.
type Table struct {
	names   []string
	columns []column
	key     int // how many of the columns, the first, are the key
}

type column struct {
	kind  mapping.Kind
	bits  int // of a float
	limit int // in bytes, of a large value; 0 for none
}

// Of returns what writes the rows of a table whose mapping is without fault. The columns of a row
// are in the order of its Ordered.
func Of(t *mapping.Table) *Table {
	ordered := t.Ordered()
	of := &Table{key: len(t.Key)}
	for _, c := range ordered {
		parsed := c.Parsed()
		bits := 64
		if parsed.Name == "real" {
			bits = 32
		}
		of.names = append(of.names, c.Named())
		of.columns = append(of.columns, column{parsed.Kind, bits, c.Limit})
	}
	return of
}

// Columns are the names here of the columns of a row, those of the key first.
func (t *Table) Columns() []string { return t.names }

// AppendValue appends column i of a row as a driver of databases gives it, with the tab before it.
func (t *Table) AppendValue(line []byte, i int, value driver.Value) ([]byte, error) {
	if i > 0 {
		line = append(line, '\t')
	}
	c := &t.columns[i]
	line, err := c.appendValue(line, value)
	if err != nil {
		return line, fmt.Errorf("column %s: %w", t.names[i], err)
	}
	return line, nil
}

// AppendText appends column i of a row from the text that PostgreSQL, or a file, has for it, with
// the tab before it. Where the text is not what the column may hold, it is appended as it is: such
// a row can be compared, and differs, though it must not be loaded.
func (t *Table) AppendText(line []byte, i int, text []byte) ([]byte, error) {
	if i > 0 {
		line = append(line, '\t')
	}
	begun := len(line)
	line, err := t.columns[i].appendText(line, text)
	if err != nil {
		return appendEscaped(line[:begun], text), fmt.Errorf("column %s: %w", t.names[i], err)
	}
	return line, nil
}

// AppendNull appends column i of a row that has no value there, with the tab before it.
func (t *Table) AppendNull(line []byte, i int) []byte {
	if i > 0 {
		line = append(line, '\t')
	}
	return append(line, Null...)
}

// Key is the columns of the key at the beginning of a row's line; nil where the table has no key.
func (t *Table) Key(line []byte) []byte {
	if t.key == 0 {
		return nil
	}
	end := 0
	for range t.key {
		next := bytes.IndexByte(line[end:], '\t')
		if next < 0 {
			return line
		}
		end += next + 1
	}
	return line[:end-1]
}

// Fields are the values of a line, or of a part of one, as they were before COPY's characters were
// escaped; nil for each that is null.
func Fields(line []byte) []*string {
	var fields []*string
	for field := range bytes.SplitSeq(line, []byte{'\t'}) {
		if string(field) == Null {
			fields = append(fields, nil)
			continue
		}
		plain := unescape(string(field))
		fields = append(fields, &plain)
	}
	return fields
}

func (c *column) appendValue(line []byte, value driver.Value) ([]byte, error) {
	switch v := value.(type) {
	case nil:
		return append(line, Null...), nil
	case int64:
		switch c.kind {
		case mapping.Integer, mapping.Decimal:
			return strconv.AppendInt(line, v, 10), nil
		default:
		}
	case bool:
		if c.kind == mapping.Boolean {
			return appendBool(line, v), nil
		}
	case float64:
		if c.kind == mapping.Float {
			return appendFloat(line, v, c.bits)
		}
	case time.Time:
		return c.appendTime(line, v)
	case string:
		if c.kind == mapping.Text || c.kind == mapping.Padded {
			return appendString(line, v, c)
		}
		return c.appendText(line, []byte(v))
	case []byte:
		switch c.kind {
		case mapping.UUID:
			return appendMixedUUID(line, v)
		case mapping.Bytes:
			if c.limit > 0 && len(v) > c.limit {
				return line, ErrLimit
			}
			return hex.AppendEncode(append(line, `\\x`...), v), nil
		default:
			return c.appendText(line, v)
		}
	}
	return line, ErrValue
}

func (c *column) appendText(line, text []byte) ([]byte, error) {
	switch c.kind {
	case mapping.Text, mapping.Padded:
		return appendString(line, text, c)
	case mapping.Integer, mapping.Decimal:
		return appendNumber(line, text)
	case mapping.Float:
		f, err := strconv.ParseFloat(string(text), c.bits)
		if err != nil {
			return line, ErrValue
		}
		return appendFloat(line, f, c.bits)
	case mapping.Boolean:
		return appendBoolText(line, text)
	case mapping.Date, mapping.Ticks, mapping.Timestamp:
		return c.appendTimeText(line, text)
	case mapping.Moment:
		return appendEscaped(line, text), nil
	case mapping.UUID:
		return appendUUIDText(line, text)
	case mapping.Bytes:
		return c.appendHex(line, text)
	}
	return line, ErrValue
}

func appendBool(line []byte, v bool) []byte {
	if v {
		return append(line, 't')
	}
	return append(line, 'f')
}

func appendBoolText(line, text []byte) ([]byte, error) {
	switch strings.ToLower(string(text)) {
	case "1", "t", "true":
		return append(line, 't'), nil
	case "0", "f", "false":
		return append(line, 'f'), nil
	}
	return line, ErrValue
}

func appendFloat(line []byte, f float64, bits int) ([]byte, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return line, ErrValue
	}
	if f == 0 {
		f = 0 // there is a zero below it
	}
	return strconv.AppendFloat(line, f, 'g', -1, bits), nil
}

// appendNumber appends a decimal without zeros that say nothing, and without an exponent.
func appendNumber(line, text []byte) ([]byte, error) {
	isNegative := false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		isNegative, text = text[0] == '-', text[1:]
	}
	whole, fraction, _ := bytes.Cut(text, []byte{'.'})
	if len(whole)+len(fraction) == 0 || !areDigits(whole) || !areDigits(fraction) {
		return line, ErrValue
	}
	whole = bytes.TrimLeft(whole, "0")
	fraction = bytes.TrimRight(fraction, "0")
	if len(whole)+len(fraction) == 0 {
		return append(line, '0'), nil
	}
	if isNegative {
		line = append(line, '-')
	}
	if len(whole) == 0 {
		line = append(line, '0')
	}
	line = append(line, whole...)
	if len(fraction) > 0 {
		line = append(append(line, '.'), fraction...)
	}
	return line, nil
}

func areDigits(text []byte) bool {
	for _, b := range text {
		if b < '0' || b > '9' {
			return false
		}
	}
	return true
}

// appendMixedUUID appends a GUID of SQL Server, whose first three parts are little-endian.
func appendMixedUUID(line, v []byte) ([]byte, error) {
	if len(v) != 16 {
		return line, ErrValue
	}
	order := [16]int{3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
	for i, at := range order {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			line = append(line, '-')
		}
		line = hex.AppendEncode(line, v[at:at+1])
	}
	return line, nil
}

// appendUUIDText appends a GUID as it is written: 32 digits with four dashes.
func appendUUIDText(line, text []byte) ([]byte, error) {
	if len(text) != 36 {
		return line, ErrValue
	}
	for i, b := range bytes.ToLower(text) {
		isDash := i == 8 || i == 13 || i == 18 || i == 23
		isDigit := b >= '0' && b <= '9' || b >= 'a' && b <= 'f'
		if isDash != (b == '-') || !isDash && !isDigit {
			return line, ErrValue
		}
		line = append(line, b)
	}
	return line, nil
}

func (c *column) appendHex(line, text []byte) ([]byte, error) {
	text = bytes.TrimPrefix(text, []byte(`\x`))
	text = bytes.TrimPrefix(text, []byte(`0x`))
	if c.limit > 0 && len(text)/2 > c.limit {
		return line, ErrLimit
	}
	for _, b := range text {
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(b)) {
			return line, ErrValue
		}
	}
	if len(text)%2 != 0 {
		return line, ErrValue
	}
	return append(append(line, `\\x`...), bytes.ToLower(text)...), nil
}

// appendString appends a text. PostgreSQL holds no zero bytes, and nothing but UTF-8.
func appendString[T string | []byte](line []byte, text T, c *column) ([]byte, error) {
	if c.kind == mapping.Padded {
		for len(text) > 0 && text[len(text)-1] == ' ' {
			text = text[:len(text)-1]
		}
	}
	if c.limit > 0 && len(text) > c.limit {
		return line, ErrLimit
	}
	begun := len(line)
	line = appendEscaped(line, text)
	if !utf8.Valid(line[begun:]) || bytes.IndexByte(line[begun:], 0) >= 0 {
		return line[:begun], ErrValue
	}
	return line, nil
}

// appendEscaped appends a text as COPY takes it.
func appendEscaped[T string | []byte](line []byte, text T) []byte {
	begun := 0
	for i := range len(text) {
		var escaped byte
		switch text[i] {
		case '\\':
			escaped = '\\'
		case '\t':
			escaped = 't'
		case '\n':
			escaped = 'n'
		case '\r':
			escaped = 'r'
		default:
			continue
		}
		line = append(line, text[begun:i]...)
		line = append(line, '\\', escaped)
		begun = i + 1
	}
	return append(line, text[begun:]...)
}

func unescape(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\t`, "\t", `\n`, "\n", `\r`, "\r").Replace(text)
}
