package resident

import (
	"errors"
	"strings"
)

// A SourceName names a system of record, in capitals as callers write it: MOSAIC.
type SourceName string

// A Resident is a person as one source holds them. Facts that were not asked for are nil, as are
// facts that the source does not know; Has tells the two apart.
type Resident struct {
	Source   SourceName
	SourceID string // what the source calls the record; never blank

	// Restricted is whether what could locate the resident may be told only to callers with leave.
	// It is always known: where the source does not say, it is true.
	Restricted bool

	FullName    *string
	Title       *string
	FirstName   *string
	LastName    *string
	DateOfBirth *Date
	Deceased    *bool
	Gender      *Gender
	Nationality *string
	NHSNumber   *string // ten digits
	AgeGroup    *AgeGroup
	UPRN        *string // one to twelve digits

	// Record is what only this source knows, in the source's own type. Nil unless it was asked for.
	Record any

	// Has is the facts that were asked for, known or not.
	Has Facts

	details             *[]*ContactDetail
	whereaboutsWithheld bool
}

// Facts is a set of the facts of a Resident that may be asked for one by one.
type Facts uint16

// The facts of a Resident. Its source, its id and whether it is restricted are always told.
const (
	FactFullName Facts = 1 << iota
	FactTitle
	FactFirstName
	FactLastName
	FactDateOfBirth
	FactDeceased
	FactGender
	FactNationality
	FactNHSNumber
	FactAgeGroup
	FactUPRN

	NoFacts  Facts = 0
	AllFacts Facts = FactUPRN<<1 - 1
)

// Has is whether every one of facts is in the set.
func (f Facts) Has(facts Facts) bool { return f&facts == facts }

// ID is unique across sources, opaque to callers, safe in a URL and never reused.
func (r *Resident) ID() string { return JoinID(r.Source, r.SourceID) }

// JoinID returns the id of the record that a source calls sourceID.
func JoinID(source SourceName, sourceID string) string {
	return strings.ToLower(string(source)) + ":" + sourceID
}

// SplitID is the reverse of JoinID. It is false for what JoinID cannot have made.
func SplitID(id string) (SourceName, string, bool) {
	source, sourceID, found := strings.Cut(id, ":")
	name := SourceName(strings.ToUpper(source))
	// Letters that are not ASCII may have one of it as their capital: ı is not i.
	if !found || source == "" || sourceID == "" || JoinID(name, sourceID) != id {
		return "", "", false
	}
	return name, sourceID, true
}

// SetContactDetails says how the resident can be reached, the ones to try first before the others.
func (r *Resident) SetContactDetails(details []*ContactDetail) { r.details = &details }

// errNotRead is a mistake of ours: a field was answered that nobody told the source to read.
var errNotRead = errors.New("resident: contact details were not read")

// ContactDetails returns the details of the given types, or of all where types is empty: those in
// use now, and also those that have ended if includeEnded; none where they are withheld. It
// fails when they were not read.
func (r *Resident) ContactDetails(
	types []ContactType, includeEnded bool,
) ([]*ContactDetail, error) {
	if r.whereaboutsWithheld {
		return nil, nil
	}
	if r.details == nil {
		return nil, errNotRead
	}
	kinds := TypesOf(types)
	wanted := make([]*ContactDetail, 0, len(*r.details))
	for _, d := range *r.details {
		if kinds.Has(d.Type) && (d.Current || includeEnded) {
			wanted = append(wanted, d)
		}
	}
	return wanted, nil
}

// Gender is what a source says of a resident's gender.
type Gender string

// The genders that sources tell apart.
const (
	Female        Gender = "FEMALE"
	Male          Gender = "MALE"
	OtherGender   Gender = "OTHER"
	UnknownGender Gender = "UNKNOWN"
)

// AgeGroup is whether a record is kept as an adult's or a child's.
type AgeGroup string

// The age groups.
const (
	Adult AgeGroup = "ADULT"
	Child AgeGroup = "CHILD"
)
