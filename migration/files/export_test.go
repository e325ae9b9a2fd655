package files

import (
	"io"
	"time"
)

// Rows are the values of a text's rows, as they are cut from it, with room for so many bytes a row.
func Rows(from io.Reader, most int, options Options) ([][]string, error) {
	options, err := options.whole()
	if err != nil {
		return nil, err
	}
	s := newScanner(from, &options, place{})
	s.most = most
	var rows [][]string
	for {
		isThere, err := s.next()
		if err != nil || !isThere {
			return rows, err
		}
		row := make([]string, len(s.values))
		for i := range s.values {
			row[i] = string(s.values[i].text)
		}
		rows = append(rows, row)
	}
}

// OfBucket makes a reader wait only so long for a bucket that sends nothing.
func (r *Reader) OfBucket(stall time.Duration) *Reader {
	r.store.(*bucket).stall = stall
	return r
}

// NewResuming is what reads a file that may break off, of that size.
func NewResuming(get func(offset int64) (io.ReadCloser, error), size int64) io.ReadCloser {
	return &resuming{get: get, size: size, left: mostBreaks}
}
