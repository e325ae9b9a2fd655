package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// A requestInfo is what the log and the record of access say of a request.
type requestInfo struct {
	id      string
	caller  string // blank until the caller is authenticated
	purpose string // blank where the caller states none
}

type requestInfoKey struct{}

// requestInfoFromContext returns the requestInfo of the request that ctx belongs to, for handlers
// to read and to set. It is never nil.
func requestInfoFromContext(ctx context.Context) *requestInfo {
	if info, ok := ctx.Value(requestInfoKey{}).(*requestInfo); ok {
		return info
	}
	return &requestInfo{}
}

// requestID returns the caller's own ID of a request, where it is one, so that its logs and the
// gateway's can be compared; else a new one. An ID has 16 to 64 digits of base 16, as a UUID and a
// trace have: no name and no number of a resident can be written so, and it is logged.
func requestID(r *http.Request) string {
	id := r.Header.Get("X-Request-Id")
	if len(id) >= 16 && len(id) <= 64 && strings.Trim(id, "0123456789ABCDEFabcdef-") == "" {
		return id
	}
	var b [12]byte
	_, _ = rand.Read(b[:]) // it never fails: crypto/rand ends the program instead
	return hex.EncodeToString(b[:])
}

// logged gives every request a requestInfo with an ID, and logs one line when it is answered: the
// route, and neither the path nor the query, since both can hold facts of a resident.
func logged(
	log *slog.Logger, now func() time.Time, mux *http.ServeMux, next http.Handler,
) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := &requestInfo{id: requestID(r)}
		w.Header().Set("X-Request-Id", info.id)
		ctx := context.WithValue(r.Context(), requestInfoKey{}, info)
		_, route := mux.Handler(r)
		route = cmp.Or(route, "none")
		started := now()
		written := &statusWriter{ResponseWriter: w}
		defer func() {
			level := slog.LevelInfo
			if p := recover(); p != nil {
				// The value of a panic may hold anything, so only its type is logged.
				log.ErrorContext(ctx, "a handler panicked",
					"request", info.id, "route", route, "type", fmt.Sprintf("%T", p))
				if written.status == 0 {
					http.Error(written, "Internal error", http.StatusInternalServerError)
				}
			}
			if route == "/healthz" || route == "/readyz" || route == "/metrics" {
				level = slog.LevelDebug // monitors send these every few seconds
			}
			log.Log(ctx, level, "answered",
				"request", info.id, "caller", info.caller, "method", methodOf(r), "route", route,
				"status", cmp.Or(written.status, http.StatusOK), "bytes", written.bytes,
				"ms", float64(now().Sub(started).Microseconds())/1000)
		}()
		next.ServeHTTP(written, r.WithContext(ctx))
	})
}

// methodOf returns the method of a request that HTTP defines, and "other" for the rest: a caller
// may write anything there.
func methodOf(r *http.Request) string {
	if slices.Contains([]string{
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
	}, r.Method) {
		return r.Method
	}
	return "other"
}

// A statusWriter keeps the status and the size of a response.
type statusWriter struct {
	http.ResponseWriter
	status int // 0 until one is written
	bytes  int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = cmp.Or(w.status, status)
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	w.status = cmp.Or(w.status, http.StatusOK)
	n, err := w.ResponseWriter.Write(b)
	w.bytes += n
	return n, err
}

// Unwrap lets http.ResponseController reach the writer below.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
