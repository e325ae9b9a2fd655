package access_test

import (
	"context"
	"errors"
	"maps"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
)

const day = 24 * time.Hour

// A clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func newClock() *clock { return &clock{at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

func keysIn(pool *sqlx.DB, c *clock) *access.Keys {
	return access.NewKeys(access.KeysOptions{DB: pool, Now: c.now})
}

func newKey(name string) access.NewKey {
	return access.NewKey{
		Name: name, Scopes: access.ScopesOf("residents:read", "contact-details:read"),
		Lifetime: 90 * day, RequestsPerMinute: 600,
	}
}

// createKey makes a key that must be made.
func createKey(t testing.TB, keys *access.Keys, n access.NewKey) (key access.Key, text string) {
	t.Helper()
	key, text, err := keys.Create(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	return key, text
}

func rotateKey(
	t testing.TB, keys *access.Keys, name string, overlap time.Duration,
) (key access.Key, text string) {
	t.Helper()
	key, text, err := keys.Rotate(t.Context(), name, overlap, 90*day)
	if err != nil {
		t.Fatal(err)
	}
	return key, text
}

// wantAccepted fails unless the credential is the key's.
func wantAccepted(t testing.TB, keys *access.Keys, text string, key access.Key) {
	t.Helper()
	caller, err := keys.Verify(t.Context(), text)
	if err != nil {
		t.Fatalf("got error %v, want the key accepted", err)
	}
	if caller.Kind != access.Service || caller.ID != key.ID || caller.Name != key.Name ||
		caller.Scopes.String() != key.Scopes.String() ||
		caller.RequestsPerMinute != key.RequestsPerMinute {
		t.Errorf("got %+v, want the service of %+v", caller, key)
	}
}

// wantRefused fails unless the credential is refused as any other that is not accepted.
func wantRefused(t testing.TB, keys *access.Keys, credential string) {
	t.Helper()
	caller, err := keys.Verify(t.Context(), credential)
	if err != access.ErrNotAuthenticated { //nolint:errorlint // it is to say nothing more
		t.Errorf("got error %v, want exactly ErrNotAuthenticated", err)
	}
	if caller != nil {
		t.Errorf("got %+v, want no caller", caller)
	}
	if keys.Known(credential) {
		t.Error("a credential that is refused is known")
	}
}

func TestKeyText(t *testing.T) {
	t.Parallel()
	keys := keysIn(postgres.Scratch(t), newClock())
	key, text := createKey(t, keys, newKey("benefits"))

	if !regexp.MustCompile(`^rgw_[a-z2-7]{12}_[a-z2-7]{52}$`).MatchString(text) {
		t.Error("the text of the key has not the form of one")
	}
	if !strings.HasPrefix(text, access.KeyPrefix+key.ID+"_") {
		t.Errorf("the text does not begin with the id %s", key.ID)
	}
	_, other := createKey(t, keys, newKey("housing"))
	if other[4:16] == text[4:16] || other[17:] == text[17:] {
		t.Error("two keys share an id or a secret")
	}
}

func TestIsKey(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		credential string
		want       bool
	}{
		"a key":           {"rgw_abcdefghijkl_" + strings.Repeat("a", 52), true},
		"meant as one":    {"rgw_", true},
		"a token":         {"eyJhbGciOiJSUzI1NiJ9.e30.c2ln", false},
		"nothing":         {"", false},
		"in upper case":   {"RGW_ABC", false},
		"after something": {" rgw_abc", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := access.IsKey(tt.credential); got != tt.want {
				t.Errorf("got %t, want %t", got, tt.want)
			}
		})
	}
}

