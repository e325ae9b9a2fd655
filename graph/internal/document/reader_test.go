package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
)

// read returns the variables of the first operation of a text, or the faults of either.
func read(text string, given map[string]any) (map[string]any, gqlerror.List) {
	d, faults := document.NewReader(graph.Schema()).Read(text, true)
	if len(faults) > 0 {
		return nil, faults
	}
	return d.Variables(d.Operations[0], given)
}

// A Reader keeps valid documents, up to a number and a weight, and gives up those that were sent
// longest ago.
func TestReaderKeepsDocuments(t *testing.T) {
	t.Parallel()
	r := document.NewReader(graph.Schema())
	read := func(text string) { _, _ = r.Read(text, true) }
	for range 3 {
		read("{ __typename }")
		read("{ refused }")
	}
	if documents, _ := r.Cached(); documents != 1 {
		t.Errorf("got %d documents, want 1", documents)
	}
	for i := range document.MaxCached + 10 {
		read(fmt.Sprintf("query Q%d { __typename }", i))
		read("{ __typename }")
	}
	if !r.IsCached("{ __typename }") || r.IsCached("query Q0 { __typename }") {
		t.Error("what is asked for all the time was given up for others")
	}
	if documents, _ := r.Cached(); documents != document.MaxCached {
		t.Errorf("got %d documents, want %d", documents, document.MaxCached)
	}
	for i := range 200 {
		read(fmt.Sprintf("query Q%d { __typename } #", i) + strings.Repeat(" ", 200_000))
	}
	if documents, weight := r.Cached(); documents < 100 || weight > document.MaxCachedWeight {
		t.Errorf("got %d documents of %d bytes, want at most %d bytes",
			documents, weight, document.MaxCachedWeight)
	}
}
