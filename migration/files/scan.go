package files

import (
	"bytes"
	"errors"
	"io"

	"github.com/LBHackney-IT/resident-gateway/migration"
)

// What can be wrong with a line, whatever its columns are.
var (
	errCut   error = formError("the file ends within a row")
	errQuote error = formError("a quotation mark stands where none may")
	errLong  error = formError("a row is longer than its columns can be")
)

// A formError is what is wrong with what is in a file, and not with reading it.
type formError string

func (e formError) Error() string { return string(e) }

// Is has who reads know that it is the table's own fault, and that no other has it.
func (formError) Is(target error) bool { return target == migration.ErrUnreadable }

// firstRoom is how much of a file is held at a time. Only a row that is longer makes it more.
const firstRoom = 256 << 10

// A scanner cuts a file into rows and values. What it gives is good until the next row.
type scanner struct {
	from      io.Reader
	delimiter byte
	hasQuotes bool // whether a value may be in quotes
	most      int  // how long a row may be, in bytes

	room       []byte
	begin, end int // what of room is read, and not yet given
	hasEnded   bool

	line   int     // how many come before the next row
	offset int64   // of the next row
	row    int     // the line that the row begins with, from 1
	values []value // of the row
}

// A value of a row.
type value struct {
	text        []byte
	isQuoted    bool
	isDoubled   bool // whether quotation marks stand in it twice
	first, last int  // where it is, until text is set
}

func newScanner(from io.Reader, o *Options, at place) *scanner {
	return &scanner{
		from: from, delimiter: o.Delimiter, hasQuotes: !o.Unquoted, most: firstRoom,
		room: make([]byte, firstRoom), line: at.line, offset: at.offset,
	}
}

// next goes to the next row, and says whether there is one. Where it fails, what is wrong is with
// the value that would come after those in values.
func (s *scanner) next() (bool, error) {
	s.row = s.line + 1
	for {
		held := s.room[s.begin:s.end]
		length, lines, err := s.split(held)
		if err != nil {
			return false, err
		}
		if length > 0 && length <= s.most {
			s.begin += length
			s.line += lines
			s.offset += int64(length)
			return true, nil
		}
		switch {
		case len(held) > s.most:
			s.keepBeforeLongest(length > 0)
			return false, errLong
		case s.hasEnded && len(held) == 0:
			return false, nil
		case s.hasEnded:
			return false, errCut
		}
		if err := s.fill(); err != nil {
			return false, err
		}
	}
}

// keepBeforeLongest leaves those values that come before the longest, where the row is all there.
func (s *scanner) keepBeforeLongest(isWhole bool) {
	if !isWhole {
		return // it is the one that has no end
	}
	longest := 0
	for i := range s.values {
		if len(s.values[i].text) > len(s.values[longest].text) {
			longest = i
		}
	}
	s.values = s.values[:longest]
}

// fill reads more, until there is no room for more.
func (s *scanner) fill() error {
	s.end = copy(s.room, s.room[s.begin:s.end])
	s.begin = 0
	if s.end == len(s.room) {
		s.room = append(s.room, make([]byte, min(len(s.room), s.most+1-len(s.room)))...)
	}
	for s.end < len(s.room) {
		n, err := s.from.Read(s.room[s.end:])
		s.end += n
		if errors.Is(err, io.EOF) {
			s.hasEnded = true
			return nil
		}
		if err != nil {
			return err //nolint:wrapcheck // who reads the file says which it is
		}
	}
	return nil
}

// split splits the first row of what is held. Its length is that with its end, and 0 where the end
// is not held yet.
func (s *scanner) split(held []byte) (length, lines int, err error) {
	s.values = s.values[:0]
	end := bytes.IndexByte(held, '\n')
	if s.hasQuotes {
		line := held
		if end >= 0 {
			line = held[:end]
		}
		if bytes.IndexByte(line, '"') >= 0 {
			length, err = s.splitQuoted(held)
			return length, bytes.Count(held[:length], []byte{'\n'}), err
		}
	}
	rest := held[:max(end, 0)]
	if end < 0 && (len(held) > s.most || s.hasEnded) {
		rest = held // to tell which of its values it is
	}
	for {
		i := bytes.IndexByte(rest, s.delimiter)
		if i < 0 {
			break
		}
		s.values = append(s.values, value{text: rest[:i]})
		rest = rest[i+1:]
	}
	if end < 0 {
		return 0, 0, nil
	}
	s.values = append(s.values, value{text: rest})
	return end + 1, 1, nil
}

// splitQuoted splits a row in which there are quotation marks.
func (s *scanner) splitQuoted(held []byte) (int, error) {
	for i := 0; ; {
		v, isWhole, err := s.valueAt(held, i)
		if err != nil || !isWhole {
			return 0, err
		}
		s.values = append(s.values, v)
		i = v.last
		if v.isQuoted {
			i++
		}
		switch {
		case held[i] == '\n':
			for j := range s.values {
				s.values[j].unquote(held)
			}
			return i + 1, nil
		case held[i] != s.delimiter:
			s.values = s.values[:len(s.values)-1]
			return 0, errQuote
		}
		i++
	}
}

// valueAt is the value that begins there, and whether its end is held.
func (s *scanner) valueAt(held []byte, first int) (value, bool, error) {
	if first == len(held) {
		return value{}, false, nil
	}
	if held[first] != '"' {
		for i := first; i < len(held); i++ {
			switch held[i] {
			case '"':
				return value{}, false, errQuote
			case s.delimiter, '\n':
				return value{first: first, last: i}, true, nil
			}
		}
		return value{}, false, nil
	}
	v := value{first: first + 1, last: first + 1, isQuoted: true}
	for {
		i := bytes.IndexByte(held[v.last:], '"')
		if i < 0 || v.last+i+1 == len(held) {
			return value{}, false, nil
		}
		v.last += i
		if held[v.last+1] != '"' {
			return v, true, nil
		}
		v.isDoubled = true
		v.last += 2
	}
}

// unquote sets the text of a value, which it makes shorter where it stands: the row has an end, and
// is not looked at again.
func (v *value) unquote(held []byte) {
	v.text = held[v.first:v.last]
	if !v.isDoubled {
		return
	}
	to := 0
	for from := 0; from < len(v.text); from++ {
		v.text[to] = v.text[from]
		to++
		if v.text[from] == '"' {
			from++
		}
	}
	v.text = v.text[:to]
}
