package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// defaultMaxBody is the default of MAX_BODY_BYTES.
const defaultMaxBody = 256 << 10

// maxValues is the most values that a body may have.
const maxValues = 10_000

// maxMemory is the most that the process may take, in MiB, whatever is sent. The race detector
// takes several times as much for itself, and how much says nothing.
func maxMemory(t *testing.T) int {
	t.Helper()
	build, ok := debug.ReadBuildInfo()
	if !ok {
		t.Fatal("the test does not know how it was built")
	}
	if slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return 2000
	}
	return 200
}

// Whatever is sent, by however many, is answered as it should be, in memory that is bounded; and
// after it, who asks as they should is answered.
func TestAttacks(t *testing.T) { //nolint:paralleltest // what else runs would slow it down
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: it looks for the memory of a process in /proc")
	}
	program := exec.CommandContext(t.Context(), os.Args[0])
	program.Env = append(os.Environ(), "BE_THE_SERVER=yes", "ADDR=127.0.0.1:0",
		"SAMPLE_RESIDENTS=200")
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = program.Process.Signal(syscall.SIGTERM)
		_ = program.Wait()
	}()
	url := readURL(t, stdout)
	t.Logf("before: %d MiB", peakMemory(t, program.Process.Pid))

	const large = 12 << 20
	const head = `{"query": "{ __typename }", "variables": {"a": `
	attacks := []struct {
		name     string
		body     io.WriterTo
		declared int64 // the length that is told; -1 for one that is not
		times    int
		want     []int // the statuses that may be answered
	}{
		{"12 MB of brackets", repeated{"", "[", large, ""}, large, 20, []int{413}},
		{"12 MB of brackets, of no told length", repeated{"", "[", large, ""}, -1, 20, []int{413}},
		{"12 MB of selections", repeated{`{"query": "`, "{a", large / 2, `"}`}, -1, 20, []int{413}},
		{"12 MB told and not sent", repeated{}, large, 20, []int{413}},
		{"100,000 brackets", repeated{"", "[", 100_000, ""}, -1, 200, []int{400, 503}},
		{"40,000 objects in each other", repeated{"", `{"a":`, 40_000, ""}, -1, 200, []int{400, 503}},
		{"80,000 empty objects", repeated{head + "[", "{},", 80_000, "1]}}"}, -1, 200, []int{400, 503}},
		{
			"as many objects as may be", repeated{head + "[", "{},", maxValues/2 - 10, "1]}}"},
			-1, 400, []int{200, 503},
		},
		{
			"as long a text as may be", repeated{head + `"`, `\u00e9`, 43_000, `"}}`},
			-1, 400, []int{200, 503},
		},
	}
	for _, attack := range attacks {
		t.Run(attack.name, func(t *testing.T) {
			started := time.Now()
			attack.times = dbtest.Rounds(attack.times/4, attack.times)
			statuses := make([]int, attack.times)
			var all sync.WaitGroup
			for i := range statuses {
				all.Go(func() { statuses[i] = sendRaw(t, url, attack.body, attack.declared) })
			}
			all.Wait()
			counts := map[int]int{}
			for _, status := range statuses {
				counts[status]++
			}
			allowed := 0
			for _, status := range attack.want {
				allowed += counts[status]
			}
			// On a busy machine, one may have been too slow with its headers: its connection is closed.
			if counts[0]*100 <= attack.times {
				allowed += counts[0]
			}
			if allowed != attack.times {
				t.Errorf("got %v, want %v alone", counts, attack.want)
			}
			t.Logf("%v in %v, and %d MiB so far", counts, time.Since(started).Round(time.Millisecond),
				peakMemory(t, program.Process.Pid))
		})
	}
	t.Run("bodies that do not end", func(t *testing.T) {
		for range 400 {
			connection := dial(t, url)
			defer connection.Close()
			writeHead(connection, defaultMaxBody)
			_, _ = repeated{"", " ", defaultMaxBody - 1, ""}.WriteTo(connection)
		}
		if got := webtest.Post(t, url, `{ __typename }`); got.Status != http.StatusOK {
			t.Errorf("got %d %s meanwhile", got.Status, got.Body)
		}
		t.Logf("%d MiB so far", peakMemory(t, program.Process.Pid))
	})
	if got := webtest.Post(t, url, `{ __typename }`); got.Status != http.StatusOK {
		t.Errorf("got %d %s after it all", got.Status, got.Body)
	}
	if peak := peakMemory(t, program.Process.Pid); peak > maxMemory(t) {
		t.Errorf("it took %d MiB, want %d at most", peak, maxMemory(t))
	}
}

// A body that does not come is told so, and not waited for.
func TestSlowBody(t *testing.T) {
	t.Parallel()
	handler := newHandlerOf(t, newSample(t), "--request-timeout", "1s")
	server := httptest.NewUnstartedServer(handler)
	server.Config.ReadTimeout = 100 * time.Millisecond
	server.Start()
	t.Cleanup(server.Close)
	if got := sendRaw(t, server.URL, repeated{"{", " ", 10, ""}, 100); got != 408 {
		t.Errorf("got %d, want 408", got)
	}
}

// A repeated text is written without being made first.
type repeated struct {
	before string
	text   string
	times  int
	after  string
}

// WriteTo writes the text.
func (r repeated) WriteTo(w io.Writer) (int64, error) {
	buffered := bufio.NewWriter(w)
	_, _ = buffered.WriteString(r.before)
	for range r.times {
		if _, err := buffered.WriteString(r.text); err != nil {
			return 0, err
		}
	}
	_, _ = buffered.WriteString(r.after)
	return 0, buffered.Flush()
}

// sendRaw returns the status of what is answered to a body, even where that is before its end.
func sendRaw(t *testing.T, url string, body io.WriterTo, declared int64) int {
	t.Helper()
	connection := dial(t, url)
	defer connection.Close()
	writeHead(connection, declared)
	go func() { // until it is done, or the other end is gone
		if declared >= 0 {
			_, _ = body.WriteTo(connection)
			return
		}
		_, _ = body.WriteTo(chunked{connection})
		_, _ = io.WriteString(connection, "0\r\n\r\n")
	}()
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(line, " ")
	status, _, _ := strings.Cut(rest, " ")
	code, _ := strconv.Atoi(status)
	return code
}

func dial(t *testing.T, url string) net.Conn {
	t.Helper()
	connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Error(err)
		return nil
	}
	_ = connection.SetDeadline(time.Now().Add(30 * time.Second))
	return connection
}

func writeHead(connection net.Conn, declared int64) {
	length := "Transfer-Encoding: chunked"
	if declared >= 0 {
		length = fmt.Sprintf("Content-Length: %d", declared)
	}
	_, _ = fmt.Fprintf(connection, "POST /graphql HTTP/1.1\r\nHost: localhost\r\n"+
		"Content-Type: application/json\r\n%s\r\n\r\n", length)
}

// A chunked writer writes what it is given as chunks of HTTP.
type chunked struct{ io.Writer }

// Write writes one chunk.
func (w chunked) Write(b []byte) (int, error) {
	if _, err := fmt.Fprintf(w.Writer, "%x\r\n%s\r\n", len(b), b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// peakMemory is the most memory that a process has had, in MiB.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status)
	if found == nil {
		t.Fatalf("no VmHWM in %s", status)
	}
	kB, _ := strconv.Atoi(string(found[1]))
	return kB >> 10
}
