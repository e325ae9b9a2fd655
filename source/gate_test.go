package source_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// A loadable is a source whose freshness is what somebody says.
type loadable struct {
	*shelf

	looks atomic.Int32
	mu    sync.Mutex
	state source.FreshnessState
	fail  error
	hold  chan struct{} // a look waits for it to be closed; nil for none
}

func newLoadable(state source.FreshnessState) *loadable {
	return &loadable{shelf: newShelf("A", []string{"X"}), state: state}
}

func (l *loadable) is(state source.FreshnessState, fail error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state, l.fail = state, fail
}

func (l *loadable) Freshness(ctx context.Context) (source.Freshness, error) {
	l.looks.Add(1)
	l.mu.Lock()
	state, fail, hold := l.state, l.fail, l.hold
	l.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return source.Freshness{}, source.Failed("A", "look", ctx.Err())
		}
	}
	return source.Freshness{State: state}, fail
}

func (l *loadable) Report(ctx context.Context) (source.Report, error) {
	freshness, err := l.Freshness(ctx)
	return source.Report{Freshness: freshness, FreshFor: time.Minute}, err
}

// questions are all that a source can be asked for what it holds.
func questions(ctx context.Context, set *source.Set) map[string]error {
	names := []resident.SourceName{"A"}
	none := func(resident.SourceName) source.Wanted { return source.Wanted{} }
	_, list := set.ListResidents(ctx, source.ListQuery{
		Sources: names, Order: source.ByID, Limit: 1, Wanted: none,
	})
	_, count := set.CountResidents(ctx, names, &resident.Filter{}, 10)
	found := set.ResidentsByKey(ctx, []source.Key{{Source: "A", SourceID: "1"}}, none)
	return map[string]error{"list": list, "count": count, "get": found[0].Err}
}

func TestGate(t *testing.T) {
	t.Parallel()
	for _, state := range source.FreshnessStates() {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			s := newLoadable(state)
			for question, err := range questions(t.Context(), setOf(t, limits(), s)) {
				if state.IsWhole() {
					if err != nil {
						t.Errorf("%s: got %v", question, err)
					}
					continue
				}
				fault, is := errors.AsType[*source.Error](err)
				if !is || fault.Reason() != source.NotLoadedYet ||
					resident.CodeOf(err) != resident.Unavailable {
					t.Errorf("%s: got %v", question, err)
				}
				if state == source.BeingLoaded && !strings.Contains(err.Error(), "A is being loaded") {
					t.Errorf("%s: got %v", question, err)
				}
			}
			if s.looks.Load() != 1 {
				t.Errorf("it was looked at %d times", s.looks.Load())
			}
		})
	}
}

// What is known is good for Watch; where it cannot be found out anew, what was known goes on; and
// it is not the look but the question that tells what is wrong with a source.
func TestGateWatches(t *testing.T) {
	t.Parallel()
	var c clock
	c.advance(time.Hour)
	s := newLoadable(source.Current)
	l := limits()
	l.Now, l.Watch, l.Failures = c.now, 5*time.Second, 1
	set := setOf(t, l, s)
	gone := resident.Errorf(resident.Unavailable, nil, "gone")
	for i, step := range []struct {
		after time.Duration
		state source.FreshnessState
		fail  error
		open  bool
		looks int32
	}{
		{0, source.Current, nil, true, 1},
		{4 * time.Second, source.BeingLoaded, nil, true, 0},
		{time.Second, source.BeingLoaded, nil, false, 1},
		{5 * time.Second, source.Current, gone, false, 1},
		{4 * time.Second, source.Current, nil, false, 0},
		{time.Second, source.Current, nil, true, 1},
		{5 * time.Second, source.BeingLoaded, gone, true, 1},
	} {
		c.advance(step.after)
		s.is(step.state, step.fail)
		s.looks.Store(0)
		for question, err := range questions(t.Context(), set) {
			if (err == nil) != step.open {
				t.Errorf("step %d: %s: got %v", i, question, err)
			}
		}
		if s.looks.Load() != step.looks {
			t.Errorf("step %d: got %d looks, want %d", i, s.looks.Load(), step.looks)
		}
	}
}

