package graph_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// No text makes the way to its operation panic, or say more than is to be told.
func FuzzDocument(f *testing.F) {
	for _, request := range attacks() {
		if len(request.Query) < 64<<10 { // the largest are tried by TestAttacks
			f.Add(request.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		cost, faults := graph.Read(text, nil)
		if len(faults) == 0 && cost.Requested < 1 {
			t.Errorf("it costs %d", cost.Requested)
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.Extensions["code"] == nil {
				t.Errorf("got an error that helps nobody: %+v", fault)
			}
		}
	})
}

// No cursor that was not made here opens, and none makes it panic.
func FuzzCursor(f *testing.F) {
	for _, cursor := range []string{
		"", "A", "AAAA", "====", strings.Repeat("A", 38), strings.Repeat("_-", 1_000), "\x00", "é",
	} {
		f.Add("okafor", cursor)
	}
	secret := bytes.Repeat([]byte("key"), 11)
	f.Fuzz(func(t *testing.T, name, cursor string) {
		if graph.OpenCursor(secret, name, cursor) == nil {
			t.Errorf("it opened: %q", cursor)
		}
	})
}
