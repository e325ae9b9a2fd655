package follow_test

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// TestMemoryIsFlat holds that a process which loads a table does not keep its rows, whose lines
// take more memory here than the limit leaves.
func TestMemoryIsFlat(t *testing.T) { //nolint:paralleltest // it fills the machine
	dbtest.AllRounds(t)
	const (
		few, many = 1_000, 60_000
		more      = 24 << 20
		wide      = `UPDATE dbo.dm_persons SET email_address = repeat('e', 240),
			nationality = repeat('n', 80), full_name = repeat('f', 62)`
	)
	var most [2]int64
	for i, rows := range []int{few, many} {
		p, here := migrationtest.New(t, server.New(t), mosaic.Mapping()), server.New(t)
		p.FillPersons(t, rows)
		p.Double.DB().MustExec(wide)
		most[i] = childsMemory(t, p.DSN, server.DSNOf(t, here))
		t.Logf("%d rows: %d MiB", rows, most[i]>>20)
	}
	if got := most[1] - most[0]; got > more {
		t.Errorf("got %d MiB more for %d rows than for %d, want %d at most", got>>20, many, few, more>>20)
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
	child.Env = append(os.Environ(), "GOGC=25", // or garbage would hide what it keeps
		childIs+"="+strings.Join([]string{system, here, "load"}, "\n"))
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
