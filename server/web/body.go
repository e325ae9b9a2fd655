package web

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// maxNesting is how deep lists and objects may stand in each other.
	maxNesting = 40
	// maxValues is how many values JSON may hold: each takes far more memory than its letters do.
	maxValues = 10_000
)

// What is wrong with JSON, to be said of what holds it.
const (
	notUTF8    = "is not UTF-8"
	notJSON    = "is not JSON"
	tooDeep    = "is nested deeper than 40"
	tooMany    = "holds more than 10000 values"
	sameName   = "has a name twice in one object"
	halfLetter = `has half of a letter: \ud800 to \udfff stand in pairs`
)

// jsonFault says what is wrong with JSON before anything is made of it, in time that grows as its
// length does and memory that nesting cannot exhaust. What passes means the same to every reader;
// encoding/json alone would take the last of two like names, and mend letters that are none.
func jsonFault(text []byte) string {
	if !utf8.Valid(text) {
		return notUTF8
	}
	fault := shapeFault(text)
	if fault != tooDeep && fault != tooMany && !json.Valid(text) {
		return notJSON
	}
	return fault
}

// shapeFault says what is wrong with JSON that its grammar allows. Of what is not JSON it says
// something, or nothing.
func shapeFault(text []byte) string {
	var open []map[string]bool // the names in each object that is open; nil for a list
	values := 1
	isName := false // whether a string that begins here is one, of the object that is open last
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{', '[':
			if len(open) == maxNesting {
				return tooDeep
			}
			var names map[string]bool
			if isName = text[i] == '{'; isName {
				names = map[string]bool{}
			}
			open = append(open, names)
			values++
		case '}', ']':
			open = open[:max(0, len(open)-1)]
			isName = false // of JSON it is already; what else comes here must not be looked up
		case ',':
			isName = len(open) > 0 && open[len(open)-1] != nil
			values++
		case '"':
			written := stringAt(text[i:])
			i += len(written) - 1
			if hasHalfLetter(written) {
				return halfLetter
			}
			if isName && !addName(open[len(open)-1], written) {
				return sameName
			}
			isName = false
		}
		if values > maxValues {
			return tooMany
		}
	}
	return ""
}

// stringAt returns the JSON string that text begins with, with its quotes.
func stringAt(text []byte) []byte {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return text[:i+1]
		}
	}
	return text
}

// addName is whether a name, as it is written, was not among the names yet. It is now.
func addName(names map[string]bool, written []byte) bool {
	var name string
	if err := json.Unmarshal(written, &name); err != nil {
		return true // it is not JSON, which is told in its turn
	}
	if names[name] {
		return false
	}
	names[name] = true
	return true
}

// hasHalfLetter is whether a string holds one half of a surrogate pair without the other.
func hasHalfLetter(written []byte) bool {
	for {
		at := bytes.IndexByte(written, '\\')
		if at < 0 {
			return false
		}
		written = written[at:]
		first := escapedUnit(written)
		switch {
		case first < 0:
			written = written[min(2, len(written)):]
		case !utf16.IsSurrogate(first):
			written = written[6:]
		case utf16.DecodeRune(first, escapedUnit(written[6:])) == utf8.RuneError:
			return true
		default:
			written = written[12:]
		}
	}
}

// escapedUnit returns the unit of UTF-16 that text begins with, written as \uD83D is; -1 for none.
func escapedUnit(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}
	return rune(unit)
}
