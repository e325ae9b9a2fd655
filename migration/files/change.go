package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var _ migration.Feed = (*Reader)(nil)

// Version is blank: all changes are followed that stand beside the full load, whose files are
// written before them.
func (r *Reader) Version(context.Context, *mapping.Table) (string, error) { return "", nil }

// Changes reads what changed in a table after a Version that it gave before, or all that changed
// where that is blank, and hands it on in the order of the files. Of each row, each Changes has but
// what became of it last: where the files have AR_H_CHANGE_SEQ, what has the greatest of those, and
// what stands last otherwise. It fails with ErrLate where a file of the day before the last one
// that was read is not what it was; files before that day may be taken away.
//
// An update of a key is written with the new key alone. What went by the old one is told only where
// the files have the key as it was before: DMS adds those columns, by Header, where it is told
// add-before-image-columns with the prefix BI_ and pk-only. Without them, a row whose key is
// updated stays here under its old key too, until a proof finds it or the table is read anew.
func (r *Reader) Changes(
	ctx context.Context, t *mapping.Table, after string, each func(*migration.Changes) error,
) error {
	if len(t.Key) == 0 {
		return fmt.Errorf("files: table %s has no key, and no changes can be told of it", t.Name)
	}
	at, err := parsePlace(after)
	if err != nil {
		return err
	}
	from, err := floor(at.name)
	if err != nil {
		return fmt.Errorf("files: %w", err)
	}
	loads, changes, err := r.list(ctx, t, from)
	if err != nil {
		return err
	}
	load := at.load
	if len(loads) > 0 { // they may be taken away once they are read
		load = digest(loads, true)
	}
	if at.load != "" && load != at.load {
		return fmt.Errorf("files: table %s: its full load was written anew: %w", t.Name,
			migration.ErrExpired)
	}
	next := 0
	if at.name != "" {
		next = slices.IndexFunc(changes, func(f file) bool { return f.name > at.name })
		if next < 0 {
			next = len(changes)
		}
		if next == 0 || changes[next-1].name != at.name || digest(changes[:next], false) != at.set {
			return fmt.Errorf("files: table %s: %w", t.Name, ErrLate)
		}
		if at.offset != whole {
			next-- // it was not read to its end
		}
	}
	p := &pending{files: changes, load: load, at: map[string]last{}, each: each}
	for i := next; i < len(changes); i++ {
		if i > next {
			at = place{}
		}
		if err := r.readChanges(ctx, t, i, at, p); err != nil {
			return err
		}
	}
	if !p.isNew {
		return nil
	}
	return p.handOn(ctx)
}

// pending is the changes that are read, and not yet handed on.
type pending struct {
	files []file
	load  string // the digest of the full load; blank where there is none to be seen
	each  func(*migration.Changes) error

	rows   migration.Batch // those that were put in, in the order in which they were read
	at     map[string]last // by key
	isNew  bool            // whether anything was read since changes were handed on
	file   int             // of files: the one that is read
	place  place           // where it goes on
	handed migration.Changes
	before []byte
}

// last is what a key was last.
type last struct {
	row int // of rows; gone where it is in none
	seq string
}

// gone stands for the row of a key that is not there any more.
const gone = -1

// readChanges reads a file of changes.
func (r *Reader) readChanges(
	ctx context.Context, t *mapping.Table, i int, at place, p *pending,
) error {
	opened, err := r.open(ctx, t, p.files[i], at, ofChanges)
	if err != nil {
		return err
	}
	defer opened.close()
	p.file = i
	for {
		isThere, err := opened.next()
		if err != nil {
			return opened.at(err)
		}
		p.isNew, p.place = true, opened.place()
		if !isThere {
			p.place.offset = whole
			return nil
		}
		if err := p.add(opened); err != nil {
			return opened.at(err)
		}
		isMany := p.rows.Rows() >= mostRows || len(p.at) >= mostRows
		if isMany || len(p.rows.Lines) >= mostBytes {
			if err := p.handOn(ctx); err != nil {
				return err
			}
		}
	}
}

// add adds the change that was read.
func (p *pending) add(opened *openFile) error {
	l, values := opened.layout, opened.values
	operation, err := l.operation(values, ofChanges)
	if err != nil {
		return err
	}
	seq, err := l.seqOf(values)
	if err != nil {
		return err
	}
	begun, keys := len(p.rows.Lines), len(l.table.Key)
	line, err := l.appendColumns(p.rows.Lines, values, 0, keys)
	p.rows.Lines = line[:begun]
	if err != nil {
		return err
	}
	key := line[begun:]
	if operation == opDelete {
		p.put(key, last{gone, seq})
		return nil
	}
	if operation == opUpdate {
		var isTold bool
		if p.before, isTold, err = l.appendBefore(p.before[:0], values); err != nil {
			return err
		}
		if isTold && !bytes.Equal(p.before, key) {
			p.put(p.before, last{gone, seq})
		}
	}
	if line, err = l.appendColumns(line, values, keys, len(l.at)); err != nil {
		return err
	}
	if p.put(line[begun:begun+len(key)], last{p.rows.Rows(), seq}) {
		p.rows.Lines = line
		p.rows.EndRow()
	}
	return nil
}

// put says what a key was last, and whether it was that: it is not, where a later change is known.
func (p *pending) put(key []byte, now last) bool {
	if known, isKnown := p.at[string(key)]; isKnown && isBefore(now.seq, known.seq) {
		return false
	}
	p.at[string(key)] = now
	return true
}

// isBefore compares the numbers of two changes. Where one has none, the order of the files counts.
func isBefore(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// handOn hands on what is pending.
func (p *pending) handOn(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	version, err := p.version()
	if err != nil {
		return err
	}
	isLast := make([]bool, p.rows.Rows())
	changes := &p.handed
	changes.Reset()
	for key, known := range p.at {
		if known.row == gone {
			changes.Deletes = append(changes.Deletes, []byte(key))
			continue
		}
		isLast[known.row] = true
	}
	slices.SortFunc(changes.Deletes, bytes.Compare)
	for i := range isLast {
		if isLast[i] {
			changes.Upserts.Lines = append(changes.Upserts.Lines, p.rows.Line(i)...)
			changes.Upserts.EndRow()
		}
	}
	changes.Version = version
	err = p.each(changes)
	p.rows.Reset()
	clear(p.at)
	p.isNew = false
	return err
}

// version is where to go on, and what was read already, as far as it is looked at again.
func (p *pending) version() (string, error) {
	from, err := floor(p.place.name)
	if err != nil {
		return "", fmt.Errorf("files: %w", err)
	}
	read := p.files[:p.file+1]
	first := slices.IndexFunc(read, func(f file) bool { return f.name > from })
	if first < 0 {
		return "", errors.New("files: a file of changes is before itself")
	}
	at := p.place
	at.set, at.load = digest(read[first:], false), p.load
	return at.String(), nil
}
