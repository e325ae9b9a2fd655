package web

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// basic is a key as a browser sends it that asked a person for a password.
func basic(key string) string {
	key = strings.TrimPrefix(key, "Authorization: Bearer ")
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("anybody:"+key))
}

// How the data is can be seen by callers with the scope for it, by a key as any other caller's or
// as a password, and by nobody else.
func TestWhoSeesHowTheDataIs(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) {
		o.FailuresPerMinute, o.Purposes.Required = 1000, true
	})
	operator := webtest.NewKey(t, pool, access.ScopesOf("status:read"))
	service := webtest.NewKey(t, pool, access.ScopesOf("residents:read", "mosaic:read"))
	tests := map[string]struct {
		headers []string
		status  int
	}{
		"nobody":                   {nil, 401},
		"operator":                 {[]string{operator}, 200},
		"operator, in a browser":   {[]string{basic(operator)}, 200},
		"operator, twice":          {[]string{operator, basic(operator)}, 401},
		"service":                  {[]string{service}, 403},
		"service, in a browser":    {[]string{basic(service)}, 403},
		"wrong password":           {[]string{basic(operator + "x")}, 401},
		"no key as a password":     {[]string{basic("secret")}, 401},
		"no password":              {[]string{"Authorization: Basic YW55Ym9keQ=="}, 401},
		"not encoded":              {[]string{"Authorization: Basic {}"}, 401},
		"sent by another's page":   {[]string{operator, "Sec-Fetch-Site: cross-site"}, 403},
		"sent as a form of theirs": {[]string{basic(operator), "Origin: https://evil.example"}, 403},
	}
	for name, tt := range tests {
		for _, path := range []string{"/status", "/status.json", "/metrics"} {
			t.Run(name+path, func(t *testing.T) {
				t.Parallel()
				got := webtest.Send(t, http.MethodGet, url+path, "", tt.headers...)
				if got.Status != tt.status {
					t.Errorf("got %d %s, want %d", got.Status, got.Body, tt.status)
				}
				if tt.status != 200 && (strings.Contains(got.Body, "MOSAIC") ||
					strings.Contains(got.Body, "Mosaic")) {
					t.Errorf("it tells of a source: %s", got.Body)
				}
				asks := strings.Join(got.Header.Values("WWW-Authenticate"), ", ")
				if (tt.status == 401) != strings.Contains(asks, "Basic realm=") ||
					(tt.status == 401) != strings.Contains(asks, "Bearer realm=") {
					t.Errorf("got %q", asks)
				}
			})
		}
	}
	// A password is for these doors alone: a browser would send it with the questions of any page.
	all := webtest.NewKey(t, pool, Scopes())
	got := webtest.Post(t, url, `{ __typename }`, basic(all), "X-Purpose: test")
	if got.Status != 401 {
		t.Errorf("GraphQL by a password: got %d", got.Status)
	}
	if got := webtest.Send(t, http.MethodPost, url+"/status", "", operator); got.Status != 405 {
		t.Errorf("POST: got %d", got.Status)
	}
}

// Passwords that are no good are counted as keys are.
func TestPasswordsAreCounted(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url, _ := newServerFor(t, pool, byKeys(pool), func(o *Options) { o.FailuresPerMinute = 3 })
	wrong := basic("rgw_aaaaaaaaaaaa_" + strings.Repeat("a", 52))
	for i, want := range []int{401, 401, 401, 429} {
		got := webtest.Send(t, http.MethodGet, url+"/status", "", wrong)
		if got.Status != want {
			t.Errorf("attempt %d: got %d, want %d", i, got.Status, want)
		}
		if want == 429 && got.Header.Get("Retry-After") == "" {
			t.Error("it is not said when to ask again")
		}
	}
}
