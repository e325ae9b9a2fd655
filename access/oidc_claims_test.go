package access_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestTokenTimes(t *testing.T) {
	t.Parallel()
	now := newClock()
	at := func(d time.Duration) int64 { return now.now().Add(d).Unix() }
	tests := map[string]struct {
		claim string
		value any
		want  error
	}{
		"expired":               {"exp", at(-time.Hour), access.ErrNotAuthenticated},
		"expired a second ago":  {"exp", at(-time.Second), access.ErrNotAuthenticated},
		"expires now":           {"exp", at(0), access.ErrNotAuthenticated},
		"expires in a second":   {"exp", at(time.Second), nil},
		"expires in a fraction": {"exp", float64(at(0)) + 1.5, nil},
		"no exp":                {"exp", nil, access.ErrNotAuthenticated},
		"exp a string":          {"exp", fmt.Sprint(at(time.Hour)), access.ErrNotAuthenticated},
		"exp null":              {"exp", json.RawMessage("null"), access.ErrNotAuthenticated},
		"exp true":              {"exp", true, access.ErrNotAuthenticated},
		"exp huge":              {"exp", json.RawMessage("1e300"), access.ErrNotAuthenticated},
		"exp beyond numbers":    {"exp", json.RawMessage("1e400"), access.ErrNotAuthenticated},
		"exp beyond seconds":    {"exp", int64(1) << 62, access.ErrNotAuthenticated},
		"exp negative":          {"exp", -1, access.ErrNotAuthenticated},
		"exp in milliseconds":   {"exp", at(time.Hour) * 1000, access.ErrNotAuthenticated},
		"nbf past":              {"nbf", at(-time.Hour), nil},
		"nbf within a minute":   {"nbf", at(time.Minute), nil},
		"not yet valid":         {"nbf", at(time.Minute + time.Second), access.ErrNotAuthenticated},
		"nbf a string":          {"nbf", "0", access.ErrNotAuthenticated},
		"nbf null":              {"nbf", json.RawMessage("null"), access.ErrNotAuthenticated},
		"no iat":                {"iat", nil, nil},
		"iat within a minute":   {"iat", at(time.Minute), nil},
		"iat in the future":     {"iat", at(time.Minute + time.Second), access.ErrNotAuthenticated},
		"iat a string":          {"iat", "0", access.ErrNotAuthenticated},
	}
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := issuer.claims(now, map[string]any{tt.claim: tt.value})
			wantVerified(t, verifier, key.sign(t, claims, nil), tt.want)
		})
	}
	// No clock that was wrong, and no token that had expired, made the issuer be asked again.
	t.Cleanup(func() { issuer.wantAsked(t, 1, 1) })
}

func TestTokenDuplicates(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	for name, more := range map[string]string{
		"sub":    `"sub":"eve"`,
		"aud":    `"aud":"resident-gateway"`,
		"groups": `"groups":["writers"]`,
		"escape": `"s\u0075b":"eve"`,
		"nested": `"x":{"y":1,"y":2}`,
	} {
		good := string(jsonOf(t, issuer.claims(now, nil)))
		token := key.sign(t, strings.TrimSuffix(good, "}")+","+more+"}", nil)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantVerified(t, verifier, token, access.ErrNotAuthenticated)
		})
	}
}

func TestTokenNames(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		claim string
		sub   any
		more  map[string]any
		want  string // none if the token is refused
	}{
		"sub":               {"", "ada", nil, "ada"},
		"longest":           {"", strings.Repeat("a", 255), nil, strings.Repeat("a", 255)},
		"too long":          {"", strings.Repeat("a", 256), nil, ""},
		"empty":             {"", "", nil, ""},
		"blank":             {"", "  ", nil, ""},
		"none":              {"", nil, nil, ""},
		"a number":          {"", 7, nil, ""},
		"a zero in it":      {"", "a\x00b", nil, ""},
		"a line break":      {"", "a\nb", nil, ""},
		"another claim":     {"email", "ada", map[string]any{"email": "ada@a.example"}, "ada@a.example"},
		"accents":           {"name", "ada", map[string]any{"name": "Zoë Ó Súil"}, "Zoë Ó Súil"},
		"another, none":     {"email", "ada", nil, ""},
		"another, empty":    {"email", "ada", map[string]any{"email": ""}, ""},
		"another, a list":   {"email", "ada", map[string]any{"email": []string{"a"}}, ""},
		"another, too long": {"email", "ada", map[string]any{"email": strings.Repeat("a", 256)}, ""},
		"another, no sub":   {"email", nil, map[string]any{"email": "ada@a.example"}, ""},
		"nested":            {"a.b", "ada", map[string]any{"a": map[string]any{"b": "c"}}, "c"},
	}
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verifier := issuer.verifier(t, now, func(o *access.IssuerOptions) {
				o.NameClaim = tt.claim
			})
			claims := issuer.claims(now, tt.more)
			if claims["sub"] = tt.sub; tt.sub == nil {
				delete(claims, "sub")
			}
			token := key.sign(t, claims, nil)
			if tt.want == "" {
				wantVerified(t, verifier, token, access.ErrNotAuthenticated)
				return
			}
			got, err := verifier.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if got.Name != tt.want {
				t.Errorf("got name %q, want %q", got.Name, tt.want)
			}
		})
	}
}

