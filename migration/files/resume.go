package files

import (
	"errors"
	"fmt"
	"io"
)

// mostBreaks is how often the reading of one file may break off and be taken up again.
const mostBreaks = 10

// A resuming file goes on where it broke off. It ends where the file ends, and nowhere before.
type resuming struct {
	get  func(offset int64) (io.ReadCloser, error) // what the file holds from there on
	body io.ReadCloser
	at   int64
	size int64
	left int // how often it may break off yet
}

func (r *resuming) Read(p []byte) (int, error) {
	for {
		if r.body == nil {
			if r.at == r.size {
				return 0, io.EOF
			}
			if err := r.resume(); err != nil {
				return 0, err
			}
		}
		n, err := r.body.Read(p)
		r.at += int64(n)
		switch {
		case r.at > r.size:
			return 0, fmt.Errorf("%w: it is longer than it was said to be", ErrChanged)
		case err == nil:
			return n, nil
		case r.at == r.size && errors.Is(err, io.EOF):
			return n, io.EOF
		case r.at == r.size: // such as a checksum that is another one
			return n, err
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		_ = r.body.Close()
		r.body = nil
		if r.left--; r.left < 0 {
			return n, fmt.Errorf("it broke off %d times: %w", mostBreaks+1, err)
		}
		if n > 0 {
			return n, nil
		}
	}
}

func (r *resuming) resume() error {
	if r.at == r.size {
		return nil
	}
	body, err := r.get(r.at)
	r.body = body
	return err
}

func (r *resuming) Close() error {
	if r.body == nil {
		return nil
	}
	err := r.body.Close()
	r.body = nil
	return err //nolint:wrapcheck // who opened it says which it is
}
