package access_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// FuzzToken holds that no text breaks Verify, and that none gets in but with what the issuer has
// signed.
func FuzzToken(f *testing.F) {
	now := newClock()
	key := newTestKey(f, "one", jose.EdDSA)
	issuer := &testIssuer{url: "http://127.0.0.1:1"}
	issuer.document = map[string]any{"issuer": issuer.url, "jwks_uri": issuer.url + "/keys"}
	issuer.publish(key)
	verifier := issuer.verifier(f, now, func(o *access.IssuerOptions) {
		o.Client = &http.Client{Transport: inHand{issuer}, Timeout: time.Minute}
	})
	good := issuer.claims(now, nil)
	token := key.sign(f, good, nil)
	signed := make(map[string]bool)
	for _, text := range []string{
		token, key.sign(f, good, map[string]any{"kid": nil}),
		key.sign(f, good, map[string]any{"x5c": []string{"MAAw"}}),
		key.sign(f, issuer.claims(now, map[string]any{"exp": "1"}), nil),
		key.sign(f, `{"exp":1e400}`, nil), key.sign(f, "[[[[", nil),
		unsigned(f, good, "none"), cutSignature(token), asJSON(f, token), asJSON(f, token, token), "..",
	} {
		f.Add(text)
		signed[beforeSignature(text)] = true
	}
	f.Fuzz(func(t *testing.T, text string) {
		caller, err := verifier.Verify(t.Context(), text)
		switch {
		case (caller == nil) != (err != nil):
			t.Errorf("got %v and error %v", caller, err)
		case err != nil && !errors.Is(err, access.ErrNotAuthenticated):
			t.Errorf("got error %v, want %v", err, access.ErrNotAuthenticated)
		case err == nil && !signed[beforeSignature(text)]:
			t.Errorf("got %v for a text that nobody signed", caller)
		}
	})
}

// inHand asks an issuer without a network.
type inHand struct{ handler http.Handler }

func (h inHand) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	h.handler.ServeHTTP(recorder, r)
	return recorder.Result(), nil
}
