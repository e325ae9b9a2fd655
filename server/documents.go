package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

// documents are those that a deployment trusts: they can be asked for by their ids. Nobody can add
// one while the gateway runs.
type documents struct {
	byID map[string]string // nil where none are trusted
	// only is whether callers may send no others, but those with the scope documents:any.
	only  bool
	texts map[[sha256.Size]byte]bool
}

// anyDocument is leave to send a document of one's own where others may not.
const anyDocument access.Scope = "documents:any"

// maxManifest is the largest manifest that is read, in bytes.
const maxManifest = 16 << 20

// readDocuments reads a manifest as client tools write it: Apollo's, with operations that have an
// id and a body; or an object of texts by their ids, as Relay and GraphQL Code Generator write it.
func readDocuments(file string, only bool) (*documents, error) {
	d := &documents{only: only, texts: make(map[[sha256.Size]byte]bool)}
	if file == "" {
		return d, nil
	}
	info, err := os.Stat(file) //nolint:gosec // the operator names it
	if err != nil {
		return nil, err
	}
	if info.Size() > maxManifest {
		return nil, fmt.Errorf("it is larger than %d bytes", maxManifest)
	}
	content, err := os.ReadFile(file) //nolint:gosec // likewise
	if err != nil {
		return nil, err
	}
	if d.byID, err = parseManifest(content); err != nil {
		return nil, err
	}
	for _, text := range d.byID {
		d.texts[sha256.Sum256([]byte(text))] = true
	}
	return d, nil
}

func parseManifest(content []byte) (map[string]string, error) {
	var apollo struct {
		Format     string `json:"format"`
		Operations []struct {
			ID   string `json:"id"`
			Body string `json:"body"`
		} `json:"operations"`
	}
	byID := make(map[string]string)
	if err := json.Unmarshal(content, &apollo); err == nil && apollo.Operations != nil {
		for _, operation := range apollo.Operations {
			byID[operation.ID] = operation.Body
		}
	} else if err := json.Unmarshal(content, &byID); err != nil {
		return nil, errors.New("it is neither an object of texts by their ids nor a manifest of Apollo's")
	}
	if len(byID) == 0 {
		return nil, errors.New("it has no document")
	}
	for id, text := range byID {
		if id == "" || text == "" {
			return nil, errors.New("it has a document without an id, or an id without a document")
		}
	}
	return byID, nil
}

// An asked is what a request has, before documents are found by their ids.
type asked struct {
	graph.Request
	documentID string // of a trusted document, as the draft of GraphQL over HTTP has it
	sha256Hash string // of one, or of Query, as Apollo's clients have it
}

// find puts the text of the document into what is asked, or returns why it cannot be had. Apollo's
// clients know two messages, and send the text where they meet the first.
func (d *documents) find(a *asked, caller *access.Caller) *graph.Response {
	id := a.documentID + a.sha256Hash // there is one of them at most
	switch {
	case id == "":
	case a.Query != "":
		sum := sha256.Sum256([]byte(a.Query))
		if a.sha256Hash != hex.EncodeToString(sum[:]) {
			return refusedDocument("BAD_REQUEST", "The document is not the one that its id or hash names")
		}
	case d.byID == nil:
		return refusedDocument("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")
	default:
		text, known := d.byID[id]
		if !known {
			return refusedDocument("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")
		}
		a.Query = text
		return nil
	}
	if d.only && !caller.Scopes.Has(anyDocument) && !d.texts[sha256.Sum256([]byte(a.Query))] {
		return refusedDocument("DOCUMENT_NOT_TRUSTED",
			"Only documents that this gateway trusts may be sent, or asked for by their ids")
	}
	return nil
}

func refusedDocument(code, message string) *graph.Response {
	return &graph.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": code},
	}}}
}
