package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A door finds out who asks, and lets in who may. It knows services by their keys, and people by
// the tokens of an identity provider.
type door struct {
	keys      *access.Keys
	issuer    *access.Issuer  // nil where there is none
	developer *access.Caller  // who asks without a credential; nil where nobody may
	failures  *access.Limiter // of credentials, by address
	requests  *access.Limiter // by caller
	proxies   []netip.Prefix  // whose word is taken for who asks through them
	purposes  purposes
	sites     *http.CrossOriginProtection // those that may ask beside our own
	now       func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	warned map[string]time.Time // when it was last told of a key that it ends soon, by id
}

// A visit is what is known of a request once it is let in.
type visit struct {
	caller  string // for the log
	purpose string
}

type visitKey struct{}

// visitOf returns what is known of the request that ctx belongs to. It is never nil.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{}
}

// visited gives every request a visit, for what is inside to fill and what is outside to read.
func visited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, new(visit))))
	})
}

// failureStep is what the time is rounded up to until somebody is told that they are not known:
// longer than any way to find that out takes, so that the time does not tell which it was.
const failureStep = 25 * time.Millisecond

// behind has only those come to next who are known, have asked no more than they may, and say what
// for where they must. Others are told so by refuse.
func (d *door) behind(
	next http.Handler, refuse func(http.ResponseWriter, *http.Request, refusal),
) http.Handler {
	return d.known(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		purpose, no := d.purposes.read(r.Header)
		if no != (refusal{}) {
			refuse(w, r, no)
			return
		}
		visitOf(r.Context()).purpose = purpose
		next.ServeHTTP(w, r)
	}), refuse)
}

// known is behind, for what shows no resident, so that nobody need say what for.
func (d *door) known(
	next http.Handler, refuse func(http.ResponseWriter, *http.Request, refusal),
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if d.isFromAnotherSite(r) { // before a credential is looked at: it is not the page's to send
			refuse(w, r, refusal{status: http.StatusForbidden, code: "CROSS_SITE",
				message: "A page of another site may not ask"})
			return
		}
		began := d.now()
		caller, no := d.caller(r)
		if no != (refusal{}) {
			access.WaitForStep(r.Context(), began, d.now, failureStep)
			if no.status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", `Bearer realm="resident-gateway"`)
			}
			refuse(w, r, no)
			return
		}
		w.Header().Del("Connection") // it may be kept by who is known
		visitOf(r.Context()).caller = nameInLog(caller)
		d.warn(r.Context(), caller)
		if no = d.enough(caller); no != (refusal{}) {
			refuse(w, r, no)
			return
		}
		next.ServeHTTP(w, r.WithContext(access.WithCaller(r.Context(), caller)))
	})
}

// isFromAnotherSite is whether a browser says that the page of another site asks. The standard
// library takes GET for safe; one that asks who somebody is tells by its time whether they are
// there.
func (d *door) isFromAnotherSite(r *http.Request) bool {
	asPost := r.WithContext(r.Context())
	asPost.Method = http.MethodPost
	return d.sites.Check(asPost) != nil
}

// caller returns who asks. It says the same of a credential that is missing, wrong, expired or
// revoked.
func (d *door) caller(r *http.Request) (*access.Caller, refusal) {
	given := r.Header.Values("Authorization")
	if len(given) == 0 && d.developer != nil {
		return d.developer, refusal{}
	}
	address := access.AddressOf(r, d.proxies)
	caller, err := d.verify(r.Context(), given, address)
	switch {
	case err == nil:
		return caller, refusal{}
	case errors.Is(err, errTooManyFailures):
		_, after := d.failures.Exhausted(address)
		return nil, tooManyFailures(after)
	case errors.Is(err, access.ErrNotAuthenticated):
		if ok, after := d.failures.Allow(address, 1, 0); !ok {
			return nil, tooManyFailures(after)
		}
		return nil, refusal{status: http.StatusUnauthorized, code: "UNAUTHENTICATED",
			message: "It is not known who asks: send a valid key or token, as Authorization: Bearer …"}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		// The caller has gone, or has waited long enough.
	default:
		d.log.ErrorContext(r.Context(), "a credential cannot be looked at",
			"request", requestID(r.Context()), "error", err.Error())
	}
	return nil, refusal{status: http.StatusServiceUnavailable, code: string(resident.Unavailable),
		message: "Who asks cannot be found out now: ask again later", retryAfter: "1"}
}

