package engine_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/engine"
)

func TestList(t *testing.T) {
	t.Parallel()
	var list engine.List[int]
	if err := list.Scan([]byte(`[1, 2]`)); err != nil || !slices.Equal(list, []int{1, 2}) {
		t.Errorf("got %v and %v, want 1 and 2", list, err)
	}
	var none engine.List[int]
	if err := none.Scan(nil); err != nil || none != nil {
		t.Errorf("got %v and %v, want nothing", none, err)
	}
	for _, column := range []any{[]byte(`["secret"]`), []byte(`secret`), "secret", 7} {
		if err := list.Scan(column); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("got %v, want an error that tells nothing of the row", err)
		}
	}
}
