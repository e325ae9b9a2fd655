package rest_test

import (
	"strings"
	"testing"
)

func TestView(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	tests := map[string]struct {
		id   string // as it is written in a path
		want int
	}{
		"an id":                     {"mosaic:31", 200},
		"an id with %3A":            {"mosaic%3A31", 200},
		"an id with %3a":            {"mosaic%3a31", 200},
		"a Mosaic ID":               {"31", 200},
		"a Mosaic ID, encoded":      {"%33%31", 200},
		"nobody's id":               {"mosaic:32000", 404},
		"nobody's Mosaic ID":        {"32000", 404},
		"a Mosaic ID with zeros":    {"0031", 404},
		"a Mosaic ID with a plus":   {"+31", 404},
		"a Mosaic ID with a blank":  {"31%20", 404},
		"a Mosaic ID below zero":    {"-31", 404},
		"beyond 64 bits":            {"99999999999999999999", 404},
		"an id beyond 64 bits":      {"mosaic:99999999999999999999", 404},
		"of a source that is not":   {"academy:31", 404},
		"a word":                    {marked, 404},
		"an id with a word":         {"mosaic:" + marked, 404},
		"an id with a colon more":   {"mosaic:31:" + marked, 404},
		"a contact detail's id":     {"mosaic:31:address:501", 404},
		"an encoded slash":          {marked + "%2F31", 404},
		"an id with a slash":        {"mosaic:31%2F" + marked, 404},
		"a slash by itself":         {"%2F", 404},
		"two encoded dots":          {"%2e%2e", 404},
		"letters beyond ASCII":      {"%E2%82%AC" + marked, 404},
		"letters beyond ASCII, raw": {"€" + marked, 404},
		"digits beyond ASCII":       {"%D9%A3%D9%A1", 404},
		"a percent sign":            {marked + "%25", 404},
		"a question mark":           {marked + "%3F", 404},
		"SQL":                       {"31'%20OR%20'1'='1", 404},
		"blanks":                    {"%20", 404},
		"very long":                 {long(), 404},
		"very long digits":          {strings.Repeat("9", 5000), 404},
		"a very long id":            {"mosaic:" + long(), 404},
		"an id in capitals":         {"MOSAIC:31", 400},
		"an id without its end":     {"mosaic:", 400},
		"an id without its source":  {":" + marked, 400},
		"a colon":                   {":", 400},
		"not UTF-8":                 {marked + "%FF", 400},
		"an id that is not UTF-8":   {"mosaic:31%FF", 400},
		"a zero byte":               {"31%00" + marked, 400},
		"an id with a zero byte":    {"mosaic:31%00", 400},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := "/residents/" + tt.id
			switch tt.want {
			case 200:
				var got struct{ ID, MosaicID string }
				s.get(t, target).want(t, 200, &got)
				if got.ID != "mosaic:31" || got.MosaicID != "31" {
					t.Errorf("got %+v", got)
				}
			case 400:
				checkRefused(t, s, target, []string{"id"})
			case 404:
				checkNotFound(t, s, target)
			}
		})
	}
}

// One resident is asked for without parameters, known or not.
func TestViewFaults(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	for _, query := range []string{
		"limit=5", "cursor=" + marked, marked, "=", "%ZZ", marked + "=%FF", "&",
	} {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			checkRefused(t, s, "/residents/31?"+query, []string{""})
			checkRefused(t, s, "/residents/32000?"+query, []string{""})
		})
	}
	if got := s.get(t, "/residents/31?"); got.status != 200 {
		t.Errorf("got %d for a question mark with nothing behind it", got.status)
	}
}

// What is no path of the contract is told so, as a problem.
func TestNothingHere(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	for _, path := range []string{
		"/", "/residents/", "/residents/31/", "/residents/31/" + marked, "/Residents", "/resident",
		"/" + marked, "/openapi.yaml/", "/openapi.json", "/healthcheck/ping", "/%FF" + marked,
		"/residents%2F31", "/residents/?last_name=" + marked,
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			checkNotFound(t, s, path)
		})
	}
}

func checkNotFound(t *testing.T, s *service, target string) {
	t.Helper()
	a := s.get(t, target)
	var got problem
	a.want(t, 404, &got)
	if len(got.Errors) > 0 || strings.Contains(string(a.body), marked) {
		t.Errorf("got %s", a.body)
	}
}
