package access

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// A Record is what one caller saw in one answer. Where a text of it is not UTF-8, U+FFFD stands in
// the record instead.
type Record struct {
	RequestID string
	Caller    *Caller
	Purpose   string // "" where none was given
	Operation string // the name; "" where there is none
	// OperationHash is SHA-256 of the operation's text; all zeros where there is no text.
	OperationHash [32]byte
	Seen          []Seen
}

// Seen are residents who were shown alike in one answer.
type Seen struct {
	Residents  []string // ids such as mosaic:31
	Restricted bool     // whether these residents were restricted then
	// Shown and Withheld are guarded fields, as coordinates of the schema: Resident.nhsNumber.
	Shown, Withheld []string

	// Searched are the parts of a filter that the residents were searched by, such as postcode, but
	// not what it was. There may then be no residents.
	Searched []string
}

// recordRow is a row of access.record as access.write_records takes it.
//
//nolint:tagliatelle // these are names of columns
type recordRow struct {
	RequestID     string   `json:"request_id"`
	CallerKind    Kind     `json:"caller_kind"`
	CallerID      string   `json:"caller_id"`
	Caller        string   `json:"caller"`
	Purpose       string   `json:"purpose,omitempty"`
	Operation     string   `json:"operation,omitempty"`
	OperationHash string   `json:"operation_hash,omitempty"`
	Residents     []string `json:"residents"`
	Restricted    bool     `json:"restricted"`
	Shown         []string `json:"shown,omitempty"`
	Withheld      []string `json:"withheld,omitempty"`
	Searched      []string `json:"searched,omitempty"`
}

// rows is the record as objects of JSON with commas between them; nil where nobody was seen.
func (r Record) rows() ([]byte, error) {
	if r.Caller == nil || r.Caller.Kind == "" || r.Caller.ID == "" {
		return nil, errors.New("it names no caller")
	}
	row := recordRow{
		RequestID:  r.RequestID,
		CallerKind: r.Caller.Kind,
		CallerID:   r.Caller.ID,
		Caller:     r.Caller.Name,
		Purpose:    r.Purpose,
		Operation:  r.Operation,
	}
	if r.OperationHash != [32]byte{} {
		row.OperationHash = hex.EncodeToString(r.OperationHash[:])
	}
	var rows [][]byte
	for _, seen := range r.Seen {
		if len(seen.Residents) == 0 && len(seen.Searched) == 0 {
			return nil, errors.New("it names no resident, and nothing that anyone was searched by")
		}
		row.Residents = append([]string{}, seen.Residents...) // nobody is a list too
		row.Restricted, row.Searched = seen.Restricted, seen.Searched
		row.Shown, row.Withheld = seen.Shown, seen.Withheld
		object, err := json.Marshal(row)
		if err != nil {
			return nil, errors.New("it is no JSON") // what it was given is not to be told
		}
		rows = append(rows, object)
	}
	return bytes.Join(rows, []byte(",")), nil
}

// A Recorder writes records to PostgreSQL. Records that are given to it while it writes others are
// written together, by one statement. It may be used by several goroutines at once.
type Recorder struct {
	db      *sqlx.DB
	timeout time.Duration // of a statement

	mu      sync.Mutex
	pending []*waiting // what no writer has taken yet
	writers int        // goroutines that take from pending until it is empty
}

// NewRecorder returns a Recorder over db. Closing it leaves db open: the caller owns it. What it
// writes waits for a connection of db: a pool that is always in use makes it slow.
func NewRecorder(db *sqlx.DB) *Recorder { return &Recorder{db: db, timeout: recordTimeout} }

// waiting is a record, and who waits for it to be written.
type waiting struct {
	rows []byte
	told chan error // of room for one, so that nobody who tells has to wait
}

