package main

import (
	"context"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
)

// A queue bounds how many requests are executed at once. Some more wait for their turn, for a short
// time, in the order in which they came; whoever comes then is turned away. One caller has half of
// the turns at most, so that another is served beside whoever asks for all.
type queue struct {
	present chan struct{} // one for each that is executed or waits
	turns   chan struct{} // one for each that is executed
	shares  *access.Shares
}

// patience is how long a request waits for its turn: longer, and its caller has given up.
const patience = time.Second

func newQueue(atOnce int) *queue {
	return &queue{
		present: make(chan struct{}, 3*atOnce),
		turns:   make(chan struct{}, atOnce),
		shares:  access.NewShares(max(atOnce/2, 1)),
	}
}

// enter waits for a turn, which ends when leave is called. There is none if ok is false.
func (q *queue) enter(ctx context.Context) (leave func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	leaveShare := func() {}
	if caller := access.CallerOf(ctx); caller.Kind != access.Developer {
		if leaveShare, ok = q.shares.Take(ctx, caller.LimitKey()); !ok {
			return nil, false
		}
	}
	select {
	case q.present <- struct{}{}:
	default:
		leaveShare()
		return nil, false
	}
	leave = func() {
		<-q.turns
		<-q.present
		leaveShare()
	}
	select {
	case q.turns <- struct{}{}:
		return leave, true
	default:
	}
	select {
	case q.turns <- struct{}{}:
		return leave, true
	case <-ctx.Done():
	}
	<-q.present
	leaveShare()
	return nil, false
}

const (
	tooBusy = "Too many are asking at once: ask again in a second"
	// retryAfter is the same, in seconds, for a program.
	retryAfter = "1"
)

// A queued executor has each request wait for its turn.
type queued struct {
	executor rest.Executor
	queue    *queue
}

// Execute answers one request in its turn, or says that there was none.
func (q queued) Execute(ctx context.Context, request graph.Request) *graph.Response {
	leave, ok := q.queue.enter(ctx)
	if !ok {
		return &graph.Response{Errors: gqlerror.List{{
			Message: tooBusy, Extensions: map[string]any{"code": resident.Overloaded},
		}}}
	}
	defer leave()
	return q.executor.Execute(ctx, request)
}
