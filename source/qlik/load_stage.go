package qlik

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/table"
)

// The number is of this lock and no other. It is held until the transaction ends.
const lockLoads = `SELECT pg_try_advisory_xact_lock(6741850923172)`

// The file waits in a table of this transaction's own: it needs no grant, nobody else sees it, and
// whatever happens nothing of it is left.
const makeStage = `
	CREATE TEMPORARY TABLE qlik_file (
	    line                             integer,
	    uprn                             bigint,
	    health_condition_or_disability   boolean,
	    receives_council_tax_support     boolean,
	    living_in_temporary_accomodation boolean,
	    low_income                       boolean,
	    child_with_send                  boolean,
	    single_parent                    boolean,
	    learning_disability              boolean,
	    asc_cases                        integer,
	    csc_cases                        integer,
	    date_created                     timestamp
	) ON COMMIT DROP`

// The order of the columns is that of columns().
const copyToStage = `COPY pg_temp.qlik_file FROM STDIN`

// batchSize is how many bytes of rows are sent together, and a little more.
const batchSize = 1 << 20

// stage reads the whole file into a table beside that of the households, and fails where it has
// faults or nothing in it.
func (l *load) stage(ctx context.Context, conn *sqlx.Conn, tx *sqlx.Tx) error {
	var alone bool
	if err := tx.GetContext(ctx, &alone, lockLoads); err != nil {
		return failed(ctx, "lock", err)
	}
	if !alone {
		return ErrLoading
	}
	if _, err := tx.ExecContext(ctx, makeStage); err != nil {
		return failed(ctx, "make room for the file", err)
	}
	rows := make([]byte, 0, batchSize+lineSize)
	for more := true; more; {
		var err error
		if rows, more, err = l.readBatch(rows[:0]); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return failed(ctx, "read the file", ctx.Err())
		}
		if len(rows) == 0 {
			continue
		}
		err = conn.Raw(func(conn any) error { return table.Copy(ctx, conn, copyToStage, rows) })
		if err != nil {
			return failed(ctx, "copy rows", err)
		}
	}
	if err := l.findRepeated(ctx, tx); err != nil {
		return err
	}
	switch {
	case l.report.Faults != nil:
		return ErrFaulty
	case l.report.Households == 0:
		return ErrEmpty
	}
	return nil
}

// readBatch reads on until there are rows enough to send, and appends them to rows. more is whether
// there may be more after them.
func (l *load) readBatch(rows []byte) (_ []byte, more bool, _ error) {
	for len(rows) < batchSize {
		before := len(rows)
		rows = strconv.AppendInt(rows, int64(l.file.line+1), 10)
		begun := len(rows)
		var faults []Fault
		var err error
		rows, faults, err = l.file.appendRow(rows)
		if len(rows) == begun {
			rows = rows[:before] // there is no row
		} else {
			rows = append(rows, '\n')
			l.report.Households++
		}
		switch {
		case errors.Is(err, io.EOF):
			return rows, false, nil
		case err != nil:
			return rows, false, fmt.Errorf("read the file: %w", err)
		case faults != nil:
			l.faulty(faults, len(faults))
		}
	}
	return rows, true, nil
}

// The lines of properties that stand in an earlier line too.
const repeatedLines = `
	SELECT line, first_line, count(*) OVER () AS all_lines
	FROM   (SELECT line, min(line) OVER (PARTITION BY uprn) AS first_line
	        FROM   pg_temp.qlik_file) AS lines
	WHERE  line > first_line
	ORDER  BY line
	LIMIT  $1`

// findRepeated reports properties that stand in the file twice. It is asked of the database, which
// has room for a file of any size.
func (l *load) findRepeated(ctx context.Context, tx *sqlx.Tx) error {
	var repeated []struct {
		Line      int `db:"line"`
		FirstLine int `db:"first_line"`
		AllLines  int `db:"all_lines"`
	}
	if err := tx.SelectContext(ctx, &repeated, repeatedLines, mostFaults); err != nil {
		return failed(ctx, "look for repeated properties", err)
	}
	if len(repeated) == 0 {
		return nil
	}
	faults := make([]Fault, len(repeated))
	for i, r := range repeated {
		faults[i] = Fault{r.Line, "uprn", fmt.Sprintf("it stands in line %d too", r.FirstLine)}
	}
	l.faulty(faults, repeated[0].AllLines)
	return nil
}
