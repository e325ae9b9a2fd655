package sourcetest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Answers come in the order of the keys, a key twice is answered twice, and what there is not
// is nil.
func testGet(t *testing.T, h Harness) {
	s := h.Open(t).Source
	all := everyone(t, s, source.ByID)
	ids := idsOf(all)
	slices.Reverse(ids)
	asked := slices.Concat(h.NoSuchIDs, ids, h.NoSuchIDs, ids[:3])

	got, err := s.ResidentsByID(t.Context(), asked, source.Everything())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(asked) {
		t.Fatalf("got %d answers to %d keys", len(got), len(asked))
	}
	byID := make(map[string]*resident.Resident)
	for _, placed := range all {
		byID[placed.SourceID] = placed.Resident
	}
	for i, id := range asked {
		want := byID[id]
		if (got[i] == nil) != (want == nil) {
			t.Errorf("key %d: got nil %t, want nil %t", i, got[i] == nil, want == nil)
		}
		if !reflect.DeepEqual(got[i], want) {
			t.Errorf("key %d: a resident got by key differs from the same one listed", i)
		}
	}
	got, err = s.ResidentsByID(t.Context(), nil, source.Everything())
	if err != nil || len(got) != 0 {
		t.Errorf("no keys: got %d answers and %v, want none", len(got), err)
	}
}

// What is wanted alone is what it is when all is wanted, and what is not wanted is not there.
func testWanted(t *testing.T, h Harness) {
	s := h.Open(t).Source
	for _, whole := range everyone(t, s, source.ByID)[:60] {
		for fact := resident.Facts(1); fact <= resident.AllFacts; fact <<= 1 {
			got := get(t, s, whole.SourceID, source.Wanted{
				Facts: fact, Leave: resident.FullLeave(),
			})
			want := &resident.Resident{
				Source: whole.Source, SourceID: whole.SourceID, Restricted: whole.Restricted, Has: fact,
			}
			copyFact(want, whole.Resident, fact)
			if !reflect.DeepEqual(got, want) {
				t.Errorf("fact %b alone is not what it is among all, or is not alone", fact)
			}
		}
		for _, types := range []resident.ContactTypes{
			resident.Addresses, resident.Phones, resident.Emails, resident.AllContacts,
		} {
			for _, ended := range []bool{false, true} {
				got := get(t, s, whole.SourceID, source.Wanted{
					Contacts: types, IncludeEnded: ended, Leave: resident.FullLeave(),
				})
				wantDetails(t, got, whole.Resident, types, ended)
			}
		}
	}
}

func wantDetails(
	t *testing.T, got, whole *resident.Resident, types resident.ContactTypes, ended bool,
) {
	t.Helper()
	gotDetails, err := got.ContactDetails(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	all, err := whole.ContactDetails(nil, ended)
	if err != nil {
		t.Fatal(err)
	}
	var want []*resident.ContactDetail
	for _, d := range all {
		if types.Has(d.Type) {
			want = append(want, d)
		}
	}
	if len(gotDetails) != len(want) {
		t.Errorf("types %b, ended %t: got %d details, want %d", types, ended, len(gotDetails), len(want))
		return
	}
	for i := range want {
		if !reflect.DeepEqual(gotDetails[i], want[i]) {
			t.Errorf("types %b, ended %t: detail %d is not what it is among all", types, ended, i)
		}
	}
}

func get(t *testing.T, s Source, id string, wanted source.Wanted) *resident.Resident {
	t.Helper()
	got, err := s.ResidentsByID(t.Context(), []string{id}, wanted)
	if err != nil {
		t.Fatal(err)
	}
	return got[0]
}

func copyFact(to, from *resident.Resident, fact resident.Facts) {
	switch fact {
	case resident.FactFullName:
		to.FullName = from.FullName
	case resident.FactTitle:
		to.Title = from.Title
	case resident.FactFirstName:
		to.FirstName = from.FirstName
	case resident.FactLastName:
		to.LastName = from.LastName
	case resident.FactDateOfBirth:
		to.DateOfBirth = from.DateOfBirth
	case resident.FactDeceased:
		to.Deceased = from.Deceased
	case resident.FactGender:
		to.Gender = from.Gender
	case resident.FactNationality:
		to.Nationality = from.Nationality
	case resident.FactNHSNumber:
		to.NHSNumber = from.NHSNumber
	case resident.FactAgeGroup:
		to.AgeGroup = from.AgeGroup
	case resident.FactUPRN:
		to.UPRN = from.UPRN
	}
}

// What is in use comes before what has ended; at most one of a type is preferred, and it is in use;
// the property of a resident is that of the preferred address.
func testContactDetails(t *testing.T, h Harness) {
	seen := make(map[string]bool)
	kinds := make(map[resident.ContactType]int)
	for _, r := range everyone(t, h.Open(t).Source, source.ByID) {
		details, err := r.ContactDetails(nil, true)
		if err != nil {
			t.Fatal(err)
		}
		preferred := make(map[resident.ContactType]*resident.ContactDetail)
		ended := false
		for i, d := range details {
			kinds[d.Type]++
			if seen[d.ID] {
				t.Errorf("detail %d: its id is that of another", i)
			}
			seen[d.ID] = true
			if d.Current && ended {
				t.Errorf("detail %d: it is in use, and comes after one that is not", i)
			}
			ended = ended || !d.Current
			if d.Preferred && (preferred[d.Type] != nil || !d.Current) {
				t.Errorf("detail %d: it is preferred, beside another or though it has ended", i)
			}
			if d.Preferred {
				preferred[d.Type] = d
			}
			if (d.Address != nil) != (d.Type == resident.Address) ||
				(d.Phone != nil) != (d.Type == resident.Phone) {
				t.Errorf("detail %d: its parts are not those of %s", i, d.Type)
			}
			if d.Value != nil && *d.Value == "" {
				t.Errorf("detail %d: its value is blank and not nil", i)
			}
		}
		var want *string
		if a := preferred[resident.Address]; a != nil {
			want = a.Address.UPRN
		}
		if !reflect.DeepEqual(r.UPRN, want) {
			t.Errorf("the property of a resident is not that of the preferred address")
		}
	}
	if kinds[resident.Address] == 0 || kinds[resident.Phone] == 0 {
		t.Errorf("got %v: the data proves nothing", kinds)
	}
}
