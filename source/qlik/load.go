package qlik

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What keeps a file from being loaded, beside a file that cannot be read and a database that fails.
var (
	// ErrFaulty says that the file has faults, which the Report tells.
	ErrFaulty = errors.New("the file has faults")
	// ErrEmpty says that there is no household in the file.
	ErrEmpty = errors.New("there is no household in the file")
	// ErrFewer says that the file has less than half of the households that are there, as it would
	// if the export had failed half-way. LoadOptions.Fewer allows it.
	ErrFewer = errors.New("the file has less than half of the households that are there")
	// ErrLoading says that another file is being loaded.
	ErrLoading = errors.New("another file is being loaded now")
)

// LoadOptions says how a file is loaded.
type LoadOptions struct {
	// Fewer allows a file of less than half of the households that are there.
	Fewer bool
	// Now says what the time is, in the zone of the export. It must be set.
	Now func() time.Time
}

// mostFaults is how many faults a Report tells.
const mostFaults = 20

// Report is what became of a file.
type Report struct {
	Households int           // in the file, without those that have faults
	Before     int           // households that were there; 0 where the file was refused before
	Oldest     resident.Date // the first day that the file says; zero where it was refused
	Newest     resident.Date // the last

	Faults     []Fault // the first of those in the file, in the order of its lines
	MoreFaults int     // how many there are beside those
}

// Load puts a CSV file that was exported from Qlik in the place of all households that are there,
// and records that in gateway.load. README.md says how the file is written.
//
// It does so all at once or not at all. Who reads meanwhile does not wait, and sees all that was
// there before or all of the file. Nothing changes where any line has a fault: then the error is
// ErrFaulty. It is ErrEmpty, ErrFewer or ErrLoading where those say why.
//
// A sample is replaced like anything else; what a file holds is no sample from then on, whatever it
// was made from. The file is read once, and little of it is held at a time. Load needs a db of
// lib/pq, the rights of the table's owner, and leave to make temporary tables. No error and no
// fault holds a value of the file.
func Load(
	ctx context.Context, db *sqlx.DB, file io.Reader, o LoadOptions,
) (Report, error) {
	l := load{file: newExport(file, resident.DateOf(o.Now())), options: o}
	if err := l.run(ctx, db); err != nil {
		return l.report, fmt.Errorf("qlik: load: %w", err)
	}
	return l.report, nil
}

// load is one load of one file.
type load struct {
	file    *export
	options LoadOptions
	report  Report
}

func (l *load) run(ctx context.Context, db *sqlx.DB) error {
	faults, err := l.file.header()
	switch {
	case errors.Is(err, io.EOF):
		return ErrEmpty
	case err != nil:
		return fmt.Errorf("read the file: %w", err)
	case faults != nil:
		l.faulty(faults, len(faults))
		return ErrFaulty
	}
	conn, err := db.Connx(ctx)
	if err != nil {
		return failed(ctx, "connect", err)
	}
	defer conn.Close()
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return failed(ctx, "begin", err)
	}
	defer tx.Rollback()
	if err := l.stage(ctx, conn, tx); err != nil {
		return err
	}
	if err := l.swap(ctx, tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return failed(ctx, "commit", err)
	}
	// The file is in. What this leaves undone, PostgreSQL does by itself before long.
	_, _ = conn.ExecContext(ctx, vacuumHouseholds)
	return nil
}

// faulty adds to what is reported the first of faults, of which there are so many in all.
func (l *load) faulty(first []Fault, all int) {
	told := slices.Concat(l.report.Faults, first)
	all += len(l.report.Faults) + l.report.MoreFaults
	slices.SortStableFunc(told, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	l.report.Faults = told[:min(len(told), mostFaults)]
	l.report.MoreFaults = all - len(l.report.Faults)
}