func TestKeyState(t *testing.T) {
	t.Parallel()
	now := newClock().now()
	later := now.Add(time.Hour)
	tests := map[string]struct {
		key  access.Key
		want access.KeyState
	}{
		"before it expires":       {access.Key{ExpiresAt: now.Add(1)}, access.KeyValid},
		"when it expires":         {access.Key{ExpiresAt: now}, access.KeyExpired},
		"after it has":            {access.Key{ExpiresAt: now.Add(-1)}, access.KeyExpired},
		"revoked":                 {access.Key{ExpiresAt: later, RevokedAt: &now}, access.KeyRevoked},
		"revoked by a fast clock": {access.Key{ExpiresAt: later, RevokedAt: &later}, access.KeyRevoked},
		"revoked, then expired":   {access.Key{ExpiresAt: now, RevokedAt: &now}, access.KeyRevoked},
		"the zero key":            {access.Key{}, access.KeyExpired},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.key.State(now); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestLifeOfKey(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	wantAnyValid := func(want bool) {
		t.Helper()
		if got, err := keys.AnyValid(t.Context()); err != nil || got != want {
			t.Errorf("got any valid %t, %v; want %t", got, err, want)
		}
	}
	wantAnyValid(false)

	first, text := createKey(t, keys, newKey("benefits"))
	if !first.CreatedAt.Equal(c.now()) || !first.ExpiresAt.Equal(c.now().Add(90*day)) {
		t.Errorf("got %+v, want it to last for 90 days from now", first)
	}
	wantAnyValid(true)
	wantAccepted(t, keys, text, first)

	c.move(60 * day)
	second, newer := rotateKey(t, keys, "benefits", 7*day)
	wantAccepted(t, keys, text, first)
	wantAccepted(t, keys, newer, second)

	c.move(7 * day)
	wantRefused(t, keys, text)
	wantAccepted(t, keys, newer, second)

	revoked, err := keys.Revoke(t.Context(), "benefits")
	if err != nil {
		t.Fatal(err)
	}
	if len(revoked) != 1 || revoked[0].ID != second.ID || revoked[0].State(c.now()) != "REVOKED" {
		t.Errorf("got %+v revoked, want the second key", revoked)
	}
	c.move(2 * time.Second)
	wantRefused(t, keys, newer)
	wantAnyValid(false)

	createKey(t, keys, newKey("benefits")) // the name is free again
	wantAnyValid(true)
	c.move(90 * day)
	wantAnyValid(false)
}

// None of these texts is a key, though the first is all but one.
func notKeys(text string) map[string]string {
	id, secret := text[4:16], text[17:]
	return map[string]string{
		"empty":                  "",
		"the prefix alone":       "rgw_",
		"no prefix":              id + "_" + secret,
		"another prefix":         "rgx_" + id + "_" + secret,
		"truncated":              text[:len(text)-1],
		"without its secret":     "rgw_" + id + "_",
		"with one letter more":   text + "a",
		"a line after it":        text + "\n",
		"a blank before it":      " " + text,
		"in upper case":          strings.ToUpper(text),
		"its secret in upper":    "rgw_" + id + "_" + strings.ToUpper(secret),
		"another alphabet":       "rgw_" + id + "_" + strings.Repeat("0", 52),
		"another, in the id":     "rgw_00000000000!_" + secret,
		"an id one longer":       "rgw_" + id + "a_" + secret[1:],
		"its parts exchanged":    "rgw_" + secret + "_" + id,
		"three parts":            "rgw_" + id + "_" + secret[:26] + "_" + secret[27:],
		"10 KB":                  text + strings.Repeat("a", 10_000),
		"10 KB of underscores":   "rgw_" + strings.Repeat("_", 10_000),
		"with NUL in the id":     "rgw_" + id[:11] + "\x00_" + secret,
		"with NUL in the secret": text[:len(text)-1] + "\x00",
		"not UTF-8":              text[:len(text)-1] + "\xff",
		"not UTF-8, in the id":   "rgw_\xff\xfe" + id[2:] + "_" + secret,
		"a letter of two bytes":  text[:len(text)-2] + "é",
	}
}

// These have the form of a key.
func wrongKeys(text string) map[string]string {
	id, secret := text[4:16], text[17:]
	// The last letter stands for one bit: the next in the alphabet decodes to the same bytes.
	last := map[byte]string{'a': "b", 'q': "r"}[secret[51]]
	return map[string]string{
		"unknown":                  "rgw_abcdefghijkl_" + secret,
		"wrong in all":             "rgw_" + id + "_" + strings.Repeat("a", 52),
		"wrong in its first":       "rgw_" + id + "_" + otherLetter(secret[0]) + secret[1:],
		"wrong in its last":        "rgw_" + id + "_" + secret[:51] + otherLetter(secret[51]),
		"another text of the same": "rgw_" + id + "_" + secret[:51] + last,
	}
}

func otherLetter(letter byte) string {
	if letter == 'z' {
		return "y"
	}
	return "z"
}

func TestVerifyRefuses(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	key, text := createKey(t, keys, newKey("benefits"))
	tests := notKeys(text)
	maps.Copy(tests, wrongKeys(text))
	_, tests["revoked"] = createKey(t, keys, newKey("revoked"))
	if _, err := keys.Revoke(t.Context(), "revoked"); err != nil {
		t.Fatal(err)
	}
	brief := newKey("brief")
	brief.Lifetime = time.Minute
	_, tests["expired"] = createKey(t, keys, brief)
	_, tests["replaced"] = createKey(t, keys, newKey("replaced"))
	rotateKey(t, keys, "replaced", 0)
	c.move(time.Minute)

	for _, isRead := range []bool{false, true} { // what is remembered does not matter
		for name, credential := range tests {
			t.Run(name, func(t *testing.T) { wantRefused(t, keys, credential) })
		}
		if !isRead {
			wantAccepted(t, keys, text, key)
		}
	}
}

func TestVerifyAtTheMomentOfExpiry(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	brief := newKey("brief")
	brief.Lifetime = time.Second // less than a key is remembered for
	key, text := createKey(t, keys, brief)

	wantAccepted(t, keys, text, key)
	c.move(time.Second - 1)
	wantAccepted(t, keys, text, key)
	if !keys.Known(text) {
		t.Error("a valid key that was read is not known")
	}
	c.move(1)
	wantRefused(t, keys, text)
}

func TestVerifyWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	pool := postgres.Scratch(t)
	c := newClock()
	keys := keysIn(pool, c)
	_, text := createKey(t, keys, newKey("benefits"))
	_ = pool.Close()

	_, err := keys.Verify(t.Context(), text)
	const want = "access: verify a key: the database could not be asked (*errors.errorString)"
	if err == nil || errors.Is(err, access.ErrNotAuthenticated) || err.Error() != want {
		t.Errorf("got error %v, want %q", err, want)
	}
	wantRefused(t, keys, "rgw_no key") // which needs no database

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := keys.Verify(ctx, text); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
}

func FuzzVerify(f *testing.F) {
	c := newClock()
	pool := postgres.New(f)
	keys := access.NewKeys(access.KeysOptions{
		DB: pool, Now: c.now,
		Random: strings.NewReader(strings.Repeat("the same in every process ", 2)),
	})
	_, text := createKey(f, keys, newKey("benefits"))
	f.Add(text)
	for _, credential := range notKeys(text) {
		f.Add(credential)
	}
	for _, credential := range wrongKeys(text) {
		f.Add(credential)
	}
	f.Fuzz(func(t *testing.T, credential string) {
		if credential != text {
			wantRefused(t, keys, credential)
			return
		}
		if _, err := keys.Verify(t.Context(), credential); err != nil {
			t.Errorf("got error %v, want the key accepted", err)
		}
	})
}
