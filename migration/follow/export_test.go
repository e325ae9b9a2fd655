package follow

import (
	"context"
	"fmt"
)

// Once makes one pass, after a look for drift, and returns.
func Once(ctx context.Context, o Options) error {
	o.defaults()
	err := with(ctx, o, func(f *follower) error {
		if err := f.findDrift(ctx); err != nil {
			return err
		}
		return f.pass(ctx)
	})
	if err != nil {
		return fmt.Errorf("follow %s: %w", o.Mapping.Title, err)
	}
	return nil
}
