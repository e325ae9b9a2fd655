package access_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestIssuerAnswers(t *testing.T) {
	t.Parallel()
	answer := func(body []byte) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) }
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("got a redirect followed to another host")
	}))
	t.Cleanup(elsewhere.Close)
	document := func(name string, value any) func(*testIssuer) {
		return func(i *testIssuer) { i.document[name] = value }
	}
	tests := map[string]struct {
		change func(*testIssuer)
		want   error
	}{
		"as it should": {func(*testIssuer) {}, nil},
		"nothing":      {func(i *testIssuer) { i.instead = answer(nil) }, access.ErrIssuerDown},
		"garbage": {
			func(i *testIssuer) { i.instead = answer([]byte("<html>")) }, access.ErrIssuerDown,
		},
		"an empty document": {
			func(i *testIssuer) { i.instead = answer([]byte("{}")) }, access.ErrIssuerDown,
		},
		"a huge document": {
			func(i *testIssuer) { i.instead = answer(bytes.Repeat([]byte(" "), 3<<20)) },
			access.ErrIssuerDown,
		},
		"an endless document": {func(i *testIssuer) { i.instead = endless }, access.ErrIssuerDown},
		"a huge good document": {
			document("filling", string(bytes.Repeat([]byte("x"), 2<<20))), access.ErrIssuerDown,
		},
		"garbage for keys": {
			func(i *testIssuer) { i.insteadKey = answer([]byte("<html>")) }, access.ErrIssuerDown,
		},
		"no keys": {func(i *testIssuer) { i.keys = nil }, access.ErrIssuerDown},
		"only a private key": {func(i *testIssuer) {
			i.keys = []any{jose.JSONWebKey{Key: newTestKey(t, "one", jose.EdDSA).private, KeyID: "one"}}
		}, access.ErrIssuerDown},
		"endless keys": {func(i *testIssuer) { i.insteadKey = endless }, access.ErrIssuerDown},
		"status of keys": {
			func(i *testIssuer) { i.insteadKey = http.NotFound }, access.ErrIssuerDown,
		},
		"another issuer": {document("issuer", "https://a.example"), access.ErrIssuerDown},
		"issuer with slash": {
			func(i *testIssuer) { i.document["issuer"] = i.url + "/" }, access.ErrIssuerDown,
		},
		"no issuer":      {document("issuer", ""), access.ErrIssuerDown},
		"keys nowhere":   {document("jwks_uri", ""), access.ErrIssuerDown},
		"keys over http": {document("jwks_uri", "http://a.example/keys"), access.ErrIssuerDown},
		"keys in a file": {document("jwks_uri", "file:///etc/passwd"), access.ErrIssuerDown},
		"document elsewhere": {func(i *testIssuer) {
			i.instead = http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP
		}, access.ErrIssuerDown},
		"keys elsewhere": {func(i *testIssuer) {
			i.insteadKey = http.RedirectHandler(elsewhere.URL, http.StatusFound).ServeHTTP
		}, access.ErrIssuerDown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			key := newTestKey(t, "one", jose.EdDSA)
			issuer := newTestIssuer(t, key)
			issuer.change(func() { tt.change(issuer) })
			token := key.sign(t, issuer.claims(now, nil), nil)
			wantVerified(t, issuer.verifier(t, now, nil), token, tt.want)
		})
	}
}

// TestIssuerIsBounded has an issuer that never ends, which is not listened to for long.
func TestIssuerIsBounded(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	sent := make(chan int, 1)
	issuer.change(func() {
		issuer.instead = func(w http.ResponseWriter, _ *http.Request) { sent <- endlessly(w) }
	})
	token := key.sign(t, issuer.claims(now, nil), nil)
	_, err := issuer.verifier(t, now, nil).Verify(t.Context(), token)
	if err == nil || !strings.HasSuffix(err.Error(), "it has more than 1 MiB") {
		t.Errorf("got error %v, want that there is more than 1 MiB", err)
	}
	if n := <-sent; n > 32<<20 { // what the network holds is sent too
		t.Errorf("got %d bytes sent, want little more than a MiB", n)
	}
}

// endless answers until nobody listens.
func endless(w http.ResponseWriter, _ *http.Request) { endlessly(w) }

func endlessly(w io.Writer) (sent int) {
	for {
		n, err := w.Write(bytes.Repeat([]byte(" "), 64<<10))
		if sent += n; err != nil {
			return sent
		}
	}
}

func TestIssuerRedirectsWithinHost(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	issuer.change(func() {
		issuer.document["jwks_uri"] = issuer.url + "/keys?old"
		issuer.insteadKey = func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery == "old" {
				issuer.change(func() { issuer.insteadKey = nil })
				http.Redirect(w, r, "/keys", http.StatusMovedPermanently)
			}
		}
	})
	token := key.sign(t, issuer.claims(now, nil), nil)
	wantVerified(t, issuer.verifier(t, now, nil), token, nil)
	issuer.wantAsked(t, 1, 2)
}

func TestIssuerRedirectsRoundAndRound(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	issuer.change(func() {
		issuer.insteadKey = http.RedirectHandler(issuer.url+"/keys", http.StatusFound).ServeHTTP
	})
	token := key.sign(t, issuer.claims(now, nil), nil)
	wantVerified(t, issuer.verifier(t, now, nil), token, access.ErrIssuerDown)
	issuer.wantAsked(t, 1, 4)
}

func TestIssuerNotThere(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, func(o *access.IssuerOptions) {
		o.URL = "http://127.0.0.1:1"
	})
	wantVerified(t, verifier, key.sign(t, issuer.claims(now, nil), nil), access.ErrIssuerDown)
}

// hangingIssuer never answers, and says when it is asked.
type hangingIssuer struct{ asked chan struct{} }

func (h hangingIssuer) RoundTrip(r *http.Request) (*http.Response, error) {
	h.asked <- struct{}{}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestIssuerHangs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		now := newClock()
		key := newTestKey(t, "one", jose.EdDSA)
		issuer := &testIssuer{url: "http://127.0.0.1:1"}
		asked := make(chan struct{}, 10)
		verifier := issuer.verifier(t, now, func(o *access.IssuerOptions) {
			o.Client = &http.Client{Transport: hangingIssuer{asked}}
		})
		token := key.sign(t, issuer.claims(now, nil), nil)
		start := time.Now()
		wantVerified(t, verifier, token, access.ErrIssuerDown)
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("got an answer after %v, want 5s", took)
		}
		wantVerified(t, verifier, token, access.ErrIssuerDown)
		if took := time.Since(start); took != 5*time.Second || len(asked) != 1 {
			t.Errorf("got an answer after %v and %d requests, want 5s and 1", took, len(asked))
		}
	})
}
