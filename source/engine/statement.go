package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A statement is the parameters of one question. What callers send goes into args, and never into
// the text.
type statement struct {
	args  []any
	today resident.Date
	day   string // the parameter that today is; blank until it is one
}

// arg adds a value of a type of PostgreSQL, and returns the parameter that stands for it.
func (st *statement) arg(value any, ofType string) string {
	st.args = append(st.args, value)
	return "$" + strconv.Itoa(len(st.args)) + "::" + ofType
}

// onDay puts the day of the question where {today} stands.
func (st *statement) onDay(sql string) string {
	const today = "{today}"
	if !strings.Contains(sql, today) {
		return sql
	}
	if st.day == "" {
		st.day = st.arg(st.today.String(), "date")
	}
	return strings.ReplaceAll(sql, today, st.day)
}

// A listing is how rows are put in order and cut. The zero listing does neither.
type listing struct {
	order   source.Order
	fromEnd bool
	limit   int

	// matchesFirst makes PostgreSQL find all matches before it puts them in order by name. The planner
	// would rather walk the index of names until it has a page, as if matches stood all over it. Those
	// with one last name stand together, perhaps at its end.
	matchesFirst bool
}

func (l listing) nameKey(k *Kind) string {
	if l.matchesFirst {
		return "(" + k.NameKey + ") || ''" // no index is in the order of this
	}
	return k.NameKey
}

// orderBy returns the clause that puts rows in order by name, if that is the order, and by columns.
func (l listing) orderBy(prefix string, columns []string) string {
	if l.limit == 0 {
		return ""
	}
	if l.order == source.ByName {
		columns = append([]string{"name_key"}, columns...)
	}
	direction := ""
	if l.fromEnd {
		direction = " DESC"
	}
	return "\n\tORDER  BY " + prefix + strings.Join(columns, direction+", "+prefix) + direction
}

// PageStatement returns the statement that reads a page and one resident more, which tells whether
// the list goes on. It fails as ListResidents does before it reads.
func (s *Source) PageStatement(query *source.Query) (text string, args []any, err error) {
	l := listing{
		order: query.Order, fromEnd: query.FromEnd, limit: query.Limit + 1,
		matchesFirst: utf8.RuneCountInString(query.Filter.LastName) >= source.Trigram,
	}
	return s.statement(&query.Filter, func(st *statement, where [][]string) (string, error) {
		for i := range s.kinds {
			between, err := s.between(st, i, query)
			if err != nil {
				return "", err
			}
			where[i] = slices.Concat(where[i], between)
		}
		return s.selectResidents(st, query.Wanted, where, l), nil
	})
}

// CountStatement returns the statement that counts who matches, up to atMost.
func (s *Source) CountStatement(
	filter *resident.Filter, atMost int,
) (text string, args []any, err error) {
	return s.statement(filter, func(st *statement, where [][]string) (string, error) {
		limit := "\n\tLIMIT  " + st.arg(atMost, "bigint")
		rows := s.union(func(i int, k *Kind) string {
			return "SELECT FROM " + k.From + whereAll(where[i]) + limit
		})
		if len(s.kinds) > 1 {
			rows += limit
		}
		return "\n\tSELECT count(*) FROM (" + rows + ") p", nil
	})
}

// statement makes one of the conditions that a filter is for each kind.
func (s *Source) statement(
	filter *resident.Filter, write func(st *statement, where [][]string) (string, error),
) (text string, args []any, err error) {
	if err := s.about.CheckFilter(filter); err != nil {
		return "", nil, err
	}
	st := s.newStatement()
	where := make([][]string, len(s.kinds))
	for i := range s.kinds {
		if where[i], err = s.conditions(st, &s.kinds[i], filter); err != nil {
			return "", nil, err
		}
	}
	text, err = write(st, where)
	return text, st.args, err
}

// referencesStatement returns the statement that reads residents by references. It returns false
// when no kind writes any of them.
func (s *Source) referencesStatement(
	sourceIDs []string, wanted source.Wanted,
) (text string, args []any, ok bool) {
	st := s.newStatement()
	where := make([][]string, len(s.kinds))
	for i := range s.kinds {
		k := &s.kinds[i]
		columns := make([][]string, len(k.Key))
		for _, sourceID := range sourceIDs {
			values, isOne := k.Parse(sourceID)
			for at := range columns {
				if isOne {
					columns[at] = append(columns[at], values[at])
				}
			}
		}
		if k.Where != "" {
			where[i] = append(where[i], k.Where)
		}
		where[i] = append(where[i], k.isOneOf(st, columns))
		ok = ok || len(columns[0]) > 0
	}
	if !ok {
		return "", nil, false
	}
	return s.selectResidents(st, wanted, where, listing{}), st.args, true
}

