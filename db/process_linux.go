package db

import (
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// endWithUs has the kernel send signal to a child when this process ends, even by kill -9.
func endWithUs(attributes *syscall.SysProcAttr, signal syscall.Signal) {
	attributes.Pdeathsig = signal
}

// serves reports whether process pid is a server on data, which it then has as its working folder.
func serves(pid int, data string) bool {
	folder, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "cwd"))
	if err != nil {
		return false // a process of someone else, or one that has ended and is not yet reaped
	}
	resolved, err := filepath.EvalSymlinks(data)
	return err == nil && folder == resolved
}
