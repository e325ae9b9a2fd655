package web

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

func TestReadBody(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body string
		want parsedRequest
	}{
		"a query": {`{"query": "{ a }"}`, parsedRequest{Request: graph.Request{Query: "{ a }"}}},
		"all that there is": {
			`{"extensions": {"b": [1]}, "variables": {"c": [{"d": 1e2}, "\ud83d\ude00", null, true]},
				"operationName": "A", "query": "{ a }"}`,
			parsedRequest{Request: graph.Request{
				Query: "{ a }", OperationName: "A", Variables: map[string]any{
					"c": []any{map[string]any{"d": json.Number("1e2")}, "\U0001F600", nil, true},
				},
			}},
		},
		"null for what may be left out": {
			`{"query": "{ a }", "operationName": null, "variables": null, "extensions": null}`,
			parsedRequest{Request: graph.Request{Query: "{ a }"}},
		},
		"one name in two objects": {
			`{"query": "{ a }", "variables": {"query": {"query": 1}, "b": [{"c": 1}, {"c": 1}]}}`,
			parsedRequest{Request: graph.Request{Query: "{ a }", Variables: map[string]any{
				"query": map[string]any{"query": json.Number("1")},
				"b": []any{
					map[string]any{"c": json.Number("1")}, map[string]any{"c": json.Number("1")},
				},
			}}},
		},
		"what looks like more": {
			`{"query": "{ a } # \\ud800 \"query\": [[[", "operationName": "A,B\\"}`,
			parsedRequest{Request: graph.Request{
				Query: `{ a } # \ud800 "query": [[[`, OperationName: `A,B\`,
			}},
		},
		"as deep as may be": {
			`{"query": "{ a }", "extensions": {"a": ` + nested(maxNesting-2) + `}}`,
			parsedRequest{Request: graph.Request{Query: "{ a }"}},
		},
		"as many as may be": {
			`{"query": "{ a }", "extensions": {"a": [` + strings.Repeat("1,", maxValues-7) + `1]}}`,
			parsedRequest{Request: graph.Request{Query: "{ a }"}},
		},
		"a document's id": {`{"documentId": "a"}`, parsedRequest{documentID: "a"}},
		"a document's hash": {
			`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab"}}}`,
			parsedRequest{sha256Hash: "ab"},
		},
		"a hash with its document": {
			`{"query": "{ a }", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "ab"}}}`,
			parsedRequest{Request: graph.Request{Query: "{ a }"}, sha256Hash: "ab"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, fault := readBody([]byte(tt.body))
			if fault != "" || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v and %q, want %+v", got, fault, tt.want)
			}
		})
	}
}

func nested(depth int) string {
	return strings.Repeat("[", depth) + strings.Repeat("]", depth)
}

