package access_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	keys := keysIn(postgres.Scratch(t), newClock())
	createKey(t, keys, newKey("taken"))
	with := func(change func(*access.NewKey)) access.NewKey {
		n := newKey("benefits")
		change(&n)
		return n
	}
	pasted := "rgw_abcdefghijkl_" + strings.Repeat("a", 52)
	tests := map[string]struct {
		key  access.NewKey
		want string
	}{
		"no name":         {newKey(""), "a name is"},
		"a key as a name": {newKey(pasted), "a name is"},
		"a name with NUL": {newKey("a\x00"), "a name is"},
		"no scopes":       {with(func(n *access.NewKey) { n.Scopes = nil }), "at least one scope"},
		"no time":         {with(func(n *access.NewKey) { n.Lifetime = 0 }), "365 days at most"},
		"too long": {
			with(func(n *access.NewKey) { n.Lifetime = 365*day + 1 }), "365 days at most",
		},
		"time runs back": {with(func(n *access.NewKey) { n.Lifetime = -day }), "365 days at most"},
		"a rate below none": {
			with(func(n *access.NewKey) { n.RequestsPerMinute = -1 }), "from 0 to",
		},
		"a rate beyond all": {
			with(func(n *access.NewKey) { n.RequestsPerMinute = 1 << 31 }), "from 0 to",
		},
		"a name that is taken": {newKey("taken"), `"taken": rotate it, or revoke it first`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, text, err := keys.Create(t.Context(), tt.key)
			if err == nil || !strings.Contains(err.Error(), tt.want) || text != "" {
				t.Fatalf("got error %v, want one with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), pasted) {
				t.Errorf("the error repeats a key: %v", err)
			}
		})
	}
}

func TestCreateWithoutRandomness(t *testing.T) {
	t.Parallel()
	broken := errors.New("no entropy")
	keys := access.NewKeys(access.KeysOptions{
		DB: postgres.Scratch(t), Now: newClock().now, Random: iotest.ErrReader(broken),
	})
	if _, _, err := keys.Create(t.Context(), newKey("benefits")); !errors.Is(err, broken) {
		t.Errorf("got error %v, want %v", err, broken)
	}
}

func TestCreateKeepsWhatWasAsked(t *testing.T) {
	t.Parallel()
	tests := map[string]access.NewKey{
		"with a rate": newKey("benefits"),
		"without one": {Name: "benefits", Scopes: access.Scopes{"b", "a", "b"}, Lifetime: time.Hour},
		"for a year":  {Name: "benefits", Scopes: access.Scopes{"a"}, Lifetime: 365 * day},
		"for a moment": {
			Name: "benefits", Scopes: access.Scopes{"a"}, Lifetime: time.Microsecond,
		},
	}
	for name, n := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			c.move(1500) // nanoseconds, which PostgreSQL does not keep
			keys := keysIn(postgres.Scratch(t), c)
			created, _ := createKey(t, keys, n)
			words := make([]string, len(n.Scopes))
			for i, scope := range n.Scopes {
				words[i] = string(scope)
			}
			if want := access.ScopesOf(words...); !slices.Equal(created.Scopes, want) {
				t.Errorf("got scopes %s, want %s", created.Scopes, want)
			}
			listed, err := keys.List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(listed) != 1 || !isSameKey(listed[0], created) {
				t.Errorf("got %+v listed, want %+v", listed, created)
			}
		})
	}
}

func isSameKey(a, b access.Key) bool {
	return a.ID == b.ID && a.Name == b.Name && slices.Equal(a.Scopes, b.Scopes) &&
		a.RequestsPerMinute == b.RequestsPerMinute && a.CreatedAt.Equal(b.CreatedAt) &&
		a.ExpiresAt.Equal(b.ExpiresAt) && (a.RevokedAt == nil) == (b.RevokedAt == nil)
}

func TestList(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	if got, err := keys.List(t.Context()); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v; want none", got, err)
	}
	var want []string
	b1, _ := createKey(t, keys, newKey("b"))
	createKey(t, keys, newKey("a.z"))
	createKey(t, keys, newKey("a-z"))
	c.move(time.Hour)
	b2, _ := rotateKey(t, keys, "b", day)
	want = append(want, "a-z VALID", "a.z VALID", "b VALID "+b2.ID, "b VALID "+b1.ID)

	got, err := keys.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(got))
	for i, key := range got {
		lines[i] = key.Name + " " + string(key.State(c.now()))
		if key.Name == "b" {
			lines[i] += " " + key.ID
		}
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q, want %q", lines, want)
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		overlap time.Duration
		want    time.Duration // for which the old key, which has 90 days, is accepted
	}{
		"at once":               {0, 0},
		"with an overlap":       {day, day},
		"with the longest":      {30 * day, 30 * day},
		"shortly after":         {time.Second, time.Second},
		"less than can be told": {1, time.Microsecond},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			pool := postgres.Scratch(t)
			keys := keysIn(pool, c)
			old, text := createKey(t, keys, newKey("benefits"))
			made, newer := rotateKey(t, keys, "benefits", tt.overlap)

			if made.ID == old.ID || made.Name != old.Name ||
				!slices.Equal(made.Scopes, old.Scopes) ||
				made.RequestsPerMinute != old.RequestsPerMinute || made.State(c.now()) != "VALID" {
				t.Errorf("got %+v, want a valid key like %+v", made, old)
			}
			wantAccepted(t, keys, newer, made)
			if tt.want > 0 {
				c.move(tt.want - time.Microsecond)
				wantAccepted(t, keysIn(pool, c), text, old)
				c.move(time.Microsecond)
			}
			wantRefused(t, keysIn(pool, c), text)
			wantAccepted(t, keys, newer, made)
		})
	}
}

