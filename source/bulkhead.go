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
	// one is put to it in each Rest, and none before that has ended, until one is answered.
	Failures int
	Rest     time.Duration
	Now      func() time.Time
}

// DefaultLimits are for sources in a database nearby.
func DefaultLimits(now func() time.Time) Limits {
	return Limits{
		Timeout: 5 * time.Second, AtOnce: 16, Wait: time.Second,
		Failures: 10, Rest: time.Second, Now: now,
	}
}

// A bulkhead stands between the gateway and one source.
type bulkhead struct {
	about  About
	limits Limits
	turns  *semaphore.Weighted

	mu       sync.Mutex
	failures int       // in a row
	nextTry  time.Time // when a source that is left alone is asked again
	trying   bool      // whether it is being asked, to see whether it answers again
}

func newBulkhead(about About, limits Limits) *bulkhead {
	return &bulkhead{
		about: about, limits: limits, turns: semaphore.NewWeighted(int64(limits.AtOnce)),
	}
}

// ask puts a question to a source, within its limits. It returns when they are reached, even if the
// source does not: what it holds then is its own turns. Its errors are Errors.
func ask[T any](
	ctx context.Context, b *bulkhead, question func(context.Context) (T, error),
) (T, error) {
	type answer struct {
		value T
		err   error
	}
	var none T
	may, isTry := b.mayAsk()
	if !may {
		return none, b.fault(resident.Errorf(resident.Unavailable, nil,
			"%s does not answer, and is left alone for a moment", b.about.Title))
	}
	if isTry {
		defer b.tried()
	}
	began := b.limits.Now()
	asking, cancel := context.WithTimeout(ctx, b.limits.Timeout)
	defer cancel() // not where the question ends, whose answer would then not be told from giving up
	if err := b.take(asking); err != nil {
		return none, b.fault(err)
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
	b.learn(a.err, b.limits.Now().Sub(began))
	if a.err != nil {
		return none, b.fault(a.err)
	}
	return a.value, nil
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

// mayAsk is whether a source is worth asking, and whether that is to try one that is left alone.
// There is one try at a time: of a source that hangs, each lasts for the whole of Timeout.
func (b *bulkhead) mayAsk() (may, isTry bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.failures < b.limits.Failures {
		return true, false
	}
	now := b.limits.Now()
	if b.trying || now.Before(b.nextTry) {
		return false, false
	}
	b.trying, b.nextTry = true, now.Add(b.limits.Rest)
	return true, true
}

// tried notes that a try has ended.
func (b *bulkhead) tried() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.trying = false
}

// learn notes how a question ended. One that its asker gave up tells nothing, unless it took long.
func (b *bulkhead) learn(err error, took time.Duration) {
	code := resident.CodeOf(err)
	failed := err != nil && (code == resident.Timeout || code == resident.Unavailable) &&
		!errors.Is(err, ErrNotLoaded)
	gaveUp := errors.Is(err, context.Canceled)
	if gaveUp && took < b.limits.Wait {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !failed && !gaveUp {
		b.failures = 0
		return
	}
	b.failures++
	if b.failures == b.limits.Failures {
		b.nextTry = b.limits.Now().Add(b.limits.Rest)
	}
}

func (b *bulkhead) fault(err error) error { return &Error{Source: b.about.Name, Err: err} }
