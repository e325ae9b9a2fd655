package access_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/LBHackney-IT/resident-gateway/access"
)

func TestIssuerKeysAreReadOnce(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	issuer.wantAsked(t, 0, 0) // a gateway starts without its issuer
	token := key.sign(t, issuer.claims(now, nil), nil)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { wantVerified(t, verifier, token, nil) })
	}
	all.Wait()
	issuer.wantAsked(t, 1, 1)

	// So are those of a rotation.
	next := newTestKey(t, "two", jose.EdDSA)
	issuer.publish(next)
	token = next.sign(t, issuer.claims(now, nil), nil)
	for range 50 {
		all.Go(func() { wantVerified(t, verifier, token, nil) })
	}
	all.Wait()
	issuer.wantAsked(t, 1, 2)
}

func TestIssuerKeyRotation(t *testing.T) {
	t.Parallel()
	now := newClock()
	first, second := newTestKey(t, "one", jose.ES256), newTestKey(t, "two", jose.ES256)
	issuer := newTestIssuer(t, first)
	verifier := issuer.verifier(t, now, nil)
	sign := func(key testKey) string {
		return key.sign(t, issuer.claims(now, map[string]any{
			"exp": now.now().Add(24 * time.Hour).Unix(),
		}), nil)
	}
	wantVerified(t, verifier, sign(first), nil)
	issuer.publish(first, second)
	wantVerified(t, verifier, sign(second), nil)
	wantVerified(t, verifier, sign(first), nil)
	issuer.wantAsked(t, 1, 2)

	// The old key is withdrawn. It is believed for ten minutes more, and nobody has asked meanwhile.
	issuer.publish(second)
	now.move(9 * time.Minute)
	wantVerified(t, verifier, sign(first), nil)
	issuer.wantAsked(t, 1, 2)
	now.move(time.Minute)
	wantVerified(t, verifier, sign(first), access.ErrNotAuthenticated)
	wantVerified(t, verifier, sign(second), nil)
	issuer.wantAsked(t, 2, 3)

	// Another key comes by an old name.
	third := newTestKey(t, "two", jose.ES256)
	issuer.publish(third)
	wantVerified(t, verifier, sign(third), nil)
	wantVerified(t, verifier, sign(second), access.ErrNotAuthenticated)
}

// TestIssuerKeysMove has the issuer asked where its keys are when they are not where they were.
func TestIssuerKeysMove(t *testing.T) {
	t.Parallel()
	now := newClock()
	first, second := newTestKey(t, "one", jose.EdDSA), newTestKey(t, "two", jose.EdDSA)
	issuer := newTestIssuer(t, first)
	verifier := issuer.verifier(t, now, nil)
	sign := func(key testKey) string { return key.sign(t, issuer.claims(now, nil), nil) }
	wantVerified(t, verifier, sign(first), nil)
	issuer.publish(second)
	issuer.change(func() {
		issuer.document["jwks_uri"] = issuer.url + "/keys?moved"
		issuer.insteadKey = func(w http.ResponseWriter, r *http.Request) {
			if r.URL.RawQuery != "moved" {
				http.NotFound(w, r)
				return
			}
			issuer.comeBack()
			http.Redirect(w, r, "/keys", http.StatusFound)
		}
	})
	wantVerified(t, verifier, sign(second), access.ErrIssuerDown)
	now.move(5 * time.Second)
	wantVerified(t, verifier, sign(second), nil)
	issuer.wantAsked(t, 2, 4)
}

// TestIssuerKeyFlood has tokens that no key signed, which do not reach the issuer.
func TestIssuerKeyFlood(t *testing.T) {
	t.Parallel()
	for name, forged := range map[string]func(t *testing.T, i *testIssuer, c *clock, n int) string{
		"unknown kids": func(t *testing.T, i *testIssuer, c *clock, n int) string {
			return newTestKey(t, fmt.Sprint(n), jose.EdDSA).sign(t, i.claims(c, nil), nil)
		},
		"bad signatures": func(t *testing.T, i *testIssuer, c *clock, _ int) string {
			return newTestKey(t, "one", jose.EdDSA).sign(t, i.claims(c, nil), nil)
		},
		"no kid": func(t *testing.T, i *testIssuer, c *clock, _ int) string {
			return newTestKey(t, "one", jose.EdDSA).sign(t, i.claims(c, nil), map[string]any{"kid": nil})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now := newClock()
			key := newTestKey(t, "one", jose.EdDSA)
			issuer := newTestIssuer(t, key)
			verifier := issuer.verifier(t, now, nil)
			good := key.sign(t, issuer.claims(now, nil), nil)
			for n := range 100 {
				wantVerified(t, verifier, forged(t, issuer, now, n), access.ErrNotAuthenticated)
				wantVerified(t, verifier, good, nil)
			}
			issuer.wantAsked(t, 1, 3)

			// A new key is believed as soon as the issuer is asked again, whoever made it be.
			next := newTestKey(t, "next", jose.EdDSA)
			issuer.publish(key, next)
			rotated := next.sign(t, issuer.claims(now, nil), nil)
			wantVerified(t, verifier, rotated, access.ErrNotAuthenticated)
			now.move(10 * time.Second)
			wantVerified(t, verifier, forged(t, issuer, now, 100), access.ErrNotAuthenticated)
			wantVerified(t, verifier, rotated, nil)
			issuer.wantAsked(t, 1, 4)
			wantVerified(t, verifier, forged(t, issuer, now, 101), access.ErrNotAuthenticated)
			issuer.wantAsked(t, 1, 4)
		})
	}
}

// TestIssuerDown has an issuer that is down from the start, and then again.
func TestIssuerDown(t *testing.T) {
	t.Parallel()
	now := newClock()
	key, next := newTestKey(t, "one", jose.EdDSA), newTestKey(t, "two", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	sign := func(key testKey) string { return key.sign(t, issuer.claims(now, nil), nil) }
	issuer.goDown()
	for range 10 {
		wantVerified(t, verifier, sign(key), access.ErrIssuerDown)
	}
	issuer.wantAsked(t, 1, 0)
	wantVerified(t, verifier, "no token", access.ErrNotAuthenticated) // which is known without keys

	now.move(4 * time.Second) // its failure is remembered
	issuer.comeBack()
	wantVerified(t, verifier, sign(key), access.ErrIssuerDown)
	issuer.wantAsked(t, 1, 0)
	now.move(time.Second)
	wantVerified(t, verifier, sign(key), nil)
	issuer.wantAsked(t, 2, 1)

	issuer.goDown()
	now.move(time.Minute)
	issuer.publish(next)
	for range 10 {
		wantVerified(t, verifier, sign(key), nil)
		wantVerified(t, verifier, sign(next), access.ErrIssuerDown)
	}
	issuer.wantAsked(t, 2, 2)
	now.move(24 * time.Hour) // the keys are old, and better than none
	for range 10 {
		wantVerified(t, verifier, sign(key), nil)
	}
	wantVerified(t, verifier, sign(next), access.ErrIssuerDown) // once the issuer has failed to answer

	issuer.comeBack()
	now.move(time.Hour)
	wantVerified(t, verifier, sign(next), nil)
	wantVerified(t, verifier, sign(key), access.ErrNotAuthenticated)
}

// TestIssuerDownFlood has an issuer that is down not asked for each token either.
func TestIssuerDownFlood(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	issuer.goDown()
	token := key.sign(t, issuer.claims(now, nil), nil)
	for range 60 {
		for range 10 {
			wantVerified(t, verifier, token, access.ErrIssuerDown)
		}
		now.move(time.Second)
	}
	// At 0, 5, 10, 15, ... seconds while there is something of the burst, and then each 10.
	issuer.mu.Lock()
	defer issuer.mu.Unlock()
	if issuer.documents < 6 || issuer.documents > 9 {
		t.Errorf("got %d documents asked for in a minute, want 6 to 9", issuer.documents)
	}
}

// TestIssuerCallerGivesUp has a caller give up, for whom alone it is over.
func TestIssuerCallerGivesUp(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	token := key.sign(t, issuer.claims(now, nil), nil)
	asked, answer := make(chan struct{}), make(chan struct{})
	issuer.change(func() {
		issuer.insteadKey = func(w http.ResponseWriter, r *http.Request) {
			close(asked)
			<-answer
			issuer.comeBack()
			http.Redirect(w, r, "/keys", http.StatusFound)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	var first sync.WaitGroup
	first.Go(func() {
		_, err := verifier.Verify(ctx, token)
		if !errors.Is(err, access.ErrIssuerDown) || !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v of %v", err, access.ErrIssuerDown, context.Canceled)
		}
	})
	<-asked
	cancel()
	first.Wait()
	var second sync.WaitGroup
	second.Go(func() { wantVerified(t, verifier, token, nil) })
	close(answer)
	second.Wait()
	issuer.wantAsked(t, 1, 2)
}

// TestIssuerHangsWithOldKeys has no token wait for an issuer that is known to be down.
func TestIssuerHangsWithOldKeys(t *testing.T) {
	t.Parallel()
	now := newClock()
	key := newTestKey(t, "one", jose.EdDSA)
	issuer := newTestIssuer(t, key)
	verifier := issuer.verifier(t, now, nil)
	sign := func() string { return key.sign(t, issuer.claims(now, nil), nil) }
	wantVerified(t, verifier, sign(), nil)
	issuer.goDown()
	now.move(time.Hour)
	wantVerified(t, verifier, sign(), nil)
	asked, done := make(chan struct{}), make(chan struct{})
	issuer.change(func() {
		issuer.instead = func(http.ResponseWriter, *http.Request) {
			close(asked)
			<-done
		}
	})
	now.move(time.Hour)
	start := time.Now()
	wantVerified(t, verifier, sign(), nil) // while the issuer says nothing
	if took := time.Since(start); took >= 5*time.Second {
		t.Errorf("got an answer after %v, want one at once", took)
	}
	<-asked
	close(done)
}
