package source

import (
	"errors"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// ErrNotLoaded says that a source was never loaded, or is being loaded where it is read. It is
// wrapped in the *resident.Error that is answered then.
var ErrNotLoaded = errors.New("the source is not loaded")

// An Error is why one source did not answer. Every error of a Set that is one source's is one.
type Error struct {
	Source resident.SourceName
	Err    error
}

// Error returns the name of the source and the error.
func (f *Error) Error() string { return string(f.Source) + ": " + f.Err.Error() }

// Unwrap returns the error.
func (f *Error) Unwrap() error { return f.Err }

// UnavailableReason is why the part of a source is missing from an answer.
type UnavailableReason string

// The reasons.
const (
	NotLoadedYet       UnavailableReason = "NOT_LOADED"
	TooSlow            UnavailableReason = "TOO_SLOW"
	Unreachable        UnavailableReason = "UNREACHABLE"
	Busy               UnavailableReason = "BUSY"
	FilterNotSupported UnavailableReason = "FILTER_NOT_SUPPORTED"
	NotPermitted       UnavailableReason = "NOT_PERMITTED"
	FailedToAnswer     UnavailableReason = "FAILED" // and nothing more can be told
)

// Reason is what kind of fault it is.
func (f *Error) Reason() UnavailableReason {
	if errors.Is(f.Err, ErrNotLoaded) {
		return NotLoadedYet
	}
	switch resident.CodeOf(f.Err) {
	case resident.Timeout:
		return TooSlow
	case resident.Unavailable:
		return Unreachable
	case resident.Overloaded:
		return Busy
	case resident.BadInput:
		return FilterNotSupported
	case resident.Forbidden:
		return NotPermitted
	default:
		return FailedToAnswer
	}
}
