package engine

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A Filter says how residents are found by one input field.
type Filter struct {
	related *Related
	match   func(st *statement, value any) string
}

// Related are rows of other tables that residents are found by, such as their addresses. Filters in
// the same Related must match one and the same row.
type Related struct {
	// In is true of residents of whom a row fulfils {match}.
	In string
	// InUse is true of a row that is in use on {today}; blank where all are.
	InUse string
	// Disclosed stands for In where the caller lacks any of Needs: it passes over what the caller may
	// not find a resident by. Blank means that In serves everyone.
	Disclosed string
	Needs     resident.Leave
}

// In returns the filter for related rows.
func (f Filter) In(related *Related) Filter {
	f.related = related
	return f
}

// Contains matches rows of which a text, in the form that is searched, has the value in it.
func Contains(form string) Filter {
	return Filter{match: func(st *statement, value any) string {
		return form + " LIKE " + st.arg(source.LikePart(fmt.Sprint(value)), "text")
	}}
}

// Where matches rows that fulfil a condition on {value}, which is of a type of PostgreSQL.
func Where(condition, ofType string) Filter {
	return Filter{match: func(st *statement, value any) string {
		return strings.ReplaceAll(condition, "{value}", st.arg(fmt.Sprint(value), ofType))
	}}
}

// Code matches rows of which an expression is the source's own code for the value.
func Code(expression string, codes map[any]string) Filter {
	return Filter{match: func(_ *statement, value any) string {
		if code, ok := codes[value]; ok {
			return expression + " = '" + code + "'"
		}
		return nobody
	}}
}

// OnDay matches rows of which a column of timestamps is on the day. No row is on a day that stands
// for an unknown one (Day).
func OnDay(column string) Filter {
	return Filter{match: func(st *statement, value any) string {
		day, ok := value.(*resident.Date)
		if !ok || *day == unknownDay() {
			return nobody
		}
		from := st.arg(day.String(), "date")
		return column + " >= " + from + " AND " + column + " < " + from + " + 1"
	}}
}

// Postcode matches rows of which a column has the postcode, or its first half where only that is
// given.
func Postcode(column string) Filter {
	return Filter{match: func(st *statement, value any) string {
		postcode, _ := value.(resident.Postcode)
		condition := "gateway.postcode_outward(" + column + ") = " + st.arg(postcode.Outward, "text")
		if postcode.Inward != "" {
			condition += " AND gateway.postcode_inward(" + column + ") = " + st.arg(postcode.Inward, "text")
		}
		return condition
	}}
}

// unknownDay stands in every source for a day that is not known.
func unknownDay() resident.Date { return resident.Date{Year: 1900, Month: time.January, Day: 1} }

// Day returns the day of a timestamp. It returns nil for null, and for 1900-01-01, which stands for
// an unknown day.
func Day(t *time.Time) *resident.Date {
	if t == nil || resident.DateOf(*t) == unknownDay() {
		return nil
	}
	return new(resident.DateOf(*t))
}

// nobody is a condition that no resident fulfils.
const nobody = "false"

// conditions returns those that are all true of residents of a kind who match a filter.
func (s *Source) conditions(st *statement, k *Kind, f *resident.Filter) ([]string, error) {
	var where []string
	if k.Where != "" {
		where = append(where, k.Where)
	}
	var related []*Related // in the order of their first input field
	matches := make(map[*Related][]string)
	isGuarded := f.Leave.Restricted
	own, err := s.ownCondition(k, f)
	if err != nil {
		return nil, err // also where the caller would find nobody
	}
	for _, given := range f.Given() {
		if given.Locates && !isGuarded {
			isGuarded = true
			if k.Unrestricted == "" {
				// The rest would add parameters that stand nowhere, which PostgreSQL refuses.
				return append(where, nobody), nil
			}
			where = append(where, k.Unrestricted)
		}
		switch filter, ok := k.Filters[given.Field]; {
		case given.Field == resident.FilterSourceID:
			where = append(where, k.hasReference(st, f.SourceID))
		case given.Field == s.ownField() && k.Own != nil:
			where = append(where, st.onDay(own))
		case !ok:
			return append(where, nobody), nil
		case filter.related == nil:
			where = append(where, filter.match(st, given.Value))
		default:
			if !slices.Contains(related, filter.related) {
				related = append(related, filter.related)
			}
			matches[filter.related] = append(matches[filter.related], filter.match(st, given.Value))
		}
	}
	for _, r := range related {
		where = append(where, r.condition(st, matches[r], f))
	}
	return where, nil
}

// ownCondition returns what the input field of this source alone asks for; blank where it is not
// given.
func (s *Source) ownCondition(k *Kind, f *resident.Filter) (string, error) {
	if f.Own == nil || k.Own == nil || f.OwnSource != s.about.Name {
		return "", nil
	}
	condition, ok := k.Own(f.Own)
	if !ok {
		return "", s.about.Refuse(s.ownField())
	}
	return condition, nil
}

func (r *Related) condition(st *statement, matches []string, f *resident.Filter) string {
	if r.InUse != "" && !f.IncludeEnded {
		matches = append(matches, r.InUse)
	}
	in := r.In
	if r.Disclosed != "" && !f.Leave.Covers(r.Needs) {
		in = r.Disclosed
	}
	return st.onDay(strings.ReplaceAll(in, "{match}", strings.Join(matches, " AND ")))
}

// hasReference is true of the resident of a reference.
func (k *Kind) hasReference(st *statement, sourceID string) string {
	values, ok := k.Parse(sourceID)
	if !ok {
		return nobody
	}
	condition := k.compare(st, "=", "", values)
	if k.Check != "" {
		condition += " AND " + k.Check + " = " + st.arg(values[len(k.Key)], "text")
	}
	return condition
}

// compare compares the key of a row, behind an expression where there is one, with values.
func (k *Kind) compare(st *statement, op, expression string, values []string) string {
	var row, than []string
	if expression != "" {
		row, than = []string{expression}, []string{st.arg(values[0], "text")}
		values = values[1:]
	}
	for i, key := range k.Key {
		row, than = append(row, key.SQL), append(than, st.arg(values[i], key.Type))
	}
	if len(row) == 1 {
		return row[0] + " " + op + " " + than[0]
	}
	return "(" + strings.Join(row, ", ") + ") " + op + " (" + strings.Join(than, ", ") + ")"
}

// NumbersInCommon returns the SQL for source.HaveNumberInCommon of two expressions that are digits:
// a run of 9 in both, or, where one has 6 to 8 digits, all of it in the other.
func NumbersInCommon(a, b string) string {
	const run, local = 9, 6
	short := func(short, long string) string {
		return "length(" + short + ") BETWEEN " + strconv.Itoa(local) + " AND " + strconv.Itoa(run-1) +
			" AND " + long + " LIKE '%' || " + short + " || '%'"
	}
	return `(EXISTS (
			SELECT FROM generate_series(1, length(` + a + `) - ` + strconv.Itoa(run-1) + `) AS at
			WHERE  ` + b + ` LIKE '%' || substr(` + a + `, at, ` + strconv.Itoa(run) + `) || '%')
			OR ` + short(b, a) + `
			OR ` + short(a, b) + `)`
}
