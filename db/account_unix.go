//go:build unix

package db

import (
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
)

// account is who the server runs as. PostgreSQL refuses to run as root, so for root it is someone
// else.
type account struct {
	name     string
	uid, gid int
	other    bool // not who this process runs as
}

// serverAccount chooses an account: this process's own; for root the owner of dir, or postgres, or
// nobody. dir need not exist.
func serverAccount(dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return &account{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	if info, err := os.Stat(dir); dir != "" && err == nil {
		if owner := ownerOf(info); owner.Uid != 0 {
			name := "uid " + strconv.Itoa(int(owner.Uid))
			return &account{name: name, uid: int(owner.Uid), gid: int(owner.Gid), other: true}, nil
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		found, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(found.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(found.Gid)
		if err != nil {
			continue
		}
		return &account{name: "user " + name, uid: uid, gid: gid, other: true}, nil
	}
	return nil, problem("PostgreSQL does not run as root, and there is neither a user postgres " +
		"nor a user nobody to run it as")
}

// own makes the folder at path the account's.
func (a *account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, a.uid, a.gid)
}

// mayRemove reports whether a temporary folder is ours by its owner.
func (a *account) mayRemove(info os.FileInfo) bool {
	owner := int(ownerOf(info).Uid)
	return owner == os.Geteuid() || owner == a.uid
}

// closedTo returns the outermost folder on the way into path that the account may not pass, or ""
// when the way is open. What does not exist is passed over: it will be made.
func (a *account) closedTo(path string) string {
	if !a.other {
		return ""
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	var way []string
	for at := path; ; at = filepath.Dir(at) {
		way = append(way, at)
		if at == filepath.Dir(at) {
			break
		}
	}
	for _, at := range slices.Backward(way) {
		info, err := os.Stat(at)
		if err != nil {
			continue
		}
		owner, pass := ownerOf(info), os.FileMode(0o001)
		switch {
		case int(owner.Uid) == a.uid:
			pass = 0o100
		case int(owner.Gid) == a.gid:
			pass = 0o010
		}
		if info.Mode()&pass == 0 {
			return at
		}
	}
	return ""
}

// ownerOf is what Unix knows of a file beyond what Go does: its owner and its group are in it.
func ownerOf(info os.FileInfo) *syscall.Stat_t {
	return info.Sys().(*syscall.Stat_t) //nolint:forcetypeassert // os puts nothing else there
}

func (a *account) cannotEnter(path, closed string) error {
	return fmt.Errorf("as root PostgreSQL runs as the %s, who may not enter %s on the way to %s: "+
		"use a folder elsewhere", a.name, closed, path)
}
