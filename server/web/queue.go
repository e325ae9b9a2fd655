package web

import (
	"context"
	"net/http"
	"time"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A queue bounds how many operations run at once. Twice as many wait for their turn, for at most
// queueTimeout, in the order in which they came; the queue refuses further ones. One caller has at
// most half of the turns, so that others are served beside a caller who sends too many.
type queue struct {
	present chan struct{} // one for each operation that runs or waits
	turns   chan struct{} // one for each that runs
	shares  *access.Shares
}

// queueTimeout is how long a request waits for its turn: after longer, its caller has given up.
const queueTimeout = time.Second

func newQueue(maxConcurrent int) *queue {
	return &queue{
		present: make(chan struct{}, 3*maxConcurrent),
		turns:   make(chan struct{}, maxConcurrent),
		shares:  access.NewShares(max(maxConcurrent/2, 1)),
	}
}

// acquire waits for a turn, which ends when release is called. There is none if ok is false.
func (q *queue) acquire(ctx context.Context) (release func(), ok bool) {
	ctx, cancel := context.WithTimeout(ctx, queueTimeout)
	defer cancel()
	releaseShare := func() {}
	if caller := access.CallerOf(ctx); caller.Kind != access.Developer {
		if releaseShare, ok = q.shares.Take(ctx, caller.LimitKey()); !ok {
			return nil, false
		}
	}
	select {
	case q.present <- struct{}{}:
	default:
		releaseShare()
		return nil, false
	}
	release = func() {
		<-q.turns
		<-q.present
		releaseShare()
	}
	select {
	case q.turns <- struct{}{}:
		return release, true
	default:
	}
	select {
	case q.turns <- struct{}{}:
		return release, true
	case <-ctx.Done():
	}
	<-q.present
	releaseShare()
	return nil, false
}

const tooBusy = "Too many are asking at once: ask again in a second"

func overloaded() *httpError {
	return &httpError{status: http.StatusServiceUnavailable, code: string(resident.Overloaded),
		message: tooBusy, retryAfter: 1}
}

// A queuedGraph has each operation wait for its turn.
type queuedGraph struct {
	*graph.Graph
	queue *queue
}

// Execute answers one request in its turn, or says that there was none.
func (q queuedGraph) Execute(ctx context.Context, request graph.Request) *graph.Response {
	release, ok := q.queue.acquire(ctx)
	if !ok {
		return &graph.Response{Errors: gqlerror.List{{
			Message: tooBusy, Extensions: map[string]any{"code": resident.Overloaded},
		}}}
	}
	defer release()
	return q.Graph.Execute(ctx, request)
}
