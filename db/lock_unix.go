//go:build unix

package db

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// folderLock is the name of no file: a folder is locked itself.
const folderLock = "\x00"

// lockFolder locks the folder at path for as long as the file it returns is open. It does not
// wait: errLocked says that another process has the lock, os.ErrNotExist that the folder is gone.
func lockFolder(path string) (*os.File, error) {
	const flags = os.O_RDONLY | syscall.O_DIRECTORY | syscall.O_NOFOLLOW
	folder, err := os.OpenFile(path, flags, 0)
	if err != nil {
		return nil, err
	}
	if err := lockOpened(folder, path); err != nil {
		_ = folder.Close()
		return nil, err
	}
	return folder, nil
}

func lockOpened(folder *os.File, path string) error {
	err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	if err != nil {
		return fmt.Errorf("lock %s: %w; use a folder on a local disk", path, err)
	}
	// Between the open and the lock, another process may have removed it.
	opened, err := folder.Stat()
	if err != nil {
		return err
	}
	now, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !os.SameFile(opened, now) {
		return os.ErrNotExist
	}
	return nil
}

// lockLeftover locks a folder that may have been left by a dead process.
func lockLeftover(path string) (*os.File, error) { return lockFolder(path) }