func TestBodyFaults(t *testing.T) {
	t.Parallel()
	with := func(variables string) string {
		return `{"query": "{ a }", "variables": ` + variables + `}`
	}
	tests := map[string]struct{ body, want string }{
		"nothing":                      {"", notJSON},
		"not whole":                    {`{"query": "{ a }`, notJSON},
		"not closed":                   {`{"query": "{ a }"`, notJSON},
		"closed twice":                 {`{"query": "{ a }"}}`, notJSON},
		"more after it":                {`{"query": "{ a }"} 1`, notJSON},
		"a comma too many":             {`{"query": "{ a }",}`, notJSON},
		"a name that is no text":       {with(`{1: 1}`), notJSON},
		"a mark of byte order":         {"\ufeff" + with(`{}`), notJSON},
		"a bare line end":              {with("{\"a\": \"\n\"}"), notJSON},
		"an escape that is none":       {with(`{"a": "\x"}`), notJSON},
		"a number that is none":        {with(`{"a": 01}`), notJSON},
		"NaN":                          {with(`{"a": NaN}`), notJSON},
		"a comment":                    {with(`{} /* */`), notJSON},
		"not UTF-8":                    {with("{\"a\": \"\xff\"}"), notUTF8},
		"half a letter in UTF-8":       {with("{\"a\": \"\xed\xa0\x80\"}"), notUTF8},
		"first half of a letter":       {with(`{"a": "\uD83D"}`), halfLetter},
		"second half of a letter":      {with(`{"a": "\uDE00"}`), halfLetter},
		"halves the wrong way round":   {with(`{"a": "\uDE00\uD83D"}`), halfLetter},
		"halves with a letter between": {with(`{"a": "\uD83Da\uDE00"}`), halfLetter},
		"a half and a whole letter":    {with(`{"a": "\uD83D\uD83D\uDE00"}`), halfLetter},
		"half a letter in a name":      {with(`{"\uD83D": 1}`), halfLetter},
		"half a letter behind others":  {with(`{"a": "\u0041\\\n\ud800"}`), halfLetter},
		"too deep":                     {nested(maxNesting + 1), tooDeep},
		"far too deep":                 {nested(100_000), tooDeep},
		"deep objects":                 {strings.Repeat(`{"a":`, 40_000), tooDeep},
		"deep, behind what is none":    {"}]" + nested(maxNesting+1), tooDeep},
		"too many values":              {"[" + strings.Repeat("[],", maxValues) + "1]", tooMany},
		"many names alike":             {"{" + strings.Repeat(`"a":1,`, maxNesting) + `"b":1}`, sameName},
		"a name twice":                 {`{"query": "{ a }", "query": "{ a }"}`, sameName},
		"a name twice, written apart":  {`{"query": "{ a }", "qu\u0065ry": "{ a }"}`, sameName},
		"a name twice, further in":     {with(`{"a": [{"b": {}, "c": 1, "b": 1}]}`), sameName},
		"a list":                       {`[]`, "is not an object"},
		"text":                         {`"query"`, "is not an object"},
		"null":                         {`null`, "has no query"},
		"no query":                     {`{}`, "has no query"},
		"query of null":                {`{"query": null}`, "has no query"},
		"blank":                        {`{"query": " \n"}`, "has no query"},
		"capitals":                     {`{"QUERY": "{ a }"}`, "not known"},
		"other letters for a k or s":   {`{"query": "{ a }", "variable\u017f": {}}`, "not known"},
		"another name":                 {`{"query": "{ a }", "filter": {}}`, "not known"},
		"query of a number":            {`{"query": 1}`, "a string for query"},
		"operationName of a list":      {`{"operationName": []}`, "a string for operationName"},
		"variables of text":            {with(`"{}"`), "an object for variables"},
		"variables of a list":          {with(`[]`), "an object for variables"},
		"extensions of false":          {`{"extensions": false}`, "an object for extensions"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, fault := readBody([]byte(tt.body)); !strings.Contains(fault, tt.want) {
				t.Errorf("got %q, want %q", fault, tt.want)
			}
		})
	}
	if !strings.Contains(tooDeep, strconv.Itoa(maxNesting)) ||
		!strings.Contains(tooMany, strconv.Itoa(maxValues)) {
		t.Error("a limit is told that is not the limit")
	}
}

// What is accepted means to us what it means to encoding/json, letter by letter, and whatever else
// is sent is told by a fixed text.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"query": "{ a }", "operationName": "A", "variables": {"b": [1, {}]}, "extensions": {}}`,
		`{"query": "{ a }", "query": 1}`, `{"query": "\ud83d\ude00\u0000\\ud800"}`, `{"query": "\ud800"}`,
		`{"QUERY": "{ a }", "query": "{ b }"}`, "{\"query\": \"\xff\"}", `[[[[`, `{"a":{"a":{"a":`,
		`{"query": "{ a }"} {}`, `{"query": "{ a }", "variables": [{"a": 1e999}]}`, nested(50),
		"\ufeff{}", `null`, `{]"`, `[}"`, `{"a":[}"b"`,
		`{"query": "a", "variables": {"a":-0, "b": 1E+2, "": "\/\b\f\n\r\t"}}`, `{"qu\u0065ry": "\""}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, fault := readBody(body)
		if fault != "" {
			if len(fault) > 120 || strings.Contains(fault, "\ufffd") {
				t.Errorf("got %q", fault)
			}
			return
		}
		if !json.Valid(body) || !utf8.Valid(body) {
			t.Errorf("%q is accepted", body)
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		var want map[string]any
		if err := decoder.Decode(&want); err != nil {
			t.Fatalf("%q is accepted, and then: %v", body, err)
		}
		name, _ := want["operationName"].(string)
		variables, _ := want["variables"].(map[string]any)
		if got.Query != want["query"] || got.OperationName != name ||
			!reflect.DeepEqual(got.Variables, variables) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		// encoding/json puts this letter in the place of what is none.
		written := bytes.Count(body, []byte("\ufffd")) +
			strings.Count(strings.ToLower(string(body)), `\ufffd`)
		if read := countIn(want, "\ufffd"); read > written {
			t.Errorf("%q is accepted, and has a letter mended", body)
		}
	})
}

// countIn counts a text in all the texts of a value.
func countIn(value any, text string) int {
	n := 0
	switch value := value.(type) {
	case string:
		n = strings.Count(value, text)
	case []any:
		for _, v := range value {
			n += countIn(v, text)
		}
	case map[string]any:
		for name, v := range value {
			n += countIn(name, text) + countIn(v, text)
		}
	}
	return n
}
