//go:build !linux

package dbtest

// memoryFolder is "": this system has no folder in memory that is always there.
func memoryFolder() string { return "" }
