package migrationtest

import "os"

// Rounds returns how often a test repeats what it does: few times, or all where the environment
// has TEST_ROUNDS=all, as make rounds does.
func Rounds(few, all int) int {
	if os.Getenv("TEST_ROUNDS") == "all" {
		return all
	}
	return few
}
