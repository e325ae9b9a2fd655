package web

import (
	"context"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// maxCounted is how many callers, or addresses, a limiter counts at once.
const maxCounted = 10_000

// burstsPerMinute is which part of a minute's allowance a caller may use at once: that of 10
// seconds.
const burstsPerMinute = 6

func newLimiter(perMinute, burst int, now func() time.Time) *access.Limiter {
	return access.NewLimiter(perMinute, burst, maxCounted, now)
}

// checkRate refuses the requests of a caller who has sent too many.
func checkRate(requests *access.Limiter, caller *access.Caller) *httpError {
	if caller.Kind == access.Developer {
		return nil
	}
	ok, after := requests.Allow(caller.LimitKey(), 1, caller.RequestsPerMinute)
	if ok {
		return nil
	}
	return rateLimited("The caller has asked too often: ask again later", after)
}

// charge returns what the graph calls before it runs an operation. It fails once the operations of
// a caller have cost too much.
func charge(costs *access.Limiter) func(context.Context, int) error {
	return func(ctx context.Context, cost int) error {
		caller := access.CallerOf(ctx)
		if caller.Kind == access.Developer {
			return nil
		}
		ok, after := costs.Allow(caller.LimitKey(), cost, 0)
		if ok {
			return nil
		}
		err := resident.Errorf(resident.RateLimited, nil,
			"The caller has asked for too much in a minute: ask again later, or for less")
		err.RetryAfter = after
		return err
	}
}
