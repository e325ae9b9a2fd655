package resident

import (
	"iter"
	"slices"
	"strings"
)

// A FilterField names an input field of a Filter, as the schema does.
type FilterField string

// The input fields that the schema gives to every source.
const (
	FilterSourceID    FilterField = "sourceId"
	FilterFirstName   FilterField = "firstName"
	FilterLastName    FilterField = "lastName"
	FilterDateOfBirth FilterField = "dateOfBirth"
	FilterAgeGroup    FilterField = "ageGroup"
	FilterNHSNumber   FilterField = "nhsNumber"
	FilterEmail       FilterField = "email"
	FilterPhone       FilterField = "phone"
	FilterAddress     FilterField = "address"
	FilterPostcode    FilterField = "postcode"
	FilterUPRN        FilterField = "uprn"
)

// A Filter selects the residents who match every input field that is given. Input fields about an
// address must match one and the same address. The zero Filter matches everyone.
//
// A field of this struct that inputs does not list is refused by every source. Tests hold the
// schema and the conformance suite to that list.
//
// Text is in the form that sources search by (source.NameForm, source.PhoneForm), so two filters
// that ask the same are equal.
type Filter struct {
	SourceID    string // the source's own reference, whole
	FirstName   string // any part of it
	LastName    string // any part of it
	DateOfBirth *Date
	AgeGroup    AgeGroup
	NHSNumber   string // ten digits
	Email       string // whole, whatever its letter case
	// Phone is a whole number without its dialling prefix. It matches anywhere in the digits of a
	// text.
	Phone    string
	Address  string // any part of it
	Postcode Postcode
	UPRN     string // one to twelve digits

	// Own is what only the source OwnSource can be filtered by: a comparable value of a type of that
	// source, or nil. Its input field has the name of the source in lower case, and locates.
	Own       any
	OwnSource SourceName

	// IncludeEnded also matches addresses, phones and emails that have ended.
	IncludeEnded bool

	// Leave decides who may be found: without it, no resident is found by protected data.
	Leave Leave
}

// FilterFields yields every input field that the schema gives to all sources, and whether it
// locates.
func FilterFields() iter.Seq2[FilterField, bool] {
	return func(yield func(FilterField, bool) bool) {
		for _, in := range (&Filter{}).inputs() {
			if in.Field != ownInput && !yield(in.Field, in.Locates) {
				return
			}
		}
	}
}

// A FilterInput is an input field of a Filter and its value.
type FilterInput struct {
	Field   FilterField
	Value   any  // of the type that it has in Filter
	Locates bool // could tell where residents are, how to reach them, or who they are elsewhere

	given bool
}

// inputs is the one list of input fields, those that locate last.
func (f *Filter) inputs() []FilterInput {
	rest := *f // what no line takes is an input field that no source can know
	inputs := []FilterInput{
		take(FilterSourceID, &rest.SourceID, false),
		take(FilterFirstName, &rest.FirstName, false),
		take(FilterLastName, &rest.LastName, false),
		take(FilterDateOfBirth, &rest.DateOfBirth, false),
		take(FilterAgeGroup, &rest.AgeGroup, false),
		take(FilterNHSNumber, &rest.NHSNumber, true),
		take(ownInput, &rest.Own, true),
		take(FilterEmail, &rest.Email, true),
		take(FilterPhone, &rest.Phone, true),
		take(FilterPostcode, &rest.Postcode, true),
		take(FilterAddress, &rest.Address, true),
		take(FilterUPRN, &rest.UPRN, true),
	}
	rest.OwnSource, rest.IncludeEnded, rest.Leave = "", false, Leave{}
	if rest != (Filter{}) {
		inputs = append(inputs, FilterInput{Field: "a field that is not listed", given: true})
	}
	return inputs
}

// take moves the value of an input field out of a Filter.
func take[T comparable](name FilterField, value *T, locates bool) FilterInput {
	var zero T
	input := FilterInput{name, *value, locates, *value != zero}
	*value = zero
	return input
}

// Given returns the input fields that are given, those that locate last.
func (f *Filter) Given() []FilterInput {
	given := slices.DeleteFunc(f.inputs(), func(in FilterInput) bool { return !in.given })
	for i := range given {
		if given[i].Field == ownInput && f.OwnSource != "" {
			given[i].Field = OwnFilterField(f.OwnSource)
		}
	}
	return given
}

// Locates reports whether an input field is given that could tell where residents are, how to
// reach them, or who they are elsewhere. Without permission, no restricted resident matches such a
// Filter.
func (f *Filter) Locates() bool {
	return slices.ContainsFunc(f.Given(), func(in FilterInput) bool { return in.Locates })
}

// MatchesEveryone reports whether no input field is given.
func (f *Filter) MatchesEveryone() bool { return len(f.Given()) == 0 }

// ownInput is the input field that has the name of its source.
const ownInput FilterField = "own"

// OwnFilterField returns the name of the input field that only one source can be filtered by.
func OwnFilterField(name SourceName) FilterField {
	return FilterField(strings.ToLower(string(name)))
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
