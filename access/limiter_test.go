package access_test

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// wantAllowed fails unless the key may take n tokens or, where after is not 0, may so long after.
func wantAllowed(
	t *testing.T, l *access.Limiter, key string, n, override int, after time.Duration,
) {
	t.Helper()
	ok, retryAfter := l.Allow(key, n, override)
	if ok != (after == 0) || retryAfter != after {
		t.Errorf("%d of %q: got allowed %v, or in %v, want in %v", n, key, ok, retryAfter, after)
	}
}

func wantExhausted(t *testing.T, l *access.Limiter, key string, after time.Duration) {
	t.Helper()
	ok, retryAfter := l.Exhausted(key)
	if ok != (after != 0) || retryAfter != after {
		t.Errorf("%q: got exhausted %v, for %v, want for %v", key, ok, retryAfter, after)
	}
}

func TestAllow(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(60, 10, 100, now.now)
	wantAllowed(t, l, "ada", 7, 0, 0)
	wantAllowed(t, l, "ada", 4, 0, time.Second)
	wantAllowed(t, l, "ada", 10, 0, 7*time.Second)
	wantAllowed(t, l, "ada", 3, 0, 0) // what was refused took nothing
	wantAllowed(t, l, "ada", 1, 0, time.Second)
	wantAllowed(t, l, "ada", 0, 0, 0)
	wantAllowed(t, l, "ada", -5, 0, 0)
	wantAllowed(t, l, "ada", 1, 0, time.Second)
	wantAllowed(t, l, "eve", 10, 0, 0) // another key is another's

	now.move(1500 * time.Millisecond)
	wantAllowed(t, l, "ada", 2, 0, time.Second) // in half a second, rounded up
	wantAllowed(t, l, "ada", 4, 0, 3*time.Second)
	wantAllowed(t, l, "ada", 1, 0, 0)
	now.move(time.Hour)
	wantAllowed(t, l, "ada", 10, 0, 0) // no more than the burst gathers
	wantAllowed(t, l, "ada", 1, 0, time.Second)
}

func TestAllowMoreThanBurst(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(60, 10, 100, now.now)
	wantAllowed(t, l, "ada", 1000, 0, 0)
	wantAllowed(t, l, "ada", 1000, 0, 10*time.Second)
	now.move(9 * time.Second)
	wantAllowed(t, l, "ada", 1000, 0, time.Second)
	now.move(time.Second)
	wantAllowed(t, l, "ada", 1000, 0, 0)
}

func TestAllowOverride(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(60, 10, 100, now.now)
	wantAllowed(t, l, "fast", 100, 600, 0)
	wantAllowed(t, l, "fast", 50, 600, 5*time.Second)
	wantAllowed(t, l, "slow", 1, 6, 0)
	wantAllowed(t, l, "slow", 1, 6, 10*time.Second)
	wantAllowed(t, l, "slowest", 9, 1, 0)
	wantAllowed(t, l, "slowest", 1, 1, time.Minute)

	// It is changed while a key is in use.
	wantAllowed(t, l, "fast", 10, 0, 10*time.Second)
	now.move(10 * time.Second)
	wantAllowed(t, l, "fast", 10, 0, 0)
	wantAllowed(t, l, "fast", 10, 600, time.Second)
}

// TestAllowAfter holds that whoever waits as long as they are told is let in.
func TestAllowAfter(t *testing.T) {
	t.Parallel()
	for _, perMinute := range []int{1, 7, 59, 60, 61, 97, 1000, 12345} {
		now := newClock()
		l := access.NewLimiter(perMinute, 97, 10, now.now)
		for n := range 300 {
			want := n*31%97 + 1
			ok, after := l.Allow("ada", want, 0)
			if ok {
				continue
			}
			if after < time.Second || after%time.Second != 0 {
				t.Fatalf("%d a minute: got retry after %v, want whole seconds", perMinute, after)
			}
			now.move(after)
			if ok, after = l.Allow("ada", want, 0); !ok {
				t.Fatalf("%d a minute: got %v more to wait, want none", perMinute, after)
			}
		}
	}
}

func TestExhausted(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(6, 3, 100, now.now)
	wantExhausted(t, l, "ada", 0)
	for range 3 {
		wantExhausted(t, l, "ada", 0)
		wantAllowed(t, l, "ada", 1, 0, 0)
	}
	for range 3 {
		wantExhausted(t, l, "ada", 10*time.Second) // looking takes nothing
	}
	wantExhausted(t, l, "eve", 0)
	now.move(9 * time.Second)
	wantExhausted(t, l, "ada", time.Second)
	now.move(time.Second)
	wantExhausted(t, l, "ada", 0)
	wantAllowed(t, l, "ada", 1, 0, 0)
}

func TestLimiterForgets(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(6, 1, 10, now.now)
	wantAllowed(t, l, "idle", 1, 0, 0)
	wantAllowed(t, l, "busy", 1, 0, 0)
	for n := range 10 {
		wantAllowed(t, l, fmt.Sprint(n), 1, 0, 0)
		wantExhausted(t, l, "busy", 10*time.Second) // who comes again is not forgotten
	}
	wantExhausted(t, l, "idle", 0) // those that did not are
	wantExhausted(t, l, "0", 0)
	for n := 1; n < 10; n++ {
		wantExhausted(t, l, fmt.Sprint(n), 10*time.Second)
	}
	// Looking at a key that is not known does not make another be forgotten.
	for n := range 100 {
		wantExhausted(t, l, fmt.Sprint("unknown", n), 0)
	}
	wantExhausted(t, l, "busy", 10*time.Second)
}

func TestLimiterMemory(t *testing.T) { //nolint:paralleltest // it measures the memory of all
	now := newClock()
	l := access.NewLimiter(6, 1, 1000, now.now)
	flood := func(from, to int) uint64 {
		for n := from; n < to; n++ {
			l.Allow(fmt.Sprint(n), 1, 0)
		}
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := flood(0, 1000)
	after := flood(1000, 200_000)
	if after > before+(1<<20) {
		t.Errorf("got %d bytes more for 199000 keys more, want none", after-before)
	}
	wantExhausted(t, l, "199999", 10*time.Second)
	wantExhausted(t, l, "0", 0)
}

func TestNewLimiterAtLeastOne(t *testing.T) {
	t.Parallel()
	l := access.NewLimiter(0, -1, 0, newClock().now)
	wantAllowed(t, l, "ada", 1, 0, 0)
	wantAllowed(t, l, "ada", 1, -1, time.Minute)
	wantAllowed(t, l, "eve", 1, 0, 0)
	wantExhausted(t, l, "ada", 0)
}

func TestAllowAtOnce(t *testing.T) {
	t.Parallel()
	now := newClock()
	l := access.NewLimiter(60, 100, 10, now.now)
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for n := range 100 {
				if ok, _ := l.Allow("ada", 1, 0); ok {
					allowed.Add(1)
				}
				l.Exhausted("ada")
				l.Allow(fmt.Sprint(n%5), 1, 60)
			}
		})
	}
	all.Wait()
	if allowed.Load() != 100 {
		t.Errorf("got %d allowed, want 100", allowed.Load())
	}
}
