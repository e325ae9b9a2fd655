package web

import (
	"net/http"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// Purposes are what callers may state in X-Purpose. The zero value lets them state any purpose, or
// none.
type Purposes struct {
	// Allowed are the purposes that callers may state. Where there are none, callers may state
	// anything that access.IsName accepts.
	Allowed []string
	// Required reports whether requests for residents must state one.
	Required bool
}

// check refuses requests whose purpose is not allowed, and keeps that of others for the record of
// access.
func (p Purposes) check(r *http.Request) *httpError {
	given := r.Header.Values("X-Purpose")
	switch {
	case len(given) == 0 && !p.Required:
		return nil
	case len(given) == 1 && (slices.Contains(p.Allowed, given[0]) ||
		len(p.Allowed) == 0 && access.IsName(given[0])):
		requestInfoFromContext(r.Context()).purpose = given[0]
		return nil
	case len(p.Allowed) > 0:
		return badRequest("X-Purpose says what is asked for: one of " + strings.Join(p.Allowed, ", "))
	}
	return badRequest("X-Purpose says what is asked for, in up to 64 lower-case letters, digits," +
		" dots and dashes")
}
