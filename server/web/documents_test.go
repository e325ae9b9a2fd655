package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// manifestOf returns the file of a manifest with these documents.
func manifestOf(t *testing.T, content any) string {
	t.Helper()
	encoded, err := json.Marshal(content)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "manifest.json")
	if err := os.WriteFile(file, encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const trusted = `query Sources { sources { name } }`

func apolloManifest(texts ...string) map[string]any {
	var operations []map[string]string
	for _, text := range texts {
		operations = append(operations, map[string]string{
			"id": hexHash(text), "body": text, "name": "Sources", "type": "query",
		})
	}
	return map[string]any{
		"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations,
	}
}

// A trusted document is asked for by its id or its hash, by POST and by GET, with its variables.
func TestTrustedDocuments(t *testing.T) {
	t.Parallel()
	const one = `query One($id: ID!) { resident(id: $id) { id } }`
	pool := newSample(t)
	server, _ := newServer(t, pool,
		documents(t, manifestOf(t, apolloManifest(trusted, one)), false))
	hash := func(text string) string {
		return `"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hexHash(text) + `"}}`
	}
	tests := map[string]struct{ body, want string }{
		"by its id":   {`{"documentId": "` + hexHash(trusted) + `"}`, `"MOSAIC"`},
		"by its hash": {`{` + hash(trusted) + `}`, `"MOSAIC"`},
		"with a name": {`{"operationName": "Sources", ` + hash(trusted) + `}`, `"MOSAIC"`},
		"with variables": {
			`{"variables": {"id": "mosaic:1000001"}, ` + hash(one) + `}`, `"mosaic:1000001"`,
		},
		"without them":      {`{` + hash(one) + `}`, `GRAPHQL_VALIDATION_FAILED`},
		"unknown":           {`{"documentId": "x"}`, `"PersistedQueryNotFound"`},
		"unknown hash":      {`{` + hash("{ a }") + `}`, `"PersistedQueryNotFound"`},
		"with its text":     {`{"query": "{ __typename }", ` + hash("{ __typename }") + `}`, `"Query"`},
		"with another text": {`{"query": "{ __typename }", ` + hash(trusted) + `}`, `BAD_REQUEST`},
		"id and text":       {`{"query": "{ a }", "documentId": "x"}`, `more than once`},
		"id and hash":       {`{"documentId": "x", ` + hash(trusted) + `}`, `more than once`},
		"no hash":           {`{"extensions": {"persistedQuery": {"version": 1}}}`, `sha256Hash`},
		"another version": {
			`{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}}`, `version 1`,
		},
		"a hash that is not": {
			`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 1}}}`, `sha256Hash`,
		},
		"an id that is none": {`{"documentId": 1}`, `documentId`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := webtest.Send(t, http.MethodPost, server+"/graphql", tt.body,
				"Content-Type: application/json")
			if !strings.Contains(got.Body, tt.want) {
				t.Errorf("POST: got %d %s, want %s", got.Status, got.Body, tt.want)
			}
			var members map[string]any
			if err := json.Unmarshal([]byte(tt.body), &members); err != nil {
				t.Fatal(err)
			}
			values := make(url.Values)
			for name, value := range members {
				text, isText := value.(string)
				if !isText {
					encoded, err := json.Marshal(value)
					if err != nil {
						t.Fatal(err)
					}
					text = string(encoded)
				}
				values.Set(name, text)
			}
			if name == "an id that is none" {
				return // in a URL it is one, of a document that is not known
			}
			got = webtest.Send(t, http.MethodGet, server+"/graphql?"+values.Encode(), "")
			if !strings.Contains(got.Body, tt.want) {
				t.Errorf("GET: got %d %s, want %s", got.Status, got.Body, tt.want)
			}
		})
	}
}

