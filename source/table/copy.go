package table

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

// CopyNull is null in the text format of COPY.
const CopyNull = `\N`

// copier is a COPY that takes rows as they go over the wire, which costs a fraction of what handing
// them over value by value costs.
type copier interface {
	driver.Stmt
	CopyData(ctx context.Context, rows string) (driver.Result, error)
}

// Copy sends rows, in the text format of COPY and with the end of each, over a connection of lib/pq
// that is in a transaction.
func Copy(ctx context.Context, conn any, statement string, rows []byte) error {
	if len(rows) == 0 {
		return nil
	}
	preparer, ok := conn.(driver.ConnPrepareContext)
	if !ok {
		return errors.New("the driver cannot prepare statements")
	}
	prepared, err := preparer.PrepareContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	to, ok := prepared.(copier)
	if !ok {
		_ = prepared.Close()
		return errors.New("the driver is not lib/pq")
	}
	// The last line end is left to CopyData.
	if _, err := to.CopyData(ctx, string(rows[:len(rows)-1])); err != nil {
		_ = to.Close()
		return fmt.Errorf("send: %w", err)
	}
	if err := to.Close(); err != nil {
		return fmt.Errorf("finish: %w", err)
	}
	return nil
}
