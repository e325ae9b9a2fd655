package main

import "errors"

// The statuses that the program ends with.
const (
	exitFailed   = 1 // it could not do what it was asked
	exitNotRight = 3 // it did, and what it found is not as it should be
)

// An exitError is one that ends the program with a status of its own.
type exitError struct {
	status int
	err    error
}

func (e *exitError) Error() string { return e.err.Error() }

func (e *exitError) Unwrap() error { return e.err }

// exitStatus is what the program ends with after an error.
func exitStatus(err error) int {
	if err == nil {
		return 0
	}
	if told, ok := errors.AsType[*exitError](err); ok {
		return told.status
	}
	return exitFailed
}