// isOneOf is true of rows whose key is in columns of values.
func (k *Kind) isOneOf(st *statement, columns [][]string) string {
	if len(columns[0]) == 0 {
		return nobody
	}
	if len(k.Key) == 1 {
		return k.Key[0].SQL + " = ANY (" + st.arg(pq.Array(columns[0]), k.Key[0].Type+"[]") + ")"
	}
	var row, names, lists []string
	for i, key := range k.Key {
		row, names = append(row, key.SQL), append(names, key.Name)
		lists = append(lists, st.arg(pq.Array(columns[i]), key.Type+"[]"))
	}
	return "(" + strings.Join(row, ", ") + ") IN (SELECT u." + strings.Join(names, ", u.") +
		" FROM unnest(" + strings.Join(lists, ", ") + ") u (" + strings.Join(names, ", ") + "))"
}

// between returns the conditions that the ends of a page are for a kind.
func (s *Source) between(st *statement, kind int, query *source.Query) ([]string, error) {
	var where []string
	for _, end := range []struct {
		bound *source.Bound
		op    string
	}{{query.After, ">"}, {query.Before, "<"}} {
		if end.bound == nil {
			continue
		}
		condition, err := s.beyond(st, kind, end.bound, end.op, query.Order)
		if err != nil {
			return nil, err
		}
		where = append(where, condition)
	}
	return where, nil
}

// beyond is true of residents of a kind after (">") or before ("<") an end of a page. All of one
// kind come before all of the next, where they have the same name.
func (s *Source) beyond(
	st *statement, kind int, at *source.Bound, op string, order source.Order,
) (string, error) {
	k, of := &s.kinds[kind], 0
	var values []string
	for ok := false; !ok; of++ {
		if of == len(s.kinds) {
			return "", fmt.Errorf("engine: %s: a position has no reference of the source", s.about.Name)
		}
		values, ok = s.kinds[of].Parse(at.SourceID)
	}
	of--
	isBeyond := (of < kind) == (op == ">")
	switch {
	case of != kind && order == source.ByID && isBeyond:
		return "true", nil
	case of != kind && order == source.ByID:
		return nobody, nil
	case at.Inclusive && of == kind, of != kind && isBeyond:
		op += "="
	}
	if of != kind {
		return k.NameKey + " " + op + " " + st.arg(at.NameKey, "text"), nil
	}
	if order == source.ByName {
		return k.compare(st, op, k.NameKey, append([]string{at.NameKey}, values...)), nil
	}
	return k.compare(st, op, "", values), nil
}

// selectResidents returns the text that reads what is wanted of the residents who fulfil every
// condition for their kind. Of each kind a page is cut by its own indexes, and the page of all out
// of those.
func (s *Source) selectResidents(
	st *statement, wanted source.Wanted, where [][]string, l listing,
) string {
	limit := ""
	if l.limit > 0 {
		limit = "\n\tLIMIT  " + st.arg(l.limit, "bigint")
	}
	rows := s.union(func(i int, k *Kind) string {
		return "SELECT " + strings.Join(s.columns(i, wanted, l), ", ") + "\n\tFROM   " + k.From +
			whereAll(where[i]) + l.orderBy("", k.keyNames()) + limit
	})
	keys := s.keyNames()
	if len(s.kinds) > 1 {
		keys = append([]string{"kind"}, keys...)
		rows += l.orderBy("", keys) + limit
	}
	columns := append([]string{"p.*"}, s.details(st, wanted)...)
	return "\n\tSELECT " + strings.Join(columns, ",\n\t       ") +
		"\n\tFROM   (" + rows + ") p" + l.orderBy("p.", keys)
}

