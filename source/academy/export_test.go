package academy

import "github.com/LBHackney-IT/resident-gateway/source"

// Page returns the statement that a page is read by.
func (a *Academy) Page(query source.Query) (text string, args []any, err error) {
	st := a.newStatement()
	text, err = st.selectPage(&query)
	return text, st.Args, err
}

// Count returns the statement that residents are counted by.
func (a *Academy) Count(query source.Query, atMost int) (text string, args []any) {
	st := a.newStatement()
	text = st.countResidents(func(k *kind) []string { return st.matches(k, &query.Filter) }, atMost)
	return text, st.Args
}
