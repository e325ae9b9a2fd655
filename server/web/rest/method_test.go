package rest_test

import (
	"net/http"
	"strconv"
	"testing"
)

// HEAD is told what GET is, but for the body.
func TestHead(t *testing.T) {
	t.Parallel()
	fixture := newService(t, newGraph(t, newFixture(t)))
	empty := newService(t, newGraph(t, postgres.Scratch(t)))
	tests := map[string]struct {
		service *service
		target  string
		want    int
	}{
		"a list":             {fixture, "/residents?limit=2", 200},
		"a fault":            {fixture, "/residents?limit=0", 400},
		"one":                {fixture, "/residents/mosaic:31", 200},
		"nobody":             {fixture, "/residents/mosaic:32000", 404},
		"nothing":            {fixture, "/nothing", 404},
		"the contract":       {fixture, "/openapi.yaml", 200},
		"a list, not loaded": {empty, "/residents", 503},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			get := tt.service.get(t, tt.target)
			head := tt.service.send(t, http.MethodHead, tt.target)
			if get.status != tt.want || head.status != tt.want {
				t.Errorf("got %d and %d, want %d", get.status, head.status, tt.want)
			}
			for _, name := range []string{"Content-Type", "Content-Length", "Retry-After"} {
				if got, want := head.header.Get(name), get.header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
			if got := get.header.Get("Content-Length"); got != strconv.Itoa(len(get.body)) {
				t.Errorf("got a length of %s for %d bytes", got, len(get.body))
			}
		})
	}
}

// Nothing can be changed, and the answer says what can be done.
func TestOtherMethods(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	targets := map[string]int{
		"/residents": 405, "/residents?limit=0": 405, "/residents/31": 405, "/residents/nobody": 405,
		"/openapi.yaml": 405, "/nothing": 404, "/residents/": 404,
	}
	for _, method := range []string{
		http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
		http.MethodTrace, "get", "SEARCH",
	} {
		for target, want := range targets {
			t.Run(method+" "+target, func(t *testing.T) {
				t.Parallel()
				var got problem
				a := s.send(t, method, target)
				a.want(t, want, &got)
				if allow := a.header.Get("Allow"); want == 405 && allow != "GET, HEAD" {
					t.Errorf("got Allow %q", allow)
				}
			})
		}
	}
}
