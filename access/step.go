package access

import (
	"context"
	"time"
)

// WaitForStep waits until the time since began is a whole number of steps, or ctx ends: so that how
// long something took does not tell what it found.
func WaitForStep(ctx context.Context, began time.Time, now func() time.Time, step time.Duration) {
	timer := time.NewTimer(step - now().Sub(began)%step)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
