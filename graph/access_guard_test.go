package graph_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// The guard holds by itself, whatever a source and all that is between have let through.
func TestGuardByItself(t *testing.T) {
	t.Parallel()
	const (
		told, withheld = resident.Code(""), resident.Code("withheld")
		forbidden      = resident.Forbidden
	)
	unlisted, blind := but("residents:read"), but("restricted:read")
	restricted := &resident.Resident{Source: "MOSAIC", SourceID: "33", Restricted: true}
	ordinary := &resident.Resident{Source: "MOSAIC", SourceID: "31"}
	tests := map[string]struct {
		scopes []string
		field  string
		of     *resident.Resident
		want   resident.Code
	}{
		"property":                    {names("contact-details:read"), "Resident.uprn", ordinary, told},
		"property, restricted":        {blind, "Resident.uprn", restricted, withheld},
		"property, with leave":        {but(), "Resident.uprn", restricted, told},
		"details, restricted":         {blind, "Resident.contactDetails", restricted, withheld},
		"details, with leave":         {but(), "Resident.contactDetails", restricted, told},
		"name, restricted":            {names(), "Resident.fullName", restricted, told},
		"name, no scope":              {nil, "Resident.fullName", ordinary, forbidden},
		"NHS number, no scope":        {names(), "Resident.nhsNumber", ordinary, forbidden},
		"details, no scope":           {names(), "Resident.contactDetails", ordinary, forbidden},
		"value, no scope":             {names(), "ContactDetail.value", ordinary, forbidden},
		"postcode, no scope":          {names(), "PostalAddress.postcode", ordinary, forbidden},
		"number, no scope":            {names(), "PhoneNumber.asGiven", ordinary, forbidden},
		"record, no scope":            {but("mosaic:read"), "MosaicRecord.legacyId", ordinary, forbidden},
		"edges, no scope":             {unlisted, "ResidentConnection.edges", nil, forbidden},
		"count, no scope":             {unlisted, "ResidentConnection.totalCount", nil, forbidden},
		"cursor, no scope":            {unlisted, "ResidentEdge.cursor", nil, forbidden},
		"sources, which need none":    {nil, "Query.sources", nil, told},
		"what locates, below nobody":  {but(), "Resident.uprn", nil, resident.Internal},
		"residents in an odd form":    {but(), "ResidentConnection.nodes", nil, resident.Internal},
		"a resident in an odd form":   {but(), "Query.resident", nil, resident.Internal},
		"by reference, in an odd one": {but(), "Query.residentBySourceId", nil, resident.Internal},
	}
	database := newResidents(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			caller := &access.Caller{Scopes: access.ScopesOf(tt.scopes...)}
			on, field, _ := strings.Cut(tt.field, ".")
			value, err := g.Guarded(t.Context(), caller, on, field, tt.of, "a value")
			got := told
			switch {
			case err != nil:
				got = resident.CodeOf(err)
			case value == nil:
				got = withheld
			}
			if got != tt.want || got == forbidden && value != nil {
				t.Errorf("got %q with %v, want %q", got, value, tt.want)
			}
		})
	}
}

// A resident of whom there is no note in the ledger is not answered, however they came there.
func TestNobodyIsAnsweredUnnoted(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newResidents(t))
	one := &resident.Resident{Source: "MOSAIC", SourceID: "31"}
	for field, value := range map[string]any{
		"Query.resident":           one,
		"Query.residentBySourceId": one,
		"ResidentEdge.node":        one,
		"ResidentConnection.nodes": []*resident.Resident{nil, one},
	} {
		on, name, _ := strings.Cut(field, ".")
		_, err := g.Guarded(t.Context(), g.caller, on, name, nil, value)
		if err == nil || resident.CodeOf(err) != resident.Internal {
			t.Errorf("%s: got %v", field, err)
		}
	}
	var nobody *resident.Resident
	if _, err := g.Guarded(t.Context(), g.caller, "Query", "resident", nil, nobody); err != nil {
		t.Errorf("of nobody there is nothing to note: got %v", err)
	}
}
