package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// An httpError is why the gateway refuses a request before GraphQL sees it.
type httpError struct {
	status     int
	code       string // of the error in a GraphQL response
	message    string
	retryAfter int // in seconds; 0 where trying again does not help
}

// An errorWriter writes an httpError as the clients of a route read it.
type errorWriter func(http.ResponseWriter, *http.Request, *httpError)

func badRequest(message string) *httpError {
	return &httpError{status: http.StatusBadRequest, code: "BAD_REQUEST", message: message}
}

func rateLimited(message string, after time.Duration) *httpError {
	return &httpError{
		status: http.StatusTooManyRequests, code: string(resident.RateLimited), message: message,
		retryAfter: int(after / time.Second),
	}
}

// setRetryAfter says in a header when to try again, where that helps.
func (e *httpError) setRetryAfter(header http.Header) {
	if e.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
}
