package access

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/time/rate"
)

const (
	// keysMaxAge is for how long keys are used unasked. It bounds how long a key is believed that
	// the issuer has withdrawn.
	keysMaxAge = 10 * time.Minute
	// readingTimeout is how long the issuer may take for all of a reading.
	readingTimeout = 5 * time.Second
	// readingPause is for how long an issuer that failed is not asked again.
	readingPause = 5 * time.Second
	// A reading at any time, for tokens that no known key signed; but no more than a few at once,
	// and then one each interval, however many such tokens there are.
	readingBurst    = 3
	readingInterval = 10 * time.Second
)

// issuerKeys are the keys of an issuer. They are read when a token needs them, once for all who
// wait, and again when they are old or a token is signed by none of them. While the issuer is down,
// those that were read last stay in use. go-oidc has such a key set too, which asks the issuer for
// every token that is signed by none, and never whether a key is still good.
type issuerKeys struct {
	issuer  string
	client  *http.Client
	now     func() time.Time
	allowed *rate.Limiter

	mu     sync.Mutex
	known  *issuerReading // the last that succeeded, if any
	failed *issuerReading // the last of all, if it failed
	under  *issuerReading // the one under way, if any
}

// An issuerReading is one time that an issuer is asked for its keys.
type issuerReading struct {
	done chan struct{} // closed when all below is set, which then stays as it is
	err  error
	at   time.Time

	keysURL    string
	documentAt time.Time // when the issuer said where its keys are
	keys       []jose.JSONWebKey
}

func newIssuerKeys(issuer string, client *http.Client, now func() time.Time) *issuerKeys {
	return &issuerKeys{
		issuer:  issuer,
		client:  withinHost(client),
		now:     now,
		allowed: rate.NewLimiter(rate.Every(readingInterval), readingBurst),
	}
}

// open returns what was signed, if one of the keys signed it.
func (k *issuerKeys) open(ctx context.Context, jws *jose.JSONWebSignature) ([]byte, error) {
	known, isNew, err := k.current(ctx)
	if err != nil {
		return nil, err
	}
	payload, ok := known.open(jws)
	if !ok && !isNew { // the issuer may have new ones
		if known, err = k.begin(ctx, known).wait(ctx); err != nil {
			return nil, err
		}
		payload, ok = known.open(jws)
	}
	if !ok {
		return nil, ErrNotAuthenticated
	}
	return payload, nil
}

// current returns the keys that are known, and reads them before if they are old or there are none.
// isNew is whether they were just read.
func (k *issuerKeys) current(ctx context.Context) (known *issuerReading, isNew bool, err error) {
	k.mu.Lock()
	known, isFailing := k.known, k.failed != nil
	k.mu.Unlock()
	if known == nil {
		known, err = k.begin(ctx, nil).wait(ctx)
		return known, true, err
	}
	if k.now().Before(known.at.Add(keysMaxAge)) {
		return known, false, nil
	}
	next := k.begin(ctx, known)
	if isFailing { // nobody waits for an issuer that is down, while there are keys
		return known, false, nil
	}
	if newer, err := next.wait(ctx); err == nil {
		return newer, true, nil
	}
	return known, false, nil
}

// begin returns a reading that is later than the one that was seen, if there may be one: it starts
// none while one is under way, soon after one that failed, or when there were too many.
func (k *issuerKeys) begin(ctx context.Context, seen *issuerReading) *issuerReading {
	k.mu.Lock()
	defer k.mu.Unlock()
	now := k.now()
	switch {
	case k.known != seen:
		return k.known
	case k.under != nil:
		return k.under
	case k.failed != nil && now.Before(k.failed.at.Add(readingPause)):
		return k.failed
	case !k.allowed.AllowN(now, 1):
		if k.failed != nil {
			return k.failed
		}
		return refusedReading()
	}
	next := &issuerReading{done: make(chan struct{})}
	if k.known != nil && k.failed == nil && now.Before(k.known.documentAt.Add(keysMaxAge)) {
		next.keysURL, next.documentAt = k.known.keysURL, k.known.documentAt
	}
	k.under = next
	go k.read(context.WithoutCancel(ctx), next) // others wait for it too
	return next
}

// refusedReading is what a token gets that no known key signed, in a flood of such.
func refusedReading() *issuerReading {
	done := make(chan struct{})
	close(done)
	return &issuerReading{done: done, err: ErrNotAuthenticated}
}

func (k *issuerKeys) read(ctx context.Context, r *issuerReading) {
	ctx, cancel := context.WithTimeout(ctx, readingTimeout)
	defer cancel()
	if err := k.load(ctx, r); err != nil {
		r.err = fmt.Errorf("%w: %w", ErrIssuerDown, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	r.at = k.now()
	k.under = nil
	if r.err == nil {
		k.known, k.failed = r, nil
	} else {
		k.failed = r
	}
	close(r.done)
}

// wait returns the reading when it is done.
func (r *issuerReading) wait(ctx context.Context) (*issuerReading, error) {
	select {
	case <-r.done:
		return r, r.err
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrIssuerDown, ctx.Err())
	}
}

// open returns what was signed, if one of the keys signed it. A token that does not say which may
// have been signed by any. What key goes with RS256 or ES256, go-jose knows; but not that a key may
// be for one of them alone.
func (r *issuerReading) open(jws *jose.JSONWebSignature) (payload []byte, ok bool) {
	header := jws.Signatures[0].Protected
	for i := range r.keys {
		key := &r.keys[i]
		if header.KeyID != "" && header.KeyID != key.KeyID ||
			key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		if payload, err := jws.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}
