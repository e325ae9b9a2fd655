package files

import (
	"context"
	"io"
	"path"
)

// A store is where files are.
type store interface {
	// list lists the files of a folder whose names come after the one given, in the order of their
	// names; none where there is no such folder. A folder in it is an error.
	list(ctx context.Context, folder, after string) ([]file, error)
	// open opens a file that was listed, from an offset on. It ends where the file ended when it was
	// listed, and an end anywhere else is an error, as is a file that is another one by now.
	open(ctx context.Context, f file, offset int64) (io.ReadCloser, error)
	close() error
}

// A file is one of a store.
type file struct {
	folder, name string
	size         int64
	mark         string // another one, once the file has been written anew
}

func (f file) path() string { return path.Join(f.folder, f.name) }
