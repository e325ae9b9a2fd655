// Package plug says how a source is put into the gateway: each has a function Plug that returns
// how. The gateway's table of sources calls them; nothing else needs to know a source by name.
package plug

import (
	"context"
	"io"
	"io/fs"
	"iter"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
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
	// Truth yields the reference of each resident of a sample, with the number of the human whom they
	// are, in every source. It is nil where the source knows no residents.
	Truth func(s Sample) iter.Seq2[string, int]
	// LoadFile puts what stands in a file that was exported from the source in the place of all that
	// is there, at once or not at all. It is nil where the source is not loaded by files.
	LoadFile func(ctx context.Context, db *sqlx.DB, f File) (Report, error)
	// Mapping is what is taken from the system of record. It is nil where the source is loaded by
	// files that people export.
	Mapping *mapping.Mapping
}

// Of returns the plug of a source that is opened by open, and whose sample is made by seed. It has
// a Truth where the sample has one.
func Of[S source.Source](
	name resident.SourceName, schema fs.FS, open func(*sqlx.DB, func() time.Time) S,
	seed func(Sample) Seeder,
) Plug {
	p := Plug{
		Name: name, Schema: schema,
		Open: func(db *sqlx.DB, now func() time.Time) source.Source { return open(db, now) },
		Seed: func(ctx context.Context, db *sqlx.DB, s Sample) error {
			return seed(s).Load(ctx, db, s.Options)
		},
	}
	if _, tells := seed(Sample{}).(teller); tells {
		p.Truth = func(s Sample) iter.Seq2[string, int] {
			return seed(s).(teller).Truth() //nolint:forcetypeassert // it is one, as any other
		}
	}
	return p
}

// OfTables is Of, for a source whose tables are filled as a mapping describes.
func OfTables[S source.Source](
	m *mapping.Mapping, schema fs.FS, open func(*sqlx.DB, func() time.Time) S,
	seed func(Sample) Seeder,
) Plug {
	p := Of(m.Source, schema, open, seed)
	p.Mapping = m
	return p
}

// A teller is a sample of residents that tells who they are.
type teller interface {
	Truth() iter.Seq2[string, int]
}

// A Seeder is a sample of one source.
type Seeder interface {
	Load(ctx context.Context, db *sqlx.DB, o sample.Options) error
}

// A File is one that was exported from a source.
type File struct {
	Reader io.Reader
	// Fewer is whether it is loaded though it has so much less than there is that it looks broken.
	Fewer bool
	Now   func() time.Time
}

// A Report is what there is to say of a file, whether or not it was loaded. It holds no values of
// it.
type Report struct {
	Faults     []string // where and why lines cannot be loaded, the first of them
	MoreFaults int      // how many there are beside those
	Loaded     string   // what was loaded, in words; blank where nothing was
}

// A Sample is what made-up residents are made of: the same of the same.
type Sample struct {
	sample.Options

	Residents int
	Seed      uint64
	Today     time.Time // the day that ages and periods are reckoned from
}
