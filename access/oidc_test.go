package access_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestTokenAlgorithms(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []jose.SignatureAlgorithm{
		jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512,
		jose.ES256, jose.ES384, jose.ES512, jose.EdDSA,
	} {
		t.Run(string(algorithm), func(t *testing.T) {
			t.Parallel()
			now := newClock()
			key := newTestKey(t, "one", algorithm)
			issuer := newTestIssuer(t, key)
			verifier := issuer.verifier(t, now, nil)

			got, err := verifier.Verify(t.Context(), key.sign(t, issuer.claims(now, nil), nil))
			if err != nil {
				t.Fatal(err)
			}
			if id, err := hex.DecodeString(got.ID); err != nil || len(id) != 12 {
				t.Errorf("got id %q, want 24 hexadecimal digits", got.ID)
			}
			got.ID = ""
			want := &access.Caller{
				Kind: access.Person, Name: "ada", Scopes: access.ScopesOf("residents:read"),
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			issuer.wantAsked(t, 1, 1)
		})
	}
}

// TestTokenRefused has whoever wants in without a token of the issuer's.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	now := newClock()
	rsaKey, ecKey := newTestKey(t, "rsa", jose.RS256), newTestKey(t, "ec", jose.ES256)
	// One that does not say what it is for, which is usual.
	openKey := newTestKey(t, "open", jose.RS256)
	open := openKey.public()
	open.Algorithm, open.Use = "", ""
	attacker := newTestKey(t, "ec", jose.ES256)
	issuer := newTestIssuer(t)
	issuer.publishRaw(rsaKey.public(), ecKey.public(), open)
	good := issuer.claims(now, nil)
	with := func(changes map[string]any) map[string]any { return issuer.claims(now, changes) }
	traps := newTestIssuer(t, attacker)

	tests := map[string]string{
		"nothing":           "",
		"words":             "let me in",
		"dots":              "..",
		"four dots":         "....",
		"null":              ecKey.sign(t, "null", nil),
		"a list":            ecKey.sign(t, "[]", nil),
		"no JSON":           ecKey.sign(t, "{", nil),
		"two JSONs":         ecKey.sign(t, "{}{}", nil),
		"no claims":         ecKey.sign(t, "{}", nil),
		"line breaks":       strings.ReplaceAll(ecKey.sign(t, good, nil), ".", ".\n"),
		"a space before":    " " + ecKey.sign(t, good, nil),
		"padding":           ecKey.sign(t, good, nil) + "=",
		"too long":          ecKey.sign(t, with(map[string]any{"x": strings.Repeat("x", 6<<10)}), nil),
		"wrong audience":    ecKey.sign(t, with(map[string]any{"aud": "other"}), nil),
		"wrong audiences":   ecKey.sign(t, with(map[string]any{"aud": []string{"a", "b"}}), nil),
		"part of audience":  ecKey.sign(t, with(map[string]any{"aud": testAudience + "s"}), nil),
		"no audience":       ecKey.sign(t, with(map[string]any{"aud": nil}), nil),
		"empty audiences":   ecKey.sign(t, with(map[string]any{"aud": []string{}}), nil),
		"audience a number": ecKey.sign(t, with(map[string]any{"aud": 1}), nil),
		"wrong issuer":      ecKey.sign(t, with(map[string]any{"iss": traps.url}), nil),
		"no issuer":         ecKey.sign(t, with(map[string]any{"iss": nil}), nil),
		"issuer with slash": ecKey.sign(t, with(map[string]any{"iss": issuer.url + "/"}), nil),
		"audience in capital": ecKey.sign(t,
			with(map[string]any{"aud": "other", "AUD": testAudience}), nil),
		"issuer in capital": ecKey.sign(t,
			with(map[string]any{"iss": traps.url, "iſs": issuer.url}), nil),

		"key of others":         attacker.sign(t, good, nil),
		"key of others, no kid": attacker.sign(t, good, map[string]any{"kid": nil}),
		"token of others":       attacker.sign(t, traps.claims(now, nil), nil),
		"unknown kid":           ecKey.sign(t, good, map[string]any{"kid": "two"}),
		"empty kid of others":   attacker.sign(t, good, map[string]any{"kid": ""}),
		"kid of another key":    ecKey.sign(t, good, map[string]any{"kid": "rsa"}),
		"kid a number":          ecKey.sign(t, good, map[string]any{"kid": 1}),
		"ES256 key as RS256":    ecKey.sign(t, good, map[string]any{"alg": "RS256"}),
		"RS256 key as ES256":    rsaKey.sign(t, good, map[string]any{"alg": "ES256"}),
		"RS256 key as PS256":    rsaKey.sign(t, good, map[string]any{"alg": "PS256"}),
		"ES256 key as ES384":    ecKey.sign(t, good, map[string]any{"alg": "ES384"}),
		"open RS256 as RS384":   openKey.sign(t, good, map[string]any{"alg": "RS384"}),
		"unknown algorithm":     ecKey.sign(t, good, map[string]any{"alg": "ES256K"}),
		"no algorithm":          ecKey.sign(t, good, map[string]any{"alg": nil}),
		"none":                  unsigned(t, good, "none"),
		"None":                  unsigned(t, good, "None"),
		"none, signed":          ecKey.sign(t, good, map[string]any{"alg": "none"}),
		"no signature":          cutSignature(ecKey.sign(t, good, nil)),
		"HS256 with PEM":        hs256(t, good, "rsa", publicPEM(t, rsaKey)),
		"HS256 with DER":        hs256(t, good, "rsa", publicDER(t, rsaKey)),
		"HS256 with JWK":        hs256(t, good, "rsa", jsonOf(t, rsaKey.public())),
		"HS256 with open key":   hs256(t, good, "open", publicPEM(t, openKey)),
		"HS256 with nothing":    hs256(t, good, "rsa", nil),
		"changed payload":       changePayload(t, ecKey.sign(t, good, nil)),
		"changed header":        changeHeader(t, ecKey.sign(t, good, nil)),
		"critical header": ecKey.sign(t, good,
			map[string]any{"crit": []string{"b64"}, "b64": true}),
		"unknown crit":    ecKey.sign(t, good, map[string]any{"crit": []string{"x"}, "x": 1}),
		"empty crit":      ecKey.sign(t, good, map[string]any{"crit": []string{}}),
		"unencoded":       ecKey.sign(t, good, map[string]any{"b64": false}),
		"jku of attacker": attacker.sign(t, good, map[string]any{"jku": traps.url + "/keys"}),
		"x5u of attacker": attacker.sign(t, good, map[string]any{"x5u": traps.url + "/keys"}),
		"jwk of attacker": attacker.sign(t, good, map[string]any{"jwk": attacker.public()}),
		"jwk of attacker, alone": attacker.sign(t, good,
			map[string]any{"jwk": attacker.public(), "kid": nil}),
		"x5c that is none": ecKey.sign(t, good, map[string]any{"x5c": []string{"AAAA"}}),
		"encrypted":        encrypted(t, good, rsaKey),
		"JSON":             asJSON(t, ecKey.sign(t, good, nil)),
		"two signatures":   asJSON(t, ecKey.sign(t, good, nil), attacker.sign(t, good, nil)),
		"logout token":     ecKey.sign(t, good, map[string]any{"typ": "logout+jwt"}),
		"proof":            ecKey.sign(t, good, map[string]any{"typ": "dpop+jwt"}),
		"type a number":    ecKey.sign(t, good, map[string]any{"typ": 1}),
	}
	for name, token := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verifier := issuer.verifier(t, now, nil)
			wantVerified(t, verifier, ecKey.sign(t, good, nil), nil)
			wantVerified(t, verifier, openKey.sign(t, good, nil), nil)
			wantVerified(t, verifier, token, access.ErrNotAuthenticated)
		})
	}
	t.Cleanup(func() { traps.wantAsked(t, 0, 0) })
}

// TestTokenAsksNobody has tokens that no key could make good, which the issuer does not hear of.
func TestTokenAsksNobody(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.RS256)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	good := issuer.claims(now, nil)
	for _, token := range []string{
		"", "let me in", unsigned(t, good, "none"), key.sign(t, good, map[string]any{"alg": "none"}),
		hs256(t, good, "one", publicPEM(t, key)), encrypted(t, good, key),
		asJSON(t, key.sign(t, good, nil)), key.sign(t, good, map[string]any{"typ": "logout+jwt"}),
	} {
		wantVerified(t, verifier, token, access.ErrNotAuthenticated)
	}
	issuer.wantAsked(t, 0, 0)
}

// TestTokenKeys has key sets that a careless issuer publishes.
func TestTokenKeys(t *testing.T) {
	t.Parallel()
	now := newClock()
	good := newTestKey(t, "good", jose.ES256)
	key := newTestKey(t, "key", jose.RS256)
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	smallKey := testKey{"key", jose.RS256, small}
	encryption, private, other := key.public(), key.public(), key.public()
	encryption.Use = "enc"
	private.Key = key.private
	other.Algorithm = "RS512"
	tests := map[string]struct {
		published any
		signer    testKey
		want      error
	}{
		"public":            {key.public(), key, nil},
		"small":             {smallKey.public(), smallKey, access.ErrNotAuthenticated},
		"for encryption":    {encryption, key, access.ErrNotAuthenticated},
		"private":           {private, key, access.ErrNotAuthenticated},
		"another algorithm": {other, key, access.ErrNotAuthenticated},
		"symmetric": {
			jose.JSONWebKey{Key: []byte("secret"), KeyID: "key", Algorithm: "HS256"},
			key, access.ErrNotAuthenticated,
		},
		"none":    {"words", key, access.ErrNotAuthenticated},
		"unknown": {map[string]any{"kty": "LATTICE"}, key, access.ErrNotAuthenticated},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			issuer := newTestIssuer(t)
			issuer.publishRaw(tt.published, good.public())
			verifier := issuer.verifier(t, now, nil)
			claims := issuer.claims(now, nil)
			wantVerified(t, verifier, tt.signer.sign(t, claims, nil), tt.want)
			wantVerified(t, verifier, good.sign(t, claims, nil), nil)
			wantVerified(t, verifier, good.sign(t, claims, map[string]any{"kid": nil}), nil)
			wantVerified(t, verifier, hs256(t, claims, "key", []byte("secret")),
				access.ErrNotAuthenticated)
		})
	}
}

