package main

import (
	"encoding/json"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

// holdAll locks all tables of a source until the function that it returns is called.
func holdAll(t *testing.T, pool *sqlx.DB, schema string) (release func()) {
	t.Helper()
	var tables string
	if err := pool.GetContext(t.Context(), &tables, `
		SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
		WHERE  schemaname = $1`, schema); err != nil {
		t.Fatal(err)
	}
	tx, err := pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.ExecContext(t.Context(), "LOCK "+tables); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// An outcome is what one request came to.
type outcome struct {
	webtest.Answer
	took time.Duration
}

// crowd has as many ask at once, each its own question, and returns what came of it.
func crowd(t *testing.T, many int, url, key string, query func(i int) string) []outcome {
	t.Helper()
	outcomes := make([]outcome, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			began := time.Now()
			got := webtest.Post(t, url, query(i), key)
			outcomes[i] = outcome{got, time.Since(began)}
		})
	}
	all.Wait()
	return outcomes
}

// codesOf are those of the errors of an answer.
func codesOf(t *testing.T, body string) []string {
	t.Helper()
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Errorf("%v: %.200s", err, body)
	}
	var codes []string
	for _, err := range answer.Errors {
		codes = append(codes, err.Extensions.Code)
	}
	return codes
}

// A source that never answers, however many ask it, takes nothing from those who ask others: they
// are all answered, and soon, and little is held meanwhile. When it answers again, all is well.
func TestAcrossSourceHangs(t *testing.T) { //nolint:paralleltest // it is timed, alone
	dbtest.AllRounds(t)
	const bound = 8 * time.Second // the machine may be busy, and every request is recorded on disk
	const many = 100
	for _, p := range catalogue.Sources() {
		t.Run(string(p.Name), func(t *testing.T) {
			pool := newAcross(t)
			auth := web.AuthMethods{Keys: access.NewKeys(access.KeysOptions{DB: pool, Now: time.Now})}
			url := newAcrossServer(t, pool, catalogue.Sources(), auth, "--source-timeout", "1s",
				"--max-concurrent-requests", "256", "--cost-per-minute", "100000000")
			of, others := webtest.NewKey(t, pool, web.Scopes()), webtest.NewKey(t, pool, web.Scopes())
			asking := func(name string) string {
				if name == "QLIK" {
					return `{ residents(first: 5, orderBy: NAME, filter: { postcode: "E8", includeEnded: true }) {
						nodes { id contactDetails(includeEnded: true) { address { household { asOf } } } } } }`
				}
				return `{ residents(first: 5, sources: [` + name + `], orderBy: NAME) { nodes { id } } }`
			}
			var well []string
			for _, other := range catalogue.Sources() {
				if other.Name != p.Name && (other.Name != "QLIK") {
					well = append(well, asking(string(other.Name)))
				}
			}
			for _, query := range append(well, asking(string(p.Name))) {
				if got := webtest.Post(t, url, query, of); len(codesOf(t, got.Body)) > 0 {
					t.Fatalf("before: got %s", got.Body)
				}
			}
			before := runtime.NumGoroutine()
			release := holdAll(t, pool, pgSchema(p.Name))
			defer release()
			watch := watchMemory()
			var all sync.WaitGroup
			var hung, answered []outcome
			all.Go(func() {
				hung = crowd(t, many, url, of, func(i int) string {
					if i%2 == 0 { // of all sources together
						return asking("QLIK")
					}
					return asking(string(p.Name))
				})
			})
			all.Go(func() {
				answered = crowd(t, many, url, others, func(i int) string { return well[i%len(well)] })
			})
			all.Wait()
			heap := watch()
			checkCrowd(t, "others", answered, bound, nil)
			checkCrowd(t, "of it", hung, bound, []string{"TIMEOUT", "UNAVAILABLE", "OVERLOADED"})
			if heap > 256<<20 {
				t.Errorf("%d MB of memory are held", heap>>20)
			}
			release()
			webtest.WaitFor(t, func() bool {
				return len(codesOf(t, webtest.Post(t, url, asking(string(p.Name)), of).Body)) == 0
			})
			checkCrowd(t, "afterwards", crowd(t, many, url, of, func(int) string {
				return asking(string(p.Name))
			}), bound, nil)
			webtest.WaitFor(t, func() bool { return webtest.WaitingFor(t, pool) == 0 })
			http.DefaultClient.CloseIdleConnections()
			webtest.WaitFor(t, func() bool { return runtime.NumGoroutine() < before+60 })
		})
	}
}

// checkCrowd looks whether each was answered in time, and with no errors but of these codes.
func checkCrowd(
	t *testing.T, who string, outcomes []outcome, bound time.Duration, codes []string,
) {
	t.Helper()
	var longest time.Duration
	for _, got := range outcomes {
		longest = max(longest, got.took)
		told := codesOf(t, got.Body)
		if got.Status != http.StatusOK || codes == nil && len(told) > 0 ||
			codes == nil && !strings.Contains(got.Body, `{"id":"`) ||
			slices.ContainsFunc(told, func(code string) bool { return !slices.Contains(codes, code) }) {
			t.Errorf("%s: got %d %.300s", who, got.Status, got.Body)
		}
	}
	if longest > bound {
		t.Errorf("%s: one was answered after %v", who, longest)
	}
	t.Logf("%s: %d answers, the last after %v", who, len(outcomes), longest.Round(time.Millisecond))
}

// watchMemory looks at the memory in use until what it returns is called, which says how much more
// it was at most.
func watchMemory() (stop func() uint64) {
	inUse := func() uint64 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapInuse + stats.StackInuse
	}
	runtime.GC()
	before := inUse()
	var most atomic.Uint64
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			most.Store(max(most.Load(), inUse()))
			select {
			case <-ticker.C:
			case <-ended:
				return
			}
		}
	}()
	return func() uint64 {
		close(ended)
		<-done
		return most.Load() - min(before, most.Load())
	}
}
