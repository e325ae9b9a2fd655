package follow_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// TestMemoryIsFlat holds what a process needs that loads a table, however many rows it has.
func TestMemoryIsFlat(t *testing.T) { //nolint:paralleltest // it fills the machine
	for _, rows := range []int{10_000, 300_000} {
		p, here := migrationtest.New(t, server.New(t), mosaic.Mapping()), server.New(t)
		p.FillPersons(t, rows)
		most := childsMemory(t, p.DSN, server.DSNOf(t, here))
		t.Logf("%d rows: %d MiB", rows, most>>20)
		if limit := int64(128 << 20); most > limit {
			t.Errorf("%d rows: got %d MiB, want %d at most", rows, most>>20, limit>>20)
		}
	}
}

// childsMemory is the most that a child took of this machine's memory to load a source, in bytes.
func childsMemory(t *testing.T, system, here string) int64 {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), childIs+"="+strings.Join([]string{system, here, "load"}, "\n"))
	said, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(said)
	isLoaded := false
	for !isLoaded && lines.Scan() {
		isLoaded = lines.Text() == "loaded"
	}
	if !isLoaded {
		t.Errorf("got %q last, want it loaded", lines.Text())
	}
	_ = child.Process.Kill()
	_ = child.Wait() // it was killed
	return child.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}
