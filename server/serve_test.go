package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

// A newcomer is promised 5 s to the first answer and 2 s to stop, of a built binary on a machine
// that does nothing else. Here the race detector may be in it, and other tests run beside it.
const (
	startBound = time.Minute
	stopBound  = 8 * time.Second
)

// From nothing to an answer, and back to nothing: no process and no folder is left.
func TestProgram(t *testing.T) { //nolint:paralleltest // it is timed, alone
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: it looks for processes in /proc")
	}
	folder := publicFolder(t)
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "BE_THE_SERVER=yes", "ADDR=127.0.0.1:0", "TMPDIR="+folder)
	program.Stderr = t.Output()
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = program.Process.Kill() }()
	url := readURL(t, stdout)
	got := webtest.Post(t, url, `{ residents { totalCount { value } } }`)
	took := time.Since(started)
	t.Logf("from start to first answer: %v", took)
	if !strings.Contains(got.Body, "10000") || took > startBound {
		t.Errorf("got %s after %v, want 10,000 residents within %v", got.Body, took, startBound)
	}
	if len(processesWith(t, folder)) == 0 {
		t.Errorf("no PostgreSQL runs in %s: the test looks in the wrong place", folder)
	}

	stopped := time.Now()
	if err := program.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := program.Wait(); err != nil {
		t.Errorf("got %v, want it to end well", err)
	}
	took = time.Since(stopped)
	t.Logf("from signal to end: %v", took)
	if took > stopBound {
		t.Errorf("it took %v to stop, want %v", took, stopBound)
	}
	if left := processesWith(t, folder); len(left) > 0 {
		t.Errorf("processes are left: %v", left)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// publicFolder is one that the account of PostgreSQL can pass through, with a short path.
func publicFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "rg")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o777); err != nil { // other accounts must pass
		t.Fatal(err)
	}
	return folder
}

// readURL returns the address that a starting server tells, and leaves its further lines to nobody.
func readURL(t *testing.T, stdout io.Reader) string {
	t.Helper()
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if at := regexp.MustCompile(`http://\S+/graphql`).FindString(lines.Text()); at != "" {
			go func() { _, _ = io.Copy(io.Discard, stdout) }()
			return strings.TrimSuffix(at, "/graphql")
		}
	}
	t.Fatal("the server told no address")
	return ""
}

// processesWith returns the command lines that hold a text.
func processesWith(t *testing.T, text string) []string {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err == nil && strings.Contains(string(line), text) {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

// A running server is one in this process.
type running struct {
	url   string
	stop  context.CancelFunc
	ended chan error
}

// start runs the program and waits until it serves.
func start(t *testing.T, args []string, env ...string) *running {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	r := &running{stop: stop, ended: make(chan error, 1)}
	reader, writer := io.Pipe()
	getenv := environment(append(env, "ADDR=127.0.0.1:0", "PATH="+os.Getenv("PATH"),
		"PG_BIN="+os.Getenv("PG_BIN"), "TMPDIR="+os.Getenv("TMPDIR"))...)
	go func() {
		err := run(ctx, args, getenv, writer, io.Discard)
		_ = writer.CloseWithError(err)
		r.ended <- err
	}()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-r.ended:
			if err != nil {
				t.Errorf("got %v, want it to end well", err)
			}
		case <-time.After(15 * time.Second):
			t.Error("the server did not end")
		}
	})
	r.url = readURL(t, reader)
	return r
}

// What is under way when the gateway is told to stop is finished.
func TestStopFinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	dsn, key := operators(t, pool)
	r := start(t, nil, "DATABASE_URL="+dsn)
	release := webtest.Hold(t, pool)
	defer release()

	answers := make(chan webtest.Answer, 1)
	go func() { answers <- webtest.Post(t, r.url, `{ residents { nodes { id } } }`, key) }()
	webtest.WaitFor(t, func() bool { return webtest.WaitingFor(t, pool) > 0 })
	r.stop()
	webtest.WaitFor(t, func() bool {
		connection, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err == nil {
			_ = connection.Close()
		}
		return err != nil // nobody new is let in
	})
	release()
	if got := <-answers; got.Status != http.StatusOK || !strings.Contains(got.Body, "mosaic:1000001") {
		t.Errorf("got %d %.200s", got.Status, got.Body)
	}
	if err := <-r.ended; err != nil {
		t.Errorf("got %v, want it to end well", err)
	}
	r.ended <- nil
}

// To be shown the state of what there is not makes nothing.
func TestStatusOfNothing(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "none")
	err := run(t.Context(), []string{"migrate", "--status", "--data", folder}, environment(),
		io.Discard, io.Discard)
	if err == nil {
		t.Error("got no error")
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("the folder was made")
	}
}

