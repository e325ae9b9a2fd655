package tdstest

import (
	"errors"
	"fmt"

	"github.com/lib/pq"
)

// sqlError is an error as SQL Server tells it.
type sqlError struct {
	number int32
	class  byte
	text   string
}

func (e *sqlError) Error() string { return e.text }

func errorOf(number int32, format string, args ...any) *sqlError {
	return &sqlError{number, 16, fmt.Sprintf(format, args...)}
}

func notUnderstood(near string) *sqlError {
	return &sqlError{102, 15, fmt.Sprintf("Incorrect syntax near '%s'.", near)}
}

const failedTransaction = 3930

// asSQLError is what SQL Server says where PostgreSQL says err.
func asSQLError(err error) *sqlError {
	if own, ok := errors.AsType[*sqlError](err); ok {
		return own
	}
	told, ok := errors.AsType[*pq.Error](err)
	if !ok {
		return errorOf(50000, "%v", err)
	}
	number, ok := map[string]int32{
		"22001": 2628,              // text too long
		"22003": 8115,              // overflow
		"22007": 241, "22008": 242, // dates
		"22012": 8134,                // division by zero
		"22P02": 245,                 // text that is no number
		"23502": 515,                 // NULL where there may be none
		"23503": 547,                 // foreign key
		"23505": 2627,                // key there already
		"23514": 8115,                // a value beyond its type, by a CHECK of ours
		"25P02": failedTransaction,   // after an error
		"40001": 3960, "40P01": 1205, // snapshot, deadlock
		"42501": 229,                              // not permitted
		"42703": 207, "42P01": 208, "42P07": 2714, // names
	}[string(told.Code)]
	if !ok {
		number = 50000
	}
	return errorOf(number, "%s", told.Message)
}
