package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

type graphqlCase struct {
	method  string
	body    string // of POST; of other methods it is the query string
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
		"with OPTIONS, as a browser asks first": {
			"OPTIONS", "", []string{
				"Origin: http://evil.example", "Access-Control-Request-Method: POST",
				"Access-Control-Request-Headers: content-type",
			}, 403, "CROSS_SITE", plainJSON,
		},
		"with DELETE": {"DELETE", "", nil, 405, "METHOD_NOT_ALLOWED", plainJSON},
		"with PUT":    {"PUT", "", nil, 405, "METHOD_NOT_ALLOWED", plainJSON},
		"as a form": {
			"POST", "query={__typename}", []string{"Content-Type: application/x-www-form-urlencoded"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
		"as text": {"POST", query, []string{"Content-Type: text/plain"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON},
		"as a form of parts": {
			"POST", query, []string{"Content-Type: multipart/form-data; boundary=a"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
		"as two kinds": {
			"POST", query, []string{"Content-Type: application/json", "Content-Type: text/plain"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
		"packed": {
			"POST", query, []string{"Content-Type: application/json", "Content-Encoding: gzip"},
			415, "UNSUPPORTED_MEDIA_TYPE", plainJSON,
		},
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
		"a name twice":              badJSON(`{"query": "{ __typename }", "query": "{ Zebedee }"}`),
		"half a letter":             badJSON(`{"query": "{ __typename } # \ud800 Zebedee"}`),
		"not UTF-8":                 badJSON("{\"query\": \"{ __typename } # \xff Zebedee\"}"),
		"in capitals":               badJSON(`{"QUERY": "{ __typename }"}`),
		"a misspelt name":           badJSON(`{"query": "{ __typename }", "Variables": {}}`),
		"deep":                      badJSON(strings.Repeat("[", 100_000)),
		"deep, and closed":          badJSON(strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000)),
		"goes on as JSON":           badJSON(`{"query": "{ __typename }"} {"query": "Zebedee"}`),
		"too large": {
			"POST", `{"query": "` + strings.Repeat(" ", 256<<10) + `{ __typename }"}`,
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
	checkGraphQL(t, tests)
}

// checkGraphQL sends each request, and looks at what every answer must have as well.
func checkGraphQL(t *testing.T, tests map[string]graphqlCase) {
	t.Helper()
	url, _ := newServer(t, newSample(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, body := url+"/graphql", tt.body
			if tt.method != http.MethodPost {
				target, body = target+"?"+tt.body, ""
			}
			got := webtest.Send(t, tt.method, target, body, tt.headers...)
			if got.Status != tt.status {
				t.Errorf("got status %d, want %d: %s", got.Status, tt.status, got.Body)
			}
			if want := tt.kind + "; charset=utf-8"; got.Header.Get("Content-Type") != want {
				t.Errorf("got %q, want %q", got.Header.Get("Content-Type"), want)
			}
			checkHeaders(t, got, tt.method)
			if tt.method == http.MethodHead {
				if got.Body != "" || got.Header.Get("Content-Length") == "" {
					t.Errorf("got %q with a length of %q", got.Body, got.Header.Get("Content-Length"))
				}
				return
			}
			var response struct {
				Data   json.RawMessage
				Errors []struct{ Extensions struct{ Code string } }
			}
			if err := json.Unmarshal([]byte(got.Body), &response); err != nil {
				t.Fatal(err)
			}
			code := ""
			if len(response.Errors) > 0 {
				code = response.Errors[0].Extensions.Code
			}
			if code != tt.code {
				t.Errorf("got code %q, want %q", code, tt.code)
			}
			if tt.code != "" && strings.Contains(got.Body, `"data"`) {
				t.Errorf("nothing was run, and yet there is data: %s", got.Body)
			}
			if strings.Contains(got.Body, "Zebedee") {
				t.Errorf("the answer repeats what was sent: %s", got.Body)
			}
		})
	}
}

// checkHeaders looks for what belongs to a status, and for what no answer may have or lack.
func checkHeaders(t *testing.T, got webtest.Answer, method string) {
	t.Helper()
	want := map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
	switch got.Status {
	case http.StatusMethodNotAllowed:
		want["Allow"] = "GET, HEAD, POST"
		if method == http.MethodGet {
			want["Allow"] = "POST"
		}
	case http.StatusUnsupportedMediaType:
		want["Accept"] = plainJSON
	case http.StatusRequestEntityTooLarge:
		want["Connection"] = "close"
	}
	for name, value := range want {
		if got.Header.Get(name) != value {
			t.Errorf("got %s %q, want %q", name, got.Header.Get(name), value)
		}
	}
	for name := range got.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			t.Errorf("got %s: other sites are allowed nothing", name)
		}
	}
}

// GET is answered as POST is, where it asks a query.
func TestGraphQLByGET(t *testing.T) {
	t.Parallel()
	const typename = "query=%7B__typename%7D"
	newer := []string{"Accept: " + graphqlJSON}
	tests := map[string]graphqlCase{
		"a query":           {"GET", typename, nil, 200, "", plainJSON},
		"in the newer kind": {"GET", typename, newer, 200, "", graphqlJSON},
		"HEAD":              {"HEAD", typename, nil, 200, "", plainJSON},
		"HEAD of a fault":   {"HEAD", "", nil, 400, "", plainJSON},
		"with variables": {
			"GET", "query=query($n:String!){__type(name:$n){name}}&variables=%7B%22n%22:%22Resident%22%7D",
			nil, 200, "", plainJSON,
		},
		"one operation of two": {
			"GET", "query=query+A{__typename}query+B{__typename}&operationName=B", nil, 200, "", plainJSON,
		},
		"blank parameters": {
			"GET", typename + "&operationName=&variables=&extensions=", nil, 200, "", plainJSON,
		},
		"null variables": {"GET", typename + "&variables=null", nil, 200, "", plainJSON},
		"extensions":     {"GET", typename + "&extensions={}", nil, 200, "", plainJSON},
		"a mutation":     {"GET", "query=mutation{a}", nil, 405, "METHOD_NOT_ALLOWED", plainJSON},
		"a mutation, by name": {
			"GET", "query=query+A{__typename}mutation+B{__typename}&operationName=B", newer,
			405, "METHOD_NOT_ALLOWED", graphqlJSON,
		},
		"a mutation behind a fragment": {
			"GET", "query=fragment+F+on+Mutation{__typename}mutation{...F}", nil,
			405, "METHOD_NOT_ALLOWED", plainJSON,
		},
		"a subscription": {
			"GET", "query=subscription{__typename}", nil, 405, "METHOD_NOT_ALLOWED", plainJSON,
		},
		"no document": {"GET", "query={Zebedee", newer, 400, "GRAPHQL_PARSE_FAILED", graphqlJSON},
		"none of two": {
			"GET", "query=query+A{__typename}query+B{__typename}&operationName=Zebedee", newer,
			400, "GRAPHQL_VALIDATION_FAILED", graphqlJSON,
		},
		"nothing":                      badURL(""),
		"a blank query":                badURL("query=%20"),
		"a query twice":                badURL(typename + "&" + typename),
		"another parameter":            badURL(typename + "&Zebedee=1"),
		"in capitals":                  badURL(typename + "&Variables={}"),
		"not UTF-8":                    badURL("query={__typename}%23%ff"),
		"a name that is not UTF-8":     badURL(typename + "&operationName=%ff"),
		"broken":                       badURL("query=%zz"),
		"with a semicolon":             badURL(typename + ";operationName=A"),
		"variables that are a list":    badURL(typename + "&variables=[]"),
		"variables that are text":      badURL(typename + "&variables=Zebedee"),
		"a variable twice":             badURL(typename + `&variables={"a":1,"a":2}`),
		"half a letter":                badURL(typename + `&variables={"a":"%5Cud800"}`),
		"variables that are deep":      badURL(typename + "&variables=" + strings.Repeat("[", 100)),
		"extensions that are a number": badURL(typename + "&extensions=1"),
		"no kind that there is": {
			"GET", typename, []string{"Accept: text/html"}, 406, "NOT_ACCEPTABLE", plainJSON,
		},
	}
	checkGraphQL(t, tests)
}

// In the newer kind the status says whose fault it is that there is no answer at all.
func TestStatusOfAnAnswer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		data string
		code any
		want int // in the newer kind
	}{
		"an answer":               {`{}`, nil, 200},
		"an answer with an error": {`{}`, resident.Internal, 200},
		"an answer of null":       {`null`, resident.Internal, 200},
		"the caller's fault":      {"", "GRAPHQL_VALIDATION_FAILED", 400},
		"our fault":               {"", resident.Internal, 500},
		"a source's":              {"", resident.Unavailable, 503},
		"too slow":                {"", resident.Timeout, 504},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := &graph.Response{Data: json.RawMessage(tt.data)}
			if tt.data == "" {
				response.Data = nil
			}
			if tt.code != nil {
				response.Errors = gqlerror.List{{Extensions: map[string]any{"code": tt.code}}}
			}
			if got := statusOf(response, graphqlJSON); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			if got := statusOf(response, plainJSON); got != http.StatusOK {
				t.Errorf("got %d in the older kind, want 200", got)
			}
		})
	}
}

