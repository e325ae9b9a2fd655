package dbtest

import (
	"cmp"
	"os"
)

// Folder is where databases that are not kept are fastest: what TMPDIR says, or else a folder in
// memory if this machine has one with plenty of room, or else os.TempDir. On many disks a database
// takes ten times as long to copy as it does in memory.
func Folder() string {
	return cmp.Or(os.Getenv("TMPDIR"), memoryFolder(), os.TempDir())
}

// getenv is os.Getenv with Folder for temporary files.
func getenv(name string) string {
	if name == "TMPDIR" {
		return Folder()
	}
	return os.Getenv(name)
}
