package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"path"
	"regexp"
	"strings"
	"time"

	"github.com/rs/cors"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/server/web/playground"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
)

type handlerParts struct {
	graph      *graph.Graph
	health     *health
	door       *door
	documents  *documents
	maxBody    int64
	playground bool
	rest       bool
	origins    []string // whose pages may ask
	timeout    time.Duration
	queue      *queue
	log        *slog.Logger
	now        func() time.Time
	newID      func() string
	stopping   <-chan struct{}

	status, metrics http.Handler // for operators
}

// newHandler answers every request that there is: each is given an id, logged, and bounded in time.
func newHandler(parts handlerParts) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/graphql", parts.door.behind(&graphqlHandler{
		executor: parts.graph, queue: parts.queue, documents: parts.documents,
		maxBody: parts.maxBody,
	}, refuseGraphQL))
	if parts.rest {
		api := parts.door.behind(rest.Handler(queued{parts.graph, parts.queue}), refuseREST)
		mux.Handle("/api/v1", api) // or the mux would send on to /api/v1/
		mux.Handle("/api/v1/", api)
	}
	mux.Handle("/healthz", alive())
	mux.Handle("/readyz", parts.health.ready(parts.stopping))
	mux.Handle("/status", parts.door.forOperators(parts.status))
	mux.Handle("/status.json", parts.door.forOperators(parts.status))
	mux.Handle("/metrics", parts.door.forOperators(parts.metrics))
	if parts.playground {
		page := playground.Handler("/graphql")
		mux.Handle("/{$}", page)
		mux.Handle("/playground", page)
		mux.Handle("/playground/", page)
	}
	inside := onlyCleanPaths(bounded(parts.timeout, mux))
	if parts.door.developer != nil {
		inside = onlyLoopbackNames(inside)
	} else {
		inside = notKept(inside)
	}
	return identified(parts.newID,
		visited(logged(parts.log, parts.now, mux, unkept(shared(parts.origins, inside)))))
}

func refuseGraphQL(w http.ResponseWriter, r *http.Request, no refusal) {
	kind := acceptedKind(r.Header)
	if kind == "" {
		kind = plainJSON
	}
	refuse(w, kind, no)
}

func refuseREST(w http.ResponseWriter, _ *http.Request, no refusal) {
	if no.retryAfter != "" {
		w.Header().Set("Retry-After", no.retryAfter)
	}
	rest.Refuse(w, no.status, no.message)
}

// shared lets pages of these origins ask, and read what they are answered. Without any, browsers
// keep answers from the pages of others.
func shared(origins []string, next http.Handler) http.Handler {
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

type requestIDKey struct{}

// requestID is the id of the request that ctx belongs to; blank where there is none.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

func randomID() string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// identified gives every request an id: the caller's own, where it is one, so that its logs and
// ours can be laid side by side. An id has sixteen digits of base 16 or more, as a UUID and a trace
// have: no name and no number of a resident can be written so, and it goes into the log.
func identified(newID func() string, next http.Handler) http.Handler {
	isID := regexp.MustCompile(`^[0-9A-Fa-f-]{16,64}$`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !isID.MatchString(id) {
			id = newID()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

// logged writes one line for each request that is answered. Neither the path nor the query is in
// it, for both can hold who was asked about: the route is.
func logged(
	log *slog.Logger, now func() time.Time, mux *http.ServeMux, next http.Handler,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, route := mux.Handler(r)
		if route == "" {
			route = "none"
		}
		started := now()
		seen := &statusWriter{ResponseWriter: w}
		defer func() {
			level := slog.LevelInfo
			if p := recover(); p != nil {
				// What it panicked with may hold anything: its type alone is written.
				log.ErrorContext(r.Context(), "a handler panicked",
					"request", requestID(r.Context()), "route", route, "type", typeOf(p))
				if seen.status == 0 {
					http.Error(seen, "Internal error", http.StatusInternalServerError)
				}
			}
			if route == "/healthz" || route == "/readyz" || route == "/metrics" {
				level = slog.LevelDebug // asked every few seconds, and told by their status
			}
			log.Log(r.Context(), level, "answered",
				"request", requestID(r.Context()), "caller", visitOf(r.Context()).caller,
				"method", methodOf(r), "route", route, "status", seen.code(), "bytes", seen.bytes,
				"ms", float64(now().Sub(started).Microseconds())/1000)
		}()
		next.ServeHTTP(seen, r)
	})
}

// methodOf is the method, if it is one that there is: a caller may write anything there.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// A statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach what is underneath.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// unkept has nobody on the way keep an answer, nor take it for something else than it says it is.
// The files of the playground say for themselves how long they may be kept.
func unkept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// onlyCleanPaths refuses paths such as /api//v1 and /api/./v1. The mux would send their caller on
// to the path that they come down to, and repeat it in doing so.
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
				refusal{status: http.StatusNotFound, code: "NOT_FOUND", message: nothing})
		case clean == "/api/v1" || strings.HasPrefix(clean, "/api/v1/"):
			rest.Refuse(w, http.StatusNotFound, nothing)
		default:
			http.Error(w, nothing, http.StatusNotFound)
		}
	})
}

// onlyLoopbackNames refuses requests that were sent to another name than this machine's own. A page
// of somewhere else could otherwise have its own name lead here, and read what it finds.
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

// notKept has connections closed once they are answered: whoever is not known could hold them all
// by asking for nothing more. The door lets those be kept of callers that it knows.
func notKept(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Connection", "close")
		next.ServeHTTP(w, r)
	})
}

// bounded ends the work on a request that takes too long.
func bounded(timeout time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), timeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
