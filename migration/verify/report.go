package verify

import (
	"fmt"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/canon"
)

// A Result is what a proof came to.
type Result string

// The results, in the words of gateway.proof.
const (
	Running Result = "running"
	Same    Result = "same"    // each row of the system is here, and no other
	Differs Result = "differs" // some rows are not
	Failed  Result = "failed"  // not all could be compared, whatever was found in the rest
)

// A Kind is how a row differs, in the words of DMS.
type Kind string

// The kinds.
const (
	MissingTarget Kind = "MISSING_TARGET" // the system has it, and it is not here
	MissingSource Kind = "MISSING_SOURCE" // it is here, and the system has it not
	RecordDiff    Kind = "RECORD_DIFF"    // it is in both, with other values
)

// A Report is what a run found.
type Report struct {
	ID      int64  // of the proof
	Source  string // the schema of the source
	Origin  string // what it was compared with
	BeganAt time.Time
	EndedAt time.Time
	Result  Result
	// Tables are those that were to be compared, in that order.
	Tables []TableReport
	// Findings are the first rows that differ, of each table some.
	Findings []Finding
}

// A TableReport is what was found in one table, and what that rests on. Digests may differ though
// no row does: where rows were changed on the system while they were read.
type TableReport struct {
	Name   string `json:"name"`
	By     By     `json:"by"`
	System Side   `json:"system"`
	Here   Side   `json:"here"`
	// Parts is how many ranges or buckets were compared, and Reread how many of them differed and were
	// read again.
	Parts  int `json:"parts"`
	Reread int `json:"reread"`
	// Differ is how many rows differ; IsAtLeast is whether that is but the least that it can be, since
	// finding out would have taken too many readings of the system.
	Differ    int64 `json:"differ"`
	IsAtLeast bool  `json:"isAtLeast,omitempty"`
	// Settled is how many rows differed, and were found equal or on their way after the lag.
	Settled int64   `json:"settled"`
	Seconds float64 `json:"seconds"` // that it took, without the waiting
	// Fault is why the table could not be compared; blank where it was.
	Fault string `json:"fault,omitempty"`
}

// A By is how the rows of a table are parted to be compared.
type By string

// The ways.
const (
	ByRanges  By = "ranges"  // of the first column of the key, a whole number
	ByBuckets By = "buckets" // by a hash of the key
	ByLines   By = "lines"   // by a hash of the row, where there is no key
)

// A Side is what one of the two held.
type Side struct {
	Rows   int64  `json:"rows"`
	Digest string `json:"digest"` // of all rows, in hexadecimal
}

// A Finding is a row that differs.
type Finding struct {
	Table string
	Kind  Kind
	// Key is the values of its key, as a JSON list; of a row of a table without one, those of the
	// columns that tell a person which is meant.
	Key string
	// Columns are the names of those that differ, where Kind is RecordDiff.
	Columns []string
}

// Rows is how many rows of the system were compared.
func (r *Report) Rows() int64 {
	var rows int64
	for i := range r.Tables {
		rows += r.Tables[i].System.Rows
	}
	return rows
}

// Differ is how many rows differ, of which Findings are the first.
func (r *Report) Differ() int64 {
	var differ int64
	for i := range r.Tables {
		differ += r.Tables[i].Differ
	}
	return differ
}

// conclude says what the comparisons came to. Of the findings, each table in turn gives one, until
// there are most: so one table does not hide another.
func (r *Report) conclude(all []*comparison, most int, cause error) {
	r.Result = Same
	for _, c := range all {
		r.Tables = append(r.Tables, c.report)
		switch {
		case c.report.Fault != "" || cause != nil:
			r.Result = Failed
		case c.report.Differ > 0 && r.Result == Same:
			r.Result = Differs
		}
	}
	shares := make([]int, len(all))
	for left := most; left > 0; {
		before := left
		for i, c := range all {
			if left > 0 && shares[i] < len(c.findings) {
				shares[i]++
				left--
			}
		}
		if left == before {
			break
		}
	}
	for i, c := range all {
		r.Findings = append(r.Findings, c.findings[:shares[i]]...)
	}
}

func sideOf(d canon.Digest) Side {
	return Side{d.Rows, fmt.Sprintf("%016x%016x", d.Xor, d.Sum)}
}
