package sample

import (
	"context"
	"fmt"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/table"
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
		for i, to := range l.Tables {
			if len(b.rows[i]) == 0 {
				continue
			}
			statement := fmt.Sprintf("COPY %s.%s (%s) FROM STDIN WITH (FREEZE)",
				l.Schema, to.Name, strings.Join(to.Columns, ", "))
			err := l.conn.Raw(func(conn any) error {
				return table.Copy(ctx, conn, statement, b.rows[i])
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
