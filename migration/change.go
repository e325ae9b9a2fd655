package migration

import (
	"context"
	"errors"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// ErrNotTracked is of a table whose changes the system does not keep.
var ErrNotTracked = errors.New("the system does not keep its changes")

// ErrChanged is of a copy of a system that is another than the one that was begun with: what was
// read of it must be read anew.
var ErrChanged = errors.New("it is another than the one that was begun with")

// ErrUnreadable is of what stands in the place of rows of a table and cannot be read as such.
var ErrUnreadable = errors.New("it cannot be read as rows of the table")

// ErrExpired is of changes that the system no longer has all of: the table must be read anew.
var ErrExpired = errors.New("the changes since then are no longer known")

// A Feed tells what has changed in the tables of one mapping since a version. It never writes to
// the system. It is safe for concurrent use. Errors hold no values of any row.
type Feed interface { //nolint:iface // it is for those who load and compare
	// Version is where to follow from, for a load that begins to read the table now. It fails with
	// ErrNotTracked where there is none.
	Version(ctx context.Context, t *mapping.Table) (string, error)
	// Changes hands on what has changed in a table since a version, up to now, in batches that are
	// applied one after the other. The last of them has the version to go on from. What has changed
	// meanwhile may be among it, and comes again then.
	//
	// It fails with ErrExpired where changes since then are no longer all known.
	Changes(ctx context.Context, t *mapping.Table, after string, each func(*Changes) error) error
}

// Changes are what became of some rows of a table: each stands there once, with what it was last.
// They may be applied again, and then change nothing. They are good until the function that they
// were handed to returns.
type Changes struct {
	// Upserts are rows that are there, whole: to be put in, or put in the place of the one of the
	// same key. Its Next is blank.
	Upserts Batch
	// Deletes are the keys of rows that are gone, as canon.Table.Key has them. None of them is the
	// key of an upsert. One that was never there is to be passed over.
	Deletes [][]byte
	// Version is where to go on once these are applied, to be kept in the transaction that applies
	// them. What it says is for the reader that gave it.
	Version string
}

// Rows is how many rows are changed.
func (c *Changes) Rows() int { return c.Upserts.Rows() + len(c.Deletes) }

// Reset empties the changes, and keeps the room that they have.
func (c *Changes) Reset() {
	c.Upserts.Reset()
	c.Deletes, c.Version = c.Deletes[:0], ""
}
