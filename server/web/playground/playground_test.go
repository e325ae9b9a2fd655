package playground_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/LBHackney-IT/resident-gateway/server/web/playground"
)

const wantPolicy = "default-src 'none'; script-src 'self'; " +
	"style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; " +
	"connect-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func TestHandlerServesThePageAndItsAssets(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path         string // what comes before the hash and after it
		ext          string
		contentType  string
		cacheControl string
	}{
		"page":      {"/", "", "text/html; charset=utf-8", "no-cache"},
		"react":     {asset("react.production.min"), ".js", script, immutable},
		"react-dom": {asset("react-dom.production.min"), ".js", script, immutable},
		"graphiql":  {asset("graphiql.min"), ".js", script, immutable},
		"own code":  {asset("playground"), ".js", script, immutable},
		"styles":    {asset("graphiql"), ".css", styles, immutable},
		"own style": {asset("playground"), ".css", styles, immutable},
		"icon":      {asset("icon"), ".svg", "image/svg+xml", immutable},
		"licences":  {asset("licences"), ".txt", "text/plain; charset=utf-8", immutable},
	}
	named := assetPaths(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := tt.path
			if tt.ext != "" {
				path = find(t, named, tt.path, tt.ext)
			}
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				res := ask(method, path)
				if res.Code != http.StatusOK {
					t.Fatalf("%s %s: got %d, want 200", method, path, res.Code)
				}
				check(t, res, "Content-Type", tt.contentType)
				check(t, res, "Cache-Control", tt.cacheControl)
				if got := res.Body.Len() > 0; got != (method == http.MethodGet) {
					t.Errorf("%s %s: got a body %t", method, path, got)
				}
			}
		})
	}
	if got, want := len(named), len(tests)-1; got != want {
		t.Errorf("the page names %d assets, of which %d are tested: %q", got, want, named)
	}
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path string
		want         int
	}{
		"posting the page":     {http.MethodPost, "/", http.StatusMethodNotAllowed},
		"deleting the page":    {http.MethodDelete, "/", http.StatusMethodNotAllowed},
		"options":              {http.MethodOptions, "/", http.StatusMethodNotAllowed},
		"another path":         {http.MethodGet, "/residents", http.StatusNotFound},
		"another asset":        {http.MethodGet, "/playground/other.js", http.StatusNotFound},
		"an asset of before":   {http.MethodGet, "/playground/icon.0.svg", http.StatusNotFound},
		"an asset, no hash":    {http.MethodGet, "/playground/icon.svg", http.StatusNotFound},
		"the folder of assets": {http.MethodGet, "/playground/", http.StatusNotFound},
		"a template":           {http.MethodGet, "/playground/index.html", http.StatusNotFound},
		"a way out":            {http.MethodGet, "/playground/../x", http.StatusNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := ask(tt.method, tt.path)
			if res.Code != tt.want {
				t.Errorf("%s %s: got %d, want %d", tt.method, tt.path, res.Code, tt.want)
			}
			if tt.want == http.StatusMethodNotAllowed {
				check(t, res, "Allow", "GET, HEAD")
			}
			check(t, res, "Content-Security-Policy", wantPolicy)
		})
	}
}

func TestHandlerSecuresEveryAnswer(t *testing.T) {
	t.Parallel()
	for _, path := range append(assetPaths(t), "/", "/playground/none") {
		res := ask(http.MethodGet, path)
		check(t, res, "Content-Security-Policy", wantPolicy)
		check(t, res, "Cross-Origin-Opener-Policy", "same-origin")
		check(t, res, "Cross-Origin-Resource-Policy", "same-origin")
		check(t, res, "Referrer-Policy", "no-referrer")
		check(t, res, "X-Content-Type-Options", "nosniff")
		if !strings.Contains(res.Header().Get("Permissions-Policy"), "geolocation=()") {
			t.Errorf("%s: got Permissions-Policy %q", path, res.Header()["Permissions-Policy"])
		}
	}
}

// Whatever could make a browser ask another host begins so.
var elsewhere = regexp.MustCompile(`(?i)(https?:|wss?:|["'(=]\s*)//[^\s"')]*`)

func TestNothingNamesAnotherHost(t *testing.T) {
	t.Parallel()
	named := assetPaths(t)
	tests := map[string]string{
		"page":      "/",
		"own code":  find(t, named, asset("playground"), ".js"),
		"own style": find(t, named, asset("playground"), ".css"),
		"styles":    find(t, named, asset("graphiql"), ".css"),
		"icon":      find(t, named, asset("icon"), ".svg"),
	}
	for name, path := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := ask(http.MethodGet, path).Body.String()
			for _, found := range elsewhere.FindAllString(body, -1) {
				if found != "http://www.w3.org/2000/svg" { // a name, which nothing asks
					t.Errorf("got %q", found)
				}
			}
		})
	}
}

