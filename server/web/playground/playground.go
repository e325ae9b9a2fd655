// Package playground serves a page for trying the API out: GraphiQL, with examples to
// start from. Everything it needs is inside the program; it asks nothing of any other
// host, and keeps nothing in the browser. It knows no schema but what the examples ask.
//
// Read page/playground.js next.
package playground

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed page examples assets/vendor
var files embed.FS

// policy lets the page run its own scripts and ask its own host, and nothing else.
// The one hash is of the style element, always the same on a page that does not
// scroll, by which GraphiQL's dialogs and menus stop the page from scrolling.
const policy = "default-src 'none'; " +
	"script-src 'self'; " +
	"style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; " +
	"connect-src 'self'; " +
	"img-src 'self' data:; " +
	"font-src 'self'; " +
	"base-uri 'none'; " +
	"form-action 'none'; " +
	"frame-ancestors 'none'"

// permissions refuses the page all that a stolen page could want, and lets it copy.
const permissions = "camera=(), display-capture=(), geolocation=(), microphone=(), " +
	"payment=(), usb=(), clipboard-read=(), clipboard-write=(self)"

// assetPath is where the files that the page names are served. What comes after it
// holds a hash of the content, so that a browser may keep a file for ever.
const assetPath = "/playground/"

const (
	keepForEver = "public, max-age=31536000, immutable"
	askEachTime = "no-cache"
)

// Handler returns a handler that serves the playground at / and what it is made of
// under /playground/. Mount it on both. It answers 404 for any other path and 405 for
// any method but GET and HEAD.
//
// The endpoint is the path on the same host that answers GraphQL, such as /graphql.
func Handler(endpoint string) http.Handler {
	served := map[string]*document{}
	names := map[string]string{} // asset -> the path it is served at
	for _, dir := range []string{"page", "assets/vendor"} {
		for _, name := range list(dir) {
			if path.Ext(name) == ".html" {
				continue
			}
			doc := newDocument(name, read(path.Join(dir, name)), keepForEver)
			names[name] = assetPath + doc.hashedName(name)
			served[names[name]] = doc
		}
	}
	served["/"] = newDocument("index.html", render(endpoint, names), askEachTime)

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secure(w.Header())
		doc, ok := served[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "Method not allowed", http.StatusMethodNotAllowed)
		default:
			doc.ServeHTTP(w, r)
		}
	})
}

// secure sets what every answer carries, also the refusals.
func secure(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", permissions)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
}

// settings is what page/playground.js starts from.
type settings struct {
	Endpoint string    `json:"endpoint"`
	Examples []Example `json:"examples"`
}

// view is what page/index.html is filled with.
type view struct {
	Settings settings
	names    map[string]string
}

// Asset returns the path that the named file is served at. The page fails to render
// when it names a file that is not there.
func (v view) Asset(name string) (string, error) {
	at, ok := v.names[name]
	if !ok {
		return "", fmt.Errorf("no asset %q", name)
	}
	return at, nil
}

func render(endpoint string, names map[string]string) []byte {
	page := template.Must(template.New("index.html").ParseFS(files, "page/index.html"))
	var out bytes.Buffer
	err := page.Execute(&out, view{
		Settings: settings{Endpoint: endpoint, Examples: Examples()},
		names:    names,
	})
	must(err)
	return out.Bytes()
}

// Example is an operation that the playground opens with.
type Example struct {
	// Name is unique among the examples and does not change between releases.
	Name string `json:"name"`
	// Query holds one named operation, with comments for who reads it.
	Query string `json:"query"`
	// Variables is a JSON object, or nil when the operation takes none.
	Variables json.RawMessage `json:"variables,omitempty"`
}

// Examples returns the operations that the playground opens with, in the order of its
// tabs. The caller may change what it gets.
func Examples() []Example {
	var examples []Example
	for _, name := range list("examples") {
		stem, ok := strings.CutSuffix(name, ".graphql")
		if !ok {
			continue
		}
		_, title, _ := strings.Cut(stem, "-") // the number before it is the order
		example := Example{Name: title, Query: string(read("examples/" + name))}
		if variables, err := files.ReadFile("examples/" + stem + ".json"); err == nil {
			example.Variables = variables
		}
		examples = append(examples, example)
	}
	return examples
}

func list(dir string) []string {
	entries, err := fs.ReadDir(files, dir)
	must(err)
	names := make([]string, len(entries))
	for i, entry := range entries {
		names[i] = entry.Name()
	}
	return names
}

func read(name string) []byte {
	content, err := files.ReadFile(name)
	must(err)
	return content
}