// A folder that was asked for is kept, and its residents are there the next time.
func TestKeptData(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(publicFolder(t), "data")
	const query = `{ residents(first: 1, sources: [MOSAIC]) {
		totalCount { value } nodes { source { freshness { asOf } } } } }`

	first := start(t, []string{
		"--data", folder, "--sample-residents", "50", "--sources", "mosaic",
	})
	before := webtest.Post(t, first.url, query).Body
	first.stop()
	if err := <-first.ended; err != nil {
		t.Fatal(err)
	}
	first.ended <- nil
	again := start(t, []string{"--data", folder, "--sample-residents", "60"})
	after := webtest.Post(t, again.url, query).Body
	if after != before || !strings.Contains(after, "50") {
		t.Errorf("got %s, want %s", after, before)
	}
	// Sources that were not in use before are loaded beside it.
	const beside = `{ residents(sources: [HOUSING]) { totalCount { value } } }`
	if got := webtest.Post(t, again.url, beside).Body; !strings.Contains(got, "60") {
		t.Errorf("got %s of a source that is new", got)
	}
}

// An operator's database: its schema is brought forward, and once, and sample residents are put in
// and replaced only when asked for; then it is served.
func TestOperatorsDatabase(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	for _, schema := range schemas(catalogue.Sources()) {
		dbtest.Execute(t, pool, "DROP SCHEMA "+schema.Name+" CASCADE")
	}
	env := environment("DATABASE_URL="+postgres.DSNOf(t, pool), "ADDR=127.0.0.1:0")
	command := func(args ...string) (string, error) {
		var out strings.Builder
		err := run(t.Context(), args, env, &out, &out)
		return out.String(), err
	}
	steps := []struct {
		args  []string
		fails string
		says  string
	}{
		{[]string{"serve"}, "migrate", ""},
		{[]string{"seed"}, "migrate", ""},
		{[]string{"migrate", "--status"}, "", "to be applied: 00001_tables.sql"},
		{[]string{"migrate"}, "", "applied mosaic 00001_tables.sql"},
		{[]string{"migrate"}, "", "nothing to apply"},
		{[]string{"migrate", "--status"}, "", "up to date"},
		{[]string{"seed", "--residents", "30"}, "", "loaded a sample of 30"},
		{[]string{"seed", "--residents", "40"}, "--replace", ""},
		{[]string{"seed", "--residents", "40", "--replace"}, "", "indexes: 12 of 12"},
	}
	for _, step := range steps {
		out, err := command(step.args...)
		switch {
		case step.fails == "" && err != nil:
			t.Fatalf("%v: got %v", step.args, err)
		case step.fails != "" && (err == nil || !strings.Contains(err.Error(), step.fails)):
			t.Errorf("%v: got %v, want %q", step.args, err, step.fails)
		case !strings.Contains(out, step.says):
			t.Errorf("%v: got %q, want %q", step.args, out, step.says)
		}
	}
	dsn, key := operators(t, pool)
	r := start(t, nil, "DATABASE_URL="+dsn)
	got := webtest.Post(t, r.url, `{ residents(sources: [MOSAIC]) { totalCount { value } } }`, key)
	if !strings.Contains(got.Body, "40") {
		t.Errorf("got %s, want 40 residents", got.Body)
	}
}

func TestAddressIsTaken(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	err = run(t.Context(), nil, environment("ADDR="+listener.Addr().String()), io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "ADDR") {
		t.Errorf("got %v, want to be told of ADDR", err)
	}
}

// What only makes sense with a database of one's own says so.
func TestCommandsNeedADatabase(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"migrate", "seed"} {
		err := run(t.Context(), []string{command}, environment(), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "DATABASE_URL") {
			t.Errorf("%s: got %v, want to be told of DATABASE_URL", command, err)
		}
	}
}

// A database that lacks what this release reads is not served from; one that is ahead is.
func TestSchemaMustBeThere(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	if err := checkSchema(t.Context(), over(pool)); err != nil {
		t.Errorf("got %v of a database that is up to date", err)
	}
	dbtest.Execute(t, pool, "DELETE FROM gateway.goose_mosaic WHERE version_id = 2")
	if err := checkSchema(t.Context(), over(pool)); err == nil ||
		!strings.Contains(err.Error(), "migrate") {
		t.Errorf("got %v, want to be told to migrate", err)
	}
	dbtest.Execute(t, pool, `INSERT INTO gateway.goose_mosaic (version_id, is_applied)
		VALUES (2, true), (99, true)`)
	if err := checkSchema(t.Context(), over(pool)); err != nil {
		t.Errorf("got %v of a database that is ahead", err)
	}
}
