package document

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	// maxCached is the number of documents that a Reader keeps.
	maxCached = 500
	// maxCachedWeight is about how much memory they take together, in bytes.
	maxCachedWeight = 32 << 20
)

// A Reader reads documents of one schema. It keeps the valid ones that callers sent last, and reads
// each of them once. It is safe for concurrent use.
type Reader struct {
	schema *ast.Schema

	mu     sync.Mutex
	cached *simplelru.LRU[string, *Document] // by text
	weight int
}

// NewReader returns a Reader of documents for a schema.
func NewReader(schema *ast.Schema) *Reader {
	r := &Reader{schema: schema}
	var err error
	if r.cached, err = simplelru.NewLRU(maxCached, r.evicted); err != nil {
		panic(err) // maxCached is positive
	}
	return r
}

// Read returns the document of a text, or every fault that was found in it. The faults suggest
// names of the schema only where suggestNames is set.
func (r *Reader) Read(text string, suggestNames bool) (*Document, gqlerror.List) {
	if d, isCached := r.get(text); isCached {
		return d, nil
	}
	d, faults := read(r.schema, text, suggestNames)
	if len(faults) > 0 {
		return nil, faults
	}
	r.add(text, d)
	return d, nil
}

func (r *Reader) get(text string) (*Document, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.cached.Get(text)
}

// add keeps a document, and gives up as many others as it must.
func (r *Reader) add(text string, d *Document) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cached.Contains(text) { // another request has read it meanwhile
		return
	}
	r.weight += d.weight
	r.cached.Add(text, d)
	for r.weight > maxCachedWeight {
		r.cached.RemoveOldest()
	}
}

// evicted is called with each document that the cache gives up.
func (r *Reader) evicted(_ string, d *Document) { r.weight -= d.weight }
