package access

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
)

// recordError is an error of the database about the record, as it may be told and logged: the text
// of such errors can hold what is in a row, so nothing of it is kept but its kind. An end of the
// context stays what it was.
func recordError(doing string, err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) {
			return fmt.Errorf("access: %s: %w", doing, ended)
		}
	}
	return fmt.Errorf("access: %s: %s", doing, recordErrorKind(err))
}

func recordErrorKind(err error) string {
	if state := stateOf(err); state != "" {
		return "SQLSTATE " + state
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) {
		return "the connection was lost"
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error() // such as `connection refused`: a fixed text
	}
	if panicked, ok := errors.AsType[panicError](err); ok {
		return panicked.Error()
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return fmt.Sprintf("%T", err)
}

// stateOf is the SQLSTATE of an error; "" where it has none.
func stateOf(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// isRefused is whether PostgreSQL would not have what it was given, and would not have it later.
func isRefused(err error) bool {
	state := stateOf(err)
	for _, class := range []string{
		"22", // data: such as a character that no text may hold
		"23", // a constraint
		"54", // a limit: such as the size of what an index holds
	} {
		if strings.HasPrefix(state, class) {
			return true
		}
	}
	return false
}

// panicError says that the driver panicked, and with what type: a value could hold anything.
type panicError struct{ of string }

func (e panicError) Error() string { return "panic of " + e.of }
