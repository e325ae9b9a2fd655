package qlik

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// ReadFile returns the rows of a file as COPY takes them, each after its line, and its faults.
func ReadFile(file io.Reader, now time.Time) (rows []string, faults []Fault, err error) {
	e := newExport(file, resident.DateOf(now))
	faults, err = e.header()
	if err != nil || faults != nil {
		return nil, faults, err
	}
	for {
		row, wrong, err := e.appendRow(nil)
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return rows, faults, err
		}
		faults = append(faults, wrong...)
		if len(row) > 0 {
			rows = append(rows, strings.TrimPrefix(string(row), "\t"))
		}
	}
}

// Reasons are all that a Fault of a file may say, but for the number of a column.
func Reasons() []string {
	return []string{
		string(notUPRN), string(notBoolean), string(notCount), string(notDate), string(futureDate),
		string(ancientDate), string(tooManyCells), string(tooFewCells), string(brokenQuotes),
		string(tooLong), string(columnMissing), string(columnTwice),
	}
}