// What an operation costs is told to who asks for it.
func TestWantCost(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		header string
		want   bool
	}{
		"asked for":      {"X-Want-Cost: 1", true},
		"not asked for":  {"X-Want-Cost: 0", false},
		"nothing is set": {"X-Other: 1", false},
	}
	url, _ := newServer(t, newSample(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := webtest.Send(t, "POST", url+"/graphql", `{"query": "{ __typename }"}`,
				"Content-Type: application/json", tt.header)
			if strings.Contains(got.Body, `"extensions":{"cost":`) != tt.want {
				t.Errorf("got %s", got.Body)
			}
		})
	}
}

func badURL(query string) graphqlCase {
	return graphqlCase{"GET", query, nil, 400, "BAD_REQUEST", plainJSON}
}

// What a browser sends for the page of another site is refused by every method: a page that cannot
// read an answer can still measure it.
func TestOtherSites(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		status  int
	}{
		"no browser":             {nil, 200},
		"our own page":           {[]string{"Sec-Fetch-Site: same-origin", "Origin: http://ours"}, 200},
		"typed by hand":          {[]string{"Sec-Fetch-Site: none"}, 200},
		"another site":           {[]string{"Sec-Fetch-Site: cross-site"}, 403},
		"a neighbour":            {[]string{"Sec-Fetch-Site: same-site"}, 403},
		"something else":         {[]string{"Sec-Fetch-Site: Zebedee"}, 403},
		"an older browser":       {[]string{"Origin: http://evil.example"}, 403},
		"an older browser, ours": {[]string{"Origin: http://ours"}, 200},
		"from nowhere":           {[]string{"Origin: null"}, 403},
		"another port":           {[]string{"Origin: http://127.0.0.1:1"}, 403},
	}
	url, _ := newServer(t, newSample(t))
	for name, tt := range tests {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			t.Run(name+" "+method, func(t *testing.T) {
				t.Parallel()
				body, query := `{"query": "{ __typename }"}`, ""
				if method != http.MethodPost {
					body, query = "", "?query={__typename}"
				}
				headers := []string{"Content-Type: application/json"}
				for _, header := range tt.headers {
					headers = append(headers, strings.ReplaceAll(header, "http://ours", url))
				}
				got := webtest.Send(t, method, url+"/graphql"+query, body, headers...)
				if got.Status != tt.status {
					t.Errorf("got %d %s, want %d", got.Status, got.Body, tt.status)
				}
				checkHeaders(t, got, method)
				if tt.status == http.StatusForbidden && method != http.MethodHead &&
					!strings.Contains(got.Body, `"CROSS_SITE"`) {
					t.Errorf("got %s", got.Body)
				}
			})
		}
	}
}

func badJSON(body string) graphqlCase {
	return graphqlCase{
		"POST", body, []string{"Content-Type: application/json"}, 400, "BAD_REQUEST", plainJSON,
	}
}