func TestTokenGroups(t *testing.T) {
	t.Parallel()
	const refused = "refused"
	many := func(n int) []string { return slices.Repeat([]string{"a"}, n) }
	tests := map[string]struct {
		claim  string
		name   string
		value  any
		scopes string
	}{
		"one": {"", "groups", []string{"readers"}, "residents:read"},
		"several": {
			"", "groups", []string{"writers", "x", "readers"}, "residents:read,residents:write",
		},
		"one twice":       {"", "groups", []string{"readers", "readers"}, "residents:read"},
		"none mapped":     {"", "groups", []string{"others"}, ""},
		"in capitals":     {"", "groups", []string{"Readers"}, ""},
		"empty":           {"", "groups", []string{}, ""},
		"empty group":     {"", "groups", []string{""}, ""},
		"no claim":        {"", "other", "readers", ""},
		"null":            {"", "groups", json.RawMessage("null"), ""},
		"a string":        {"", "groups", " readers  writers ", "residents:read,residents:write"},
		"an empty string": {"", "groups", "", ""},
		"a number":        {"", "groups", 1, refused},
		"an object":       {"", "groups", map[string]any{"readers": true}, refused},
		"a number in it":  {"", "groups", []any{"readers", 1}, refused},
		"a list in it":    {"", "groups", []any{[]string{"readers"}}, refused},
		"500":             {"", "groups", append(many(499), "readers"), "residents:read"},
		"501":             {"", "groups", append(many(500), "readers"), refused},
		"501 words":       {"", "groups", strings.Repeat("a ", 501), refused},
		"another claim":   {"roles", "roles", []string{"readers"}, "residents:read"},
		"nested": {
			"realm_access.roles", "realm_access", map[string]any{"roles": []string{"readers"}},
			"residents:read",
		},
		"a name with dots":     {"a.example/roles", "a.example/roles", "readers", "residents:read"},
		"nested, none":         {"realm_access.roles", "realm_access", map[string]any{}, ""},
		"nested in a string":   {"realm_access.roles", "realm_access", "roles", ""},
		"nested in a list":     {"realm_access.roles", "realm_access", []string{"roles"}, ""},
		"nested in nothing":    {"a.b.c.d", "a", nil, ""},
		"path of dots":         {"...", "a", nil, ""},
		"object where a claim": {"realm_access", "realm_access", map[string]any{"roles": 1}, refused},
	}
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			verifier := issuer.verifier(t, now, func(o *access.IssuerOptions) {
				o.GroupsClaim = tt.claim
			})
			claims := issuer.claims(now, map[string]any{"groups": nil})
			claims[tt.name] = tt.value
			token := key.sign(t, claims, nil)
			if tt.scopes == refused {
				wantVerified(t, verifier, token, access.ErrNotAuthenticated)
				return
			}
			got, err := verifier.Verify(t.Context(), token)
			if err != nil {
				t.Fatal(err)
			}
			if got.Scopes.String() != tt.scopes {
				t.Errorf("got scopes %q, want %q", got.Scopes, tt.scopes)
			}
		})
	}
}

func TestTokenAudiences(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	for _, aud := range []any{testAudience, []string{testAudience}, []string{"other", testAudience}} {
		claims := issuer.claims(now, map[string]any{"aud": aud})
		wantVerified(t, verifier, key.sign(t, claims, nil), nil)
	}
}

// TestTokenIDs has one id for one person of one issuer.
func TestTokenIDs(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	here, there := newTestIssuer(t, key), newTestIssuer(t, key)
	idOf := func(i *testIssuer, sub string) string {
		t.Helper()
		claims := i.claims(now, map[string]any{"sub": sub})
		caller, err := i.verifier(t, now, nil).Verify(t.Context(), key.sign(t, claims, nil))
		if err != nil {
			t.Fatal(err)
		}
		return caller.ID
	}
	ada := idOf(here, "ada")
	if again := idOf(here, "ada"); again != ada {
		t.Errorf("got ids %s and %s for one person, want one", ada, again)
	}
	eve, other := idOf(here, "eve"), idOf(there, "ada")
	if ada == eve || ada == other || eve == other {
		t.Errorf("got ids %s, %s and %s for three persons, want three", ada, eve, other)
	}
}
