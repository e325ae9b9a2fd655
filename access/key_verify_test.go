package access_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

// countedKeys are keys over the database of a pool, with what they ask of it.
func countedKeys(t *testing.T, pool *sqlx.DB, c *clock) (*access.Keys, *dbtest.Counter) {
	t.Helper()
	counting, counter := postgres.Counting(t, postgres.DSNOf(t, pool))
	return keysIn(counting, c), counter
}

func wantStatements(t *testing.T, counter *dbtest.Counter, want int) {
	t.Helper()
	if got := counter.Statements(); len(got) != want {
		t.Errorf("got %d statements, want %d", len(got), want)
	}
	counter.Reset()
}

func TestVerifyReadsOnceForMany(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	keys, counter := countedKeys(t, pool, c)
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))

	for range 2 { // and once more after 2 seconds
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() { wantAccepted(t, keys, text, key) })
		}
		all.Wait()
		wantStatements(t, counter, 1)
		c.move(2*time.Second - 1)
		wantAccepted(t, keys, text, key)
		wantStatements(t, counter, 0)
		c.move(1)
	}
}

func TestVerifyReadsAgainAfterTheClockWasSet(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	keys, counter := countedKeys(t, pool, c)
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))
	wantAccepted(t, keys, text, key)
	counter.Reset()

	c.move(-time.Hour)
	wantAccepted(t, keys, text, key)
	wantStatements(t, counter, 1)
}

func TestVerifyFollowsOthers(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*testing.T, *access.Keys){
		"revoked by name": func(t *testing.T, others *access.Keys) {
			if _, err := others.Revoke(t.Context(), "benefits"); err != nil {
				t.Fatal(err)
			}
		},
		"replaced at once": func(t *testing.T, others *access.Keys) {
			rotateKey(t, others, "benefits", 0)
		},
		"replaced very soon": func(t *testing.T, others *access.Keys) {
			rotateKey(t, others, "benefits", time.Second)
		},
	}
	for name, change := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			pool := postgres.New(t)
			here, elsewhere := keysIn(pool, c), keysIn(pool, c)
			key, text := createKey(t, here, newKey("benefits"))
			wantAccepted(t, here, text, key)

			change(t, elsewhere)
			c.move(2 * time.Second)
			wantRefused(t, here, text)
			wantRefused(t, elsewhere, text)
		})
	}
}

func TestVerifyRemembersOnlyKeysThatExist(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	keys, counter := countedKeys(t, pool, c)
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))
	for _, credential := range notKeys(text) { // of which there is nothing to ask
		wantRefused(t, keys, credential)
	}
	wantStatements(t, counter, 0)
	wantAccepted(t, keys, text, key)
	counter.Reset()

	for range 3 {
		wantRefused(t, keys, "rgw_abcdefghijkl_"+text[17:])
	}
	wantStatements(t, counter, 3)
	for range 3 { // a wrong secret of a key that exists is told without a question
		wantRefused(t, keys, wrongKeys(text)["wrong in its last"])
	}
	wantAccepted(t, keys, text, key)
	wantStatements(t, counter, 0)
}

func TestVerifyComparesAllOfTheHash(t *testing.T) {
	t.Parallel()
	for _, place := range []int{0, 15, 31} {
		pool := postgres.New(t)
		keys := keysIn(pool, newClock())
		_, text := createKey(t, keys, newKey("benefits"))
		if _, err := pool.ExecContext(t.Context(), `
			UPDATE access.key
			SET    secret_hash = set_byte(secret_hash, $1, get_byte(secret_hash, $1) # 1)`,
			place); err != nil {
			t.Fatal(err)
		}
		wantRefused(t, keys, text)
	}
}

func TestKnown(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	keys, counter := countedKeys(t, pool, c)
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))
	want := func(want bool, when string) {
		t.Helper()
		if got := keys.Known(text); got != want {
			t.Errorf("%s: got %t, want %t", when, got, want)
		}
		wantStatements(t, counter, 0)
	}
	want(false, "before it was verified")
	wantRefused(t, keys, wrongKeys(text)["wrong in its last"])
	counter.Reset()
	want(true, "when its id was asked for")
	wantAccepted(t, keys, text, key)
	want(true, "when it was verified")
	c.move(2 * time.Second)
	want(true, "after 2 seconds")
	c.move(key.ExpiresAt.Sub(c.now()))
	want(false, "when it has expired")
}

// What one caller does with its scopes is nothing to the next.
func TestVerifyGivesEachItsOwnCaller(t *testing.T) {
	t.Parallel()
	keys := keysIn(postgres.New(t), newClock())
	key, text := createKey(t, keys, newKey("benefits"))
	caller, err := keys.Verify(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	caller.Scopes[0] = "everything:write"
	wantAccepted(t, keys, text, key)
}

func TestVerifyGoesOnWithoutWhoAskedFirst(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	keys, counter := countedKeys(t, pool, c)
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))

	release := lockTable(t, pool, "ACCESS EXCLUSIVE")
	ctx, cancel := context.WithCancel(t.Context())
	first := make(chan error)
	go func() {
		_, err := keys.Verify(ctx, text)
		first <- err
	}()
	waitForWaiting(t, pool, 1)
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want context.Canceled", err)
	}
	var second sync.WaitGroup
	second.Go(func() { wantAccepted(t, keys, text, key) })
	release()
	second.Wait()
	wantStatements(t, counter, 1)
}

// Whoever finds nothing remembered, and asks when another has just read it, reads nothing.
func TestVerifyLooksAgainBeforeItReads(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	counting, counter := postgres.Counting(t, postgres.DSNOf(t, pool))
	var isHeld atomic.Bool
	held, release := make(chan struct{}), make(chan struct{})
	keys := access.NewKeys(access.KeysOptions{DB: counting, Now: func() time.Time {
		if isHeld.CompareAndSwap(true, false) { // who looks at the clock first, looks long
			close(held)
			<-release
		}
		return c.now()
	}})
	key, text := createKey(t, keysIn(pool, c), newKey("benefits"))
	wantAccepted(t, keys, text, key)
	c.move(2 * time.Second)
	counter.Reset()

	isHeld.Store(true)
	var slow sync.WaitGroup
	slow.Go(func() { wantAccepted(t, keys, text, key) })
	<-held
	wantAccepted(t, keys, text, key)
	close(release)
	slow.Wait()
	wantStatements(t, counter, 1)
}

// hanging never connects, and does not hear that it need not.
type hanging struct {
	driver.Connector
	tries   chan struct{} // one for each
	release chan struct{}
}

func (h hanging) Connect(context.Context) (driver.Conn, error) {
	h.tries <- struct{}{}
	<-h.release
	return nil, driver.ErrBadConn
}

func TestVerifyGivesUp(t *testing.T) {
	t.Parallel()
	_, text := createKey(t, keysIn(postgres.New(t), newClock()), newKey("benefits"))
	h := hanging{tries: make(chan struct{}, 10), release: make(chan struct{})}
	defer close(h.release)
	keys := keysIn(sqlx.NewDb(sql.OpenDB(h), "postgres"), newClock())

	_, err := keys.Verify(t.Context(), text)
	if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, access.ErrNotAuthenticated) {
		t.Errorf("got error %v, want context.DeadlineExceeded", err)
	}
	<-h.tries
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	next := make(chan error, 1)
	go func() {
		_, err := keys.Verify(ctx, text)
		next <- err
	}()
	select {
	case <-h.tries:
	case err := <-next:
		t.Errorf("got error %v; want another try, which waits for no other", err)
	}
}
