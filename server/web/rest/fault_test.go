package rest_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// marked stands in what the tests send, to be looked for in what comes back.
const marked = "zq7marked"

// long is a value longer than anything a source holds.
func long() string { return strings.Repeat(marked, 100) }

// Each bad request to a list is told what is wrong, by the names of its parameters, and nothing
// else: not what it sent, nor anything of the inside.
func TestListFaults(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	tests := map[string]struct {
		query string
		want  []string // the parameters at fault, blank where it is none that is known
	}{
		"unknown":                    {marked + "=1", []string{""}},
		"unknown with a known value": {"firstName=ada", []string{""}},
		"unknown by letter case":     {"First_Name=ada", []string{""}},
		"unknown without a name":     {"=" + marked, []string{""}},
		"several unknown":            {marked + "=1&b=2&c=3", []string{""}},
		"unknown in UTF-8":           {"%E2%82%AC=" + marked, []string{""}},
		"unknown not in UTF-8":       {"%FF=" + marked, []string{""}},

		"broken percent":     {"last_name=" + marked + "%ZZ", []string{""}},
		"cut percent":        {"last_name=" + marked + "%4", []string{""}},
		"percent by itself":  {"last_name=100%&first_name=" + marked, []string{""}},
		"semicolon":          {"last_name=" + marked + ";first_name=b", []string{""}},
		"broken in the name": {"last%ZZname=" + marked, []string{""}},

		"blank limit":             {"limit=", []string{"limit"}},
		"limit of 0":              {"limit=0", []string{"limit"}},
		"limit of 101":            {"limit=101", []string{"limit"}},
		"limit of -1":             {"limit=-1", []string{"limit"}},
		"limit of 1.5":            {"limit=1.5", []string{"limit"}},
		"limit of 1e1":            {"limit=1e1", []string{"limit"}},
		"limit in hexadecimal":    {"limit=0x10", []string{"limit"}},
		"limit with a blank":      {"limit=+5", []string{"limit"}},
		"limit of a word":         {"limit=" + marked, []string{"limit"}},
		"limit beyond 64 bits":    {"limit=99999999999999999999", []string{"limit"}},
		"limit in other numerals": {"limit=%D9%A5", []string{"limit"}},
		"long limit":              {"limit=1" + strings.Repeat("0", 5000), []string{"limit"}},

		"blank cursor":         {"cursor=", []string{"cursor"}},
		"cursor of old":        {"cursor=0", []string{"cursor"}},
		"garbage for a cursor": {"cursor=" + marked, []string{"cursor"}},
		"cursor in UTF-8":      {"cursor=%E2%82%AC", []string{"cursor"}},
		"long cursor":          {"cursor=" + long(), []string{"cursor"}},

		"context flag of neither": {"context_flag=X", []string{"context_flag"}},
		"blank context flag":      {"context_flag=", []string{"context_flag"}},
		"context flag of a word":  {"context_flag=" + marked, []string{"context_flag"}},
		"context flag in full":    {"context_flag=ADULT", []string{"context_flag"}},

		"blank date":              {"date_of_birth=", []string{"date_of_birth"}},
		"date of a word":          {"date_of_birth=" + marked, []string{"date_of_birth"}},
		"part of a date":          {"date_of_birth=1984", []string{"date_of_birth"}},
		"date of old":             {"date_of_birth=29-02-1984", []string{"date_of_birth"}},
		"date of no year":         {"date_of_birth=1983-02-29", []string{"date_of_birth"}},
		"moment":                  {"date_of_birth=1984-02-29T00:00:00", []string{"date_of_birth"}},
		"long date":               {"date_of_birth=" + long(), []string{"date_of_birth"}},
		"half a postcode":         {"postcode=N1+6", []string{"postcode"}},
		"no postcode":             {"postcode=" + marked, []string{"postcode"}},
		"postcode among others":   {"postcode=E8+1DY+" + marked, []string{"postcode"}},
		"wild postcode":           {"postcode=%25", []string{"postcode"}},
		"name without a letter":   {"last_name='-'", []string{"last_name"}},
		"address without a digit": {"address=,+,", []string{"address"}},

		"two of the filter": {"postcode=N1+6&last_name=", []string{"last_name", "postcode"}},
		"two of the query":  {"context_flag=X&limit=0", []string{"context_flag", "limit"}},
		"of the query alone": {
			"postcode=E8&limit=0", []string{"limit"},
		},
		"of the query, then of the filter": {
			"postcode=" + marked + "&address=+&limit=0&" + marked + "=1&context_flag=X",
			[]string{"", "context_flag", "limit", "address", "postcode"},
		},
		"of the query and a date": {
			"date_of_birth=" + marked + "&limit=0", []string{"limit", "date_of_birth"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefused(t, s, "/residents?"+tt.query, tt.want)
		})
	}
}

// Whatever the parameter, some values are at fault.
func TestListFaultsOfEach(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	values := map[string]string{
		"blank": "", "a space": "+", "white space": "%09%0A%C2%A0", "not UTF-8": marked + "%FF",
		"half a letter": marked + "%E2%82", "a zero byte": marked + "%00", "zero": "%00", "long": long(),
	}
	for _, name := range []string{
		"first_name", "last_name", "date_of_birth", "postcode", "address", "mosaic_id", "context_flag",
		"cursor", "limit",
	} {
		for kind, value := range values {
			t.Run(name+" "+kind, func(t *testing.T) {
				t.Parallel()
				checkRefused(t, s, "/residents?"+name+"="+value, []string{name})
			})
		}
		t.Run(name+" twice", func(t *testing.T) {
			t.Parallel()
			query := "/residents?" + name + "=" + marked + "&" + name + "=" + marked
			checkRefused(t, s, query, []string{name})
			checkRefused(t, s, "/residents?"+name+"&"+name, []string{name})
		})
	}
}

// A cursor is good for the list that it is of, and for no other.
func TestListRefusesCursorsOfOthers(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	var all page
	s.get(t, "/residents?limit=1").want(t, 200, &all)
	cursor := *all.NextCursor

	middle := len(cursor) / 2
	tests := map[string]url.Values{
		"filtered":           {"cursor": {cursor}, "last_name": {"okafor"}},
		"filtered otherwise": {"cursor": {cursor}, "context_flag": {"A"}},
		"cut":                {"cursor": {cursor[:len(cursor)-1]}},
		"with more":          {"cursor": {cursor + "A"}},
		"with a blank":       {"cursor": {cursor + " "}},
		"with another half":  {"cursor": {cursor[middle:] + cursor[:middle]}},
		"the id of one":      {"cursor": {"mosaic:31"}},
	}
	for name, parameters := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkRefused(t, s, "/residents?"+parameters.Encode(), []string{"cursor"})
		})
	}
}

// checkRefused sees that a request is told of the parameters at fault, in that order, and nothing
// that it said itself.
func checkRefused(t *testing.T, s *service, target string, want []string) {
	t.Helper()
	a := s.get(t, target)
	var got problem
	a.want(t, 400, &got)
	if !slices.Equal(got.parameters(), want) {
		t.Errorf("got %q, want %q at fault: %s", got.parameters(), want, a.body)
	}
	if strings.Contains(string(a.body), marked) {
		t.Errorf("got %s, which says what was sent", a.body)
	}
	for name, values := range a.header {
		if strings.Contains(strings.Join(values, " "), marked) {
			t.Errorf("got %s: %s, which says what was sent", name, values)
		}
	}
}