// union returns one SELECT for every kind, put together where there are several.
func (s *Source) union(write func(i int, k *Kind) string) string {
	parts := make([]string, len(s.kinds))
	for i := range s.kinds {
		parts[i] = write(i, &s.kinds[i])
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "(" + strings.Join(parts, ")\n\tUNION  ALL\n\t(") + ")"
}

func whereAll(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return "\n\tWHERE  " + strings.Join(conditions, "\n\tAND    ")
}

func (k *Kind) keyNames() []string {
	names := make([]string, len(k.Key))
	for i, key := range k.Key {
		names[i] = key.Name
	}
	return names
}

// keyNames returns the names of the longest key of a kind.
func (s *Source) keyNames() []string {
	var longest []string
	for i := range s.kinds {
		if names := s.kinds[i].keyNames(); len(names) > len(longest) {
			longest = names
		}
	}
	return longest
}

// columns lists what is read of each row of a kind, the key first.
func (s *Source) columns(kind int, wanted source.Wanted, l listing) []string {
	k := &s.kinds[kind]
	var columns []string
	if len(s.kinds) > 1 {
		columns = append(columns, strconv.Itoa(kind)+" AS kind")
	}
	for i, name := range s.keyNames() {
		if i < len(k.Key) {
			columns = append(columns, as(k.Key[i].SQL, name))
		} else {
			columns = append(columns, as("NULL", name))
		}
	}
	switch {
	case k.Unrestricted != "":
		columns = append(columns, as("("+k.Unrestricted+") IS TRUE", "is_unrestricted"))
	case slices.ContainsFunc(s.kinds, func(k Kind) bool { return k.Unrestricted != "" }):
		columns = append(columns, as("false", "is_unrestricted"))
	}
	for i, c := range k.Columns {
		reads := func(k Kind) bool { return isRead(k.Columns[i].For, k.readable(wanted)) }
		switch {
		case reads(*k):
			columns = append(columns, as(k.guard(c.For, wanted, k.Unrestricted, c.SQL), c.Name))
		case slices.ContainsFunc(s.kinds, reads):
			columns = append(columns, as("NULL", c.Name))
		}
	}
	if l.limit > 0 && l.order == source.ByName {
		columns = append(columns, as(l.nameKey(k), "name_key"))
	}
	return columns
}

func as(sql, name string) string {
	if strings.HasSuffix(sql, "."+name) {
		return sql
	}
	return sql + " AS " + name
}

// details lists what is read of each resident on the page.
func (s *Source) details(st *statement, wanted source.Wanted) []string {
	var names []string
	ofKinds := make(map[string][]string)
	for i := range s.kinds {
		k := &s.kinds[i]
		readable := k.readable(wanted)
		for _, d := range k.Details {
			if !isRead(d.For, readable) {
				continue
			}
			sql := k.guard(d.For, wanted, "p.is_unrestricted", st.onDay(d.SQL(&readable)))
			if len(s.kinds) > 1 {
				sql = "WHEN " + strconv.Itoa(i) + " THEN " + sql
			}
			if ofKinds[d.Name] == nil {
				names = append(names, d.Name)
			}
			ofKinds[d.Name] = append(ofKinds[d.Name], sql)
		}
	}
	details := make([]string, len(names))
	for i, name := range names {
		sql := strings.Join(ofKinds[name], "\n\t       ")
		if len(s.kinds) > 1 {
			sql = "CASE p.kind " + sql + " END"
		}
		details[i] = as(sql, name)
	}
	return details
}

// readable is what is wanted, but for what the caller may know of no resident of the kind.
func (k *Kind) readable(wanted source.Wanted) source.Wanted {
	if k.Unrestricted == "" && !wanted.Leave.Restricted {
		wanted.Contacts = resident.NoContacts
		wanted.Facts &^= resident.LocatingFacts()
	}
	return wanted
}

// guard returns an expression that is null for restricted residents, where the caller may not know
// where they are and it is read for nothing else.
func (k *Kind) guard(purpose, wanted source.Wanted, unrestricted, sql string) string {
	if wanted.Leave.Restricted || k.Unrestricted == "" || purpose.IsEmpty() {
		return sql
	}
	harmless := purpose.Intersect(wanted)
	harmless.Contacts = resident.NoContacts
	harmless.Facts &^= resident.LocatingFacts()
	if !harmless.IsEmpty() {
		return sql
	}
	return "CASE WHEN " + unrestricted + " THEN " + sql + " END"
}

func isRead(purpose, wanted source.Wanted) bool {
	return purpose.IsEmpty() || !purpose.Intersect(wanted).IsEmpty()
}
