package source

import (
	"context"
	"sync"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A gate keeps answers from data that is not whole: that was never loaded, or is being loaded in
// the place where it is read. It looks at most once in each Limits.Watch, beside the question that
// finds what it knows too old; those that come meanwhile wait for the same look. What is answered
// is as sound as what was seen at most that long before it was asked.
type gate struct {
	bulkhead *bulkhead
	watch    time.Duration // 0 for a gate that stands open

	mu      sync.Mutex
	state   FreshnessState // as it was last seen; blank where it never was
	seen    time.Time      // when it was looked at last, with or without an answer
	looking chan struct{}  // closed when the look under way ends; nil where there is none
}

// askWhole is ask, of a source whose data is whole. Where that cannot be found out, what was known
// before goes on.
func askWhole[T any](
	ctx context.Context, m *member, question func(context.Context) (T, error),
) (T, error) {
	var none T
	if err := m.bulkhead.answering(ctx); err != nil {
		return none, err
	}
	look := m.gate.look(ctx)
	if look == nil {
		if err := m.gate.verdict(); err != nil {
			return none, m.bulkhead.fault(err)
		}
	}
	value, err := put(ctx, m.bulkhead, question)
	if err != nil || look == nil {
		return value, err
	}
	select {
	case <-look:
		err = m.gate.verdict()
	case <-ctx.Done():
		err = Failed(m.about.Title, "source: look if it is loaded", ctx.Err())
	}
	if err != nil {
		return none, m.bulkhead.fault(err)
	}
	return value, nil
}

// look returns the look to wait for, which it begins if there is none. It returns nil where what is
// known is new enough.
func (g *gate) look(ctx context.Context) <-chan struct{} {
	if g.watch <= 0 {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.bulkhead.limits.Now()
	if g.looking != nil {
		return g.looking
	}
	if !g.seen.IsZero() && now.Sub(g.seen) < g.watch {
		return nil
	}
	g.looking = make(chan struct{})
	go g.ask(ctx, now)
	return g.looking
}

// ask looks, for all who wait: it does not end because the one who began it has gone.
func (g *gate) ask(ctx context.Context, began time.Time) {
	b := g.bulkhead
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), b.limits.Wait)
	defer cancel()
	freshness, _, err := unheard(ctx, b, b.probe)
	if err == nil {
		g.saw(freshness.State, began)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen.Before(began) {
		g.seen = began
	}
	close(g.looking)
	g.looking = nil
}

// saw notes a state that somebody began to look for at a moment, unless a later look has told.
func (g *gate) saw(state FreshnessState, began time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !began.Before(g.seen) {
		g.state, g.seen = state, began
	}
}

func (g *gate) verdict() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return Closed(g.bulkhead.about.Title, g.state)
}

// Closed is why a source in that state cannot be asked for what it holds; nil where it can.
func Closed(title string, state FreshnessState) error {
	switch state {
	case NotLoaded:
		return resident.Errorf(resident.Unavailable, ErrNotLoaded, "%s has not been loaded yet", title)
	case BeingLoaded:
		return resident.Errorf(resident.Unavailable, ErrNotLoaded, "%s is being loaded", title)
	default:
		return nil
	}
}
