package source_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Each kind of failure of one source, by each way of asking, leaves the others' answers as they
// are.
func TestPartialFailure(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		fail error
		hang bool
		want source.UnavailableReason
		code resident.Code
	}{
		"not loaded": {
			fail: resident.Errorf(resident.Unavailable, source.ErrNotLoaded, "Not loaded yet"),
			want: source.NotLoadedYet, code: resident.Unavailable,
		},
		"out of reach": {
			fail: resident.Errorf(resident.Unavailable, nil, "Gone"),
			want: source.Unreachable, code: resident.Unavailable,
		},
		"slow": {
			fail: resident.Errorf(resident.Timeout, nil, "Slow"),
			want: source.TooSlow, code: resident.Timeout,
		},
		"silent": {hang: true, want: source.TooSlow, code: resident.Timeout},
		"broken": {fail: errors.New("x"), want: source.FailedToAnswer, code: resident.Internal},
		"not by this": {
			fail: resident.Errorf(resident.BadInput, nil, "Not by this"),
			want: source.FilterNotSupported, code: resident.BadInput,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			well, ill := newShelf("A", []string{"X"}), newShelf("B", []string{"Y"})
			ill.set(tt.fail, tt.hang)
			l := limits()
			if tt.hang {
				l.Timeout = 50 * time.Millisecond
			}
			set := setOf(t, l, well, ill)
			check := func(asked string, err error) {
				t.Helper()
				fault, ok := errors.AsType[*source.Error](err)
				if !ok || fault.Source != "B" || fault.Reason() != tt.want ||
					resident.CodeOf(err) != tt.code {
					t.Errorf("%s: got %v, want %s of B", asked, err, tt.want)
				}
			}
			for _, order := range []source.Order{source.ByID, source.ByName} {
				query := source.ListQuery{
					Sources: []resident.SourceName{"B", "A"}, Order: order, Limit: 5,
					Wanted: func(resident.SourceName) source.Wanted { return source.Wanted{} },
				}
				page, err := set.ListResidents(t.Context(), query)
				if err != nil || !slices.Equal(idsOf(&page), []string{"a:7"}) || len(page.Missing) != 1 {
					t.Fatalf("got %v, missing %v, %v", idsOf(&page), page.Missing, err)
				}
				check("list", page.Missing[0])
				query.Sources = []resident.SourceName{"B"}
				_, err = set.ListResidents(t.Context(), query)
				check("list of it alone", err)
			}
			counted, err := set.CountResidents(t.Context(), []resident.SourceName{"A", "B"},
				&resident.Filter{}, 10)
			if err != nil || counted.Residents != 1 || len(counted.Missing) != 1 {
				t.Fatalf("got %v, %v", counted, err)
			}
			check("count", counted.Missing[0])
			found := set.ResidentsByKey(t.Context(), []source.Key{{"A", "7"}, {"B", "7"}, {"C", "7"}},
				func(resident.SourceName) source.Wanted { return source.Wanted{} })
			if found[0].Resident == nil || found[0].Err != nil || found[2] != (source.Found{}) {
				t.Errorf("got %v", found)
			}
			check("by key", found[1].Err)
			_, err = set.All()[1].Freshness(t.Context())
			check("freshness", err)
		})
	}
}

// A source that forgets to withhold tells nothing by it, by whatever way it is asked.
func TestForgetfulSource(t *testing.T) {
	t.Parallel()
	for _, leave := range []resident.Leave{{}, {Restricted: true}} {
		s := newShelf("A", []string{"X"}) // which withholds nothing
		s.people[0].Restricted, s.people[0].UPRN = true, new("1")
		set := setOf(t, limits(), s)
		wanted := func(resident.SourceName) source.Wanted { return source.Wanted{Leave: leave} }
		found := set.ResidentsByKey(t.Context(), []source.Key{{"A", "7"}}, wanted)
		if told := found[0].Resident.UPRN != nil; told != leave.Restricted {
			t.Errorf("by key: with %+v it is told: %t", leave, told)
		}
		s.people[0].UPRN = new("1")
		page, err := set.ListResidents(t.Context(), source.ListQuery{
			Sources: []resident.SourceName{"A"}, Order: source.ByID, Limit: 5, Wanted: wanted,
		})
		if err != nil || (page.Residents[0].UPRN != nil) != leave.Restricted {
			t.Errorf("in a list: with %+v got %v, %v", leave, page.Residents[0].UPRN, err)
		}
	}
}

// However many sources hang, a page of everyone takes as long as two of them do, and holds those
// whom the others have.
func TestSeveralHang(t *testing.T) {
	t.Parallel()
	for _, fromEnd := range []bool{false, true} {
		shelves := make([]*shelf, 5)
		for i, name := range []resident.SourceName{"A", "B", "C", "D", "E"} {
			shelves[i] = newShelf(name, []string{"X"})
			shelves[i].set(nil, name != "C")
		}
		l := limits()
		l.Timeout = 300 * time.Millisecond
		began := time.Now()
		page, err := setOf(t, l, shelves...).ListResidents(t.Context(), source.ListQuery{
			Sources: []resident.SourceName{"A", "B", "C", "D", "E"}, Order: source.ByID, Limit: 5,
			FromEnd: fromEnd,
			Wanted:  func(resident.SourceName) source.Wanted { return source.Wanted{} },
		})
		if err != nil || !slices.Equal(idsOf(&page), []string{"c:7"}) || len(page.Missing) != 4 {
			t.Errorf("got %v, missing %v, %v", idsOf(&page), page.Missing, err)
		}
		if took := time.Since(began); took > 3*l.Timeout {
			t.Errorf("it took %v, where one source has %v", took, l.Timeout)
		}
	}
}
