package main

import (
	"io"
	"strings"
	"testing"
)

// The tests run in the folder of the program, which is not the root of the repository.
func TestNewSourceIsRefused(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"from the root of the repository": {"new-source", "planning"},
		"<name>":                          {"new-source"},
	} {
		err := run(t.Context(), args, environment(), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want an error with %q", args, err, want)
		}
	}
}
