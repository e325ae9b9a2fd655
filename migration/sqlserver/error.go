package sqlserver

import (
	"context"
	"errors"
	"fmt"

	mssql "github.com/microsoft/go-mssqldb"
)

// An Error is one that SQL Server told of.
type Error struct {
	Number int32
	Hint   string // what it means here; blank where the number must do
}

func (e *Error) Error() string {
	if e.Hint != "" {
		return fmt.Sprintf("SQL Server error %d: %s", e.Number, e.Hint)
	}
	return fmt.Sprintf("SQL Server error %d", e.Number)
}

// plain is err without what SQL Server quotes.
func plain(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if told, ok := errors.AsType[mssql.Error](err); ok {
		return &Error{told.Number, hint(told.Number)}
	}
	return err
}

// hint says what an operator would look for.
func hint(number int32) string {
	switch number {
	case 207:
		return "a column is not there"
	case 208:
		return "a table is not there, or may not be seen"
	case 229, 230:
		return "the login may not read it"
	case 4060, 916:
		return "the login may not open the database"
	case 18456:
		return "the login was refused"
	case 1205, 1222:
		return "it was locked for too long"
	case 22105:
		return "change tracking is off for a table"
	case 22115, 22116:
		return "change tracking is off for the database"
	}
	return ""
}
