package source

import (
	"regexp"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// The first number in a text: digits with what people put between them, six of them at the least.
// The same expression stands in gateway.phone_form.
var numberInText = regexp.MustCompile(`[+(]{0,2}[0-9][0-9 ().-]{4,}[0-9]`)

// PhoneForm is what a phone number is searched by: the digits of the first number in the text, as
// dialled within the United Kingdom. It is blank for a text without a number.
func PhoneForm(t string) string {
	number := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, numberInText.FindString(t))

	for _, international := range []string{"+44", "0044"} {
		if rest, ok := strings.CutPrefix(number, international); ok {
			return "0" + strings.TrimPrefix(rest, "0")
		}
	}
	if len(number) == len("442079460123") && strings.HasPrefix(number, "44") {
		return "0" + number[2:]
	}
	if rest, ok := strings.CutPrefix(number, "+"); ok {
		return "0" + rest
	}
	return number
}

// ReadPhone takes a text apart that a source holds as a phone number: `07700 900123 - Daughter` is
// a number with a note. It is false for a text that has no digit in it, by which nobody can be
// reached. The number is read as one of the United Kingdom unless it says otherwise.
func ReadPhone(t string) (number string, parts *resident.PhoneNumber, ok bool) {
	asGiven := strings.TrimSpace(t)
	if !strings.ContainsAny(asGiven, "0123456789") {
		return "", nil, false
	}
	parts = &resident.PhoneNumber{AsGiven: asGiven}
	at := numberInText.FindStringIndex(asGiven)
	if at == nil {
		return asGiven, parts, true
	}
	number = strings.TrimSpace(asGiven[at[0]:at[1]])
	note := strings.TrimSpace(trimNote(asGiven[:at[0]]) + " " + trimNote(asGiven[at[1]:]))
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

// trimNote takes away what joins a note to its number.
func trimNote(s string) string {
	s = strings.Trim(s, " \t\r\n-–:;,/")
	if inside, ok := strings.CutPrefix(s, "("); ok && strings.HasSuffix(inside, ")") {
		return strings.TrimSuffix(inside, ")")
	}
	return strings.TrimSpace(strings.TrimPrefix(s, ")"))
}