// An overlap gives no key more time than it had, and ends all that went before.
func TestRotateTwice(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	brief := newKey("benefits")
	brief.Lifetime = time.Hour
	first, firstText := createKey(t, keys, brief)
	_, secondText := rotateKey(t, keys, "benefits", day)
	third, thirdText := rotateKey(t, keys, "benefits", 2*day)

	c.move(time.Hour - 1)
	wantAccepted(t, keys, firstText, first)
	c.move(1)
	wantRefused(t, keys, firstText)
	c.move(2*day - time.Hour)
	wantRefused(t, keys, secondText)
	wantAccepted(t, keys, thirdText, third)

	c.move(time.Minute)
	fourth, fourthText := rotateKey(t, keys, "benefits", 0)
	c.move(2 * time.Second)
	wantRefused(t, keys, thirdText)
	wantAccepted(t, keys, fourthText, fourth)
}

func TestRotateRefuses(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	createKey(t, keys, newKey("benefits"))
	createKey(t, keys, newKey("revoked"))
	if _, err := keys.Revoke(t.Context(), "revoked"); err != nil {
		t.Fatal(err)
	}
	brief := newKey("expired")
	brief.Lifetime = time.Minute
	createKey(t, keys, brief)
	c.move(time.Minute)
	tests := map[string]struct {
		name              string
		overlap, lifetime time.Duration
		want              string
	}{
		"no such name":       {"nobody", 0, day, "no valid key of that name"},
		"what is no name":    {"A\x00", 0, day, "no valid key of that name"},
		"an expired key":     {"expired", 0, day, "no valid key of that name"},
		"a revoked key":      {"revoked", 0, day, "no valid key of that name"},
		"too long beside it": {"benefits", 30*day + 1, day, "30 days at most"},
		"less than none":     {"benefits", -1, day, "30 days at most"},
		"no time":            {"benefits", 0, 0, "365 days at most"},
		"too long":           {"benefits", 0, 365*day + 1, "365 days at most"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, text, err := keys.Rotate(t.Context(), tt.name, tt.overlap, tt.lifetime)
			if err == nil || !strings.Contains(err.Error(), tt.want) || text != "" {
				t.Errorf("got error %v, want one with %q", err, tt.want)
			}
		})
	}
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	c := newClock()
	keys := keysIn(postgres.Scratch(t), c)
	first, firstText := createKey(t, keys, newKey("benefits"))
	second, secondText := rotateKey(t, keys, "benefits", day)
	like, likeText := createKey(t, keys, newKey(first.ID)) // a name like the id of another
	other, otherText := createKey(t, keys, newKey("housing"))
	revoke := func(nameOrID string, want ...string) {
		t.Helper()
		revoked, err := keys.Revoke(t.Context(), nameOrID)
		if (err == nil) != (len(want) > 0) {
			t.Fatalf("%s: got error %v", nameOrID, err)
		}
		var got []string
		for _, key := range revoked {
			got = append(got, key.ID)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q revoked, want %q", nameOrID, got, want)
		}
		c.move(2 * time.Second)
	}

	revoke(first.ID, first.ID) // the id wins
	wantRefused(t, keys, firstText)
	wantAccepted(t, keys, secondText, second)
	wantAccepted(t, keys, likeText, like)
	revoke(first.ID) // which it does when it is revoked, too

	third, thirdText := rotateKey(t, keys, "benefits", day)
	revoke("benefits", second.ID, third.ID)
	wantRefused(t, keys, secondText)
	wantRefused(t, keys, thirdText)
	revoke("benefits")
	revoke("nobody")
	revoke("")
	revoke("\x00")
	wantAccepted(t, keys, otherText, other)

	_, err := keys.Revoke(t.Context(), otherText)
	if err == nil || strings.Contains(err.Error(), otherText) {
		t.Errorf("got error %v, want one without the key in it", err)
	}
	wantAccepted(t, keys, otherText, other)
	c.move(90 * day)
	revoke("housing") // what has expired is over
}
