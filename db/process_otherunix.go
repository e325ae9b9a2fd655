//go:build unix && !linux

package db

import "syscall"

// endWithUs does nothing: this system cannot tie a child to its parent. A server whose gateway
// was killed ends within a minute of its temporary folder's removal by the next gateway.
func endWithUs(*syscall.SysProcAttr, syscall.Signal) {}

// serves reports whether process pid may be a server on a data folder: here, whether it is there.
func serves(pid int, _ string) bool { return syscall.Kill(pid, 0) == nil }
