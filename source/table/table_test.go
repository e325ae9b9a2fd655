package table_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/table"
)

func TestList(t *testing.T) {
	t.Parallel()
	var list table.List[int]
	if err := list.Scan([]byte(`[1, 2]`)); err != nil || !slices.Equal(list, []int{1, 2}) {
		t.Errorf("got %v and %v, want 1 and 2", list, err)
	}
	var none table.List[int]
	if err := none.Scan(nil); err != nil || none != nil {
		t.Errorf("got %v and %v, want nothing", none, err)
	}
	for _, column := range []any{[]byte(`["secret"]`), []byte(`secret`), "secret", 7} {
		if err := list.Scan(column); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want an error that tells nothing of the row", err)
		}
	}
}

func TestStatement(t *testing.T) {
	t.Parallel()
	st := table.NewStatement(time.Date(2026, 3, 14, 23, 30, 0, 0, time.FixedZone("", -3_600)))
	got := []string{st.Arg(7, "bigint"), st.Today(), st.Part("50%"), st.Today()}
	if want := []string{"$1::bigint", "$2::date", "$3::text", "$2::date"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if want := []any{7, "2026-03-14", `%50\%%`}; !slices.Equal(st.Args, want) {
		t.Errorf("got %q, want %q", st.Args, want)
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		listing table.Listing
		want    string
	}{
		"by id":             {table.Listing{Order: source.ByID}, "id"},
		"by id, the end":    {table.Listing{Order: source.ByID, FromEnd: true}, "id DESC"},
		"by name":           {table.Listing{Order: source.ByName}, "name, id"},
		"by name, the end":  {table.Listing{Order: source.ByName, FromEnd: true}, "name DESC, id DESC"},
		"without any order": {table.Listing{}, "name, id"},
	}
	for name, tt := range tests {
		if got := tt.listing.Keys("name", "id"); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
}
