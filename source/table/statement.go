package table

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Statement is the parameters of one question put to PostgreSQL. Its text is made of fixed parts;
// what callers give goes into Args and never into the text.
type Statement struct {
	Args  []any
	day   resident.Date
	dayAt string // the parameter that day is, once it is one
}

// NewStatement begins a statement at a moment, in whose own zone the day is reckoned.
func NewStatement(now time.Time) Statement { return Statement{day: resident.DateOf(now)} }

// Arg adds a value of an SQL type and returns the parameter that stands for it.
func (st *Statement) Arg(value any, ofType string) string {
	st.Args = append(st.Args, value)
	return "$" + strconv.Itoa(len(st.Args)) + "::" + ofType
}

// Today is the parameter that is the day which decides what is in use.
func (st *Statement) Today() string {
	if st.dayAt == "" {
		st.dayAt = st.Arg(st.day.String(), "date")
	}
	return st.dayAt
}

// Part is the pattern for any part of a text, with what LIKE means by its own characters undone.
func (st *Statement) Part(form string) string { return st.Arg(source.LikePart(form), "text") }

// Listing is how rows are put in order and cut. The zero Listing does neither.
type Listing struct {
	Order   source.Order
	FromEnd bool
	Limit   int

	// MatchesFirst is whether to find all who match before putting them in order by name. The planner
	// would rather walk the index of names until it has a page, as if those who match stood all over
	// it; who have a last name in common stand together, perhaps at its end.
	MatchesFirst bool
}

// ListingOf is the listing of a page and one resident more, which tells whether the list goes on.
func ListingOf(query *source.Query) Listing {
	return Listing{
		Order: query.Order, FromEnd: query.FromEnd, Limit: query.Limit + 1,
		MatchesFirst: utf8.RuneCountInString(query.Filter.LastName) >= source.Trigram,
	}
}

// NameKey is the expression that rows are in order by, where that is the name.
func (l Listing) NameKey(inIndex string) string {
	if l.MatchesFirst {
		return "(" + inIndex + ") || ''" // no index is in the order of this
	}
	return inIndex
}

// Keys is what rows are in order by: the first of keys is the name, and counts only where that is
// what they are listed by.
func (l Listing) Keys(keys ...string) string {
	if l.Order == source.ByID {
		keys = keys[1:]
	}
	if l.FromEnd {
		return strings.Join(keys, " DESC, ") + " DESC"
	}
	return strings.Join(keys, ", ")
}
