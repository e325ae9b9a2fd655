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
	byID   map[string]string // nil where none are trusted
	byHash map[string]string // SHA-256, in hex
	// only is whether callers may send no others, but those with the scope documents:any.
	only bool
}

// anyDocument is leave to send a document of one's own where others may not.
const anyDocument access.Scope = "documents:any"

// maxManifest is the largest manifest that is read, in bytes.
const maxManifest = 16 << 20

// readDocuments reads a manifest as client tools write it: Apollo's, with operations that have an
// id and a body; or an object of texts by their ids, as Relay and GraphQL Code Generator write it.
func readDocuments(file string, only bool) (*documents, error) {
	d := &documents{only: only, byHash: make(map[string]string)}
	if file == "" {
		return d, nil
	}
	info, err := os.Stat(file)
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
	for id, text := range d.byID {
		if faults := graph.Validate(text); len(faults) > 0 {
			return nil, fmt.Errorf("the document %s does not fit the schema: %s", id, faults[0].Message)
		}
		d.byHash[hexHash(text)] = text
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

func hexHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// codeNotTrusted is the code of a document that a caller may not send.
const codeNotTrusted = "DOCUMENT_NOT_TRUSTED"

// find puts the text of the document into what is asked, or returns why it cannot be had. Apollo's
// clients know two messages, and send the text where they meet the first.
func (d *documents) find(a *asked, caller *access.Caller) (*graph.Response, refusal) {
	if a.Query == "" {
		if d.byID == nil {
			return refusedDocument("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"), refusal{}
		}
		text, known := d.byID[a.documentID]
		if a.sha256Hash != "" {
			text, known = d.byHash[a.sha256Hash]
		}
		if !known {
			return refusedDocument("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"), refusal{}
		}
		a.Query = text
		return nil, refusal{}
	}
	if a.sha256Hash == "" && !d.only {
		return nil, refusal{}
	}
	hash := hexHash(a.Query)
	if a.sha256Hash != "" && a.sha256Hash != hash {
		return nil, badRequest("The document is not the one that its hash names")
	}
	if _, isTrusted := d.byHash[hash]; d.only && !isTrusted && !caller.Scopes.Has(anyDocument) {
		return refusedDocument(codeNotTrusted,
			"Only documents that this gateway trusts may be sent, or asked for by their ids"), refusal{}
	}
	return nil, refusal{}
}

func refusedDocument(code, message string) *graph.Response {
	return &graph.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": code},
	}}}
}
