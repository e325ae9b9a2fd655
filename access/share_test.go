package access_test

import (
	"context"
	"sync"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// Each has its share and no more, however much others ask for.
func TestShares(t *testing.T) {
	t.Parallel()
	shares := access.NewShares(2)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	var leaves []func()
	take := func(key string, want bool) {
		t.Helper()
		ctx := gone
		if want {
			ctx = t.Context()
		}
		leave, ok := shares.Take(ctx, key)
		if ok != want {
			t.Fatalf("%s: got %t", key, ok)
		}
		if ok {
			leaves = append(leaves, leave)
		}
	}
	take("a", true)
	take("a", true)
	take("a", false)
	take("b", true)
	leaves[0]()
	take("a", true)
	for _, leave := range leaves[1:] {
		leave()
	}
	if got := shares.Known(); got != 0 {
		t.Errorf("%d keys are remembered that have nothing", got)
	}
}

func TestSharesOfManyAtOnce(t *testing.T) {
	t.Parallel()
	const most = 3
	shares := access.NewShares(most)
	var mu sync.Mutex
	at := map[string]int{}
	var all sync.WaitGroup
	for i := range 200 {
		key := []string{"a", "b"}[i%2]
		all.Go(func() {
			leave, ok := shares.Take(t.Context(), key)
			if !ok {
				t.Error("got none")
				return
			}
			mu.Lock()
			at[key]++
			if at[key] > most {
				t.Errorf("%s has %d at once", key, at[key])
			}
			mu.Unlock()
			mu.Lock()
			at[key]--
			mu.Unlock()
			leave()
		})
	}
	all.Wait()
}
