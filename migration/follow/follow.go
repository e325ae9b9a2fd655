// Package follow applies what changes in a system to the tables that are served, once they were
// loaded: every second or so, what was committed since, in one transaction with how far it got. It
// may be killed at any moment and goes on from there; to apply a change twice changes nothing. Read
// Run first, then pass.go.
package follow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// Options say what to follow, and how.
type Options struct {
	DB      *sqlx.DB // of lib/pq, with the rights of the owner of the tables
	Mapping *mapping.Mapping
	Feed    migration.Feed
	Reader  migration.Reader // of the same system, for tables whose changes are lost

	Every time.Duration // how long to rest between two passes; a second unless set
	Now   func() time.Time
	Wait  func(context.Context, time.Duration) error // nil for one that waits

	InsteadOfDMS bool // as that of a load

	// Passed is told of each pass that changed something. Nil for nobody.
	Passed func(Pass)
	// Warn is told what does not end the following and should be looked at. Nil for nobody.
	Warn func(text string)
}

// A Pass is what one pass did.
type Pass struct {
	Rows int           // that were changed or deleted
	Took time.Duration // from asking the system to the commit here
}

// What a caller may tell apart.
var (
	// ErrNotLoaded is of a source that was not loaded by us, or not by what can be followed.
	ErrNotLoaded = errors.New("there is nothing to follow from: load the source first")
)

// How long to rest when the system or PostgreSQL does not answer, the first time and at most, and
// how often the system's tables are compared with what is described.
const (
	firstRest  = time.Second
	longestOne = time.Minute
	driftEvery = 24 * time.Hour
)

// Run follows a source until the context ends, which is no error. A system, or a PostgreSQL, that
// does not answer is asked again, as long as it takes. It fails where nothing can be followed:
// with ErrNotLoaded, load.ErrBusy or load.ErrDMS.
func Run(ctx context.Context, o Options) error {
	o.defaults()
	rest := firstRest
	for {
		err := follow(ctx, o, func() { rest = firstRest })
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // it was told to stop
		case errors.Is(err, ErrNotLoaded), errors.Is(err, load.ErrBusy), errors.Is(err, load.ErrDMS):
			return fmt.Errorf("follow %s: %w", o.Mapping.Title, err)
		}
		o.Warn(fmt.Sprintf("%v; it is tried again in %v", err, rest))
		if o.Wait(ctx, rest) != nil {
			return nil //nolint:nilerr // likewise
		}
		rest = min(2*rest, longestOne)
	}
}

func (o *Options) defaults() {
	if o.Every == 0 {
		o.Every = time.Second
	}
	if o.Wait == nil {
		o.Wait = migration.Wait
	}
	if o.Passed == nil {
		o.Passed = func(Pass) {}
	}
	if o.Warn == nil {
		o.Warn = func(string) {}
	}
}

// follow makes passes on one connection until one fails.
func follow(ctx context.Context, o Options, wentWell func()) error {
	return with(ctx, o, func(f *follower) error {
		var looked time.Time
		for {
			if now := o.Now(); now.Sub(looked) >= driftEvery {
				if err := f.findDrift(ctx); err != nil {
					return err
				}
				looked = now
			}
			if err := f.pass(ctx); err != nil {
				return err
			}
			wentWell()
			if err := o.Wait(ctx, o.Every); err != nil {
				return err
			}
		}
	})
}

// follower makes passes, on one connection that holds the right to write the source.
type follower struct {
	Options
	schema string
	conn   *sqlx.Conn

	drifted map[string]bool // tables that are left as they are
}

func with(ctx context.Context, o Options, do func(*follower) error) error {
	conn, err := o.DB.Connx(ctx)
	if err != nil {
		return migration.Failed(ctx, "connect", err)
	}
	defer conn.Close()
	f := &follower{Options: o, schema: o.Mapping.Schema(), conn: conn}
	if err := load.Lock(ctx, conn, f.schema); err != nil {
		return err
	}
	defer load.Unlock(ctx, conn, f.schema)
	if err := load.RefuseDMS(ctx, conn, f.schema, o.InsteadOfDMS); err != nil {
		return err
	}
	return do(f)
}
