package dbtest

import (
	"flag"
	"os"
	"strconv"
	"testing"
)

// Rounds returns how often a test repeats what it does, or how much it does it with: few times, or
// all where the environment has TEST_ROUNDS=all, as make rounds does.
func Rounds(few, all int) int {
	if os.Getenv("TEST_ROUNDS") == "all" {
		return all
	}
	return few
}

// AllRounds skips a test that tells nothing in few rounds, unless all are asked for.
func AllRounds(t testing.TB) {
	t.Helper()
	if Rounds(0, 1) == 0 {
		t.Skip("make rounds runs it")
	}
}

// drawFew sets how many draws each rapid.Check tries, in a package that has any. The flag
// -rapid.checks, which is read later, overrides it.
func drawFew() {
	if draws := flag.Lookup("rapid.checks"); draws != nil {
		_ = draws.Value.Set(strconv.Itoa(Rounds(25, 100)))
	}
}
