package db

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// folderPrefix begins the name of every temporary folder of ours.
const folderPrefix = "resident-gateway-pg-"

const errLocked problem = "in use by another process"

// privateFolder is a folder that only the account of the server can look into, and that this
// process has to itself. The lock is the kernel's: it ends with the process, however that ends.
type privateFolder struct {
	path      string
	lock      *os.File
	temporary bool
}

// newTemporaryFolder makes a folder in root for as. It first removes those that dead processes
// have left there.
func newTemporaryFolder(root string, as *account) (*privateFolder, error) {
	removeLeftovers(root, as)
	for range 10 {
		path, err := os.MkdirTemp(root, folderPrefix)
		if err != nil {
			return nil, fmt.Errorf("make a temporary folder: %w", err)
		}
		lock, err := lockFolder(path)
		if errors.Is(err, errLocked) || errors.Is(err, os.ErrNotExist) {
			continue // another process takes it for a leftover, and has it by now
		}
		if err != nil {
			_ = os.Remove(path)
			return nil, fmt.Errorf("make a temporary folder: %w", err)
		}
		made := &privateFolder{path: path, lock: lock, temporary: true}
		if err := as.own(path); err != nil {
			return nil, fmt.Errorf("make a temporary folder: %w", errors.Join(err, made.release()))
		}
		return made, nil
	}
	return nil, errors.New("make a temporary folder: each one made is removed by someone else")
}

// removeLeftovers removes the temporary folders in root that are ours by name and by owner and
// that no process has locked. What cannot be removed stays: it is in nobody's way.
func removeLeftovers(root string, as *account) {
	paths, _ := filepath.Glob(filepath.Join(root, folderPrefix+"*"))
	for _, path := range paths {
		info, err := os.Lstat(path)
		if err != nil || !info.IsDir() || !as.mayRemove(info) {
			continue
		}
		lock, err := lockLeftover(path)
		if err != nil {
			continue
		}
		_ = os.RemoveAll(path)
		_ = lock.Close()
	}
}

// release gives the folder up, and removes it if it is temporary.
func (f *privateFolder) release() error {
	var err error
	if f.temporary {
		err = os.RemoveAll(f.path)
	}
	return errors.Join(err, f.lock.Close())
}

// temporaryRoot is the first folder for temporary files that as can get into.
func temporaryRoot(getenv func(string) string, as *account) (string, error) {
	first := cmp.Or(getenv("TMPDIR"), os.TempDir())
	closed := as.closedTo(first)
	if closed == "" {
		return first, nil
	}
	if as.closedTo(shortRoot) == "" {
		return shortRoot, nil
	}
	return "", as.cannotEnter(first, closed)
}

// shortRoot is where a socket goes when its path elsewhere would be too long.
const shortRoot = "/tmp"

// takeKept makes dir if it is missing, locks it, and makes it the account's if it is root's.
func takeKept(dir string, as *account) (*privateFolder, error) {
	parent := filepath.Dir(dir)
	if closed := as.closedTo(parent); closed != "" {
		return nil, as.cannotEnter(dir, closed)
	}
	if err := os.MkdirAll(parent, 0o755); err != nil { //nolint:gosec // only the way to what is closed
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := lockFolder(dir)
	if errors.Is(err, errLocked) {
		return nil, inUse(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	taken := &privateFolder{path: dir, lock: lock}
	if err := as.own(dir); err != nil {
		return nil, fmt.Errorf("data folder: %w", errors.Join(err, taken.release()))
	}
	return taken, nil
}

func inUse(dir string) error {
	return fmt.Errorf("the data folder %s is %w", dir, errLocked)
}
