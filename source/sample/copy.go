package sample

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// batch is rows that are sent together, of each table in turn.
type batch struct {
	rows      []Lines
	residents int // how many are done with this batch
}

// batchSize is how many bytes of rows are sent together, and a little more.
const batchSize = 1 << 20

// generate makes the whole sample and gives it to use in batches, until use fails.
func (l *load) generate(use func(batch) bool) {
	rows, residents := &Rows{tables: make([]Lines, len(l.Tables))}, 0
	for residents = range l.Fill(rows) {
		if rows.size() >= batchSize && !use(batch{rows.take(), residents}) {
			return
		}
	}
	if rows.size() > 0 {
		use(batch{rows.take(), residents})
	}
}

// copyRows copies batches while the next ones are made.
func (l *load) copyRows(ctx context.Context) error {
	making, stop := context.WithCancel(ctx)
	batches := make(chan batch, 4)
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer close(batches)
		l.generate(func(b batch) bool {
			select {
			case batches <- b:
				return true
			case <-making.Done():
				return false
			}
		})
	}()
	defer func() { stop(); <-done }()

	l.tell("residents", 0, l.Residents)
	for b := range batches {
		for i, table := range l.Tables {
			if len(b.rows[i]) == 0 {
				continue
			}
			statement := fmt.Sprintf("COPY %s.%s (%s) FROM STDIN WITH (FREEZE)",
				l.Schema, table.Name, strings.Join(table.Columns, ", "))
			err := l.conn.Raw(func(conn any) error {
				return send(ctx, conn, statement, b.rows[i])
			})
			if err != nil {
				return failure(ctx, "copy rows", err)
			}
		}
		l.tell("residents", b.residents, l.Residents)
	}
	if ctx.Err() != nil {
		return failure(ctx, "copy rows", ctx.Err())
	}
	return nil
}

// copier is a COPY that takes rows as they go over the wire, which costs a fraction of what handing
// them over value by value costs.
type copier interface {
	driver.Stmt
	CopyData(ctx context.Context, rows string) (driver.Result, error)
}

// send sends rows over a connection of lib/pq that is in a transaction.
func send(ctx context.Context, conn any, statement string, rows Lines) error {
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
