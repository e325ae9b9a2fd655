package resident

import (
	"errors"
	"fmt"
	"time"
)

// Code tells a program what went wrong. The set is closed; docs/reference/errors.md says what a
// caller should do about each.
type Code string

// The codes.
const (
	// BadInput is for what the caller can mend: a value that cannot be meant.
	BadInput Code = "BAD_INPUT"
	// BadCursor is for a cursor that does not belong to the list that is asked for.
	BadCursor Code = "BAD_CURSOR"
	// Forbidden is for what the caller has no leave for.
	Forbidden Code = "FORBIDDEN"
	// RateLimited is for a caller who has asked too much in too short a time.
	RateLimited Code = "RATE_LIMITED"
	// Unavailable is for a source that cannot answer now.
	Unavailable Code = "UNAVAILABLE"
	// Timeout is for an answer that took too long.
	Timeout Code = "TIMEOUT"
	// Overloaded is for a request that there is no room for now.
	Overloaded Code = "OVERLOADED"
	// Internal is for everything else. Nothing more is told.
	Internal Code = "INTERNAL"
)

// An Error is one that the person who asked may read. Any other error is told to them as Internal.
type Error struct {
	Code    Code
	Message string // for the person who asked: no personal data, nothing of the inside
	Err     error  // the cause, for the log; may be nil

	// RetryAfter is when it is worth asking again; zero where that is not known.
	RetryAfter time.Duration
}

// Errorf returns an Error whose message is for the person who asked. Its cause may be nil; it is
// logged and never told.
func Errorf(code Code, cause error, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Err: cause}
}

// Error returns the code, the message and the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Code) + ": " + e.Message
	}
	return string(e.Code) + ": " + e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of err: Internal for an error that is not, and does not wrap, an Error.
func CodeOf(err error) Code {
	if told, ok := errors.AsType[*Error](err); ok {
		return told.Code
	}
	return Internal
}
