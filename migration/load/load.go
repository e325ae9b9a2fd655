// Package load takes a whole source in: it reads the system, or a copy of it, in ranges into tables
// beside those that are served, proves that they hold what was read, and swaps them in. Who reads
// meanwhile notices nothing. It may be killed at any moment: what it has done is kept, with how far
// it was, in the same transactions, and the next load goes on from there.
//
// Read run.go first, then rows.go and swap.go.
package load

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Options say what to load, and how.
type Options struct {
	DB *sqlx.DB // of lib/pq, with the rights of the owner of the tables
	// Conn is a connection that has the Lock of the source already; nil for one of the load's own.
	Conn    *sqlx.Conn
	Mapping *mapping.Mapping
	Reader  migration.Reader

	// Tables are those to load; without any, all of the mapping. Those that are not loaded stay as
	// they are.
	Tables []*mapping.Table
	// Feed is where changes come from that were made while the load went on. They are applied before
	// the tables are swapped in, and can be followed from then on. Nil where changes cannot be
	// followed.
	Feed migration.Feed

	// AsOf is what the data is as new as, where it was copied before it is loaded. The zero time is
	// for when the load begins.
	AsOf time.Time
	// Place says which system, or copy, is read, without saying how to get in. A load that was broken
	// off is gone on with from the same place alone.
	Place string

	// RangeRows is how many rows are loaded between two checkpoints; 50,000 unless set.
	RangeRows int
	// MostPerSecond is how many rows a second are read of the system at most; 0 for as many as it
	// has.
	MostPerSecond int
	// Open says whether the system may be read at a moment, and, if not, when it may be again. Nil
	// for always.
	Open func(time.Time) (isOpen bool, next time.Time)
	// Anew is whether a load that was broken off is thrown away, and not gone on with.
	Anew bool
	// Still is whether nobody is to write to the place while it is read. Then a table that has another
	// count of rows after it was read than were read is an error: somebody did. A load of it that was
	// broken off is not gone on with, since other rows may stand there by then.
	Still bool
	// Fewer is whether tables are swapped in that have less than half of the rows that are served, or
	// none at all the first time, which looks like a system that was caught half empty.
	Fewer bool
	// Again is whether the tables are some that are served and followed, whose changes were lost.
	// What they replace is not kept, and the source counts as loaded when it was.
	Again bool
	// InsteadOfDMS is whether a source is loaded whose DMS task has been stopped. Who says so makes
	// sure that the task is never resumed: two writers of one table make both wrong.
	InsteadOfDMS bool

	// Now and Wait are called by who reads and by who writes, at the same time. Wait may be nil, for
	// one that waits.
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
	// Progress is told how far a phase is: of rows, indexes and proof. It is never called twice at
	// once. Nil for nobody.
	Progress func(phase string, done, total int)
	// Warn is told what does not stop the load and should be looked at, never while Progress is told.
	// Nil for nobody.
	Warn func(text string)
}

// What a caller may tell apart.
var (
	// ErrBusy is of a source that is being loaded or followed already.
	ErrBusy = errors.New("the source is being loaded or followed already")
	// ErrDMS is of tables that DMS writes to.
	ErrDMS = errors.New("DMS follows the source, and two writers of one table make both wrong")
	// ErrFewer is of a load that has so much less than what is served that it looks broken.
	ErrFewer = errors.New("it has less than half of the rows that are served")
	// ErrEmpty is of a first load of a table without rows, which would be answered as if there were
	// nobody.
	ErrEmpty = errors.New("it has no rows")
	// ErrDiffers is of rows that did not arrive as they were read.
	ErrDiffers = errors.New("what was loaded is not what was read")
	// ErrMoved is of a place that was written to while it was read.
	ErrMoved = errors.New("it was written to while it was read")
	// ErrDrift is of a system whose tables are not what is described.
	ErrDrift = errors.New("the system's tables are not what is described")
	// ErrNotServed is of some tables of a source that nothing is served of.
	ErrNotServed = errors.New("nothing is served of it yet: load all of it")
	// ErrNothingBefore is of a source that has no generation to go back to.
	ErrNothingBefore = errors.New("there is no generation before to go back to")
)

// A Report is what a load did.
type Report struct {
	Tables  []TableReport
	Resumed bool          // whether it went on with one that was broken off
	Took    time.Duration // of this run alone
	Swap    time.Duration // how long readers could have waited
}

// A TableReport is what a load did to one table.
type TableReport struct {
	Name string
	Rows int64
}

// Rows are those of all tables.
func (r *Report) Rows() int64 {
	var all int64
	for _, t := range r.Tables {
		all += t.Rows
	}
	return all
}

// Run loads a source. When it fails, or is killed, what is served is as it was, and what was loaded
// so far is gone on with by the next Run that loads the same tables from the same kind of place.
// Its errors hold no values of any row.
func Run(ctx context.Context, o Options) (Report, error) {
	o.defaults()
	l := &load{Options: o, schema: o.Mapping.Schema()}
	started := o.Now()
	err := l.locked(ctx, func() error { return l.run(ctx) })
	l.report.Took = o.Now().Sub(started)
	if err != nil {
		return l.report, fmt.Errorf("load %s: %w", o.Mapping.Title, err)
	}
	return l.report, nil
}

func (o *Options) defaults() {
	if o.RangeRows == 0 {
		o.RangeRows = 50_000
	}
	if o.Tables == nil {
		for i := range o.Mapping.Tables {
			o.Tables = append(o.Tables, &o.Mapping.Tables[i])
		}
	}
	if o.Wait == nil {
		o.Wait = migration.Wait
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
	// Both are for one person, and who reads and who writes warn.
	telling, progress, warn := new(sync.Mutex), o.Progress, o.Warn
	o.Progress = func(phase string, done, total int) {
		telling.Lock()
		defer telling.Unlock()
		progress(phase, done, total)
	}
	o.Warn = func(text string) {
		telling.Lock()
		defer telling.Unlock()
		warn(text)
	}
}

// load is one run.
type load struct {
	Options
	schema string
	conn   *sqlx.Conn // which holds the lock, and does all the writing
	report Report

	shape    string          // of what is served, as it was when this run began
	caughtUp time.Time       // all changes before it are in what was loaded, where they are followed
	isServed bool            // whether rows of the system are served, and not a sample
	isProved bool            // whether its rows are all there, and proved
	total    int             // how many rows are expected of all tables, or 0
	rows     int             // how many are loaded of them
	unkeyed  map[string]bool // tables whose rows the system does not hold to their key
}

func (l *load) next() string { return l.schema + "_next" }

// aside is where tables go that are no longer served.
func (l *load) aside() string {
	if l.Again {
		return replaced(l.schema)
	}
	return previous(l.schema)
}

func previous(schema string) string { return schema + "_previous" }
func replaced(schema string) string { return schema + "_replaced" }
