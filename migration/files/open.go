package files

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// An openFile is one whose rows are being read.
type openFile struct {
	*scanner
	file   file
	layout *layout
	kind   kind
	opened io.Closer
}

// open opens a file of a table, at a place in it.
func (r *Reader) open(
	ctx context.Context, t *mapping.Table, f file, at place, k kind,
) (*openFile, error) {
	o := &openFile{file: f, kind: k}
	var header []string
	if err := o.begin(ctx, r, 0); err != nil {
		return nil, err
	}
	if r.options.Header {
		var err error
		if header, err = o.header(); err != nil {
			o.close()
			return nil, err
		}
	}
	layout, err := layoutOf(t, &r.options, k, header)
	if err != nil {
		o.close()
		return nil, fmt.Errorf("files: %s: %w", f.path(), err)
	}
	if at.offset > o.offset {
		o.close()
		if err := o.begin(ctx, r, at.offset); err != nil {
			return nil, err
		}
		o.line, o.offset = at.line, at.offset
	}
	o.layout, o.most = layout, layout.most
	return o, nil
}

// begin begins to read at an offset, counted in what gzip makes of the file.
func (o *openFile) begin(ctx context.Context, r *Reader, offset int64) error {
	isGzip := strings.HasSuffix(o.file.name, ".gz")
	stored := offset
	if isGzip {
		stored = 0
	}
	opened, err := r.store.open(ctx, o.file, stored)
	if err != nil {
		return fmt.Errorf("files: %s: %w", o.file.path(), err)
	}
	o.opened = opened
	var from io.Reader = opened
	if isGzip {
		if from, err = unzip(opened, offset); err != nil {
			o.close()
			return fmt.Errorf("files: %s: %w", o.file.path(), err)
		}
	}
	o.scanner = newScanner(from, &r.options, place{})
	return nil
}

func unzip(from io.Reader, offset int64) (io.Reader, error) {
	unzipped, err := gzip.NewReader(from)
	if errors.Is(err, io.EOF) {
		return nil, io.ErrUnexpectedEOF // without a single byte it is no gzip
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // who opens the file says which it is
	}
	if _, err := io.CopyN(io.Discard, unzipped, offset); err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	return unzipped, nil
}

func (o *openFile) close() { _ = o.opened.Close() } // it was only read

// header reads the names that the file begins with.
func (o *openFile) header() ([]string, error) {
	isThere, err := o.next()
	if err == nil && !isThere {
		err = formError("it has no names of columns")
	}
	if err != nil {
		return nil, o.at(err)
	}
	names := make([]string, len(o.values))
	for i := range o.values {
		names[i] = string(o.values[i].text)
	}
	return names, nil
}

// at says where an error is, and in which column where that is known.
func (o *openFile) at(err error) error {
	column := ""
	isInColumn := errors.Is(err, errQuote) || errors.Is(err, errLong) || errors.Is(err, errCut)
	if o.layout != nil && isInColumn && len(o.values) < len(o.layout.names) {
		column = "column " + o.layout.names[len(o.values)] + ": "
	}
	return fmt.Errorf("files: %s: line %d: %s%w", o.file.path(), o.row, column, err)
}

// place is that of the next row.
func (o *openFile) place() place {
	return place{name: o.file.name, line: o.line, offset: o.offset}
}
