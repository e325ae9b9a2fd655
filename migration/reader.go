// Package migration brings the data of the systems of record into PostgreSQL, and proves that
// nothing was lost on the way. What is taken is described in each source's folder (package
// mapping).
//
// In production AWS DMS does the moving (migration/dms). Our own loader does it in development, for
// systems that DMS cannot reach, and on the day that it fails: a Reader reads the system or a copy
// of it, migration/load puts what it reads beside the live tables and swaps it in once it is
// proved, migration/follow applies what changes from then on, and migration/verify compares the two
// sides whoever moved the data. This package holds what those share. Read Reader first.
package migration

import (
	"context"

	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Reader reads the tables of one mapping where they stand: on the system of record, in files that
// were written from it, or in PostgreSQL. It never writes there. It is safe for concurrent use.
// Errors hold no values of any row.
type Reader interface { //nolint:iface // it is for those who load and compare
	// Origin is what kind of place it reads, such as sqlserver.
	Origin() string
	// Catalogue is the columns of a table as they are there, of all that are there; none where there
	// is no such table.
	Catalogue(ctx context.Context, t *mapping.Table) (Catalogue, error)
	// Read reads a part of a table and hands it on in batches. It stops with the first error of each.
	Read(ctx context.Context, t *mapping.Table, part Part, each func(*Batch) error) error
}

// A Counter is a Reader that can tell how many rows a table has, sooner than by reading them.
type Counter interface { //nolint:iface // it is for those who load and compare
	Count(ctx context.Context, t *mapping.Table) (int64, error)
}

// A Part is which rows of a table to read. The zero Part is all of them. At most one of Between and
// Keys is set, and then neither After nor Limit is.
type Part struct {
	After string // only what comes after this, the Next of a batch; blank for the beginning
	Limit int    // the most rows; 0 for all
	// Between is only the rows whose first column of the key, which is an integer, is in a range.
	Between *Between
	// Keys is only the rows of these keys, as canon.Table.Key has them. Keys that are in no row are
	// passed over. There are at most MostKeys.
	Keys [][]byte
}

// MostKeys is how many keys may be asked for at once.
const MostKeys = 500

// Between is a range of whole numbers.
type Between struct{ From, Below int64 }

// A Batch is some rows of a table, in the form of package canon. It is good until the function that
// it was handed to returns.
type Batch struct {
	Lines []byte // each with its end, '\n'
	Ends  []int  // where in Lines each line ends, its '\n' left out
	// Next is where to go on after these rows: blank where the reader cannot go on within this table,
	// and must read it from the beginning.
	Next string
}

// Line is the line of row i, without its end.
func (b *Batch) Line(i int) []byte {
	begun := 0
	if i > 0 {
		begun = b.Ends[i-1] + 1
	}
	return b.Lines[begun:b.Ends[i]]
}

// Rows is how many there are.
func (b *Batch) Rows() int { return len(b.Ends) }

// EndRow ends the line that was appended to Lines last.
func (b *Batch) EndRow() {
	b.Ends = append(b.Ends, len(b.Lines))
	b.Lines = append(b.Lines, '\n')
}

// Reset empties the batch, and keeps the room that it has.
func (b *Batch) Reset() { b.Lines, b.Ends, b.Next = b.Lines[:0], b.Ends[:0], "" }

// Digest is that of the rows of the batch.
func (b *Batch) Digest() canon.Digest {
	var d canon.Digest
	for i := range b.Ends {
		d.Add(b.Line(i))
	}
	return d
}

// A Catalogue is what a system says of a table of its own.
type Catalogue struct {
	Columns []CatalogueColumn // none where there is no such table
	Key     []string          // the columns of its primary key, by their names there
}

// A CatalogueColumn is one of a table, in the words of the system that holds it.
type CatalogueColumn struct {
	Name    string
	Type    string // such as numeric(16,0), or character varying(30)
	NotNull bool
}
