// Package plug says how a source is put into the gateway: each has a function Plug that returns
// how. The gateway's table of sources calls them; nothing else needs to know a source by name.
package plug

import (
	"context"
	"io/fs"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A Plug is how one source is put into the gateway.
type Plug struct {
	// Name is what callers ask the source for by, in capitals. In lower case, it is the folder of the
	// source and its schema in PostgreSQL.
	Name resident.SourceName
	// Schema is the numbered SQL of the PostgreSQL schema.
	Schema fs.FS
	// Open returns the source over a database, which it leaves open. The day is that of now, in the
	// zone of now.
	Open func(db *sqlx.DB, now func() time.Time) source.Source
	// Seed loads a sample, all at once or not at all. It fails with source.ErrSampleInPlace or
	// source.ErrSampleOverData when there is data that it may not replace.
	Seed func(ctx context.Context, db *sqlx.DB, s Sample) error
}

// A Sample is what made-up residents are made of: the same of the same.
type Sample struct {
	Residents int
	Seed      uint64
	Today     time.Time // the day that ages and periods are reckoned from

	Replace  bool // whether a sample that is there is replaced
	Now      func() time.Time
	Progress func(phase string, done, total int) // may be nil
}