func TestThePageHasNoScriptInIt(t *testing.T) {
	t.Parallel()
	page := ask(http.MethodGet, "/").Body.String()
	for _, tag := range regexp.MustCompile(`<script[^>]*>`).FindAllString(page, -1) {
		if !strings.Contains(tag, " src=") && !strings.Contains(tag, `type="application/json"`) {
			t.Errorf("got %s", tag)
		}
	}
	if found := regexp.MustCompile(`(?i)\s(on\w+|style)=|<style`).FindString(page); found != "" {
		t.Errorf("got %q, which the policy refuses", found)
	}
}

func TestThePageHoldsItsSettings(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"as it is":        "/graphql",
		"below a path":    "/gateway/graphql",
		"markup":          "/</script><script>alert(1)</script>",
		"quotes and such": `/"'&\`,
	}
	for name, endpoint := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := httptest.NewRecorder()
			req := httptest.NewRequest(http.MethodGet, "/", nil)
			playground.Handler(endpoint).ServeHTTP(res, req)

			_, rest, _ := strings.Cut(res.Body.String(), `id="settings">`)
			block, _, _ := strings.Cut(rest, "</script>")
			var got struct {
				Endpoint string
				Examples []playground.Example
			}
			if err := json.Unmarshal([]byte(block), &got); err != nil {
				t.Fatalf("settings: %v", err)
			}
			if got.Endpoint != endpoint {
				t.Errorf("got endpoint %q, want %q", got.Endpoint, endpoint)
			}
			if got, want := len(got.Examples), len(playground.Examples()); got != want {
				t.Errorf("got %d examples, want %d", got, want)
			}
		})
	}
}

func TestThePageTellsWhatItIs(t *testing.T) {
	t.Parallel()
	page := ask(http.MethodGet, "/").Body.String()
	for _, want := range []string{
		`<html lang="en-GB">`, "<title>Resident Gateway playground</title>", "<main ",
		"<noscript>", `curl "$GATEWAY/graphql"`, `name="viewport"`,
		`href="/api/v1/openapi.yaml"`, `href="/readyz"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in the page", want)
		}
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, example := range playground.Examples() {
		if names[example.Name] {
			t.Errorf("got %s twice", example.Name)
		}
		names[example.Name] = true
		t.Run(example.Name, func(t *testing.T) {
			t.Parallel()
			doc, err := parser.ParseQuery(&ast.Source{Name: example.Name, Input: example.Query})
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Operations) != 1 || doc.Operations[0].Name == "" {
				t.Fatalf("got %d operations, want one with a name", len(doc.Operations))
			}
			if !strings.HasPrefix(example.Query, "# ") {
				t.Error("no comment says what it is for")
			}
			checkVariables(t, example, doc.Operations[0].VariableDefinitions)
		})
	}
	for _, want := range []string{"residents", "resident", "search", "sources", "next-page"} {
		if !names[want] {
			t.Errorf("no example %s", want)
		}
	}
}

func checkVariables(
	t *testing.T, example playground.Example, declared ast.VariableDefinitionList,
) {
	t.Helper()
	given := map[string]any{}
	if example.Variables != nil {
		if err := json.Unmarshal(example.Variables, &given); err != nil {
			t.Fatalf("variables: %v", err)
		}
	}
	for _, variable := range declared {
		if _, ok := given[variable.Variable]; !ok {
			t.Errorf("no value for $%s", variable.Variable)
		}
	}
	if len(given) != len(declared) {
		t.Errorf("got %d values for %d variables", len(given), len(declared))
	}
}

func TestExamplesMayBeChanged(t *testing.T) {
	t.Parallel()
	index := slices.IndexFunc(playground.Examples(), func(e playground.Example) bool {
		return e.Variables != nil
	})
	playground.Examples()[index].Variables[0] = 'x'
	if !json.Valid(playground.Examples()[index].Variables) {
		t.Error("one caller's change is seen by the next")
	}
}

const (
	immutable = "public, max-age=31536000, immutable"
	script    = "text/javascript; charset=utf-8"
	styles    = "text/css; charset=utf-8"
)

func asset(name string) string { return "/playground/" + name + "." }

// ask returns the answer to a request with these headers, each as "Name: value".
func ask(method, path string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(method, path, nil)
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Add(name, value)
	}
	res := httptest.NewRecorder()
	playground.Handler("/graphql").ServeHTTP(res, req)
	return res
}

// assetPaths returns the path of every asset that the page names.
func assetPaths(t *testing.T) []string {
	t.Helper()
	page := ask(http.MethodGet, "/").Body.String()
	var paths []string
	for _, match := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).
		FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(match[1], "/playground/") {
			paths = append(paths, match[1])
		}
	}
	return paths
}

func find(t *testing.T, paths []string, prefix, ext string) string {
	t.Helper()
	for _, path := range paths {
		hash, ok := strings.CutPrefix(strings.TrimSuffix(path, ext), prefix)
		if ok && strings.HasSuffix(path, ext) && !strings.Contains(hash, ".") {
			return path
		}
	}
	t.Fatalf("no %s*%s among %q", prefix, ext, paths)
	return ""
}

func check(t *testing.T, res *httptest.ResponseRecorder, header, want string) {
	t.Helper()
	if got := res.Header().Get(header); got != want {
		t.Errorf("%s: got %q, want %q", header, got, want)
	}
}