var errTooManyFailures = errors.New("too many failures from one address")

// verify returns the caller whom a credential is of. From an address with too many failures, keys
// that were not seen lately are not looked up any more: who is known goes on being served.
func (d *door) verify(
	ctx context.Context, given []string, address string,
) (*access.Caller, error) {
	if len(given) != 1 {
		return nil, access.ErrNotAuthenticated
	}
	scheme, credential, _ := strings.Cut(given[0], " ")
	credential = strings.TrimSpace(credential)
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return nil, access.ErrNotAuthenticated
	case access.IsKey(credential):
		if isExhausted, _ := d.failures.Exhausted(address); isExhausted && !d.keys.Known(credential) {
			return nil, errTooManyFailures
		}
		return d.keys.Verify(ctx, credential)
	case d.issuer != nil:
		return d.issuer.Verify(ctx, credential)
	}
	return nil, access.ErrNotAuthenticated
}

func tooManyFailures(after time.Duration) refusal {
	return refusal{status: http.StatusTooManyRequests, code: string(resident.RateLimited),
		message:    "Too many credentials from this address were no good: ask again later",
		retryAfter: inSeconds(after)}
}

// enough is why a caller may not ask now; the zero refusal where they may.
func (d *door) enough(caller *access.Caller) refusal {
	if caller.Kind == access.Developer {
		return refusal{}
	}
	ok, after := d.requests.Allow(caller.LimitKey(), 1, caller.RequestsPerMinute)
	if ok {
		return refusal{}
	}
	return refusal{status: http.StatusTooManyRequests, code: string(resident.RateLimited),
		message: "The caller has asked too often: ask again later", retryAfter: inSeconds(after)}
}

// endsSoon is how long before its end a key is worth a warning.
const endsSoon = 14 * 24 * time.Hour

// warn says once a day that a key is about to end, while it is used: its service would be refused
// from one moment to the next.
func (d *door) warn(ctx context.Context, caller *access.Caller) {
	if caller.KnownUntil.IsZero() || caller.KnownUntil.Sub(d.now()) > endsSoon {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if last, told := d.warned[caller.ID]; told && d.now().Sub(last) < 24*time.Hour {
		return
	}
	d.warned[caller.ID] = d.now()
	d.log.WarnContext(ctx, "a key ends soon: `key rotate` makes the next",
		"caller", nameInLog(caller), "service", caller.Name,
		"ends", caller.KnownUntil.UTC().Format(time.RFC3339))
}

// charge is asked before an operation is run.
func charge(costs *access.Limiter) func(context.Context, int) error {
	return func(ctx context.Context, cost int) error {
		caller := access.CallerOf(ctx)
		if caller.Kind == access.Developer {
			return nil
		}
		ok, after := costs.Allow(caller.LimitKey(), cost, 0)
		if ok {
			return nil
		}
		err := resident.Errorf(resident.RateLimited, nil,
			"The caller has asked for too much in a minute: ask again later, or for less")
		err.RetryAfter = after
		return err
	}
}

// nameInLog tells a caller from all others, and says nothing of a person.
func nameInLog(caller *access.Caller) string {
	return strings.ToLower(string(caller.Kind)) + ":" + caller.ID
}

func inSeconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// purposes are what callers may ask for, in X-Purpose.
type purposes struct {
	allowed  []string // any that has the form of a name, where none is listed
	required bool
}

// read returns the purpose that is named, or why it cannot be taken.
func (p purposes) read(header http.Header) (string, refusal) {
	given := header.Values("X-Purpose")
	switch {
	case len(given) == 0 && !p.required:
		return "", refusal{}
	case len(given) == 1 && p.allows(given[0]):
		return given[0], refusal{}
	case len(p.allowed) > 0:
		return "", badRequest("X-Purpose says what is asked for: one of " + strings.Join(p.allowed, ", "))
	}
	return "", badRequest("X-Purpose says what is asked for, in up to 64 lower-case letters, digits," +
		" dots and dashes")
}

func (p purposes) allows(purpose string) bool {
	if len(p.allowed) == 0 {
		return access.IsName(purpose)
	}
	return slices.Contains(p.allowed, purpose)
}
