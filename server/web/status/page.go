package status

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
)

//go:embed page/status.html
var pageHTML string

//go:embed page/status.css
var pageCSS string

// refreshAfter is how long a page stands before the browser asks for it anew, in seconds.
const refreshAfter = 30

// view is what the page is filled with.
type view struct {
	*Status
	CSS       template.CSS
	Refreshes bool
	Seconds   int
}

// Handler answers with the page, or with JSON where the path ends in .json or Accept asks for it.
// It fails only if the page that it embeds is broken.
func Handler(w *Watcher) (http.Handler, error) {
	page, err := template.New("status").Funcs(template.FuncMap{
		"word": word, "moment": moment, "grouped": source.Grouped, "proved": proved, "underWay": underWay,
		"stamp": func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"span":  span,
		"age":   func(now, at time.Time) string { return span(now.Sub(at)) },
		"kind":  kind,
	}).Parse(pageHTML)
	if err != nil {
		return nil, fmt.Errorf("status: page: %w", err)
	}
	hash := sha256.Sum256([]byte(pageCSS))
	policy := "default-src 'none'; style-src 'sha256-" +
		base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		header := rw.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Vary", "Accept")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(rw, "Only GET and HEAD are answered here", http.StatusMethodNotAllowed)
			return
		}
		status := w.Look(r.Context())
		if wantsJSON(r) {
			answer, err := status.JSON()
			send(rw, "application/json; charset=utf-8", answer, err)
			return
		}
		v := view{
			Status: &status, CSS: template.CSS(pageCSS), //nolint:gosec // it is our own
			Refreshes: r.URL.Query().Get("refresh") != "off", Seconds: refreshAfter,
		}
		if v.Refreshes {
			header.Set("Refresh", strconv.Itoa(refreshAfter))
		}
		var out bytes.Buffer
		err := page.Execute(&out, v)
		send(rw, "text/html; charset=utf-8", out.Bytes(), err)
	}), nil
}

func send(w http.ResponseWriter, kind string, answer []byte, err error) {
	if err != nil {
		http.Error(w, "The status cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(answer) // who has hung up is not told
}

// wantsJSON is whether JSON is asked for: by the path, or by an Accept that names it and no page.
func wantsJSON(r *http.Request) bool {
	accept := strings.ToLower(strings.Join(r.Header.Values("Accept"), ","))
	return strings.HasSuffix(r.URL.Path, ".json") ||
		strings.Contains(accept, "application/json") && !strings.Contains(accept, "text/html")
}

// kind is how bad a state is, for its colour: it is told in words too.
func kind(s source.FreshnessState) string {
	switch s {
	case source.Current:
		return "well"
	case source.BeingLoaded, source.Unknown:
		return "wait"
	default:
		return "ill"
	}
}
