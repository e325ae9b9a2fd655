package rest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"testing"
)

// walk reads a list to its end, and returns everyone in the order that they came in.
func walk(t *testing.T, s *service, parameters url.Values) []json.RawMessage {
	t.Helper()
	var all []json.RawMessage
	for pages := 0; ; pages++ {
		var got struct {
			Residents  []json.RawMessage
			NextCursor *string
		}
		s.get(t, "/residents?"+parameters.Encode()).want(t, 200, &got)
		all = append(all, got.Residents...)
		if got.NextCursor == nil {
			return all
		}
		if len(got.Residents) == 0 || pages > 1000 {
			t.Fatalf("page %d has %d residents and a next page", pages, len(got.Residents))
		}
		parameters.Set("cursor", *got.NextCursor)
	}
}

func idsOf(t *testing.T, residents []json.RawMessage) []int64 {
	t.Helper()
	ids := make([]int64, len(residents))
	for i, raw := range residents {
		var one struct {
			MosaicID int64 `json:",string"`
		}
		if err := json.Unmarshal(raw, &one); err != nil {
			t.Fatal(err)
		}
		ids[i] = one.MosaicID
	}
	return ids
}

// A walk through a list meets everyone once, in the order of their Mosaic IDs, whatever the limit.
func TestListMeetsEveryone(t *testing.T) {
	t.Parallel()
	database := newSample(t)
	s := newService(t, newGraph(t, database))
	tests := map[string]struct {
		parameters url.Values
		want       string // SQL
	}{
		"default limit":      {url.Values{}, `true`},
		"limit of 1":         {url.Values{"limit": {"1"}, "context_flag": {"C"}}, `context_flag = 'C'`},
		"limit of 3":         {url.Values{"limit": {"3"}}, `true`},
		"limit of 100":       {url.Values{"limit": {"100"}}, `true`}, // which divides 200 evenly
		"filtered":           {url.Values{"limit": {"7"}, "context_flag": {"a"}}, `context_flag = 'A'`},
		"filtered to nobody": {url.Values{"last_name": {"nobody of this name"}}, `false`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var want []int64
			query := `SELECT person_id FROM mosaic.dm_persons WHERE ` + tt.want + ` ORDER BY person_id`
			if err := database.SelectContext(t.Context(), &want, query); err != nil {
				t.Fatal(err)
			}
			if got := idsOf(t, walk(t, s, tt.parameters)); !slices.Equal(got, want) {
				t.Errorf("got %d residents, want %d", len(got), len(want))
			}
		})
	}
}

// limit may change from page to page: a cursor is of the list, not of the page.
func TestListLimitMayChange(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	var first, rest page
	s.get(t, "/residents?limit=2").want(t, 200, &first)
	if first.NextCursor == nil {
		t.Fatal("got no next page")
	}
	s.get(t, "/residents?limit=100&cursor="+url.QueryEscape(*first.NextCursor)).want(t, 200, &rest)
	got := append(first.ids(), rest.ids()...)
	if want := []string{"31", "32", "35", "36", "40", "41", "47"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rest.NextCursor != nil {
		t.Error("got a page after the last")
	}
}

// Nobody is told as an empty list and a null cursor, to the letter.
func TestListOfNobody(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	got := s.get(t, "/residents?last_name=nobody")
	if want := `{"residents":[],"nextCursor":null}`; got.status != 200 || string(got.body) != want {
		t.Errorf("got %d %s, want %s", got.status, got.body, want)
	}
}

// One resident is told alike in the list, by id and by Mosaic ID.
func TestListSaysWhatViewSays(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newSample(t)))
	var page struct{ Residents []json.RawMessage }
	s.get(t, "/residents?limit=100").want(t, 200, &page)
	for i, id := range idsOf(t, page.Residents) {
		for _, target := range []string{
			fmt.Sprintf("/residents/mosaic:%d", id), fmt.Sprintf("/residents/%d", id),
		} {
			got := s.get(t, target)
			if got.status != 200 || !bytes.Equal(got.body, page.Residents[i]) {
				t.Errorf("%s: got %d\n%s\nwant\n%s", target, got.status, got.body, page.Residents[i])
			}
		}
	}
	if len(page.Residents) != 100 {
		t.Errorf("got %d residents", len(page.Residents))
	}
}
