package housing_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/source/housing"
)

// Whatever a household is called, a reference is read as what it was written of, so no two are
// written alike; and nothing in it has a meaning in a URL.
func TestReferencesAreReadAsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		house := rapid.OneOf(
			rapid.StringOfN(rapid.RuneFrom([]rune("0129AZaz -/~%.:é")), 1, 10, -1),
			rapid.StringN(1, 10, -1),
		).Filter(func(s string) bool {
			return utf8.ValidString(s) && !strings.Contains(s, "\x00") && strings.TrimRight(s, " ") != ""
		}).Draw(rt, "house")
		house = strings.TrimRight(house, " ")
		person := rapid.Int64Range(0, 99).Draw(rt, "person")

		id := housing.Reference(house, person)
		gotHouse, gotPerson, ok := housing.Read(id)
		if !ok || gotHouse != house || gotPerson != person {
			rt.Errorf("%q, %d is written %q and read %q, %d, %t",
				house, person, id, gotHouse, gotPerson, ok)
		}
		if url.PathEscape(id) != id || url.QueryEscape(id) != id {
			rt.Errorf("%q is not safe in a URL", id)
		}
	})
}

// What is read as a reference is written as it was.
func FuzzReference(f *testing.F) {
	for _, seed := range []string{"0100001-1", "1~2f~A-23", "~20~1-1", "-", "~-1", "1-01", "~0~-1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if house, person, ok := housing.Read(id); ok && housing.Reference(house, person) != id {
			t.Errorf("%q is read as %q, %d", id, house, person)
		}
	})
}
