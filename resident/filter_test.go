package resident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

func TestGiven(t *testing.T) {
	t.Parallel()
	day := resident.Date{Year: 1970, Month: time.May, Day: 4}
	tests := map[string]struct {
		filter  resident.Filter
		want    []resident.FilterField
		locates bool
	}{
		"nothing": {resident.Filter{}, nil, false},
		"how others match": {
			resident.Filter{IncludeEnded: true, Leave: resident.FullLeave()}, nil, false,
		},
		"one": {
			resident.Filter{DateOfBirth: &day}, []resident.FilterField{resident.FilterDateOfBirth}, false,
		},
		"some": {
			resident.Filter{UPRN: "9", FirstName: "ada"},
			[]resident.FilterField{resident.FilterFirstName, resident.FilterUPRN}, true,
		},
		"half a postcode": {
			resident.Filter{Postcode: resident.Postcode{Outward: "E8"}},
			[]resident.FilterField{resident.FilterPostcode}, true,
		},
		"a source's own": {
			resident.Filter{Own: true, OwnSource: "HOUSING"}, []resident.FilterField{"housing"}, true,
		},
		"its own, of no source": {resident.Filter{Own: 7}, []resident.FilterField{"own"}, true},
	}
	for name, tt := range tests {
		var got []resident.FilterField
		for _, given := range tt.filter.Given() {
			got = append(got, given.Field)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
		if got := tt.filter.Locates(); got != tt.locates {
			t.Errorf("%s: locates %t, want %t", name, got, tt.locates)
		}
		if got := tt.filter.MatchesEveryone(); got != (len(tt.want) == 0) {
			t.Errorf("%s: matches everyone %t", name, got)
		}
	}
}
