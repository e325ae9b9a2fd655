package access_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// Limits count a service by its name, so that its next key has no allowance of its own, and people
// by ID, so that two of one name have one each.
func TestLimitKey(t *testing.T) {
	t.Parallel()
	key := func(kind access.Kind, id, name string) string {
		return (&access.Caller{Kind: kind, ID: id, Name: name}).LimitKey()
	}
	if key(access.Service, "k1", "letters") != key(access.Service, "k2", "letters") {
		t.Error("a service is counted apart with its next key")
	}
	if key(access.Person, "p1", "Ada") == key(access.Person, "p2", "Ada") {
		t.Error("two people of one name are counted as one")
	}
	if key(access.Person, "x", "x") == key(access.Service, "x", "x") {
		t.Error("a person and a service are counted as one")
	}
}
