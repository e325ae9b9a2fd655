package migration

import (
	"context"
	"errors"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// ErrNotTracked is of a table whose changes the system does not keep.
var ErrNotTracked = errors.New("the system does not keep its changes")

// ErrExpired is of changes that the system no longer has all of: the table must be read anew.
var ErrExpired = errors.New("the changes since then are no longer known")

// A Feed tells what has changed in the tables of one mapping since a version. It never writes to
// the system. It is safe for concurrent use. Errors hold no values of any row.
type Feed interface { //nolint:iface // it is for those who load and compare
	// Version is the one that a table is at now: whatever was committed before is in it. It fails
	// with ErrNotTracked where there is none.
	Version(ctx context.Context, t *mapping.Table) (string, error)
	// Changes hands on what has changed in a table after one version and up to another, in batches
	// that are applied one after the other. A row stands in one batch once. What a row is handed on
	// as may be newer than upTo; then it comes again later.
	//
	// It fails with ErrExpired where changes since after are no longer known.
	Changes(
		ctx context.Context, t *mapping.Table, after, upTo string, each func(*Changes) error,
	) error
}

// Changes are some rows that have changed. They are good until the function that they were handed
// to returns.
type Changes struct {
	Upserts Batch    // whole rows that are new or have changed
	Deletes [][]byte // the keys of rows that are gone, as canon.Table.Key has them
}

// Rows is how many have changed.
func (c *Changes) Rows() int { return c.Upserts.Rows() + len(c.Deletes) }
