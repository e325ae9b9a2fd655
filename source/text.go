package source

import (
	"regexp"
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

var houseNumber = regexp.MustCompile(`^[0-9][0-9-]{0,6}[A-Za-z]?$`)

// AddressLines returns the lines of an address above its postcode, from one column or from several.
// It divides text at commas, line ends, tabs and, in one column, at two blanks or more. It joins a
// house number by itself to the line after it, and leaves out the postcode and lines of dashes. A
// postcode that cannot be read as one is not left out.
func AddressLines(postcode string, text ...*string) []string {
	columns := make([]string, len(text))
	for i, column := range text {
		columns[i] = Or(column)
		if len(text) > 1 { // each is a line, however many blanks are between its words
			columns[i] = strings.Join(strings.Fields(columns[i]), " ")
		}
	}
	address := strings.Join(columns, "\n")
	if _, err := resident.ParsePostcode(postcode); err == nil {
		address = cutPostcode(address, postcode)
	}
	lines, number := []string{}, ""
	// Two blanks divide lines as a line end does.
	address = strings.ReplaceAll(strings.ReplaceAll(address, "\u00a0", " "), "  ", "\n")
	for _, line := range strings.FieldsFunc(address, func(r rune) bool {
		return r == ',' || r == '\r' || r == '\n' || r == '\t'
	}) {
		line = strings.Join(strings.Fields(line), " ")
		switch {
		case strings.Trim(line, "-.") == "", isPostcode(line, postcode):
		case number == "" && houseNumber.MatchString(line):
			number = line
		default:
			lines = append(lines, strings.TrimSpace(number+" "+line))
			number = ""
		}
	}
	if number != "" {
		lines = append(lines, number)
	}
	return lines
}

// isPostcode reports whether a line is the postcode, however it is written there. Most lines are
// too long for one or have no digit, and reading those costs an error each.
func isPostcode(line, postcode string) bool {
	if len(line) > 12 || !strings.ContainsAny(line, "0123456789") {
		return false
	}
	read, err := resident.ParsePostcode(line)
	return err == nil && read.String() == postcode
}

// cutPostcode takes the postcode of an address off its end, however it is written there. It returns
// an address that does not end in it as it is.
func cutPostcode(address, postcode string) string {
	const between = " ,.\r\n"
	rest := strings.TrimRight(address, between)
	for _, letter := range slices.Backward([]byte(strings.ReplaceAll(postcode, " ", ""))) {
		rest = strings.TrimRight(rest, " ")
		if rest == "" || strings.ToUpper(rest[len(rest)-1:]) != string(letter) {
			return address
		}
		rest = rest[:len(rest)-1]
	}
	if rest != "" && !strings.ContainsAny(rest[len(rest)-1:], between) {
		return address // it is the end of a word
	}
	return rest
}
