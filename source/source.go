package source

import (
	"context"
	"slices"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A Source is a system of record. What it can do beyond saying who it is, it says by implementing
// Getter and Lister, if it knows residents, and Surveyor, if it knows properties. Its methods are
// safe for concurrent use, stop when their context ends, and return a *resident.Error for what the
// person who asked may be told.
type Source interface {
	// About is the same at every call.
	About() About
	// Freshness is how far the data is behind the system of record.
	Freshness(ctx context.Context) (Freshness, error)
}

// A Getter finds residents by the references that the source gave them.
type Getter interface {
	Source
	// ResidentsByID returns one resident for each of sourceIDs, in their order, with nil where the
	// source knows of none. What cannot be a reference of the source is one that it knows nothing of.
	ResidentsByID(
		ctx context.Context, sourceIDs []string, wanted Wanted,
	) ([]*resident.Resident, error)
}

// A Lister finds residents by what they match.
type Lister interface {
	Source
	// ListResidents returns a page of those that match, in the order asked for. It returns the error
	// of About.CheckFilter.
	ListResidents(ctx context.Context, query Query) (Page, error)
	// CountResidents returns how many match, or atMost where that is less.
	CountResidents(ctx context.Context, filter *resident.Filter, atMost int) (int, error)
}

// A Surveyor knows properties, whoever lives there.
type Surveyor interface {
	Source
	// Survey returns what the source knows of each of uprns, in their order, with nil where it knows
	// nothing. Each uprn is one to twelve digits without leading zeros, and stands there once.
	Survey(ctx context.Context, uprns []string) ([]any, error)
}

// About is what a source says of itself.
type About struct {
	Name        resident.SourceName
	Title       string // the name that people know it by
	Description string // what it knows, in a sentence

	// FilterFields are the input fields that a Lister can be filtered by. It refuses every other.
	FilterFields []resident.FilterField
}

// CheckFilter returns a resident.BadInput error that names the first input field of f that the
// source cannot be filtered by. It returns nil when there is none. A Lister calls it before it
// reads: to ignore an input field is to match everyone.
func (a *About) CheckFilter(f *resident.Filter) error {
	for _, given := range f.Given() {
		if !slices.Contains(a.FilterFields, given.Field) {
			return a.Refuse(given.Field)
		}
	}
	return nil
}

// Refuse returns the resident.BadInput error for an input field that the source cannot be filtered
// by.
func (a *About) Refuse(field resident.FilterField) error {
	return resident.Errorf(resident.BadInput, nil,
		"%s cannot be searched by %s: leave it out, or name other sources", a.Title, field)
}

// Wanted is what an answer is to hold of each resident. A source reads nothing else: no column that
// nobody asked for.
type Wanted struct {
	Facts        resident.Facts
	Contacts     resident.ContactTypes // NoContacts where contact details are not wanted at all
	IncludeEnded bool                  // whether contact details not in use today are wanted too
	Record       bool                  // whether what only this source knows is wanted
	Fields       Fields                // of that record, and of what is below it

	// Leave is what whoever asks may know. What they may not is not told, and best not read.
	Leave resident.Leave
}

// Everything is Wanted with all there is, and leave to know it.
func Everything() Wanted {
	return Wanted{
		Facts: resident.AllFacts, Contacts: resident.AllContacts, IncludeEnded: true, Record: true,
		Fields: AllFields, Leave: resident.FullLeave(),
	}
}

// WantFacts returns Wanted with these facts and nothing else.
func WantFacts(facts resident.Facts) Wanted { return Wanted{Facts: facts} }

// And returns what is wanted in either, with the leave of w.
func (w Wanted) And(other Wanted) Wanted {
	return Wanted{
		Facts:        w.Facts | other.Facts,
		Contacts:     w.Contacts | other.Contacts,
		IncludeEnded: w.IncludeEnded || other.IncludeEnded,
		Record:       w.Record || other.Record,
		Fields:       w.Fields.And(other.Fields),
		Leave:        w.Leave,
	}
}

// Intersect returns what is wanted in both, with the leave of w.
func (w Wanted) Intersect(other Wanted) Wanted {
	return Wanted{
		Facts:        w.Facts & other.Facts,
		Contacts:     w.Contacts & other.Contacts,
		IncludeEnded: w.IncludeEnded && other.IncludeEnded,
		Record:       w.Record && other.Record,
		Fields:       w.Fields.Intersect(other.Fields),
		Leave:        w.Leave,
	}
}

// IsEmpty reports whether neither facts nor contact details nor a record are wanted.
func (w Wanted) IsEmpty() bool {
	return w.Facts == resident.NoFacts && w.Contacts == resident.NoContacts && !w.Record &&
		w.Fields == ""
}

// Order is what a list is put in order by.
type Order string

const (
	// ByID is the source's own order of its references.
	ByID Order = "ID"
	// ByName is the order of NameKey, byte by byte, and of references where names are the same.
	ByName Order = "NAME"
)

// A Query asks for one page of a list.
type Query struct {
	Filter resident.Filter
	Order  Order
	After  *Bound // only residents after it; nil for the beginning of the list
	Before *Bound // only residents before it; nil for the end of the list
	Limit  int    // the most to return, at least 1

	// FromEnd is whether the page is the last Limit residents between After and Before, rather than
	// the first. They are in the order of the list all the same.
	FromEnd bool

	Wanted Wanted
}

// A Position is where a resident stands in a list, whether or not they are there still.
type Position struct {
	SourceID string
	NameKey  string // blank in a list ByID
}

// A Bound is an end of a page.
type Bound struct {
	Position

	Inclusive bool // whether a resident who stands there is on the page
}

// A Placed resident is one in a list.
type Placed struct {
	*resident.Resident
	At Position
}

// A Page is a part of a list.
type Page struct {
	Residents []Placed // in the order of the list
	More      bool     // whether the list goes on: after the page, or before it if FromEnd
}

// Freshness is how far data is behind its system of record.
type Freshness struct {
	State FreshnessState
	AsOf  *time.Time // the data is at least as new as this; nil where that is not known
	Note  *string    // what is wrong, in words for an operator; nil where nothing is
}

// FreshnessState is what can be said of the data of a source.
type FreshnessState string

// The states. Asking a source for residents is an error while it is NotLoaded or BeingLoaded.
const (
	NotLoaded   FreshnessState = "NOT_LOADED"
	BeingLoaded FreshnessState = "LOADING" // where it is read; beside it is nothing to be told
	Current     FreshnessState = "CURRENT"
	Stale       FreshnessState = "STALE"     // it is older than it should be
	Suspended   FreshnessState = "SUSPENDED" // a table is left as it is; the others go on
	Stopped     FreshnessState = "STOPPED"   // its changes are not followed any more
	Unknown     FreshnessState = "UNKNOWN"   // there is data, and nothing is known of its age
)

// FreshnessStates are all there are.
func FreshnessStates() []FreshnessState {
	return []FreshnessState{NotLoaded, BeingLoaded, Current, Stale, Suspended, Stopped, Unknown}
}

// IsWhole is whether residents are answered of data in that state.
func (s FreshnessState) IsWhole() bool { return s != NotLoaded && s != BeingLoaded }
