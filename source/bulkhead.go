package source

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Limits keep a source that does not answer from the others: what it may hold of the gateway, and
// for how long.
type Limits struct {
	Timeout time.Duration // how long one question may take, with the wait for its turn
	AtOnce  int           // how many questions are put to one source at once
	Wait    time.Duration // how long a question waits for its turn
	// Failures is how many questions in a row are not answered before the source is left alone; then
	// it is asked how fresh it is, once in each Rest and once at a time, until it answers.
	Failures int
	Rest     time.Duration
	// Watch is how long what is known of whether a source is loaded is good. 0 does not look at all.
	Watch time.Duration
	Now   func() time.Time
}

// DefaultLimits are for sources in a database nearby.
func DefaultLimits(now func() time.Time) Limits {
	return Limits{
		Timeout: 4 * time.Second, AtOnce: 16, Wait: time.Second,
		Failures: 10, Rest: time.Second, Watch: 5 * time.Second, Now: now,
	}
}

// A bulkhead stands between the gateway and one source.
type bulkhead struct {
	about  About
	limits Limits
	turns  *semaphore.Weighted
	// probe is a question that any source answers soon which answers at all.
	probe func(context.Context) (Freshness, error)

	mu       sync.Mutex
	failures int       // in a row
	nextTry  time.Time // when a source that is left alone is asked again
	probing  bool      // whether somebody looks if it answers again
}

func newBulkhead(s Source, limits Limits) *bulkhead {
	return &bulkhead{
		about: s.About(), limits: limits, turns: semaphore.NewWeighted(int64(limits.AtOnce)),
		probe: s.Freshness,
	}
}

// ask puts a question to a source, within its limits. It returns when they are reached, even if the
// source does not: what it holds then is its own turns. Its errors are Errors.
func ask[T any](
	ctx context.Context, b *bulkhead, question func(context.Context) (T, error),
) (T, error) {
	if err := b.answering(ctx); err != nil {
		var none T
		return none, err
	}
	return put(ctx, b, question)
}

// answering fails for a source that is left alone.
func (b *bulkhead) answering(ctx context.Context) error {
	if isLeftAlone, isDue := b.rests(); isLeftAlone && (!isDue || !b.answers(ctx)) {
		return b.fault(resident.Errorf(resident.Unavailable, nil,
			"%s does not answer, and is left alone for a moment", b.about.Title))
	}
	return nil
}

// answers is whether a source that is left alone answers again. It is asked a question of ours:
// those of callers may take long of a source that is well, or be given up, and whoever asks such
// would keep it from all others.
func (b *bulkhead) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.limits.Wait)
	defer cancel()
	defer b.probed()
	_, _ = put(ctx, b, b.probe) // learn has heard how it ended
	isLeftAlone, _ := b.rests()
	return !isLeftAlone
}

// put is ask, of a source that is not left alone.
func put[T any](
	ctx context.Context, b *bulkhead, question func(context.Context) (T, error),
) (T, error) {
	began := b.limits.Now()
	value, wasAsked, err := unheard(ctx, b, question)
	if wasAsked {
		b.learn(ctx, err, b.limits.Now().Sub(began))
	}
	if err != nil {
		return value, b.fault(err)
	}
	return value, nil
}

// unheard is put, of a question from which nothing is learnt. It is not asked where its turn does
// not come.
func unheard[T any](
	ctx context.Context, b *bulkhead, question func(context.Context) (T, error),
) (value T, wasAsked bool, err error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	asking, cancel := context.WithTimeout(ctx, b.limits.Timeout)
	defer cancel() // not where the question ends, whose answer would then not be told from giving up
	if err := b.take(asking); err != nil {
		return none, false, err
	}
	answered := make(chan answer, 1)
	go func() {
		defer b.turns.Release(1)
		a := answer{err: errors.New("source: it panicked")}
		defer func() {
			if panicked := recover(); panicked != nil {
				a.err = fmt.Errorf("source: panic of type %T", panicked) // its text could hold anything
			}
			answered <- a
		}()
		a.value, a.err = question(asking)
	}()
	var a answer
	select {
	case a = <-answered:
	case <-asking.Done():
		a.err = Failed(b.about.Title, "source: ask", asking.Err())
	}
	if a.err != nil && errors.Is(ctx.Err(), context.Canceled) {
		// PostgreSQL tells a statement that was given up as it does one that took too long.
		a.err = Failed(b.about.Title, "source: ask", ctx.Err())
	}
	if a.err != nil {
		return none, true, a.err
	}
	return a.value, true, nil
}

// take waits for a turn.
func (b *bulkhead) take(ctx context.Context) error {
	if b.turns.TryAcquire(1) {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, b.limits.Wait)
	defer cancel()
	if b.turns.Acquire(waiting, 1) == nil {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return Failed(b.about.Title, "source: wait for a turn", err)
	}
	return &resident.Error{
		Code: resident.Overloaded, RetryAfter: b.limits.Wait,
		Message: b.about.Title + " is asked more than it can answer now",
	}
}

// rests is whether a source is left alone, and, if so, whether whoever asks is to look if it
// answers: one at a time, for each takes long of a source that hangs.
func (b *bulkhead) rests() (isLeftAlone, isDue bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < b.limits.Failures {
		return false, false
	}
	now := b.limits.Now()
	if b.probing || now.Before(b.nextTry) {
		return true, false
	}
	b.probing, b.nextTry = true, now.Add(b.limits.Rest)
	return true, true
}

func (b *bulkhead) probed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}

// learn notes how a question ended. One that could not be meant tells nothing of the source, nor
// does one that its asker gave up, unless that took long.
func (b *bulkhead) learn(ctx context.Context, err error, took time.Duration) {
	code := resident.CodeOf(err)
	gaveUp := err != nil && ctx.Err() != nil
	if code == resident.BadInput || gaveUp && took < b.limits.Wait {
		return
	}
	failed := err != nil && (code == resident.Timeout || code == resident.Unavailable) &&
		!errors.Is(err, ErrNotLoaded)
	b.mu.Lock()
	defer b.mu.Unlock()
	if !failed && !gaveUp {
		b.failures, b.nextTry = 0, time.Time{}
		return
	}
	b.failures++ // and whoever asks next looks whether it answers
}

func (b *bulkhead) fault(err error) error { return &Error{Source: b.about.Name, Err: err} }