func TestTokenTypes(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	for _, typ := range []any{nil, "JWT", "jwt", "at+jwt", "AT+JWT", "application/at+jwt"} {
		token := key.sign(t, issuer.claims(now, nil), map[string]any{"typ": typ})
		wantVerified(t, verifier, token, nil)
	}
	issuer.wantAsked(t, 1, 1)
}

// TestTokenErrors has errors say nothing of tokens, nor of what the issuer answered.
func TestTokenErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*testIssuer){
		"down": (*testIssuer).goDown,
		"no HTTP": func(i *testIssuer) {
			i.instead = func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := http.NewResponseController(w).Hijack()
				if err == nil {
					_, _ = conn.Write([]byte("secret\r\n\r\n"))
					conn.Close()
				}
			}
		},
		"no JSON": func(i *testIssuer) {
			i.instead = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte("secret words"))
			}
		},
		"another issuer": func(i *testIssuer) { i.document["issuer"] = "secret" },
		"keys elsewhere": func(i *testIssuer) { i.document["jwks_uri"] = "ftp://secret" },
		"redirected": func(i *testIssuer) {
			i.instead = http.RedirectHandler("http://127.0.0.1:1/secret", http.StatusFound).ServeHTTP
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			key := newTestKey(t, "kid-of-secret", jose.EdDSA)
			issuer := newTestIssuer(t, key)
			token := key.sign(t, issuer.claims(now, map[string]any{"sub": "secret"}), nil)
			change(issuer)
			_, err := issuer.verifier(t, now, nil).Verify(t.Context(), token)
			if !errors.Is(err, access.ErrIssuerDown) {
				t.Fatalf("got error %v, want %v", err, access.ErrIssuerDown)
			}
			text := err.Error()
			if strings.Contains(text, "secret") || strings.Contains(text, token) {
				t.Errorf("got error %q, which tells", text)
			}
		})
	}
}

func TestNewIssuer(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*access.IssuerOptions)
		isGood bool
	}{
		"https":            {func(*access.IssuerOptions) {}, true},
		"with a path":      {func(o *access.IssuerOptions) { o.URL = "https://a.example/r/x/" }, true},
		"this machine":     {func(o *access.IssuerOptions) { o.URL = "http://localhost:8081" }, true},
		"loopback":         {func(o *access.IssuerOptions) { o.URL = "http://127.0.0.2:8081" }, true},
		"IPv6 loopback":    {func(o *access.IssuerOptions) { o.URL = "http://[::1]:8081" }, true},
		"http":             {func(o *access.IssuerOptions) { o.URL = "http://a.example" }, false},
		"not quite local":  {func(o *access.IssuerOptions) { o.URL = "http://localhost.example" }, false},
		"no URL":           {func(o *access.IssuerOptions) { o.URL = "" }, false},
		"no host":          {func(o *access.IssuerOptions) { o.URL = "https://" }, false},
		"a port alone":     {func(o *access.IssuerOptions) { o.URL = "https://:443" }, false},
		"no scheme":        {func(o *access.IssuerOptions) { o.URL = "a.example" }, false},
		"another scheme":   {func(o *access.IssuerOptions) { o.URL = "ftp://a.example" }, false},
		"no URL at all":    {func(o *access.IssuerOptions) { o.URL = "https://a\n" }, false},
		"with a user":      {func(o *access.IssuerOptions) { o.URL = "https://u:p@a.example" }, false},
		"with a query":     {func(o *access.IssuerOptions) { o.URL = "https://a.example?a=b" }, false},
		"with a fragment":  {func(o *access.IssuerOptions) { o.URL = "https://a.example#a" }, false},
		"without audience": {func(o *access.IssuerOptions) { o.Audience = "" }, false},
		"without clock":    {func(o *access.IssuerOptions) { o.Now = nil }, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := access.IssuerOptions{
				URL: "https://a.example", Audience: testAudience, Now: newClock().now,
			}
			tt.change(&o)
			issuer, err := access.NewIssuer(o)
			if (err == nil) != tt.isGood || (issuer != nil) != tt.isGood {
				t.Errorf("got %v and error %v, want good to be %v", issuer, err, tt.isGood)
			}
		})
	}
}