// Write returns nil once the record is durable in PostgreSQL: as durable as that server makes
// anything, whatever synchronous_commit is. A record of nobody seen is not written.
//
// After an error the record may be there or not, and what it is of is not to be shown. When ctx
// ends, Write returns at once; a record that no statement holds by then is not written. An error
// holds nothing of the record, and of the driver's text nothing but the SQLSTATE.
func (r *Recorder) Write(ctx context.Context, record Record) error {
	rows, err := record.rows()
	if err != nil {
		return fmt.Errorf("access: write record: %w", err)
	}
	if rows == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("access: write record: %w", err)
	}
	w := &waiting{rows: rows, told: make(chan error, 1)}
	r.add(ctx, w)
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
		r.forget(w)
		return fmt.Errorf("access: write record: %w", ctx.Err())
	}
}

const (
	// recordWriters is how many statements write records at once. The next one takes all that
	// came while this one ran; with two, each does half the work at nearly the price of all.
	recordWriters = 1
	// Of a statement: how many records, how many bytes of them unless it is one record, and how
	// long it may take.
	recordBatch      = 500
	recordBatchBytes = 1 << 20
	recordTimeout    = 5 * time.Second
)

// add has w written, by a writer that is there already or by a new one, which outlives ctx.
func (r *Recorder) add(ctx context.Context, w *waiting) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = append(r.pending, w)
	if r.writers < recordWriters {
		r.writers++
		go r.writePending(context.WithoutCancel(ctx))
	}
}

// forget has w not written, unless it is too late.
func (r *Recorder) forget(w *waiting) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pending = slices.DeleteFunc(r.pending, func(other *waiting) bool { return other == w })
}

// take returns what the next statement is to write; nil when there is nothing, and then the writer
// that asked is one no more.
func (r *Recorder) take() []*waiting {
	r.mu.Lock()
	defer r.mu.Unlock()
	n, size := 0, 0
	for n < min(len(r.pending), recordBatch) {
		size += len(r.pending[n].rows)
		if n > 0 && size > recordBatchBytes {
			break
		}
		n++
	}
	if n == 0 {
		r.writers--
		return nil
	}
	batch := slices.Clone(r.pending[:n])
	r.pending = slices.Delete(r.pending, 0, n)
	return batch
}

// writePending writes until nothing is pending.
func (r *Recorder) writePending(ctx context.Context) {
	for batch := r.take(); batch != nil; batch = r.take() {
		r.write(ctx, batch)
	}
}

// write writes a batch and tells who waits. When PostgreSQL refuses what is in it, each half is
// tried by itself, so that one record fails no other.
func (r *Recorder) write(ctx context.Context, batch []*waiting) {
	err := r.insertInTime(ctx, batch)
	if len(batch) > 1 && isRefused(err) {
		r.write(ctx, batch[:len(batch)/2])
		r.write(ctx, batch[len(batch)/2:])
		return
	}
	if err != nil {
		err = databaseError(ctx, "write record", err)
	}
	for _, w := range batch {
		w.told <- err
	}
}

// insertInTime is insert, but for that it returns in time: the driver waits for a server that has
// gone without a word for as long as the network does, whatever the context.
func (r *Recorder) insertInTime(ctx context.Context, batch []*waiting) error {
	ctx, cancel := context.WithTimeout(ctx, r.timeout)
	done := make(chan error, 1)
	go func() {
		defer cancel()
		done <- r.insertBatch(ctx, batch)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	// It has ended just now, or the time is up and the driver is given a moment to tell of it.
	select {
	case err := <-done:
		return err
	case <-time.After(r.timeout / 5):
		return ctx.Err()
	}
}

// Check fails where no record could be written now. It writes none.
func (r *Recorder) Check(ctx context.Context) error {
	if _, err := r.db.ExecContext(ctx, writeRecords, "[]"); err != nil {
		return databaseError(ctx, "write record", err)
	}
	return nil
}

const writeRecords = `SELECT access.write_records($1::jsonb)`

// insertBatch writes a batch by one statement. Whatever happens in it, it returns.
func (r *Recorder) insertBatch(ctx context.Context, batch []*waiting) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = panicError{fmt.Sprintf("%T", cause)}
		}
	}()
	rows := make([][]byte, len(batch))
	for i, w := range batch {
		rows[i] = w.rows
	}
	// Text, not bytes: PostgreSQL takes bytes for a jsonb in its own binary form.
	_, err = r.db.ExecContext(ctx, writeRecords, "["+string(bytes.Join(rows, []byte(",")))+"]")
	return err
}
