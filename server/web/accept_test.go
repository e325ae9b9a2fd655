package web

import (
	"net/http"
	"testing"
)

func TestAcceptedKind(t *testing.T) {
	t.Parallel()
	const older, newer, neither = plainJSON, graphqlJSON, ""
	tests := map[string]string{
		"":                                  older,
		" ":                                 older,
		"*/*":                               older,
		"application/*":                     older,
		"application/json":                  older,
		"application/graphql-response+json": newer,
		"Application/GraphQL-Response+JSON": newer,
		"text/html":                         neither,
		"text/*, image/png":                 neither,
		"application/xml":                   neither,

		// Liked alike.
		"application/json, application/graphql-response+json":              newer,
		"application/graphql-response+json, application/json":              newer,
		"application/graphql-response+json, */*":                           newer,
		"application/json, */*":                                            older,
		"text/html, application/xml;q=0.9, */*;q=0.8":                      older,
		"application/graphql-response+json;q=0.5, */*;q=0.5":               newer,
		"application/graphql-response+json;q=0.5, application/*":           older,
		"application/graphql-response+json, application/json;q=0.9":        newer,
		"application/graphql-response+json;q=0.8, application/json":        older,
		"application/json;q=0.5,application/graphql-response+json;q=0.501": newer,

		// What speaks most precisely counts.
		"application/json;q=0, */*":                                       newer,
		"application/graphql-response+json;q=0, application/json;q=0.001": older,
		"application/*;q=0, */*":                                          neither,
		"application/json;q=0":                                            neither,
		"*/*;q=0":                                                         neither,
		"*/*;q=0, application/json;q=0.1":                                 older,
		"*/*;q=0.1, application/*;q=0.2, application/json;q=0":            newer,

		// Charsets.
		"application/graphql-response+json; charset=utf-8, application/json; charset=utf-8": newer,
		`application/json; charset="UTF-8"`:                                                 older,
		"application/json; charset=iso-8859-1":                                              neither,

		// Qualities that are none.
		"application/json;q=2":          neither,
		"application/json;q=-1":         neither,
		"application/json;q=NaN":        neither,
		"application/json;q=1e-1":       neither,
		"application/json;q=0.1234":     neither,
		"application/json;q=":           neither,
		"application/json;q=1.000":      older,
		"application/json;q=x, */*":     older,
		"Zebedee, ,;, application/json": older,
		"application/json;q=1.;a=b":     older,
	}
	for accept, want := range tests {
		t.Run(accept, func(t *testing.T) {
			t.Parallel()
			if got := acceptedKind(http.Header{"Accept": {accept}}); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
	if got := acceptedKind(http.Header{}); got != older {
		t.Errorf("got %q of no header, want %q", got, older)
	}
	lines := http.Header{"Accept": {"text/html", "application/graphql-response+json"}}
	if got := acceptedKind(lines); got != newer {
		t.Errorf("got %q of a header in two lines, want %q", got, newer)
	}
}
