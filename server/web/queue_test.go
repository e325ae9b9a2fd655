package web

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

func asDeveloper(t *testing.T) context.Context {
	t.Helper()
	return access.WithCaller(t.Context(), developer().Developer)
}

// One caller has half of the turns, and waits for more; another is served meanwhile.
func TestQueueIsShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(4)
		enter := func(name string) (func(), bool) {
			return q.acquire(access.WithCaller(t.Context(),
				&access.Caller{Kind: access.Service, Name: name}))
		}
		for range 2 {
			if _, ok := enter("greedy"); !ok {
				t.Fatal("there was room, and no turn")
			}
		}
		for range 100 {
			go enter("greedy")
		}
		synctest.Wait()
		began := time.Now()
		leave, ok := enter("modest")
		if !ok || time.Since(began) != 0 {
			t.Errorf("the other got a turn: %t, after %v", ok, time.Since(began))
		}
		leave()
		if _, ok := enter("greedy"); ok || time.Since(began) != time.Second {
			t.Errorf("the first got a third turn: %t, after %v", ok, time.Since(began))
		}
	})
}

// Two are executed, four wait, and the seventh is turned away at once.
func TestQueueIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(2)
		started := time.Now()
		var leaves []func()
		for range 2 {
			leave, ok := q.acquire(asDeveloper(t))
			if !ok {
				t.Fatal("there was room, and no turn")
			}
			leaves = append(leaves, leave)
		}
		order := make(chan int, 4)
		for i := range 4 {
			go func() {
				if leave, ok := q.acquire(asDeveloper(t)); ok {
					order <- i
					leave()
				}
			}()
			synctest.Wait()
		}
		if _, ok := q.acquire(asDeveloper(t)); ok {
			t.Error("a seventh was let in")
		}
		leaves[0]()
		synctest.Wait()
		for want := range 4 {
			if got := <-order; got != want {
				t.Errorf("got the turn of %d, want %d", got, want)
			}
		}
		leaves[1]()
		if took := time.Since(started); took != 0 {
			t.Errorf("it took %v", took)
		}
		if len(q.present) != 0 || len(q.turns) != 0 {
			t.Errorf("%d are still present, %d executed", len(q.present), len(q.turns))
		}
	})
}

// Nobody waits longer than the patience, nor than they are there themselves.
func TestQueueIsLeft(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		gives time.Duration // when the caller gives up
		want  time.Duration
	}{
		"patience ends":         {time.Minute, time.Second},
		"the caller gives up":   {time.Millisecond, time.Millisecond},
		"the caller never came": {0, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				q := newQueue(1)
				leave, _ := q.acquire(asDeveloper(t))
				started := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), tt.gives)
				defer cancel()
				if _, ok := q.acquire(ctx); ok {
					t.Error("there was no room, and a turn")
				}
				if got := time.Since(started); got != tt.want {
					t.Errorf("waited for %v, want %v", got, tt.want)
				}
				leave()
				if len(q.present) != 0 || len(q.turns) != 0 {
					t.Errorf("%d are still present, %d executed", len(q.present), len(q.turns))
				}
			})
		})
	}
}

// While as many are executed as may be, others are told to come again, in the words of their door.
// Whoever only asks for health or the playground is not kept.
func TestOverloaded(t *testing.T) {
	t.Parallel()
	const atOnce = 2
	pool := newSample(t)
	handler := newGateway(t, pool, developer(), io.Discard, func(o *Options) {
		o.RequestTimeout, o.MaxConcurrent = 30*time.Second, atOnce
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	release := webtest.Hold(t, pool)
	defer release()

	var executed sync.WaitGroup
	answers := make(chan webtest.Answer, atOnce)
	for range atOnce {
		executed.Go(func() { answers <- webtest.Post(t, server.URL, `{ residents { nodes { id } } }`) })
	}
	webtest.WaitFor(t, func() bool { return webtest.WaitingFor(t, pool) == atOnce })

	tests := map[string]struct {
		method, target string
		status         int
		kind, holds    string
	}{
		"GraphQL":        {"POST", "/graphql", 503, plainJSON, `"OVERLOADED"`},
		"GraphQL by GET": {"GET", "/graphql?query={__typename}", 503, plainJSON, `"OVERLOADED"`},
		"REST": {
			"GET", "/api/v1/residents", 503, "application/problem+json", `"status":503`,
		},
		"REST, its contract": {"GET", "/api/v1/openapi.yaml", 200, "application/yaml", "openapi"},
		"alive":              {"GET", "/healthz", 200, plainJSON, "alive"},
		"playground":         {"GET", "/", 200, "text/html", "Resident Gateway"},
		"what is no request": {"DELETE", "/graphql", 405, plainJSON, "METHOD_NOT_ALLOWED"},
	}
	t.Run("doors", func(t *testing.T) {
		for name, tt := range tests {
			// One after another, for they would wait behind other tests, and those that are kept with them.
			t.Run(name, func(t *testing.T) {
				got := webtest.Send(t, tt.method, server.URL+tt.target,
					`{"query": "{ __typename }"}`, "Content-Type: application/json")
				if got.Status != tt.status || !strings.Contains(got.Body, tt.holds) ||
					!strings.HasPrefix(got.Header.Get("Content-Type"), tt.kind) {
					t.Errorf("got %d %s %.200s, want %d %s with %s",
						got.Status, got.Header.Get("Content-Type"), got.Body, tt.status, tt.kind, tt.holds)
				}
				if retry := got.Header.Get("Retry-After"); (retry == "1") != (tt.status == 503) {
					t.Errorf("got Retry-After %q", retry)
				}
			})
		}
	})
	release()
	executed.Wait()
	close(answers)
	for got := range answers {
		if got.Status != http.StatusOK || !strings.Contains(got.Body, "mosaic:1000001") {
			t.Errorf("got %d %.200s of one that had its turn", got.Status, got.Body)
		}
	}
	if got := webtest.Post(t, server.URL, `{ __typename }`); got.Status != http.StatusOK {
		t.Errorf("got %d %s after the crowd", got.Status, got.Body)
	}
}

// Of a crowd, each is either answered or told to come again, and no more than may be are at work.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const atOnce, crowd = 3, 60
	pool := newSample(t)
	handler := newGateway(t, pool, developer(), io.Discard, func(o *Options) {
		o.RequestTimeout, o.MaxConcurrent = 30*time.Second, atOnce
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	release := webtest.Hold(t, pool)
	defer release()

	var all sync.WaitGroup
	statuses := make(chan int, crowd)
	for i := range crowd {
		all.Go(func() {
			if i%2 == 0 {
				statuses <- webtest.Post(t, server.URL, `{ residents { nodes { id } } }`).Status
			} else {
				statuses <- webtest.Send(t, "GET", server.URL+"/api/v1/residents", "").Status
			}
		})
	}
	webtest.WaitFor(t, func() bool { return len(statuses) == crowd-atOnce }) // but for who has a turn
	if n := webtest.WaitingFor(t, pool); n != atOnce {
		t.Errorf("got %d at work, want %d", n, atOnce)
	}
	release()
	all.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	if want := map[int]int{200: atOnce, 503: crowd - atOnce}; fmt.Sprint(counts) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", counts, want)
	}
}
