package access

import (
	"context"
	"sync"
)

// Shares bound how much of something each caller has at once, so that one who asks for all of it
// leaves some for others. They may be used by several goroutines at once.
type Shares struct {
	most int

	mu  sync.Mutex
	had map[string]*share // by key, while any of it is had or waited for
}

type share struct {
	turns chan struct{}
	users int
}

// NewShares returns shares of so many each.
func NewShares(most int) *Shares { return &Shares{most: most, had: make(map[string]*share)} }

// Take waits for one of the key's share, which ends when leave is called. There is none if ok is
// false: the context ended first.
func (s *Shares) Take(ctx context.Context, key string) (leave func(), ok bool) {
	s.mu.Lock()
	had := s.had[key]
	if had == nil {
		had = &share{turns: make(chan struct{}, s.most)}
		s.had[key] = had
	}
	had.users++
	s.mu.Unlock()

	leave = func() {
		<-had.turns
		s.leave(key, had)
	}
	select {
	case had.turns <- struct{}{}: // even where ctx has ended
		return leave, true
	default:
	}
	select {
	case had.turns <- struct{}{}:
		return leave, true
	case <-ctx.Done():
		s.leave(key, had)
		return nil, false
	}
}

func (s *Shares) leave(key string, had *share) {
	s.mu.Lock()
	defer s.mu.Unlock()
	had.users--
	if had.users == 0 {
		delete(s.had, key)
	}
}
