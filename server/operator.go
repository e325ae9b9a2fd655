package main

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// readStatus is leave to see how the data is, which shows no resident.
const readStatus access.Scope = "status:read"

// forOperators has only those come to next who may see how the data is. A browser without scripts
// may send a key as the password of HTTP Basic, whatever the name.
func (d *door) forOperators(next http.Handler) http.Handler {
	scoped := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !access.CallerOf(r.Context()).Scopes.Has(readStatus) {
			http.Error(w, "This needs the scope "+string(readStatus), http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
	known := d.known(scoped, refuseOperator)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if key, given := keyOfBasic(r); given {
			r = r.WithContext(r.Context())
			r.Header = r.Header.Clone()
			r.Header.Set("Authorization", "Bearer "+key)
		}
		known.ServeHTTP(w, r)
	})
}

// keyOfBasic is the key that a browser sends as a password. What is no key is nobody's: tokens of
// an identity provider are not typed in.
func keyOfBasic(r *http.Request) (key string, given bool) {
	all := r.Header.Values("Authorization")
	if len(all) != 1 {
		return "", false
	}
	scheme, encoded, _ := strings.Cut(all[0], " ")
	if !strings.EqualFold(scheme, "Basic") {
		return "", false
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.TrimSpace(encoded))
	if err != nil {
		return "", false
	}
	_, password, found := strings.Cut(string(decoded), ":")
	password = strings.TrimSpace(password)
	return password, found && access.IsKey(password)
}

func refuseOperator(w http.ResponseWriter, _ *http.Request, no refusal) {
	if no.status == http.StatusUnauthorized {
		w.Header().Add("WWW-Authenticate", `Basic realm="resident-gateway", charset="UTF-8"`)
	}
	if no.retryAfter != "" {
		w.Header().Set("Retry-After", no.retryAfter)
	}
	http.Error(w, no.message, no.status)
}
