// Package rows reads the rows of a query as the driver has them. Going through database/sql instead
// costs about as much again for each value, of which a migration reads millions.
package rows

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// Each runs a query and hands on each of its rows, whose values are good until the function
// returns. It stops with the first error of the two.
func Each(
	ctx context.Context, db *sql.DB, query string, args []any, each func([]driver.Value) error,
) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close()
	return conn.Raw(func(raw any) error {
		preparer, ok := raw.(driver.ConnPrepareContext)
		if !ok {
			return errors.New("the driver cannot prepare statements")
		}
		statement, err := preparer.PrepareContext(ctx, query)
		if err != nil {
			return fmt.Errorf("prepare: %w", err)
		}
		defer statement.Close()
		querier, ok := statement.(driver.StmtQueryContext)
		if !ok {
			return errors.New("the driver cannot be stopped")
		}
		values, err := named(args)
		if err != nil {
			return err
		}
		found, err := querier.QueryContext(ctx, values)
		if err != nil {
			return fmt.Errorf("query: %w", err)
		}
		defer found.Close()
		return drain(found, each)
	})
}

func drain(found driver.Rows, each func([]driver.Value) error) error {
	values := make([]driver.Value, len(found.Columns()))
	for {
		switch err := found.Next(values); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read: %w", err)
		}
		if err := each(values); err != nil {
			return err
		}
	}
}

// named are arguments as the driver takes them: those that know their own values are asked, as
// database/sql would.
func named(args []any) ([]driver.NamedValue, error) {
	all := make([]driver.NamedValue, len(args))
	for i, arg := range args {
		if valuer, ok := arg.(driver.Valuer); ok {
			value, err := valuer.Value()
			if err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
			arg = value
		}
		all[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	return all, nil
}
