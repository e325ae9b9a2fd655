package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

type graphqlCase struct {
	method  string
	body    string
	headers []string
	status  int
	code    string // of the error
	kind    string // of the answer
}

// What GraphQL never sees is answered with the status and the words that HTTP has for it.
func TestGraphQLOverHTTP(t *testing.T) {
	t.Parallel()
	const query = `{"query": "{ __typename }"}`
	tests := map[string]graphqlCase{
		"as it should be": {
			"POST", query, []string{"Content-Type: application/json"}, 200, "", plainJSON,
		},
		"with a charset": {
			"POST", query, []string{"Content-Type: application/json; charset=UTF-8"}, 200, "", plainJSON,
		},
		"newer kind of answer": {
			"POST", query,
			[]string{"Content-Type: application/json", "Accept: application/graphql-response+json"},
			200, "", graphqlJSON,
		},
		"the kind that is liked best": {
			"POST", query, []string{
				"Content-Type: application/json",
				"Accept: application/json;q=0.5, application/graphql-response+json;q=0.9, text/html",
			}, 200, "", graphqlJSON,
		},
		"any kind": {
			"POST", query, []string{"Content-Type: application/json", "Accept: */*"}, 200, "", plainJSON,
		},
		"no kind that there is": {
			"POST", query, []string{"Content-Type: application/json", "Accept: text/html"},
			406, "NOT_ACCEPTABLE", plainJSON,
		},
		"with GET": {"GET", "", nil, 405, "METHOD_NOT_ALLOWED", plainJSON},
		"with PUT": {"PUT", query, []string{"Content-Type: application/json"},
			405, "METHOD_NOT_ALLOWED", plainJSON},
		"as a form": {
			"POST", "query={__typename}", []string{"Content-Type: application/x-www-form-urlencoded"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
		"as text": {"POST", query, []string{"Content-Type: text/plain"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON},
		"as nothing": {"POST", query, nil, 415, "UNSUPPORTED_MEDIA_TYPE", plainJSON},
		"in another charset": {
			"POST", query, []string{"Content-Type: application/json; charset=utf-16"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
		"not JSON":                  badJSON(`{"query": Zebedee`),
		"empty":                     badJSON(``),
		"a list":                    badJSON(`[{"query": "{ __typename }"}]`),
		"a string":                  badJSON(`"Zebedee"`),
		"null":                      badJSON(`null`),
		"no query":                  badJSON(`{"operationName": "Zebedee"}`),
		"blank":                     badJSON(`{"query": " "}`),
		"query of another type":     badJSON(`{"query": ["Zebedee"]}`),
		"variables of another type": badJSON(`{"query": "{ __typename }", "variables": ["Zebedee"]}`),
		"goes on":                   badJSON(`{"query": "{ __typename }"} Zebedee`),
		"goes on as JSON":           badJSON(`{"query": "{ __typename }"} {"query": "Zebedee"}`),
		"too large": {
			"POST", `{"query": "` + strings.Repeat(" ", maxBody) + `{ __typename }"}`,
			[]string{"Content-Type: application/json"}, 413, "BAD_REQUEST", plainJSON,
		},
		"invalid document, answered as of old": {
			"POST", `{"query": "{ Zebedee"}`, []string{"Content-Type: application/json"},
			200, "GRAPHQL_PARSE_FAILED", plainJSON,
		},
		"invalid document, in the newer kind": {
			"POST", `{"query": "{ zebedee }"}`,
			[]string{"Content-Type: application/json", "Accept: application/graphql-response+json"},
			400, "GRAPHQL_VALIDATION_FAILED", graphqlJSON,
		},
	}
	url, _ := newServer(t, newSample(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := send(t, newRequest(t, tt.method, url+"/graphql", tt.body, tt.headers...))
			if got.status != tt.status {
				t.Errorf("got status %d, want %d: %s", got.status, tt.status, got.body)
			}
			if want := tt.kind + "; charset=utf-8"; got.header.Get("Content-Type") != want {
				t.Errorf("got %q, want %q", got.header.Get("Content-Type"), want)
			}
			if tt.status == http.StatusMethodNotAllowed && got.header.Get("Allow") != "POST" {
				t.Errorf("got Allow %q, want POST", got.header.Get("Allow"))
			}
			var response struct {
				Data   json.RawMessage
				Errors []struct{ Extensions struct{ Code string } }
			}
			if err := json.Unmarshal([]byte(got.body), &response); err != nil {
				t.Fatal(err)
			}
			code := ""
			if len(response.Errors) > 0 {
				code = response.Errors[0].Extensions.Code
			}
			if code != tt.code {
				t.Errorf("got code %q, want %q", code, tt.code)
			}
			if tt.code != "" && strings.Contains(got.body, `"data"`) {
				t.Errorf("nothing was run, and yet there is data: %s", got.body)
			}
			if strings.Contains(got.body, "Zebedee") {
				t.Errorf("the answer repeats what was sent: %s", got.body)
			}
		})
	}
}

func badJSON(body string) graphqlCase {
	return graphqlCase{
		"POST", body, []string{"Content-Type: application/json"}, 400, "BAD_REQUEST", plainJSON,
	}
}
