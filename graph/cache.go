package graph

import (
	linked "container/list" // list is what residents are on
	"sync"
)

const (
	// cachedDocuments is how many documents are kept, at most.
	cachedDocuments = 500
	// cachedWeight is about how much memory they take, at most, in bytes.
	cachedWeight = 32 << 20
)

// documents keeps those documents that were asked for last, by their text. It is safe for
// concurrent use.
type documents struct {
	mu     sync.Mutex
	byText map[string]kept
	recent *linked.List // of texts, with the last that was asked for in front
	weight int
}

type kept struct {
	*document
	at *linked.Element
}

func newDocuments() *documents {
	return &documents{byText: make(map[string]kept), recent: linked.New()}
}

// get returns the document of a text, or nil where it is not kept.
func (d *documents) get(text string) *document {
	d.mu.Lock()
	defer d.mu.Unlock()
	found, ok := d.byText[text]
	if !ok {
		return nil
	}
	d.recent.MoveToFront(found.at)
	return found.document
}

// add keeps a document, and gives up as many others as it must.
func (d *documents) add(text string, read *document) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.byText[text]; ok { // another has read it meanwhile
		return
	}
	d.byText[text] = kept{read, d.recent.PushFront(text)}
	d.weight += read.weight
	for d.recent.Len() > cachedDocuments || d.weight > cachedWeight {
		oldest, _ := d.recent.Remove(d.recent.Back()).(string)
		d.weight -= d.byText[oldest].weight
		delete(d.byText, oldest)
	}
}
