package resident

import (
	"iter"
	"reflect"
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
// This struct is the one list of input fields: the tag of each says what the schema calls it, and
// whether it locates, which means that it could tell where residents are or how to reach them. A
// field without a tag goes by its Go name. Tests hold the schema and the conformance suite to it.
//
// Text is in the form that sources search by (source.NameForm, source.PhoneForm), so two filters
// that ask the same are equal.
type Filter struct {
	SourceID    string   `filter:"sourceId"`  // the source's own reference, whole
	FirstName   string   `filter:"firstName"` // any part of it
	LastName    string   `filter:"lastName"`  // any part of it
	DateOfBirth *Date    `filter:"dateOfBirth"`
	AgeGroup    AgeGroup `filter:"ageGroup"`
	NHSNumber   string   `filter:"nhsNumber"` // ten digits

	// Own is what only the source OwnSource can be filtered by: a comparable value of a type of that
	// source, or nil. Its input field has the name of the source in lower case.
	Own       any        `filter:"own"`
	OwnSource SourceName `filter:"-"`

	Email string `filter:"email,locates"` // whole, whatever its letter case
	// Phone is a whole number without its dialling prefix. It matches anywhere in the digits of a text.
	Phone    string   `filter:"phone,locates"`
	Postcode Postcode `filter:"postcode,locates"`
	Address  string   `filter:"address,locates"` // any part of it
	UPRN     string   `filter:"uprn,locates"`    // one to twelve digits

	// IncludeEnded also matches addresses, phones and emails that have ended.
	IncludeEnded bool `filter:"-"`

	// Leave decides who may be found: without it, no resident is found by protected data.
	Leave Leave `filter:"-"`
}

// FilterFields yields every input field that the schema gives to all sources, in the order of
// Filter, and whether it locates.
func FilterFields() iter.Seq2[FilterField, bool] {
	return func(yield func(FilterField, bool) bool) {
		for _, field := range reflect.VisibleFields(reflect.TypeFor[Filter]()) {
			name, locates := inputField(field)
			if name != notInput && name != ownInput && !yield(name, locates) {
				return
			}
		}
	}
}

// A FilterInput is an input field that is given.
type FilterInput struct {
	Field   FilterField
	Value   any  // of the type that it has in Filter
	Locates bool // could tell where residents are or how to reach them
}

// Given returns the input fields that are given, in the order of Filter.
func (f *Filter) Given() []FilterInput {
	var inputs []FilterInput
	all := reflect.ValueOf(f).Elem()
	for i := range all.NumField() {
		name, locates := inputField(all.Type().Field(i))
		if name == notInput || all.Field(i).IsZero() {
			continue
		}
		if name == ownInput && f.OwnSource != "" {
			name = OwnFilterField(f.OwnSource)
		}
		inputs = append(inputs, FilterInput{name, all.Field(i).Interface(), locates})
	}
	return inputs
}

// Locates reports whether an input field is given that could tell where residents are or how to
// reach them. Without permission, no restricted resident matches such a Filter.
func (f *Filter) Locates() bool {
	return slices.ContainsFunc(f.Given(), func(in FilterInput) bool { return in.Locates })
}

// MatchesEveryone reports whether no input field is given.
func (f *Filter) MatchesEveryone() bool { return len(f.Given()) == 0 }

// OnAddress reports whether an input field about an address is given.
func (f *Filter) OnAddress() bool {
	return f.Address != "" || f.Postcode != (Postcode{}) || f.UPRN != ""
}

const (
	notInput FilterField = "-"   // of fields that say how others match
	ownInput FilterField = "own" // of the field that has the name of its source
)

func inputField(field reflect.StructField) (name FilterField, locates bool) {
	tag, flag, _ := strings.Cut(field.Tag.Get("filter"), ",")
	if tag == "" {
		tag = field.Name // no source answers it, so every source refuses it
	}
	return FilterField(tag), flag == "locates"
}

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
