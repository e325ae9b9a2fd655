package web

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// An issuer is an identity provider that publishes one key.
type issuer struct {
	url    string
	signer jose.Signer
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	i := new(issuer)
	mux := http.NewServeMux()
	publish := func(path string, content func() any) {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(content()); err != nil {
				t.Error(err)
			}
		})
	}
	publish("/.well-known/openid-configuration", func() any {
		return map[string]any{
			"issuer": i.url, "jwks_uri": i.url + "/keys", "authorization_endpoint": i.url + "/a",
			"token_endpoint": i.url + "/t", "response_types_supported": []string{"code"},
			"subject_types_supported":               []string{"public"},
			"id_token_signing_alg_values_supported": []string{"ES256"},
		}
	})
	publish("/keys", func() any {
		return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{
			Key: key.Public(), KeyID: "1", Algorithm: "ES256", Use: "sig",
		}}}
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	i.url = server.URL
	i.signer, err = jose.NewSigner(jose.SigningKey{
		Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "1"},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// trusted returns what verifies the tokens of this provider, as the options have it.
func (i *issuer) trusted(t *testing.T, options access.IssuerOptions) *access.Issuer {
	t.Helper()
	options.URL, options.Audience, options.Now = i.url, "resident-gateway", time.Now
	options.GroupsClaim = "groups"
	options.NameClaim = cmp.Or(options.NameClaim, "sub")
	verifies, err := access.NewIssuer(options)
	if err != nil {
		t.Fatal(err)
	}
	return verifies
}

// token returns the header by which a person is known, with these groups.
func (i *issuer) token(t *testing.T, groups ...string) string {
	t.Helper()
	claims, err := json.Marshal(map[string]any{
		"iss": i.url, "aud": "resident-gateway", "sub": "abc-123", "groups": groups,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix(),
		"preferred_username": "grace.hopper@example.org",
	})
	if err != nil {
		t.Fatal(err)
	}
	signed, err := i.signer.Sign(claims)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return "Authorization: Bearer " + token
}

// People are known by the tokens of an identity provider, may do what their groups may, and are in
// the record by the name that was configured; in the log they have none.
func TestPeople(t *testing.T) {
	t.Parallel()
	i := newIssuer(t)
	pool := newSample(t)
	auth := byKeys(pool)
	auth.Issuer = i.trusted(t, access.IssuerOptions{
		NameClaim: "preferred_username",
		Groups: map[string]access.Scopes{
			"staff":       access.ScopesOf("residents:read", "mosaic:read"),
			"social-care": access.ScopesOf("contact-details:read"),
		},
	})
	url, logged := newServerFor(t, pool, auth)
	const query = `{ resident(id: "mosaic:1000001") { fullName contactDetails { type } } }`
	tests := map[string]struct {
		groups       []string
		name, detail bool
	}{
		"no group":         {nil, false, false},
		"another group":    {[]string{"parks"}, false, false},
		"one":              {[]string{"staff", "parks"}, true, false},
		"two":              {[]string{"social-care", "staff"}, true, true},
		"one without data": {[]string{"social-care"}, false, false},
	}
	for name, tt := range tests {
		got := webtest.Post(t, url, query, i.token(t, tt.groups...))
		if got.Status != http.StatusOK ||
			strings.Contains(got.Body, "Edwards") != tt.name ||
			strings.Contains(got.Body, "ADDRESS") != tt.detail ||
			strings.Contains(got.Body, "FORBIDDEN") == tt.detail {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
	if got := webtest.Post(t, url, query, newIssuer(t).token(t, "staff")); got.Status != 401 {
		t.Errorf("a token of another issuer: got %d %s", got.Status, got.Body)
	}
	if got := callersIn(t, pool); got != "PERSON grace.hopper@example.org" {
		t.Errorf("the record has %q", got)
	}
	if text := logged.String(); strings.Contains(text, "grace") || strings.Contains(text, "abc-123") ||
		!strings.Contains(text, "caller=person:") {
		t.Errorf("got the log\n%s", text)
	}
}

// callersIn returns who is in the record of access.
func callersIn(t *testing.T, pool *sqlx.DB) string {
	t.Helper()
	var callers []string
	if err := pool.SelectContext(t.Context(), &callers,
		`SELECT DISTINCT caller_kind || ' ' || caller FROM access.record ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	return strings.Join(callers, ", ")
}
