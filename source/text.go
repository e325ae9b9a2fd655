package source

import (
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Said is what a column of text says, without the blanks round it: nothing if it is null or blank,
// or if dashes stand in the place of text.
func Said(column *string) string {
	if strings.Trim(Or(column), " \t\r\n-") == "" {
		return ""
	}
	return strings.TrimSpace(*column)
}

// Fact is what a column of text says, nil for nothing.
func Fact(column *string) *string {
	if said := Said(column); said != "" {
		return &said
	}
	return nil
}

// Or is the text, and blank for nil.
func Or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Date is a day that JSON has from PostgreSQL, nil for what is no day to tell anyone, such as
// `infinity`.
func Date(s *string) *resident.Date {
	d, err := resident.ParseDate(Or(s))
	if err != nil {
		return nil
	}
	return &d
}

// Postcode is in its usual form where it can be read as one, and as the column has it where not.
func Postcode(column *string) *string {
	read, err := resident.ParsePostcode(Said(column))
	if err != nil {
		return Fact(column)
	}
	return new(read.String())
}

// NINumber is a National Insurance number in capitals, without the blanks that some write between
// its parts; nil for nothing.
func NINumber(column *string) *string {
	joined := strings.ToUpper(strings.Join(strings.Fields(Said(column)), ""))
	return Fact(&joined)
}

// UPRN is a property reference without the zeros and blanks that fill its column; nil for what has
// anything else in it.
func UPRN(column *string) *string {
	read, err := resident.ParseUPRN(strings.Trim(Or(column), " "))
	if err != nil {
		return nil
	}
	return &read
}

// CutPostcode takes the postcode of an address off its end, however it is written there. It is
// false where the address does not end in it.
func CutPostcode(address, postcode string) (rest string, cut bool) {
	const between = " ,.\r\n"
	rest = strings.TrimRight(address, between)
	letters := strings.ReplaceAll(postcode, " ", "")
	if letters == "" {
		return "", false
	}
	for _, letter := range slices.Backward([]byte(letters)) {
		rest = strings.TrimRight(rest, " ")
		if rest == "" || strings.ToUpper(rest[len(rest)-1:]) != string(letter) {
			return "", false
		}
		rest = rest[:len(rest)-1]
	}
	if rest != "" && !strings.ContainsAny(rest[len(rest)-1:], between) {
		return "", false // it is the end of a word
	}
	return rest, true
}
