package db

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// processesIn are the processes whose working folder is in folder.
func processesIn(t *testing.T, folder string) []string {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, link := range all {
		if at, err := os.Readlink(link); err == nil && strings.HasPrefix(at, folder+"/") {
			found = append(found, link)
		}
	}
	return found
}

// wantNoServer waits a moment for the last process in folder to end.
func wantNoServer(t *testing.T, folder string) {
	t.Helper()
	var left []string
	for range 500 {
		if left = processesIn(t, folder); left == nil {
			return
		}
		time.Sleep(10 * time.Millisecond) //nolint:forbidigo // the kernel does not tell
	}
	t.Errorf("still running in %s: %v", folder, left)
}

// owner is another process with a server of its own.
type owner struct {
	*exec.Cmd
	input io.Closer
}

// startOwner starts one that runs as uid.
func startOwner(t *testing.T, uid int, env ...string) owner {
	t.Helper()
	// The program of this test is in a folder that only this user may enter.
	program := filepath.Join(openFolder(t), "owner")
	self, err := os.ReadFile(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	writeProgram(t, program, self)
	cmd := exec.CommandContext(t.Context(), program)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), append(env, "DB_TEST_OWNER=yes", "HOME=/nonexistent")...)
	if uid != os.Getuid() {
		id := uint32(uid)
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Credential: &syscall.Credential{Uid: id, Gid: id},
		}
	}
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	said, err := bufio.NewReader(output).ReadString('\n')
	if err != nil || said != "started\n" {
		rest, _ := io.ReadAll(output)
		t.Fatalf("the other process says %q%s, %v", said, rest, err)
	}
	return owner{cmd, input}
}

func TestEmbeddedOfAnOrdinaryUser(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED here: all other tests run as an ordinary user")
	}
	uid := nobody(t)
	folder := openFolder(t)
	other := startOwner(t, uid, "TMPDIR="+folder)
	running := 0
	for _, link := range processesIn(t, folder) {
		info, err := os.Stat(filepath.Dir(link))
		if errors.Is(err, os.ErrNotExist) {
			continue // a worker of the server has ended since; the server itself has not
		}
		if err != nil {
			t.Fatal(err)
		}
		running++
		if got := int(ownerOf(info).Uid); got != uid {
			t.Errorf("the server runs as uid %d, want %d", got, uid)
		}
	}
	if running == 0 {
		t.Error("there is no server")
	}
	if err := other.input.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Wait(); err != nil {
		t.Error(err)
	}
	wantEmpty(t, folder)
	wantNoServer(t, folder)
}

// nobody is the uid of a user without rights. initdb wants it to have a name.
func nobody(t *testing.T) int {
	t.Helper()
	found, err := user.Lookup("nobody")
	if err != nil {
		t.Skipf("NOT TESTED: %v", err)
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func owning(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return int(ownerOf(info).Uid)
}

func TestEmbeddedOfRoot(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED: it takes root")
	}
	usual, err := serverAccount("")
	if err != nil {
		t.Fatal(err)
	}
	someone := nobody(t)
	tests := map[string]struct{ owner, want int }{
		"a folder of root's":    {0, usual.uid},
		"a folder of another's": {someone, someone},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(openFolder(t), "data")
			if err := os.Mkdir(dir, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.Chown(dir, tt.owner, tt.owner); err != nil {
				t.Fatal(err)
			}
			server := start(t, EmbeddedOptions{Dir: dir})
			pid := strconv.Itoa(server.server.cmd.Process.Pid)
			if got := owning(t, "/proc/"+pid); got != tt.want {
				t.Errorf("the server runs as uid %d, want %d", got, tt.want)
			}
			if got, err := syscall.Getpgid(server.server.cmd.Process.Pid); err != nil ||
				got == syscall.Getpgrp() {
				t.Errorf("the server is in our process group %d, and gets our Ctrl-C: %v", got, err)
			}
			if got := owning(t, dir); got != tt.want {
				t.Errorf("the folder is uid %d's, want %d's", got, tt.want)
			}
		})
	}
}

func TestEmbeddedOfRootInAClosedFolder(t *testing.T) {
	t.Parallel()
	if os.Getuid() != 0 {
		t.Skip("NOT TESTED: it takes root")
	}
	closed := filepath.Join(openFolder(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(closed, "data")
	_, err := StartEmbedded(t.Context(), EmbeddedOptions{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "may not enter "+closed+" on the way to "+dir) {
		t.Errorf("got %v, want the folder that is closed", err)
	}
	wantEmpty(t, closed)

	// A folder for temporary files that is closed is no reason to fail.
	server := start(t, EmbeddedOptions{Getenv: environ(map[string]string{"TMPDIR": closed})})
	if !strings.HasPrefix(server.data, shortRoot+"/") {
		t.Errorf("the data is in %s, want it in %s", server.data, shortRoot)
	}
}

func TestEmbeddedDiesWithItsOwner(t *testing.T) {
	t.Parallel()
	folder := openFolder(t)
	other := startOwner(t, os.Getuid(), "TMPDIR="+folder)
	if processesIn(t, folder) == nil {
		t.Fatal("there is no server")
	}
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	wantNoServer(t, folder)

	// The next one removes what is left, and nothing else.
	alive := start(t, EmbeddedOptions{Getenv: environ(map[string]string{"TMPDIR": folder})})
	stranger := filepath.Join(folder, "resident-gateway-not-ours")
	if err := os.Mkdir(stranger, 0o755); err != nil {
		t.Fatal(err)
	}
	next := start(t, EmbeddedOptions{Getenv: environ(map[string]string{"TMPDIR": folder})})
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, entry := range entries {
		left = append(left, filepath.Join(folder, entry.Name()))
	}
	for _, want := range []string{alive.folder.path, next.folder.path, stranger} {
		if _, err := os.Stat(want); err != nil {
			t.Errorf("%s is gone", want)
		}
	}
	if len(left) != 3 {
		t.Errorf("left are %v, want three", left)
	}
}

func TestEmbeddedAfterItsOwnerWasKilled(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "data")
	other := startOwner(t, os.Getuid(), "DB_TEST_DIR="+dir)
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
	// At once, while the server of the other is still writing.
	server := start(t, EmbeddedOptions{Dir: dir})
	if got := ask(t, server, `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
}

// The number of a dead server may be another process's by now.
func TestEmbeddedWithAStalePID(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "data")
	server := start(t, EmbeddedOptions{Dir: dir})
	stale := filepath.Join(server.data, "postmaster.pid")
	content, err := os.ReadFile(stale)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	asleep := exec.CommandContext(t.Context(), "sleep", "60")
	setUp(asleep, server.account, syscall.SIGKILL)
	running, err := launch(asleep)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = asleep.Process.Kill()
		<-running.done
	})
	_, rest, _ := strings.Cut(string(content), "\n")
	content = []byte(strconv.Itoa(asleep.Process.Pid) + "\n" + rest)
	if err := os.WriteFile(stale, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(stale, server.account.uid, server.account.gid); err != nil {
		t.Fatal(err)
	}
	again := start(t, EmbeddedOptions{Dir: dir})
	if got := ask(t, again, `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
}

// A server that something else has started on our folder is left alone.
func TestEmbeddedLeavesAStrangerAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "data")
	server := start(t, EmbeddedOptions{Dir: dir})
	if err := removeStalePID(server.data); !errors.Is(err, errLocked) {
		t.Errorf("got %v, want %v", err, errLocked)
	}
	if got := ask(t, server, `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
}
