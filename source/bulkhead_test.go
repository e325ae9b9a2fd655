package source_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A clock is turned by hand.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time           { return time.Unix(0, c.nanoseconds.Load()) }
func (c *clock) advance(by time.Duration) { c.nanoseconds.Add(int64(by)) }

func freshness(t testing.TB, set *source.Set, of int) error {
	t.Helper()
	_, err := set.All()[of].Freshness(t.Context())
	return err
}

// A source that never answers, and does not hear that nobody waits for it, holds its own turns and
// nothing else: others answer as if it were not there, and who asks it is told soon.
func TestHangingSource(t *testing.T) {
	t.Parallel()
	well, ill := newShelf("A", []string{"X"}), newShelf("B", nil)
	ill.set(nil, true)
	set := setOf(t, source.Limits{
		Timeout: 200 * time.Millisecond, AtOnce: 4, Wait: 20 * time.Millisecond,
		Failures: 1_000_000, Rest: time.Second, Now: time.Now,
	}, well, ill)
	before := runtime.NumGoroutine()
	var all sync.WaitGroup
	var slow, busy, other atomic.Int32
	for range 200 {
		all.Go(func() {
			switch err := freshness(t, set, 1); resident.CodeOf(err) {
			case resident.Timeout:
				slow.Add(1)
			case resident.Overloaded:
				busy.Add(1)
			default:
				other.Add(1)
			}
		})
	}
	for range 200 {
		if err := freshness(t, set, 0); err != nil {
			t.Fatalf("the other source: %v", err)
		}
	}
	all.Wait()
	if slow.Load() != 4 || busy.Load() != 196 || other.Load() != 0 {
		t.Errorf("got %d too slow, %d busy, %d other: four at once may hang",
			slow.Load(), busy.Load(), other.Load())
	}
	if now := runtime.NumGoroutine(); now > before+50 {
		t.Errorf("%d goroutines stay, and %d were before", now, before)
	}
}

// A source that does not answer is left alone, but for one question in each rest, until it does.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	var c clock
	s := newShelf("A", nil)
	l := limits()
	l.Now, l.Failures, l.Rest = c.now, 3, time.Second
	set := setOf(t, l, s)
	gone := resident.Errorf(resident.Unavailable, nil, "gone")
	ask := func(want int32) {
		t.Helper()
		_ = freshness(t, set, 0)
		if got := s.asked.Swap(0); got != want {
			t.Errorf("the source was asked %d times, want %d", got, want)
		}
	}
	s.set(gone, false)
	for range 3 {
		ask(1)
	}
	ask(1) // whether it answers
	ask(0)
	c.advance(999 * time.Millisecond)
	ask(0)
	c.advance(time.Millisecond)
	ask(1) // and is gone still
	ask(0)
	s.set(nil, false)
	ask(0)
	c.advance(time.Second)
	ask(2) // whether it answers, and what is asked
	for range 5 {
		ask(1)
	}
	// What is no failure of the source, or one in between, does not count.
	for _, fail := range []error{
		gone, gone, resident.Errorf(resident.Unavailable, source.ErrNotLoaded, "not yet"),
		gone, resident.Errorf(resident.BadInput, nil, "no"), gone, errors.New("x"),
		gone, gone, nil, gone, gone,
	} {
		s.set(fail, false)
		ask(1)
	}
}

// Of a source that hangs, one at a time waits to see whether it answers again: those who ask it
// besides others would all be waiting before long.
func TestOneTryAtATime(t *testing.T) {
	t.Parallel()
	var c clock
	s := newShelf("A", nil)
	l := limits()
	l.Now, l.Failures, l.Rest, l.Wait = c.now, 1, time.Second, 100*time.Millisecond
	set := setOf(t, l, s)
	s.set(resident.Errorf(resident.Unavailable, nil, "gone"), false)
	_ = freshness(t, set, 0)
	s.set(nil, true)
	for range 3 {
		s.asked.Store(0)
		c.advance(time.Second)
		ended := make(chan error)
		go func() { ended <- freshness(t, set, 0) }()
		for s.asked.Load() == 0 {
			runtime.Gosched()
		}
		for range 5 {
			c.advance(time.Second)
			if err := freshness(t, set, 0); resident.CodeOf(err) != resident.Unavailable {
				t.Errorf("got %v beside a try", err)
			}
		}
		if err := <-ended; resident.CodeOf(err) != resident.Unavailable || s.asked.Load() != 1 {
			t.Errorf("the try: got %v", err)
		}
	}
}

// Neither a question that could not be meant nor one whose asker had no time for it says anything
// of a source.
func TestSaysNothing(t *testing.T) {
	t.Parallel()
	s := newShelf("A", nil)
	l := limits()
	l.Failures, l.Wait = 3, time.Hour
	set := setOf(t, l, s)
	for range 10 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
		_, _ = set.All()[0].Freshness(ctx)
		cancel()
	}
	if err := freshness(t, set, 0); err != nil {
		t.Errorf("got %v: short deadlines had it left alone", err)
	}
	for s.asked.Load() < 11 { // those that nobody waited for are on their way
		runtime.Gosched()
	}
	s.asked.Store(0)
	for range 4 { // of three in a row that are not answered
		s.set(resident.Errorf(resident.Unavailable, nil, "gone"), false)
		_ = freshness(t, set, 0)
		s.set(resident.Errorf(resident.BadInput, nil, "not by this"), false)
		_ = freshness(t, set, 0)
	}
	if got := s.asked.Load(); got >= 8 {
		t.Errorf("it was asked %d times of 8: refused questions are taken for answers", got)
	}
}

// Questions that take too long of a source that is well, or are given up, keep it from nobody.
func TestDearQuestions(t *testing.T) {
	t.Parallel()
	l := limits()
	l.Failures = 3
	set, err := source.NewSet(l, dear{newShelf("A", nil)})
	if err != nil {
		t.Fatal(err)
	}
	for range 10 {
		_, err := set.CountResidents(t.Context(), []resident.SourceName{"A"}, &resident.Filter{}, 1)
		if resident.CodeOf(err) != resident.Timeout {
			t.Fatalf("got %v, want that it took too long", err)
		}
	}
	if err := freshness(t, set, 0); err != nil {
		t.Errorf("got %v: the source is left alone", err)
	}
}

type dear struct{ *shelf }

func (dear) CountResidents(context.Context, *resident.Filter, int) (int, error) {
	return 0, resident.Errorf(resident.Timeout, nil, "It took too long")
}

// Who gives up early says nothing of the source.
func TestGivenUp(t *testing.T) {
	t.Parallel()
	s := newShelf("A", nil)
	s.set(nil, true)
	l := limits()
	l.Failures, l.AtOnce, l.Wait = 2, 100, time.Hour
	set := setOf(t, l, s)
	for range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := set.All()[0].Freshness(ctx); !errors.Is(err, context.Canceled) {
			t.Fatalf("got %v", err)
		}
	}
	s.set(nil, false)
	if err := freshness(t, set, 0); err != nil {
		t.Errorf("got %v: the source is left alone", err)
	}
}

// A source that panics takes nobody with it, and nothing of its text is told or logged.
func TestPanic(t *testing.T) {
	t.Parallel()
	set, err := source.NewSet(limits(), panicking{newShelf("A", nil)})
	if err != nil {
		t.Fatal(err)
	}
	if err := freshness(t, set, 0); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

type panicking struct{ *shelf }

func (panicking) Freshness(context.Context) (source.Freshness, error) { panic("secret") }