// Nobody can put a document in: what was sent with its hash is not known by it afterwards.
func TestDocumentsAreNotKept(t *testing.T) {
	t.Parallel()
	for name, manifest := range map[string]string{
		"some trusted": manifestOf(t, apolloManifest(trusted)),
		"none trusted": "",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, _ := newServer(t, newSample(t), documents(t, manifest, false))
			persisted := fmt.Sprintf(`"extensions": {"persistedQuery": {"version": 1, "sha256Hash": %q}}`,
				hexHash("{ __typename }"))
			ask := func(body string) string {
				return webtest.Send(t, http.MethodPost, server+"/graphql", body,
					"Content-Type: application/json").Body
			}
			with := ask(`{"query": "{ __typename }", ` + persisted + `}`)
			if !strings.Contains(with, "Query") {
				t.Errorf("with its text: got %s", with)
			}
			without := ask(`{` + persisted + `}`)
			if !strings.Contains(without, "PersistedQueryNot") {
				t.Errorf("without it: got %s", without)
			}
		})
	}
}

// Where only trusted documents may be asked, others may be sent by who has the scope for it alone;
// and REST, whose documents are the gateway's own, goes on.
func TestOnlyTrustedDocuments(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	server, _ := newServerFor(t, pool, byKeys(pool),
		documents(t, manifestOf(t, map[string]string{"md5-of-relay": trusted}), true))
	bound := webtest.NewKey(t, pool, access.ScopesOf("residents:read", "mosaic:read"))
	free := webtest.NewKey(t, pool, access.ScopesOf("residents:read", "mosaic:read", "documents:any"))
	tests := map[string]struct{ key, body, want string }{
		"its id": {bound, `{"documentId": "md5-of-relay"}`, `"MOSAIC"`},
		"its hash": {
			bound, `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "` + hexHash(trusted) +
				`"}}}`, `"MOSAIC"`,
		},
		"its id for a hash": {
			bound, `{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "md5-of-relay"}}}`,
			`"PersistedQueryNotFound"`,
		},
		"its text":            {bound, `{"query": "` + trusted + `"}`, `"MOSAIC"`},
		"nearly its text":     {bound, `{"query": "` + trusted + ` "}`, `DOCUMENT_NOT_TRUSTED`},
		"another":             {bound, `{"query": "{ __typename }"}`, `DOCUMENT_NOT_TRUSTED`},
		"another, with leave": {free, `{"query": "{ __typename }"}`, `"Query"`},
		"another, with its hash": {
			bound, `{"query": "{ __typename }", "extensions": {"persistedQuery":
				{"version": 1, "sha256Hash": "` + hexHash("{ __typename }") + `"}}}`, `DOCUMENT_NOT_TRUSTED`,
		},
		"another, not read": {bound, `{"query": "{ not even"}`, `DOCUMENT_NOT_TRUSTED`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := webtest.Send(t, http.MethodPost, server+"/graphql", tt.body,
				"Content-Type: application/json", tt.key)
			if !strings.Contains(got.Body, tt.want) {
				t.Errorf("got %d %s, want %s", got.Status, got.Body, tt.want)
			}
		})
	}
	got := webtest.Send(t, http.MethodGet, server+"/api/v1/residents/1000001", "", bound)
	if got.Status != http.StatusOK {
		t.Errorf("REST: got %d %s", got.Status, got.Body)
	}
}

func TestManifestFaults(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]any{
		"a list":                []string{"a"},
		"nothing in it":         map[string]string{},
		"no operation":          map[string]any{"format": "x", "operations": []string{}},
		"an id of nothing":      map[string]string{"a": ""},
		"a text of no id":       map[string]string{"": "{ a }"},
		"values of other kinds": map[string]int{"a": 1},
		"no GraphQL":            map[string]string{"a": "SELECT 1"},
		"not of this schema":    map[string]string{"a": "{ residents { nodes { password } } }"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := ReadDocuments(manifestOf(t, content), false); err == nil {
				t.Error("got no error")
			}
		})
	}
	if _, err := ReadDocuments(filepath.Join(t.TempDir(), "none"), false); err == nil {
		t.Error("a file that is not there: got no error")
	}
}
