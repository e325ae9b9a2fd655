package sourcetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A source refuses every input field that it does not declare, by name: to ignore it would be to
// match everyone. The suite has an oracle for each that it declares.
func testRefusedFilters(t *testing.T, h Harness) {
	s := h.Open(t).Source
	population := everyone(t, s, source.ByID)
	about := s.About()
	refused := map[resident.FilterField]resident.Filter{
		"nobody": {Own: true, OwnSource: "NOBODY"}, // an input field that no source knows
	}
	if own := resident.OwnFilterField(about.Name); slices.Contains(about.FilterFields, own) {
		refused[own] = resident.Filter{Own: struct{}{}, OwnSource: about.Name} // of another type
	}
	for _, field := range about.FilterFields {
		if _, judged := oracles()[field]; !judged && field != resident.OwnFilterField(about.Name) {
			t.Errorf("%s: no filter has such a field", field)
		}
	}
	strange := strangers()
	for field := range resident.FilterFields() {
		if _, judged := oracles()[field]; !judged {
			t.Errorf("%s: the suite has no oracle for it", field)
		}
		if !slices.Contains(about.FilterFields, field) {
			refused[field] = strange[field]
		}
	}
	for field, filter := range refused {
		if given := filter.Given(); len(given) != 1 || given[0].Field != field {
			t.Fatalf("%s: got a filter of %v", field, given)
		}
		page, listErr := s.ListResidents(t.Context(),
			source.Query{Filter: filter, Order: source.ByID, Limit: len(population)})
		count, countErr := s.CountResidents(t.Context(), &filter, len(population))
		for _, err := range []error{listErr, countErr} {
			if resident.CodeOf(err) != resident.BadInput || !strings.Contains(err.Error(), string(field)) ||
				!strings.Contains(err.Error(), about.Title) {
				t.Errorf("%s: got %v, want an error of bad input that names it and %s",
					field, err, about.Title)
			}
		}
		if len(page.Residents) > 0 || count > 0 {
			t.Errorf("%s: got %d residents and count %d", field, len(page.Residents), count)
		}
	}
}

// strangers returns a filter of each input field by itself.
func strangers() map[resident.FilterField]resident.Filter {
	return map[resident.FilterField]resident.Filter{
		resident.FilterSourceID:    {SourceID: "31"},
		resident.FilterFirstName:   {FirstName: "ada"},
		resident.FilterLastName:    {LastName: "lovelace"},
		resident.FilterDateOfBirth: {DateOfBirth: &resident.Date{Year: 1970, Month: 1, Day: 2}},
		resident.FilterAgeGroup:    {AgeGroup: resident.Adult},
		resident.FilterNHSNumber:   {NHSNumber: "9990000018"},
		resident.FilterEmail:       {Email: "ada@example.com"},
		resident.FilterPhone:       {Phone: "7700900123"},
		resident.FilterAddress:     {Address: "road"},
		resident.FilterPostcode:    {Postcode: resident.Postcode{Outward: "E8"}},
		resident.FilterUPRN:        {UPRN: "9"},
	}
}
