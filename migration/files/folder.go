package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
)

var _ store = (*folder)(nil)

// A folder is a store on this machine. Nothing outside of it is read, whatever links it holds.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, err //nolint:wrapcheck // it says what it tried, and where
	}
	return &folder{root: root}, nil
}

func (d *folder) close() error { return d.root.Close() } //nolint:wrapcheck // it says what it tried

func (d *folder) list(_ context.Context, path, after string) ([]file, error) {
	entries, err := fs.ReadDir(d.root.FS(), path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	var files []file
	for _, entry := range entries { // in the order of their names
		if entry.Name() <= after {
			continue
		}
		f := file{folder: path, name: entry.Name()}
		info, err := d.root.Stat(f.path())
		if err != nil {
			return nil, err //nolint:wrapcheck // as above
		}
		if !info.Mode().IsRegular() {
			return nil, fmt.Errorf("%s is no file", f.name)
		}
		f.size, f.mark = info.Size(), markOf(info)
		files = append(files, f)
	}
	return files, nil
}

func markOf(info fs.FileInfo) string {
	return strconv.FormatInt(info.ModTime().UnixNano(), 36)
}

func (d *folder) open(_ context.Context, f file, offset int64) (io.ReadCloser, error) {
	opened, err := d.root.Open(strings.TrimPrefix(f.path(), "/"))
	if err != nil {
		return nil, err //nolint:wrapcheck // as above
	}
	whole := &wholeFile{opened: opened, listed: f, left: f.size - offset}
	if err := whole.check(); err != nil {
		_ = opened.Close()
		return nil, err
	}
	if _, err := opened.Seek(offset, io.SeekStart); err != nil {
		_ = opened.Close()
		return nil, err //nolint:wrapcheck // as above
	}
	return whole, nil
}

// A wholeFile ends where the file ended when it was listed, if nothing was written to it since.
type wholeFile struct {
	opened *os.File
	listed file
	left   int64
}

func (w *wholeFile) Read(p []byte) (int, error) {
	if w.left <= 0 {
		if err := w.check(); err != nil {
			return 0, err
		}
		return 0, io.EOF
	}
	n, err := w.opened.Read(p[:min(int64(len(p)), w.left)])
	w.left -= int64(n)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func (w *wholeFile) Close() error { return w.opened.Close() }

func (w *wholeFile) check() error {
	info, err := w.opened.Stat()
	if err != nil {
		return err //nolint:wrapcheck // as above
	}
	if info.Size() != w.listed.size || markOf(info) != w.listed.mark {
		return ErrChanged
	}
	return nil
}
