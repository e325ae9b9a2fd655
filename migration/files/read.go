package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// How much is handed on at once, whichever is reached first.
const (
	mostRows  = 10_000
	mostBytes = 1 << 20
)

// Read reads the full load of a table, or a part of it, in the order of its files. It goes on
// within a file without reading what comes before, unless that is a gzip, and fails with ErrChanged
// where the files are others than those that it began with. Keys and Between cost a read of all the
// files: there is no index. What is wrong with the end of a file is told after its rows were handed
// on: only what was read without an error is whole.
//
// A value that is not what its column may hold is an error, which says in which file, line and
// column it is, and not what it is.
func (r *Reader) Read(
	ctx context.Context, t *mapping.Table, part migration.Part, each func(*migration.Batch) error,
) error {
	fits, err := fitting(t, &part)
	if err != nil {
		return err
	}
	at, err := parsePlace(part.After)
	if err != nil {
		return err
	}
	loads, err := r.loads(ctx, t)
	if err != nil {
		return err
	}
	reading := &reading{set: digest(loads, true), left: part.Limit, fits: fits, each: each}
	first := 0
	if at.set != "" {
		first = slices.IndexFunc(loads, func(f file) bool { return f.name == at.name })
		if at.set != reading.set || first < 0 {
			return fmt.Errorf("files: %s: %w", t.Name, ErrChanged)
		}
		if at.offset == whole {
			first, at = first+1, place{}
		}
	}
	for _, f := range loads[first:] {
		isDone, err := r.readFile(ctx, t, f, at, reading)
		if err != nil || isDone {
			return err
		}
		at = place{}
	}
	return nil
}

// A reading is what is read, and not yet handed on.
type reading struct {
	set   string
	left  int // the most rows to hand on; 0 for all
	fits  func(key []byte) bool
	each  func(*migration.Batch) error
	batch migration.Batch
}

// readFile reads a file, and says whether enough has been read.
func (r *Reader) readFile(
	ctx context.Context, t *mapping.Table, f file, at place, reading *reading,
) (bool, error) {
	opened, err := r.open(ctx, t, f, at, ofLoad)
	if err != nil {
		return false, err
	}
	defer opened.close()
	for {
		isThere, err := opened.next()
		if err != nil {
			return false, opened.at(err)
		}
		if !isThere {
			end := opened.place()
			end.offset = whole
			return false, reading.handOn(ctx, end)
		}
		if err := reading.add(opened); err != nil {
			return false, opened.at(err)
		}
		rows := reading.batch.Rows()
		isEnough := reading.left > 0 && rows == reading.left
		if isEnough || rows == mostRows || len(reading.batch.Lines) >= mostBytes {
			if err := reading.handOn(ctx, opened.place()); err != nil || isEnough {
				return isEnough, err
			}
		}
	}
}

// add adds the row that was read, if it fits.
func (r *reading) add(opened *openFile) error {
	l := opened.layout
	if _, err := l.operation(opened.values, ofLoad); err != nil {
		return err
	}
	begun, keys := len(r.batch.Lines), len(l.table.Key)
	line, err := l.appendColumns(r.batch.Lines, opened.values, 0, keys)
	r.batch.Lines = line[:begun]
	if err != nil || r.fits != nil && !r.fits(line[begun:]) {
		return err
	}
	if line, err = l.appendColumns(line, opened.values, keys, len(l.at)); err != nil {
		return err
	}
	r.batch.Lines = line
	r.batch.EndRow()
	return nil
}

// handOn hands on what was read, if anything was.
func (r *reading) handOn(ctx context.Context, next place) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	if r.batch.Rows() == 0 {
		return nil
	}
	next.set = r.set
	r.batch.Next = next.String()
	if r.left > 0 {
		r.left -= r.batch.Rows() // who hands on the last of them stops
	}
	err := r.each(&r.batch)
	r.batch.Reset()
	return err
}

// fitting is what says whether a row is asked for, by its key; nil for all rows.
func fitting(t *mapping.Table, part *migration.Part) (func(key []byte) bool, error) {
	switch {
	case part.Between == nil && part.Keys == nil:
		return nil, nil //nolint:nilnil // there is nothing to ask
	case len(t.Key) == 0:
		return nil, fmt.Errorf("files: table %s has no key to ask by", t.Name)
	case part.Between != nil && part.Keys != nil, part.After != "", part.Limit != 0:
		return nil, errors.New("files: a part is given in one way")
	case part.Keys != nil:
		if len(part.Keys) > migration.MostKeys {
			return nil, fmt.Errorf("files: more than %d keys", migration.MostKeys)
		}
		asked := map[string]bool{}
		for _, key := range part.Keys {
			asked[string(key)] = true
		}
		return func(key []byte) bool { return asked[string(key)] }, nil
	case t.Column(t.Key[0]).Parsed().Kind != mapping.Integer:
		return nil, fmt.Errorf("files: the key of table %s begins with no integer", t.Name)
	}
	between := *part.Between
	return func(key []byte) bool {
		first, _, _ := bytes.Cut(key, []byte{'\t'})
		n, err := strconv.ParseInt(string(first), 10, 64)
		return err == nil && n >= between.From && n < between.Below
	}, nil
}
