package engine_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

// The rule for numbers in common is the same in SQL, for filters, and in Go, for what callers see.
func TestNumbersInCommon(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t)
	statement := `SELECT coalesce(` +
		engine.NumbersInCommon("gateway.digits($1::text)", "gateway.digits($2::text)") + `, false)`
	common, checked := 0, 0
	check := func(rt rapid.TB, a, b string) {
		var got bool
		if err := database.GetContext(t.Context(), &got, statement, a, b); err != nil {
			rt.Fatal(err)
		}
		if want := source.HaveNumberInCommon(a, b); got != want {
			rt.Fatalf("%q and %q: got %t, want %t", a, b, got, want)
		}
		checked++
		if got {
			common++
		}
	}
	for _, pair := range [][2]string{
		{"020 7946 0123", "+44 20 7946 0123"}, {"7946 0123", "020 7946 0123"}, {"946012", "946 012"},
		{"94601", "94601"}, {"", ""}, {"020 7946 0123 or 07700 900123", "7700900123"},
		{"0123", "020 7946 0123"},
	} {
		check(t, pair[0], pair[1])
		check(t, pair[1], pair[0])
	}
	rapid.Check(t, func(rt *rapid.T) {
		a := rapid.StringMatching(`[0-9 +]{0,24}`).Draw(rt, "a")
		b := rapid.StringMatching(`[0-9 ]{0,6}`).Draw(rt, "before")
		from := rapid.IntRange(0, len(a)).Draw(rt, "from")
		b += a[from:rapid.IntRange(from, len(a)).Draw(rt, "to")]
		check(rt, a, b+rapid.StringMatching(`[0-9 ]{0,6}`).Draw(rt, "after"))
	})
	if common == 0 || common == checked {
		t.Errorf("%d of %d have a number in common: the test proves nothing", common, checked)
	}
}