// Of many who come at once, one looks and all wait; nobody is answered by what it knew before.
func TestGateAtOnce(t *testing.T) {
	t.Parallel()
	var c clock
	c.advance(time.Hour)
	s := newLoadable(source.Current)
	l := limits()
	l.Now, l.Wait = c.now, time.Minute
	set := setOf(t, l, s)
	for _, err := range questions(t.Context(), set) {
		if err != nil {
			t.Fatal(err)
		}
	}
	c.advance(time.Hour)
	s.is(source.BeingLoaded, nil)
	s.looks.Store(0)
	s.mu.Lock()
	s.hold = make(chan struct{})
	s.mu.Unlock()
	var all sync.WaitGroup
	var answered atomic.Int32
	for range 50 {
		all.Go(func() {
			for _, err := range questions(t.Context(), set) {
				if err == nil {
					answered.Add(1)
				}
			}
		})
	}
	gave, giveUp := context.WithCancel(t.Context())
	giveUp()
	for question, err := range questions(gave, set) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s, given up: got %v", question, err)
		}
	}
	close(s.hold)
	all.Wait()
	if answered.Load() != 0 || s.looks.Load() != 1 {
		t.Errorf("got %d answers and %d looks, want none and one", answered.Load(), s.looks.Load())
	}
}

// A look that hangs holds nobody for longer than a turn may take.
func TestGateHangs(t *testing.T) {
	t.Parallel()
	s := newLoadable(source.Current)
	s.hold = make(chan struct{})
	l := limits()
	l.Wait = 20 * time.Millisecond
	for question, err := range questions(t.Context(), setOf(t, l, s)) {
		if err != nil {
			t.Errorf("%s: got %v, and nothing was known against it", question, err)
		}
	}
}

// Whatever is found out for another reason is a look, too.
func TestReport(t *testing.T) {
	t.Parallel()
	s, plain := newLoadable(source.BeingLoaded), newShelf("B", nil)
	set := setOf[source.Source](t, limits(), s, plain)
	report, err := set.Report(t.Context(), set.All()[0])
	if err != nil || report.State != source.BeingLoaded || report.FreshFor != time.Minute {
		t.Errorf("got %v and %v", report, err)
	}
	if report, err = set.Report(t.Context(), plain); err != nil || report.State != source.Current {
		t.Errorf("of one that is no Reporter, got %v and %v", report, err)
	}
	for question, err := range questions(t.Context(), set) {
		if !errors.Is(err, source.ErrNotLoaded) {
			t.Errorf("%s: got %v", question, err)
		}
	}
	if s.looks.Load() != 1 {
		t.Errorf("it was looked at %d times", s.looks.Load())
	}
}

func TestLoadingUnderWay(t *testing.T) {
	t.Parallel()
	began := time.Unix(0, 0)
	tests := map[string]struct {
		rows     int64
		expected *int64
		seconds  int64
		perCent  *int
		rate     *int64
	}{
		"half":           {50, new(int64(100)), 10, new(50), new(int64(5))},
		"more than all":  {150, new(int64(100)), 10, new(100), new(int64(15))},
		"nobody knows":   {50, nil, 10, nil, new(int64(5))},
		"nothing to do":  {0, new(int64(0)), 0, nil, nil},
		"just begun":     {0, new(int64(9)), 0, new(0), nil},
		"nothing so far": {0, new(int64(9)), 10, new(0), nil},
	}
	for name, tt := range tests {
		l := source.Loading{
			BeganAt: began, ToldAt: began.Add(time.Duration(tt.seconds) * time.Second),
			Rows: tt.rows, Expected: tt.expected,
		}
		if got := l.PerCent(); !same(got, tt.perCent) {
			t.Errorf("%s: got %v per cent", name, got)
		}
		if got := l.Rate(); !same(got, tt.rate) {
			t.Errorf("%s: got %v rows a second", name, got)
		}
	}
}

func same[T comparable](a, b *T) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }
