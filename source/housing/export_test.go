package housing

import "github.com/LBHackney-IT/resident-gateway/source"

// Page returns the statement that a page is read by.
func (h *Housing) Page(query source.Query) (text string, args []any, err error) {
	st := h.newStatement()
	text, err = st.selectPage(&query)
	return text, st.Args, err
}

// Count returns the statement that residents are counted by.
func (h *Housing) Count(query source.Query, atMost int) (text string, args []any) {
	st := h.newStatement()
	text = st.countMembers(st.matches(&query.Filter), atMost)
	return text, st.Args
}

// Written returns the reference of a member, as it is told.
func Written(house string, person int64) string { return reference{house, person}.String() }

// Read returns what a reference is of; false for a text that is none.
func Read(sourceID string) (house string, person int64, ok bool) {
	r, ok := parseReference(sourceID)
	return r.house, r.person, ok
}
