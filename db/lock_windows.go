package db

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// folderLock is the name of the file in a folder that is open for as long as the folder is
// locked. Windows does not remove an open file.
const folderLock = "gateway.lock"

// lockFolder locks the folder at path for as long as the file it returns is open.
func lockFolder(path string) (*os.File, error) {
	name := filepath.Join(path, folderLock)
	if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, errLocked
	}
	file, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil, errLocked
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return file, nil
}

// lockLeftover locks a folder that may have been left by a dead process. One without the file is
// left alone: another process is about to lock it. The file is closed again, so that the folder
// can be removed.
func lockLeftover(path string) (*os.File, error) {
	if err := os.Remove(filepath.Join(path, folderLock)); err != nil {
		return nil, err
	}
	return os.Open(os.DevNull)
}
