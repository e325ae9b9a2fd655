package dbtest

import "syscall"

// enoughMemory is how much has to be free for databases to be kept in memory.
const enoughMemory = 4 << 30

// memoryFolder is a folder in memory with room for many databases, or "".
func memoryFolder() string {
	const (
		folder = "/dev/shm"
		enter  = 0o3 // and make files
	)
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return ""
	}
	if stat.Bavail*uint64(stat.Bsize) < enoughMemory || syscall.Access(folder, enter) != nil {
		return ""
	}
	return folder
}
