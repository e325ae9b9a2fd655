package graph_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// A detail by which a resident may not be contacted is told with leave alone, and finds them with
// leave alone; the record says which it was.
func TestAcrossOptedOut(t *testing.T) {
	t.Parallel()
	const (
		details = `{ resident(id: "housing:0500001-1") { contactDetails(types: [PHONE]) {
			value phone { e164 } isContactAllowed isPreferred withheld } } }`
		byPhone = `{ residents(filter: { phone: "07700 900456" }, sources: [HOUSING]) {
			nodes { id } totalCount { value } } }`
		byEmail = `{ residents(filter: { email: "ada.home@example.com" }, sources: [HOUSING]) {
			nodes { id } totalCount { value } } }`
		told = `{"resident":{"contactDetails":[{"value":"07700 900456",` +
			`"phone":{"e164":"+447700900456"},"isContactAllowed":false,"isPreferred":false,` +
			`"withheld":null}]}}`
		withheld = `{"resident":{"contactDetails":[{"value":null,"phone":null,` +
			`"isContactAllowed":false,"isPreferred":false,"withheld":"OPTED_OUT"}]}}`
		found  = `{"residents":{"nodes":[{"id":"housing:0500001-1"}],"totalCount":{"value":1}}}`
		nobody = `{"residents":{"nodes":[],"totalCount":{"value":0}}}`
	)
	full := newFewAcross(t)
	tests := map[string]struct {
		scopes          []string
		query, want     string
		shown, withheld bool // whether the record says so
	}{
		"told":                     {but(), details, told, true, false},
		"withheld":                 {but("opted-out:read"), details, withheld, false, true},
		"found by it":              {but(), byPhone, found, false, false},
		"not found by it":          {but("opted-out:read"), byPhone, nobody, false, false},
		"found by what is allowed": {but("opted-out:read"), byEmail, found, false, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			g := full.as(tt.scopes...)
			g.records.take()
			response := g.Execute(t.Context(), graph.Request{Query: tt.query})
			if len(response.Errors) > 0 || string(response.Data) != tt.want {
				t.Errorf("got %s and %v, want %s", response.Data, response.Errors, tt.want)
			}
			var shown, kept []string
			for _, record := range g.records.take() {
				for _, seen := range record.Seen {
					shown, kept = append(shown, seen.Shown...), append(kept, seen.Withheld...)
				}
			}
			is := func(s string) bool { return strings.HasSuffix(s, ":OPTED_OUT") }
			if slices.ContainsFunc(shown, is) != tt.shown || slices.ContainsFunc(kept, is) != tt.withheld {
				t.Errorf("the record has %v, and as withheld %v", shown, kept)
			}
		})
	}
}
