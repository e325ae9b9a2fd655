package qlik

import (
	"bytes"
	"strconv"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// A column is one that is loaded. What it reads of a cell it appends to a row as COPY takes it, or
// it says why it cannot.
type column struct {
	name  string // in the table, and in the header of a file
	also  string // what a header may call it too; blank for nothing
	toRow func(row []byte, cell string) ([]byte, reason)
}

// A reason is why a cell or a line cannot be loaded. It holds nothing of the file.
type reason string

// The reasons. Blank is none.
const (
	fine          reason = ""
	notUPRN       reason = "it is no number of one to twelve digits above 0"
	notBoolean    reason = "it is neither true nor false, 1 nor 0, -1, yes nor no, and not blank"
	notCount      reason = "it is no number of one to nine digits, and not blank"
	notDate       reason = "it is no day of the calendar written like 31/12/2020 or 31/12/2020 14:05"
	futureDate    reason = "it is a day that has yet to come"
	ancientDate   reason = "it is a day before 2000"
	tooManyCells  reason = "the line has more cells than the header"
	tooFewCells   reason = "the line has fewer cells than the header"
	brokenQuotes  reason = "the quotes of the line do not match"
	tooLong       reason = "the line is longer than any could be"
	columnMissing reason = "the header does not name it"
	columnTwice   reason = "the header names it twice"
)

// columns are those of the table, in its order. A day from tomorrow on is refused.
func columns(tomorrow time.Time) []column {
	return []column{
		{"uprn", "", uprnToRow},
		{"health_condition_or_disability", "", booleanToRow},
		{"receives_council_tax_support", "", booleanToRow},
		{"living_in_temporary_accomodation", "living_in_temporary_accommodation", booleanToRow},
		{"low_income", "", booleanToRow},
		{"child_with_send", "", booleanToRow},
		{"single_parent", "", booleanToRow},
		{"learning_disability", "", booleanToRow},
		{"asc_cases", "", countToRow},
		{"csc_cases", "", countToRow},
		{"date_created", "", func(row []byte, cell string) ([]byte, reason) {
			return dateToRow(row, cell, tomorrow)
		}},
	}
}

func uprnToRow(row []byte, cell string) ([]byte, reason) {
	n, ok := digits(cell, 12)
	if !ok || n == 0 {
		return row, notUPRN
	}
	return strconv.AppendInt(row, n, 10), fine
}

func booleanToRow(row []byte, cell string) ([]byte, reason) {
	switch string(bytes.ToLower([]byte(cell))) {
	case "":
		return append(row, table.CopyNull...), fine
	case "true", "t", "yes", "y", "1", "-1": // Qlik's own true is -1
		return append(row, 't'), fine
	case "false", "f", "no", "n", "0":
		return append(row, 'f'), fine
	}
	return row, notBoolean
}

func countToRow(row []byte, cell string) ([]byte, reason) {
	if cell == "" {
		return append(row, table.CopyNull...), fine
	}
	n, ok := digits(cell, 9)
	if !ok {
		return row, notCount
	}
	return strconv.AppendInt(row, n, 10), fine
}

// digits reads a number that is written in so many digits at most, and nothing else.
func digits(cell string, most int) (int64, bool) {
	if cell == "" || len(cell) > most {
		return 0, false
	}
	n := int64(0)
	for i := range len(cell) {
		if cell[i] < '0' || cell[i] > '9' {
			return 0, false
		}
		n = 10*n + int64(cell[i]-'0')
	}
	return n, true
}

func dateToRow(row []byte, cell string, tomorrow time.Time) ([]byte, reason) {
	at, ok := dayFirst(cell)
	switch {
	case !ok:
		return row, notDate
	case at.Year() < 2000:
		return row, ancientDate
	case !at.Before(tomorrow):
		return row, futureDate
	}
	return at.AppendFormat(row, time.DateTime), fine
}

// dayFirst reads a date in the order of day, month and year, with the time of the day or without.
// A part of a second is let go.
func dayFirst(cell string) (time.Time, bool) {
	for _, layout := range []string{"2/1/2006", "2/1/2006 15:04", "2/1/2006 15:04:05"} {
		if at, err := time.Parse(layout, cell); err == nil {
			return at, true
		}
	}
	return time.Time{}, false
}

// ColumnNames returns the names of the columns of an export, in its order.
func ColumnNames() []string {
	var names []string
	for _, c := range columns(time.Time{}) {
		names = append(names, c.name)
	}
	return names
}
