package resident

import "strings"

// A ContactDetail is one way to reach one resident.
type ContactDetail struct {
	ID   string // unique across sources
	Type ContactType

	Value *string // in one line, as a person would read it out
	Label *string // what it is used for, in the source's own words
	Use   ContactUse

	Preferred         bool // to be tried before others of its type; at most one of a type is
	Current           bool // in use today
	ExDirectory       bool // the source says that the number is not to be disclosed
	ForCorrespondence bool // the source says that letters are to be sent there

	// ContactAllowed is whether the source says that the resident may be contacted by it; nil where it
	// does not say.
	ContactAllowed *bool

	ValidFrom *Date // the first day it holds; nil where the source does not say
	ValidTo   *Date // the last day it holds; nil while it holds

	Address *PostalAddress // for an address
	Phone   *PhoneNumber   // for a phone

	Withheld *WithheldReason // why there is neither value nor parts; nil where nothing is withheld
}

// SplitContactID returns whose contact detail an id is of. It is false for what cannot be one. The
// id of a contact detail is that of its resident, a colon, and what tells it from their others; no
// reference of a source has a colon in it.
func SplitContactID(id string) (SourceName, string, bool) {
	source, sourceID, ok := SplitID(id)
	if !ok {
		return "", "", false
	}
	sourceID, detail, ok := strings.Cut(sourceID, ":")
	if !ok || sourceID == "" || detail == "" {
		return "", "", false
	}
	return source, sourceID, true
}

// PostalAddress is the parts of an address.
type PostalAddress struct {
	Lines    []string // above the postcode; may be empty
	Postcode *string  // in capitals with one space, where it can be read as a postcode
	UPRN     *string  // one to twelve digits

	surveys map[SourceName]any
}

// Survey returns what a source that knows properties says of the one that the address is at. It is
// false where the source was not asked; nil where it knows nothing of it.
func (a *PostalAddress) Survey(by SourceName) (any, bool) {
	survey, asked := a.surveys[by]
	return survey, asked
}

// SetSurvey keeps what a source says of the property.
func (a *PostalAddress) SetSurvey(by SourceName, survey any) {
	if a.surveys == nil {
		a.surveys = make(map[SourceName]any)
	}
	a.surveys[by] = survey
}

// PhoneNumber is the parts of a phone number.
type PhoneNumber struct {
	AsGiven string  // as the source has it
	E164    *string // such as +442079460123; nil where it cannot be read as a number
	Note    *string // what the source added to the number, such as whose it is
}

// ContactType is the kind of thing that a contact detail is.
type ContactType string

// The contact types.
const (
	Address ContactType = "ADDRESS"
	Email   ContactType = "EMAIL"
	Phone   ContactType = "PHONE"
)

// ContactTypes is a set of contact types.
type ContactTypes uint8

// Sets of contact types.
const (
	Addresses ContactTypes = 1 << iota
	Emails
	Phones

	NoContacts  ContactTypes = 0
	AllContacts              = Addresses | Emails | Phones
)

// TypesOf returns the set of the given types. Of none at all, it is every type.
func TypesOf(types []ContactType) ContactTypes {
	if len(types) == 0 {
		return AllContacts
	}
	var set ContactTypes
	for _, t := range types {
		set |= setOf(t)
	}
	return set
}

// Has is whether t is in the set.
func (s ContactTypes) Has(t ContactType) bool { return s&setOf(t) != 0 }

func setOf(t ContactType) ContactTypes {
	switch t {
	case Address:
		return Addresses
	case Email:
		return Emails
	case Phone:
		return Phones
	}
	return NoContacts
}

// ContactUse is what a contact detail is used for.
type ContactUse string

// The uses. A source's word that has no place here is OtherUse.
const (
	HomeUse           ContactUse = "HOME"
	MobileUse         ContactUse = "MOBILE"
	WorkUse           ContactUse = "WORK"
	FaxUse            ContactUse = "FAX"
	PagerUse          ContactUse = "PAGER"
	CorrespondenceUse ContactUse = "CORRESPONDENCE"
	OtherUse          ContactUse = "OTHER"
)
