package web

import (
	"net/http"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// readStatus is the scope for operators' pages, which show no resident.
const readStatus access.Scope = "status:read"

// basicAsBearer takes an API key that a browser sends as the password of HTTP Basic, with any name,
// for a bearer token. Other passwords do not count: people do not type in access tokens.
func basicAsBearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, password, ok := r.BasicAuth()
		password = strings.TrimSpace(password)
		if ok && access.IsKey(password) && len(r.Header.Values("Authorization")) == 1 {
			r = r.WithContext(r.Context())
			r.Header = r.Header.Clone()
			r.Header.Set("Authorization", "Bearer "+password)
		}
		next.ServeHTTP(w, r)
	})
}

// checkOperator refuses requests of callers without the scope readStatus.
func checkOperator(r *http.Request) *httpError {
	if access.CallerOf(r.Context()).Scopes.Has(readStatus) {
		return nil
	}
	return &httpError{
		status: http.StatusForbidden, message: "This needs the scope " + string(readStatus),
	}
}

func writeOperatorError(w http.ResponseWriter, _ *http.Request, err *httpError) {
	if err.status == http.StatusUnauthorized {
		w.Header().Add("WWW-Authenticate", `Basic realm="resident-gateway", charset="UTF-8"`)
	}
	err.setRetryAfter(w.Header())
	http.Error(w, err.message, err.status)
}
