package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// Whatever is killed, and whenever: whoever was answered about is in the record. Under load, the
// gateway is killed, and so are processes of PostgreSQL, of which each takes all others and what
// they had not yet written with it.
func TestKilled(t *testing.T) { //nolint:paralleltest // it takes all the machine
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: it looks for processes in /proc")
	}
	d := newDoomed(t)
	var askers sync.WaitGroup
	ctx, stop := context.WithCancel(t.Context())
	for range 8 {
		askers.Go(func() { d.askOnAndOn(ctx) })
	}
	dice := rand.New(rand.NewPCG(1, 2))
	for round := range dbtest.Rounds(2, 12) {
		// It is killed while it works, at a moment that nobody chose.
		webtest.WaitFor(t, d.answersMore(20+dice.IntN(60)))
		if round%3 == 0 {
			d.killGateway(t)
		} else {
			d.killPostgres(t, dice)
		}
	}
	webtest.WaitFor(t, d.answersMore(100))
	stop()
	askers.Wait()
	if missing := d.withoutRecord(t); len(missing) > 0 {
		t.Errorf("%d of %d answers have no record", len(missing), len(d.answered))
	}
	t.Logf("%d answers, %d requests without one", len(d.answered), d.failed.Load())
}

// A doomed gateway is one that is killed now and then, and comes back.
type doomed struct {
	pool *sqlx.DB // of the owner
	dsn  string   // of the gateway
	key  string

	mu       sync.Mutex
	program  *exec.Cmd
	url      string
	answered []string // the ids of the requests that were answered about somebody
	failed   atomic.Int64
}

func newDoomed(t *testing.T) *doomed {
	t.Helper()
	folder := publicFolder(t)
	embedded, err := db.StartEmbedded(t.Context(), db.EmbeddedOptions{Dir: filepath.Join(folder, "d")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := embedded.Stop(); err != nil {
			t.Log(err)
		}
	})
	pool, err := db.Open(t.Context(), embedded.DSN("postgres"), db.Pool{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	// The setting that loses most: what is promised does not hang on it.
	dbtest.Execute(t, pool, "ALTER SYSTEM SET synchronous_commit = off")
	dbtest.Execute(t, pool, "SELECT pg_reload_conf()")
	if _, err := db.Migrate(t.Context(), pool, schemas(catalogue.Sources())...); err != nil {
		t.Fatal(err)
	}
	if err := seedAll(t.Context(), over(pool), plug.Sample{
		Residents: 200, Seed: 1, Today: sampleDay(), Options: sample.Options{Now: today},
	}); err != nil {
		t.Fatal(err)
	}
	if err := embedded.AddRole(t.Context(), pool, "serving"); err != nil {
		t.Fatal(err)
	}
	if err := db.Grant(t.Context(), pool, "serving", schemas(catalogue.Sources())...); err != nil {
		t.Fatal(err)
	}
	d := &doomed{
		pool: pool, dsn: embedded.DSNAs("serving", "postgres"),
		key: webtest.NewKey(t, pool, web.Scopes()),
	}
	d.startGateway(t)
	t.Cleanup(func() { _ = d.program.Process.Kill(); _ = d.program.Wait() })
	return d
}

func (d *doomed) startGateway(t *testing.T) {
	t.Helper()
	program := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	program.Env = append(os.Environ(), "BE_THE_SERVER=yes", "ADDR=127.0.0.1:0",
		"DATABASE_URL="+d.dsn, "REQUESTS_PER_MINUTE=1000000", "COST_PER_MINUTE=1000000000")
	stdout, err := program.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := program.Start(); err != nil {
		t.Fatal(err)
	}
	url := readURL(t, stdout)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.program, d.url = program, url
}

func (d *doomed) killGateway(t *testing.T) {
	t.Helper()
	_ = d.program.Process.Kill()
	_ = d.program.Wait()
	d.startGateway(t)
}

// killPostgres kills a process of PostgreSQL other than the first, which then ends all others and
// begins anew from what is on disk.
func (d *doomed) killPostgres(t *testing.T, dice *rand.Rand) {
	t.Helper()
	var own int
	webtest.WaitFor(t, func() bool { return d.pool.Get(&own, `SELECT pg_backend_pid()`) == nil })
	children := childrenOf(t, parentOf(t, own))
	victim := children[dice.IntN(len(children))]
	if err := syscall.Kill(victim, syscall.SIGKILL); err != nil {
		t.Log(err) // it has ended meanwhile
	}
	webtest.WaitFor(t, func() bool { return d.pool.Get(&own, `SELECT pg_backend_pid()`) == nil })
}

// parentOf reads the fourth field of /proc/…/stat, which follows a name in brackets.
func parentOf(t *testing.T, pid int) int {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0 // it has ended
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	parent, err := strconv.Atoi(fields[1])
	if err != nil {
		t.Fatal(err)
	}
	return parent
}

func childrenOf(t *testing.T, pid int) []int {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var children []int
	for _, file := range files {
		child, err := strconv.Atoi(filepath.Base(file))
		if err == nil && pid != 0 && parentOf(t, child) == pid {
			children = append(children, child)
		}
	}
	if len(children) == 0 {
		t.Fatal("PostgreSQL has no processes: the test looks in the wrong place")
	}
	return children
}

// askOnAndOn asks for residents, and keeps the ids of the requests of which an answer came.
func (d *doomed) askOnAndOn(ctx context.Context) {
	const query = `{"query": "{ residents(first: 3) { nodes { fullName } } }"}`
	for ctx.Err() == nil {
		id := fmt.Sprintf("%032x", rand.Uint64())
		d.mu.Lock()
		url := d.url
		d.mu.Unlock()
		if isAnswered(ctx, url, query, id, d.key) {
			d.mu.Lock()
			d.answered = append(d.answered, id)
			d.mu.Unlock()
		} else {
			d.failed.Add(1)
		}
	}
}

// isAnswered is whether an answer came, whole, that holds residents.
func isAnswered(ctx context.Context, url, query, id, key string) bool {
	request, err := http.NewRequestWithContext(
		ctx, http.MethodPost, url+"/graphql", strings.NewReader(query))
	if err != nil {
		return false
	}
	name, value, _ := strings.Cut(key, ": ")
	request.Header.Set(name, value)
	request.Header.Set("X-Request-Id", id)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return false
	}
	var answer struct {
		Data struct {
			Residents struct{ Nodes []struct{ FullName string } }
		}
	}
	return json.Unmarshal(body, &answer) == nil && len(answer.Data.Residents.Nodes) > 0
}

// answersMore returns what is true once so many more answers have come.
func (d *doomed) answersMore(n int) func() bool {
	count := func() int {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.answered)
	}
	enough := count() + n
	return func() bool { return count() >= enough }
}

// withoutRecord returns the ids of answered requests that no record has.
func (d *doomed) withoutRecord(t *testing.T) []string {
	t.Helper()
	var missing []string
	if err := d.pool.SelectContext(t.Context(), &missing, `
		SELECT id FROM unnest($1::text[]) AS answered (id)
		WHERE  NOT EXISTS (SELECT FROM access.record WHERE request_id = id)`,
		pq.Array(d.answered)); err != nil {
		t.Fatal(err)
	}
	return missing
}
