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

// databaseError turns an error of the database into one that may be told and logged: the text of
// such errors can hold what is in a row, so nothing of it is kept but its kind. An end of the
// context stays what it was.
func databaseError(ctx context.Context, doing string, err error) error {
	for _, ended := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, ended) || errors.Is(ctx.Err(), ended) {
			return fmt.Errorf("access: %s: %w", doing, ended)
		}
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return fmt.Errorf("access: %s: %w", doing, errno) // such as `connection refused`: a fixed text
	}
	return fmt.Errorf("access: %s: %s", doing, kindOf(err))
}

func kindOf(err error) string {
	state := stateOf(err)
	if state == "42501" {
		return "SQLSTATE 42501: this role may not; the one that owns the database may"
	}
	if state != "" {
		return "SQLSTATE " + state
	}
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) {
		return "the connection was lost"
	}
	if panicked, ok := errors.AsType[panicError](err); ok {
		return panicked.Error()
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return fmt.Sprintf("the database could not be asked (%T)", err)
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
