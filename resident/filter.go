package resident

import (
	"strings"
)

// A Filter is what residents must match. Parts that are given must all match, and those that are
// about an address must match one and the same address. The zero Filter matches everyone.
//
// Text is in the form that it is searched by (source.NameForm and its like): whoever makes a Filter
// puts it so, once, and two that ask the same are then equal.
type Filter struct {
	SourceID    string // what the source calls the record, whole
	FirstName   string // any part of it
	LastName    string // any part of it
	DateOfBirth *Date
	AgeGroup    AgeGroup
	NHSNumber   string // ten digits
	Email       string // whole, whatever its letter case
	Phone       string // a whole number, without what it is dialled with, within the digits of a text
	Address     string // any part of it
	Postcode    Postcode
	UPRN        string // one to twelve digits

	// Own is what only one source can be searched by, and OwnSource which one that is. It is of a type
	// of that source which can be compared; nil for nothing.
	Own       any
	OwnSource SourceName

	// IncludeEnded is whether addresses, phones and e-mails that have ended match too.
	IncludeEnded bool

	// Leave decides who may be found: without it, nobody is found by what may not be known of them.
	Leave Leave
}

// Locates is whether any part could tell where residents are, or how they are reached. Without
// leave, no restricted resident matches a Filter that does.
func (f *Filter) Locates() bool { return f.OnAddress() || f.Phone != "" || f.Email != "" }

// MatchesEveryone is whether there is no part to match.
func (f *Filter) MatchesEveryone() bool {
	return *f == Filter{IncludeEnded: f.IncludeEnded, Leave: f.Leave}
}

// OnAddress is whether any part is about an address.
func (f *Filter) OnAddress() bool {
	return f.Address != "" || f.Postcode != (Postcode{}) || f.UPRN != ""
}

// ParseNHSNumber reads an NHS number, with or without spaces: ten digits. Whether the last of them
// checks the others is not asked, for sources hold numbers of which it does not.
func ParseNHSNumber(s string) (string, error) {
	digits := strings.ReplaceAll(strings.TrimSpace(s), " ", "")
	if len(digits) != 10 || !isDigits(digits) {
		return "", Errorf(BadInput, nil, "An NHS number has ten digits")
	}
	return digits, nil
}

// ParseUPRN reads a Unique Property Reference Number, of one to twelve digits, and returns it
// without leading zeros.
func ParseUPRN(s string) (string, error) {
	digits := strings.TrimSpace(s)
	if len(digits) < 1 || len(digits) > 12 || !isDigits(digits) {
		return "", Errorf(BadInput, nil, "A UPRN has one to twelve digits")
	}
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return "", Errorf(BadInput, nil, "A UPRN is not zero")
	}
	return digits, nil
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
