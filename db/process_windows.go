package db

import (
	"os/exec"
	"syscall"
)

// On Windows, the server is not tied to the life of this process. None of this was run there.

func setUpServer(cmd *exec.Cmd, _ *account, _ bool) {
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}

func setUpTool(cmd *exec.Cmd, as *account) { setUpServer(cmd, as, true) }

// signal tells the server to stop, by PostgreSQL's own tool: there are no signals.
func (e *Embedded) signal(how shutdown) {
	if how == byForce {
		_ = e.server.cmd.Process.Kill()
		return
	}
	mode := map[shutdown]string{inOrder: "fast", atOnce: "immediate"}[how]
	_ = exec.Command( //nolint:noctx // it only passes the word on
		e.programs.path("pg_ctl"), "stop", "-W", "-m", mode, "-D", e.data).Run()
}

// removeStalePID leaves it to PostgreSQL.
func removeStalePID(string) error { return nil }
