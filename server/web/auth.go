package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// AuthMethods are the ways in which callers authenticate.
type AuthMethods struct {
	// Keys are the API keys of services. Nil refuses all keys.
	Keys *access.Keys
	// Issuer verifies access tokens of people. Nil refuses all tokens.
	Issuer *access.Issuer
	// Developer is the caller of requests without a credential. Nil refuses such requests. With a
	// Developer, the gateway answers only requests to localhost and loopback addresses.
	Developer *access.Caller
}

// An authenticator finds out which caller sends a request.
type authenticator struct {
	methods  AuthMethods
	failures *access.Limiter // of credentials, by address
	proxies  []netip.Prefix  // whose X-Forwarded-For is trusted
	now      func() time.Time
	log      *slog.Logger

	mu     sync.Mutex
	warned map[string]time.Time // when the log last said that a key ends soon, by ID
}

// authTimingStep is what the time until a caller hears of a failed authentication is rounded up to.
// Any way to find out takes less, so that the time does not reveal which it was.
const authTimingStep = 25 * time.Millisecond

// authenticate returns the caller of a request, or why there is none, after the same time whatever
// the reason. It sets the headers that follow from either.
func (a *authenticator) authenticate(
	w http.ResponseWriter, r *http.Request,
) (*access.Caller, *httpError) {
	began := a.now()
	caller, err := a.caller(r)
	if err != nil {
		access.WaitForStep(r.Context(), began, a.now, authTimingStep)
		if err.status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Bearer realm="resident-gateway"`)
		}
		return nil, err
	}
	w.Header().Del("Connection") // see closeConnections
	requestInfoFromContext(r.Context()).caller = nameInLog(caller)
	a.warnOfExpiry(r.Context(), caller)
	return caller, nil
}

// caller returns the same error for a credential that is missing, wrong, expired or revoked.
func (a *authenticator) caller(r *http.Request) (*access.Caller, *httpError) {
	given := r.Header.Values("Authorization")
	if len(given) == 0 && a.methods.Developer != nil {
		return a.methods.Developer, nil
	}
	address := access.AddressOf(r, a.proxies)
	credential := bearerOf(given)
	// From an address with too many failures, only keys that were valid a short time ago are
	// verified, so that known callers are served.
	isKey := a.methods.Keys != nil && access.IsKey(credential)
	if isKey {
		isExhausted, after := a.failures.Exhausted(address)
		if isExhausted && !a.methods.Keys.Known(credential) {
			return nil, tooManyFailures(after)
		}
	}
	caller, err := (*access.Caller)(nil), access.ErrNotAuthenticated
	switch {
	case isKey:
		caller, err = a.methods.Keys.Verify(r.Context(), credential)
	case a.methods.Issuer != nil:
		caller, err = a.methods.Issuer.Verify(r.Context(), credential)
	}
	switch {
	case err == nil:
		return caller, nil
	case errors.Is(err, access.ErrNotAuthenticated):
		if ok, after := a.failures.Allow(address, 1, 0); !ok {
			return nil, tooManyFailures(after)
		}
		return nil, &httpError{status: http.StatusUnauthorized, code: "UNAUTHENTICATED",
			message: "It is not known who asks: send a valid key or token, as Authorization: Bearer …"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		// The caller has gone, or has waited long enough.
	default:
		a.log.ErrorContext(r.Context(), "a credential cannot be looked at",
			"request", requestInfoFromContext(r.Context()).id, "error", err.Error())
	}
	return nil, &httpError{status: http.StatusServiceUnavailable, code: string(resident.Unavailable),
		message: "Who asks cannot be found out now: ask again later", retryAfter: 1}
}

// bearerOf returns the credential of the one Authorization header; blank where there is none.
func bearerOf(headers []string) string {
	if len(headers) != 1 {
		return ""
	}
	scheme, credential, _ := strings.Cut(headers[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(credential)
}

func tooManyFailures(after time.Duration) *httpError {
	return rateLimited("Too many credentials from this address were no good: ask again later", after)
}

// expiryNotice is how long before its end the log warns of a key.
const expiryNotice = 14 * 24 * time.Hour

// warnOfExpiry logs once a day that a key in use ends soon: the gateway would refuse its service
// from one second to the next.
func (a *authenticator) warnOfExpiry(ctx context.Context, caller *access.Caller) {
	if caller.KnownUntil.IsZero() || caller.KnownUntil.Sub(a.now()) > expiryNotice {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.warned[caller.ID]; ok && a.now().Sub(last) < 24*time.Hour {
		return
	}
	a.warned[caller.ID] = a.now()
	a.log.WarnContext(ctx, "a key ends soon: `key rotate` makes the next",
		"caller", nameInLog(caller), "service", caller.Name,
		"ends", caller.KnownUntil.UTC().Format(time.RFC3339))
}

// nameInLog tells a caller from all others, and says nothing of a person.
func nameInLog(caller *access.Caller) string {
	return strings.ToLower(string(caller.Kind)) + ":" + caller.ID
}
