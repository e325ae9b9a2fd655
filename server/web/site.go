package web

import (
	"net"
	"net/http"
	"strings"

	"github.com/rs/cors"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// checkSite refuses what a browser sends for a page of another site. The standard library takes GET
// for safe; here a GET for a resident reveals by its time whether there is one.
func checkSite(sites *http.CrossOriginProtection, r *http.Request) *httpError {
	asPost := r.WithContext(r.Context())
	asPost.Method = http.MethodPost
	if sites.Check(asPost) == nil {
		return nil
	}
	return &httpError{status: http.StatusForbidden, code: "CROSS_SITE",
		message: "A page of another site may not ask"}
}

// allowOrigins lets pages of these origins read responses. Without any, browsers keep responses
// from pages of other sites.
func allowOrigins(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost},
		AllowedHeaders: []string{"Accept", "Authorization", "Content-Type",
			"X-Purpose", "X-Request-Id", "X-Want-Cost"},
		ExposedHeaders: []string{"Retry-After", "X-Request-Id"},
		MaxAge:         600,
	}).Handler(next)
}

// onlyLoopbackNames refuses requests to any host name except those of this machine. The name of
// another site could otherwise resolve to this machine, and its page read what it finds.
func onlyLoopbackNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if !access.IsLoopback(strings.Trim(host, "[]")) {
			http.Error(w, "This gateway answers to localhost and 127.0.0.1 alone",
				http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}
