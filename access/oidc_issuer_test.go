package access_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

const testAudience = "resident-gateway"

// A testIssuer is an issuer on this machine. It counts what it is asked.
type testIssuer struct {
	url string

	mu         sync.Mutex
	keys       []any // of the set
	document   map[string]any
	documents  int              // times that the document was asked for
	keySets    int              // times that the keys were asked for
	elsewhere  int              // times that anything else was
	instead    http.HandlerFunc // answers for the issuer, unless nil
	insteadKey http.HandlerFunc // answers for the keys alone, unless nil
}

func newTestIssuer(t *testing.T, keys ...testKey) *testIssuer {
	t.Helper()
	i := &testIssuer{}
	server := httptest.NewServer(i)
	t.Cleanup(server.Close)
	i.url = server.URL
	i.document = map[string]any{"issuer": i.url, "jwks_uri": i.url + "/keys"}
	i.publish(keys...)
	return i
}

func (i *testIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	answer := i.instead
	var body any
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		i.documents++
		body = i.document
	case "/keys":
		i.keySets++
		if answer == nil {
			answer = i.insteadKey
		}
		body = map[string]any{"keys": i.keys}
	default:
		i.elsewhere++
		if answer == nil {
			answer = http.NotFound
		}
	}
	text, err := json.Marshal(body)
	i.mu.Unlock()
	if answer != nil {
		answer(w, r)
		return
	}
	if err != nil {
		panic(err)
	}
	_, _ = w.Write(text)
}

// publish replaces the keys.
func (i *testIssuer) publish(keys ...testKey) {
	set := make([]any, len(keys))
	for n, key := range keys {
		set[n] = key.public()
	}
	i.publishRaw(set...)
}

func (i *testIssuer) publishRaw(keys ...any) {
	i.change(func() { i.keys = keys })
}

// change changes how the issuer answers from now on.
func (i *testIssuer) change(f func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	f()
}

func (i *testIssuer) goDown() {
	i.change(func() {
		i.instead = func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "secret words", http.StatusBadGateway)
		}
	})
}

func (i *testIssuer) comeBack() { i.change(func() { i.instead, i.insteadKey = nil, nil }) }

// wantAsked fails unless the issuer was asked so often.
func (i *testIssuer) wantAsked(t *testing.T, documents, keySets int) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.documents != documents || i.keySets != keySets || i.elsewhere != 0 {
		t.Errorf("got %d documents, %d key sets and %d others asked for, want %d, %d and 0",
			i.documents, i.keySets, i.elsewhere, documents, keySets)
	}
}

// claims are those of a good token, with some changed or, where they are nil, left out.
func (i *testIssuer) claims(c *clock, changes map[string]any) map[string]any {
	good := map[string]any{
		"iss": i.url, "aud": testAudience, "sub": "ada",
		"exp": c.now().Add(time.Hour).Unix(), "iat": c.now().Unix(),
		"groups": []string{"readers"},
	}
	maps.Copy(good, changes)
	maps.DeleteFunc(good, func(_ string, value any) bool { return value == nil })
	return good
}

// verifier returns who believes the issuer, as the options that are changed have it.
func (i *testIssuer) verifier(
	t testing.TB, c *clock, change func(*access.IssuerOptions),
) *access.Issuer {
	t.Helper()
	o := access.IssuerOptions{
		URL: i.url, Audience: testAudience, Now: c.now,
		Groups: map[string]access.Scopes{
			"readers": access.ScopesOf("residents:read"),
			"writers": access.ScopesOf("residents:write", "residents:read"),
		},
	}
	if change != nil {
		change(&o)
	}
	verifier, err := access.NewIssuer(o)
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// A testKey signs tokens.
type testKey struct {
	id        string
	algorithm jose.SignatureAlgorithm
	private   crypto.Signer
}

// newTestKey returns a new key of the algorithm.
func newTestKey(t testing.TB, id string, algorithm jose.SignatureAlgorithm) testKey {
	t.Helper()
	var private crypto.Signer
	var err error
	switch algorithm {
	case jose.ES256:
		private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case jose.ES384:
		private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.ES512:
		private, err = ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	case jose.EdDSA:
		_, private, err = ed25519.GenerateKey(rand.Reader)
	default:
		private, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		t.Fatal(err)
	}
	return testKey{id, algorithm, private}
}

func (k testKey) public() jose.JSONWebKey {
	return jose.JSONWebKey{
		Key: k.private.Public(), KeyID: k.id, Algorithm: string(k.algorithm), Use: "sig",
	}
}

// sign returns a token of the claims, with some of its header changed or, where nil, left out.
func (k testKey) sign(t testing.TB, payload any, header map[string]any) string {
	t.Helper()
	input := signingInput(t, payload, map[string]any{
		"alg": string(k.algorithm), "kid": k.id, "typ": "at+jwt",
	}, header)
	return input + "." + base64.RawURLEncoding.EncodeToString(k.signature(t, input))
}

// signature signs as the key does, whatever a header says.
func (k testKey) signature(t testing.TB, input string) []byte {
	t.Helper()
	if private, ok := k.private.(ed25519.PrivateKey); ok {
		return ed25519.Sign(private, []byte(input))
	}
	hash := crypto.SHA256
	switch {
	case strings.HasSuffix(string(k.algorithm), "384"):
		hash = crypto.SHA384
	case strings.HasSuffix(string(k.algorithm), "512"):
		hash = crypto.SHA512
	}
	digest := hash.New()
	digest.Write([]byte(input))
	sum := digest.Sum(nil)
	private, ok := k.private.(*ecdsa.PrivateKey)
	if !ok {
		var options crypto.SignerOpts = hash
		if k.algorithm[0] == 'P' {
			options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash}
		}
		return mustBytes(t)(k.private.Sign(rand.Reader, sum, options))
	}
	r, s, err := ecdsa.Sign(rand.Reader, private, sum)
	if err != nil {
		t.Fatal(err)
	}
	size := (private.Params().BitSize + 7) / 8
	return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

// signingInput is what is signed of a token: the payload is text as it is, or what has its JSON.
func signingInput(t testing.TB, payload any, header, changes map[string]any) string {
	t.Helper()
	maps.Copy(header, changes)
	maps.DeleteFunc(header, func(_ string, value any) bool { return value == nil })
	head := jsonOf(t, header)
	body, ok := payload.(string)
	if !ok {
		body = string(jsonOf(t, payload))
	}
	return base64.RawURLEncoding.EncodeToString(head) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(body))
}

// jsonOf returns the JSON of a value.
func jsonOf(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func mustBytes(t testing.TB) func([]byte, error) []byte {
	t.Helper()
	return func(b []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
}

// wantVerified fails unless the token is good, or what is wrong with it is err.
func wantVerified(t *testing.T, verifier *access.Issuer, token string, err error) {
	t.Helper()
	caller, got := verifier.Verify(t.Context(), token)
	if !errors.Is(got, err) || (caller == nil) != (got != nil) {
		t.Errorf("got %v and error %v, want error %v", caller, got, err)
	}
	if err == access.ErrNotAuthenticated && got != err { //nolint:errorlint // not one that wraps it
		t.Errorf("got error %v, want %v and nothing else", got, err)
	}
}
