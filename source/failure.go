package source

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Failed turns an error of the database into one that may be told and logged: the text of such
// errors can hold what was in a row or in a question, so nothing of it is kept but its kind. Title
// is the source's; doing says what was tried, for the log.
func Failed(title, doing string, err error) error {
	cause := fmt.Errorf("%s: %s", doing, kindOf(err))
	state := sqlState(err)
	switch {
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", doing, context.Canceled)
	case errors.Is(err, context.DeadlineExceeded), state == "57014":
		return resident.Errorf(resident.Timeout, cause, "%s took too long to answer", title)
	case isOutOfReach(err, state):
		return resident.Errorf(resident.Unavailable, cause, "%s cannot be reached now", title)
	}
	return cause
}

// isOutOfReach is whether the database, rather than the question, is at fault.
func isOutOfReach(err error, state string) bool {
	var network net.Error
	if errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) {
		return true
	}
	for _, class := range []string{
		"08",    // connection exception
		"53",    // insufficient resources
		"57P",   // shutting down, starting up, dropped
		"3D",    // no such database
		"3F",    // no such schema
		"42P01", // no such table: not set up yet
	} {
		if strings.HasPrefix(state, class) {
			return true
		}
	}
	return false
}

func sqlState(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

func kindOf(err error) string {
	if state := sqlState(err); state != "" {
		return "SQLSTATE " + state
	}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno.Error() // such as `connection refused`: a fixed text
	}
	for next := errors.Unwrap(err); next != nil; next = errors.Unwrap(err) {
		err = next
	}
	return fmt.Sprintf("%T", err)
}
