package web

import (
	"net/http"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// Pages of listed origins may ask and read; those of others may not.
func TestOrigins(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) {
		o.Origins = []string{"https://app.example.org"}
	})
	key := webtest.NewKey(t, pool, Scopes())
	for origin, isListed := range map[string]bool{
		"https://app.example.org": true, "https://evil.example.org": false, "null": false,
		"http://app.example.org": false, "https://app.example.org.evil.org": false,
	} {
		preflight := webtest.Send(t, http.MethodOptions, url+"/graphql", "", "Origin: "+origin,
			"Access-Control-Request-Method: POST",
			"Access-Control-Request-Headers: authorization,content-type")
		got := webtest.Post(t, url, `{ __typename }`, key,
			"Origin: "+origin, "Sec-Fetch-Site: cross-site")
		for name, header := range map[string]http.Header{
			"preflight": preflight.Header, "answer": got.Header,
		} {
			if allowed := header.Get("Access-Control-Allow-Origin"); (allowed == origin) != isListed {
				t.Errorf("%s, %s: got %q", origin, name, allowed)
			}
			if header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s, %s: cookies are let in", origin, name)
			}
		}
		rest := webtest.Send(t, http.MethodGet, url+"/api/v1/residents?limit=1", "", key,
			"Origin: "+origin, "Sec-Fetch-Site: cross-site")
		if (got.Status == http.StatusOK) != isListed || (rest.Status == http.StatusOK) != isListed {
			t.Errorf("%s: got %d %s, and by REST %d %s", origin, got.Status, got.Body, rest.Status,
				rest.Body)
		}
	}
	closed, _ := newServerFor(t, pool, byKeys(pool))
	got := webtest.Post(t, closed, `{ __typename }`, key, "Origin: https://app.example.org",
		"Sec-Fetch-Site: cross-site")
	if got.Status != http.StatusForbidden || got.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("without a list: got %d %v", got.Status, got.Header)
	}
}
