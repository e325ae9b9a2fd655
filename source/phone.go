package source

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Digits returns the digits of a text. gateway.digits does the same.
func Digits(t string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, t)
}

// A whole number has so many digits, without what it is dialled with from elsewhere.
const (
	leastDigits = 9
	mostDigits  = 15
)

// PhoneForm is what a phone number is searched by: its digits, without the 0 or the +44 that they
// are dialled with. They are found wherever they stand together among the digits of a text. It is
// blank for a text that is not one whole number.
func PhoneForm(t string) string {
	digits := Digits(t)
	for _, international := range []string{"0044", "44"} {
		rest, ok := strings.CutPrefix(digits, international)
		if ok && len(rest) >= leastDigits {
			digits = rest
			break
		}
	}
	digits = strings.TrimLeft(digits, "0")
	if len(digits) < leastDigits || len(digits) > mostDigits {
		return ""
	}
	return digits
}

// HaveNumberInCommon is whether two texts have as many digits in a row in common as a number has:
// of two numbers in one text, either.
func HaveNumberInCommon(a, b string) bool {
	const local = 6 // without what it is dialled with from elsewhere
	digits, others := Digits(a), Digits(b)
	if least := min(len(digits), len(others)); least >= local && least < leastDigits {
		return strings.Contains(digits, others) || strings.Contains(others, digits)
	}
	for from := 0; from+leastDigits <= len(digits); from++ {
		if strings.Contains(others, digits[from:from+leastDigits]) {
			return true
		}
	}
	return false
}

// What stands in a text where a number may be: groups of digits with one blank, dash or full stop
// between two of them, the first perhaps in brackets, with the (0) that some write after +44.
var groupsInText = regexp.MustCompile(
	`(?:\(\+?[0-9]{2,5}\)|\+?[0-9]+)(?:[ \x{a0}.\x{2010}-\x{2015}-]?(?:\(0\)|[0-9]+))*`)

var digitGroup = regexp.MustCompile(`\+?[0-9]+\)?`)

// ReadPhone takes a text apart that a source holds as a phone number: `07700 900123 - Daughter` is
// a number with a note. It is false for a text that has no digit in it, by which nobody can be
// reached. The number is read as one of the United Kingdom unless it says otherwise. Of two numbers
// the second is part of the note.
func ReadPhone(t string) (number string, parts *resident.PhoneNumber, ok bool) {
	asGiven := strings.TrimSpace(t)
	if Digits(asGiven) == "" {
		return "", nil, false
	}
	parts = &resident.PhoneNumber{AsGiven: asGiven}
	from, to, found := findNumber(asGiven)
	if !found {
		return asGiven, parts, true
	}
	number = asGiven[from:to]
	note := strings.TrimSpace(trimNote(asGiven[:from]) + " " + trimNote(asGiven[to:]))
	if note != "" {
		parts.Note = &note
	}
	read, err := phonenumbers.Parse(number, "GB")
	if err == nil && phonenumbers.IsPossibleNumber(read) {
		e164 := phonenumbers.Format(read, phonenumbers.E164)
		parts.E164 = &e164
	}
	return number, parts, true
}

// findNumber returns where the first number stands in a text. It begins where a number can: with 0
// or +, if any group of digits does; it ends before a group that would make it too long.
func findNumber(t string) (from, to int, found bool) {
	for _, run := range groupsInText.FindAllStringIndex(t, -1) {
		groups := digitGroup.FindAllStringIndex(t[run[0]:run[1]], -1)
		for i, group := range groups {
			groups[i] = []int{run[0] + group[0], run[0] + group[1]}
		}
		begin := 0
		for i, group := range groups {
			if strings.ContainsAny(t[group[0]:group[0]+1], "0+") && i+1 < len(groups) {
				begin = i
				break
			}
		}
		from, to = groups[begin][0], end(t, groups[begin:])
		if begin == 0 {
			from = run[0] // with its bracket
		}
		if len(Digits(t[from:to])) >= 6 {
			return from, to, true
		}
	}
	return 0, 0, false
}

// end returns where the number ends that begins with the first of the groups.
func end(t string, groups [][]int) int {
	first := t[groups[0][0]:groups[0][1]]
	most := mostDigits
	switch {
	case strings.HasPrefix(first, "0") && !strings.HasPrefix(first, "00"):
		most = len("07700900123")
	case strings.HasPrefix(first, "+44") && strings.Contains(t, "(0)"):
		most = len("4407700900123")
	case strings.HasPrefix(first, "+44"):
		most = len("447700900123")
	}
	to := groups[0][1]
	count := len(Digits(first))
	for _, group := range groups[1:] {
		size := len(Digits(t[group[0]:group[1]]))
		if count >= leastDigits && count+size > most {
			break
		}
		to, count = group[1], count+size
	}
	return to
}

// trimNote takes away what joins a note to its number.
func trimNote(s string) string {
	s = strings.Trim(s, " \t\r\n-–—:;,/")
	if inside, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inside, ")") {
		return strings.TrimSuffix(inside, ")")
	}
	return strings.TrimSpace(strings.TrimPrefix(s, ")"))
}
