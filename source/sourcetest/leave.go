package sourcetest

import (
	"reflect"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// What may not be known without leave is withheld, listed and got by key, and nothing else is. Who
// may be found without leave is among testFilters.
func testWithheld(t *testing.T, h Harness) {
	s := h.Open(t).Source
	population := everyone(t, s, source.ByID)
	restricted, exDirectory := 0, 0
	for _, leave := range []resident.Leave{
		{}, {Restricted: true}, {ExDirectory: true}, {Restricted: true, ExDirectory: true},
		{Restricted: true, OptedOut: true}, resident.FullLeave(),
	} {
		wanted := source.Everything()
		wanted.Leave = leave
		listed := walk(t, s, source.Query{Order: source.ByID, Limit: 100, Wanted: wanted}, func() {})
		got, err := s.ResidentsByID(t.Context(), idsOf(population), wanted)
		if err != nil || len(listed) != len(population) {
			t.Fatalf("%+v: got %d of %d residents and %v", leave, len(listed), len(population), err)
		}
		for i, whole := range population {
			if whole.Restricted {
				restricted++
			}
			want := withheld(t, whole.Resident, leave)
			details, err := want.ContactDetails(nil, true)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range details {
				if d.ExDirectory {
					exDirectory++
				}
			}
			if !reflect.DeepEqual(listed[i].Resident, want) || !reflect.DeepEqual(got[i], want) {
				t.Errorf("%+v: resident %d is told more than may be known, or less", leave, i)
			}
		}
	}
	if restricted == 0 || (exDirectory == 0) != h.NoExDirectory {
		t.Errorf("got %d restricted and %d ex-directory: the data proves nothing",
			restricted, exDirectory)
	}
}

// withheld returns what may be told of a resident, and leaves the resident as they are.
func withheld(t *testing.T, r *resident.Resident, leave resident.Leave) *resident.Resident {
	t.Helper()
	told := *r
	details, err := r.ContactDetails(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	copies := make([]*resident.ContactDetail, len(details))
	for i, d := range details {
		c := *d
		copies[i] = &c
	}
	told.SetContactDetails(copies)
	told.Withhold(leave)
	return &told
}
