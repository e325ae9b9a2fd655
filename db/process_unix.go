//go:build unix

package db

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// setUp has cmd run as as, in a process group of its own so that Ctrl-C reaches only this process,
// and ended by signal when this process ends.
func setUp(cmd *exec.Cmd, as *account, signal syscall.Signal) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if as.other {
		//nolint:gosec // as ids of Unix, both fit
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
	endWithUs(cmd.SysProcAttr, signal)
}

// setUpServer has the server end with this process: at once when its folder is temporary, and
// with its data in order when that is kept.
func setUpServer(cmd *exec.Cmd, as *account, temporary bool) {
	if temporary {
		setUp(cmd, as, syscall.SIGQUIT)
	} else {
		setUp(cmd, as, syscall.SIGINT)
	}
}

// setUpTool has a program end with this process.
func setUpTool(cmd *exec.Cmd, as *account) { setUp(cmd, as, syscall.SIGKILL) }

// signal tells the server to stop.
func (e *Embedded) signal(how shutdown) {
	signals := map[shutdown]syscall.Signal{
		inOrder: syscall.SIGINT,
		atOnce:  syscall.SIGQUIT,
		byForce: syscall.SIGKILL,
	}
	_ = e.server.cmd.Process.Signal(signals[how]) // the one error is that it has ended
}

// removeStalePID removes the file by which PostgreSQL knows that a server runs on data when that
// is no longer so. PostgreSQL does it too, unless the number belongs to another process by now.
// errLocked says that a server does run.
func removeStalePID(data string) error {
	name := filepath.Join(data, "postmaster.pid")
	text, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 0 {
		return nil //nolint:nilerr // PostgreSQL knows best what to say about it
	}
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil
	}
	if serves(pid, data) {
		return errLocked
	}
	return os.Remove(name)
}
