package web

import (
	"context"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
)

// noStore keeps caches from storing a response, and browsers from guessing its type. The files of
// the playground set their own lifetime.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// onlyCleanPaths refuses paths such as /api//v1 and /api/./v1. The mux would redirect to the clean
// path, and repeat it in the response.
func onlyCleanPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := r.URL.EscapedPath()
		clean := path.Clean("/" + given)
		if clean == given || clean != "/" && clean+"/" == given {
			next.ServeHTTP(w, r)
			return
		}
		const nothing = "There is nothing here: a path has no empty part, . or .. in it"
		switch {
		case clean == "/graphql":
			refuse(w, plainJSON,
				&httpError{status: http.StatusNotFound, code: "NOT_FOUND", message: nothing})
		case clean == "/api/v1" || strings.HasPrefix(clean, "/api/v1/"):
			rest.Refuse(w, http.StatusNotFound, nothing)
		default:
			http.Error(w, nothing, http.StatusNotFound)
		}
	})
}

// closeConnections closes each connection after one response: unknown callers could otherwise hold
// all of them. The authenticator keeps those of known callers open.
func closeConnections(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		next.ServeHTTP(w, r)
	})
}

// withTimeout ends the work on a request that takes too long.
func withTimeout(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// callerChecks are what a request must pass before a handler answers its caller.
type callerChecks struct {
	sites    *http.CrossOriginProtection
	auth     *authenticator
	requests *access.Limiter // by caller
}

// guard passes on the requests of known callers who have not sent too many, where last finds
// nothing wrong with them either. It checks the site first: a credential is not for pages of other
// sites to send.
func (c *callerChecks) guard(
	next http.Handler, writeError errorWriter, last func(*http.Request) *httpError,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var caller *access.Caller
		err := checkSite(c.sites, r)
		if err == nil {
			caller, err = c.auth.authenticate(w, r)
		}
		if err == nil {
			err = checkRate(c.requests, caller)
		}
		if err == nil {
			r = r.WithContext(access.WithCaller(r.Context(), caller))
			err = last(r)
		}
		if err != nil {
			writeError(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func writeRESTError(w http.ResponseWriter, _ *http.Request, err *httpError) {
	err.setRetryAfter(w.Header())
	rest.Refuse(w, err.status, err.message)
}
