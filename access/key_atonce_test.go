package access_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
)

// lockTable holds up what others do to the table of keys, until it is released.
func lockTable(t *testing.T, pool *sqlx.DB, mode string) (release func()) {
	t.Helper()
	tx, err := pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.ExecContext(t.Context(), `LOCK TABLE access.key IN `+mode+` MODE`); err != nil {
		t.Fatal(err)
	}
	return func() { _ = tx.Rollback() }
}

// waitForWaiting returns when so many connections wait for a lock of any kind.
func waitForWaiting(t *testing.T, pool *sqlx.DB, want int) {
	t.Helper()
	const waiting = `
		SELECT count(*)
		FROM   pg_locks AS l
		JOIN   pg_database AS d ON d.oid = l.database
		WHERE  d.datname = current_database() AND NOT l.granted`
	for got := 0; got < want; {
		if err := pool.GetContext(t.Context(), &got, waiting); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCreateOneOfManyAtOnce(t *testing.T) {
	t.Parallel()
	c := newClock()
	pool := postgres.New(t)
	var all sync.WaitGroup
	made := make(chan error, 5)
	release := lockTable(t, pool, "SHARE") // they may look, and none may write
	for range cap(made) {
		all.Go(func() {
			_, _, err := keysIn(pool, c).Create(t.Context(), newKey("benefits"))
			made <- err
		})
	}
	waitForWaiting(t, pool, cap(made))
	release()
	all.Wait()
	close(made)
	var succeeded int
	for err := range made {
		switch {
		case err == nil:
			succeeded++
		case !strings.Contains(err.Error(), "rotate it"):
			t.Errorf("got error %v, want one that says what to do", err)
		}
	}
	if succeeded != 1 {
		t.Errorf("%d succeeded, want exactly 1", succeeded)
	}
}

// Whoever revokes a name while it is rotated revokes the new key, too.
func TestRevokeBesideRotate(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	keys := keysIn(pool, newClock())
	createKey(t, keys, newKey("benefits"))
	release := lockTable(t, pool, "SHARE")
	var both sync.WaitGroup
	both.Go(func() { rotateKey(t, keys, "benefits", day) })
	waitForWaiting(t, pool, 1)
	both.Go(func() {
		revoked, err := keys.Revoke(t.Context(), "benefits")
		if err != nil || len(revoked) != 2 {
			t.Errorf("got %+v revoked, %v; want both", revoked, err)
		}
	})
	waitForWaiting(t, pool, 2)
	release()
	both.Wait()
	if isAny, err := keys.AnyValid(t.Context()); err != nil || isAny {
		t.Errorf("got any valid %t, %v; want none", isAny, err)
	}
}

// Of two who rotate at once, the second replaces the key of the first.
func TestRotateBesideRotate(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	c := newClock()
	keys := keysIn(pool, c)
	createKey(t, keys, newKey("benefits"))
	release := lockTable(t, pool, "SHARE")
	var both sync.WaitGroup
	for i := range 2 {
		both.Go(func() { rotateKey(t, keys, "benefits", 0) })
		waitForWaiting(t, pool, i+1)
	}
	release()
	both.Wait()
	listed, err := keys.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var valid int
	for _, key := range listed {
		if key.State(c.now()) == "VALID" {
			valid++
		}
	}
	if len(listed) != 3 || valid != 1 {
		t.Errorf("got %d keys, %d of them valid; want 3 and 1", len(listed), valid)
	}
}
