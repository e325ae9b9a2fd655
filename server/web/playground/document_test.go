package playground_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestGzipIsForClientsThatAcceptIt(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		headers []string
		want    string
	}{
		"says nothing":     {nil, ""},
		"accepts it":       {[]string{"Accept-Encoding: gzip"}, "gzip"},
		"among others":     {[]string{"Accept-Encoding: br;q=1.0, GZIP;q=0.8, *;q=0.1"}, "gzip"},
		"on two lines":     {[]string{"Accept-Encoding: br", "Accept-Encoding: gzip"}, "gzip"},
		"accepts anything": {[]string{"Accept-Encoding: *"}, "gzip"},
		"others only":      {[]string{"Accept-Encoding: br, deflate"}, ""},
		"refuses it":       {[]string{"Accept-Encoding: gzip;q=0"}, ""},
		"all but it":       {[]string{"Accept-Encoding: *, gzip;q=0.0"}, ""},
		"refuses anything": {[]string{"Accept-Encoding: identity, *;q=0"}, ""},
		"makes no sense":   {[]string{"Accept-Encoding: ;;=,,"}, ""},
	}
	path := find(t, assetPaths(t), asset("graphiql.min"), ".js")
	plain := ask(http.MethodGet, path).Body.String()
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := ask(http.MethodGet, path, tt.headers...)
			check(t, res, "Content-Encoding", tt.want)
			check(t, res, "Vary", "Accept-Encoding")
			size := res.Body.Len()
			var body io.Reader = res.Body
			if tt.want == "gzip" {
				unzipped, err := gzip.NewReader(res.Body)
				if err != nil {
					t.Fatal(err)
				}
				if size > len(plain)/2 {
					t.Errorf("got %d bytes of %d", size, len(plain))
				}
				body = unzipped
			}
			got, err := io.ReadAll(body)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != plain {
				t.Errorf("got %d other bytes, want the %d of the file", len(got), len(plain))
			}
		})
	}
}

func TestWhatTheClientHasIsNotSentAgain(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		path     string
		encoding string
	}{
		"page":        {"/", ""},
		"page, gzip":  {"/", "gzip"},
		"asset":       {find(t, assetPaths(t), asset("playground"), ".js"), ""},
		"asset, gzip": {find(t, assetPaths(t), asset("playground"), ".js"), "gzip"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accept := "Accept-Encoding: " + tt.encoding
			first := ask(http.MethodGet, tt.path, accept)
			tag := first.Header().Get("ETag")
			if !strings.HasPrefix(tag, `"`) {
				t.Fatalf("got ETag %s, want a strong one", tag)
			}
			again := ask(http.MethodGet, tt.path, accept, "If-None-Match: "+tag)
			if again.Code != http.StatusNotModified || again.Body.Len() > 0 {
				t.Errorf("got %d and %d bytes, want 304 and none", again.Code, again.Body.Len())
			}
			check(t, again, "ETag", tag)
			check(t, again, "Vary", "Accept-Encoding")
			check(t, again, "Content-Security-Policy", wantPolicy)

			other := ask(http.MethodGet, tt.path, accept, `If-None-Match: "other"`)
			if other.Code != http.StatusOK {
				t.Errorf("with another ETag: got %d, want 200", other.Code)
			}
		})
	}
}

func TestEachFormHasItsOwnETag(t *testing.T) {
	t.Parallel()
	plain := ask(http.MethodGet, "/").Header().Get("ETag")
	zipped := ask(http.MethodGet, "/", "Accept-Encoding: gzip").Header().Get("ETag")
	if plain == zipped {
		t.Errorf("got %s for both", plain)
	}
}
