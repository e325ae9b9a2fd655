package web

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

// Documents are the documents that a deployment trusts: callers can send their IDs instead. None is
// added while the gateway runs. The zero value trusts none, and lets callers send any.
type Documents struct {
	byID   map[string]string // nil where none are trusted
	byHash map[string]string // SHA-256, in hex
	// only is whether callers may send no others, but those with the scope documents:any.
	only bool
}

// anyDocument is leave to send a document of one's own where others may not.
const anyDocument access.Scope = "documents:any"

// maxManifest is the largest manifest that is read, in bytes.
const maxManifest = 16 << 20

// ReadDocuments reads a manifest as client tools write it: Apollo's, with operations that have an
// id and a body; or an object of texts by their ids, as Relay and GraphQL Code Generator write it.
// With only, callers may send no other documents, unless they have the scope documents:any. A blank
// file is no manifest.
func ReadDocuments(file string, only bool) (*Documents, error) {
	d := &Documents{only: only, byHash: make(map[string]string)}
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

// A parsedRequest is what a request has, before documents are found by their IDs.
type parsedRequest struct {
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

// find puts the text of the document into a request, or returns why the gateway refuses the
// request. Apollo's clients know two messages, and send the text where they meet the first.
func (d *Documents) find(
	request *parsedRequest, caller *access.Caller,
) (*graph.Response, *httpError) {
	if request.Query == "" {
		if d.byID == nil {
			return refusedDocument("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported"), nil
		}
		text, known := d.byID[request.documentID]
		if request.sha256Hash != "" {
			text, known = d.byHash[request.sha256Hash]
		}
		if !known {
			return refusedDocument("PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound"), nil
		}
		request.Query = text
		return nil, nil
	}
	if request.sha256Hash == "" && !d.only {
		return nil, nil
	}
	hash := hexHash(request.Query)
	if request.sha256Hash != "" && request.sha256Hash != hash {
		return nil, badRequest("The document is not the one that its hash names")
	}
	if _, isTrusted := d.byHash[hash]; d.only && !isTrusted && !caller.Scopes.Has(anyDocument) {
		return refusedDocument(codeNotTrusted,
			"Only documents that this gateway trusts may be sent, or asked for by their ids"), nil
	}
	return nil, nil
}

func refusedDocument(code, message string) *graph.Response {
	return &graph.Response{Errors: gqlerror.List{{
		Message: message, Extensions: map[string]any{"code": code},
	}}}
}
