package access

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// A Limiter bounds how much each key may do in a minute: a key is a caller, or an address. Each has
// a bucket of tokens that fills up steadily; what is done takes tokens from it. It may be used by
// several goroutines at once.
//
// So that a flood of keys needs no more memory, it knows the keys that were used last, and no more
// than its size of them. One that is forgotten starts with a full bucket: whoever asks under more
// keys than that can reset their own count, and those of others who ask for nothing meanwhile.
type Limiter struct {
	perMinute, burst int
	now              func() time.Time

	mu      sync.Mutex
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// NewLimiter returns a limiter of so many tokens a minute for each key, which may take as many as
// burst at once. It knows as many as size keys. Each of the three is at least 1.
func NewLimiter(perMinute, burst, size int, now func() time.Time) *Limiter {
	buckets, err := simplelru.NewLRU[string, *rate.Limiter](max(size, 1), nil)
	if err != nil {
		panic(err) // it is for sizes below 1
	}
	return &Limiter{
		perMinute: max(perMinute, 1), burst: max(burst, 1), now: now, buckets: buckets,
	}
}

// Allow takes n tokens of the key's, or none: then ok is false, and retryAfter is how long until
// there are as many, in whole seconds of which there is at least one.
//
// An override above 0 is how many the key has in a minute, instead of as many as any; its burst is
// larger or smaller by as much. More than the burst is never in a bucket: who asks for more pays
// with a full one, so that it is not refused for ever.
func (l *Limiter) Allow(key string, n, perMinuteOverride int) (ok bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	perMinute, burst := l.perMinute, l.burst
	if perMinuteOverride > 0 {
		perMinute = perMinuteOverride
		scaled := float64(l.burst) * float64(perMinute) / float64(l.perMinute)
		burst = int(min(max(scaled, 1), math.MaxInt32))
	}
	bucket, ok := l.buckets.Get(key)
	if !ok {
		bucket = rate.NewLimiter(perSecond(perMinute), burst)
		l.buckets.Add(key, bucket)
	} else if bucket.Burst() != burst || bucket.Limit() != perSecond(perMinute) {
		bucket.SetLimitAt(now, perSecond(perMinute))
		bucket.SetBurstAt(now, burst)
	}
	n = min(max(n, 0), burst)
	if bucket.AllowN(now, n) {
		return true, 0
	}
	return false, max(untilThereAre(n, bucket, now), time.Second)
}

// Exhausted is whether the key has not one token left, and how long until it has, as Allow says it.
// It takes none.
func (l *Limiter) Exhausted(key string) (isExhausted bool, retryAfter time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.buckets.Get(key) // who keeps coming is not forgotten
	if !ok {
		return false, 0
	}
	now := l.now()
	if retryAfter = untilThereAre(1, bucket, now); retryAfter == 0 {
		return false, 0
	}
	return true, retryAfter
}

func perSecond(perMinute int) rate.Limit { return rate.Limit(float64(perMinute) / 60) }

// untilThereAre is how long until a bucket holds n tokens, in whole seconds; 0 if it does.
func untilThereAre(n int, bucket *rate.Limiter, now time.Time) time.Duration {
	missing := float64(n) - bucket.TokensAt(now)
	seconds := min(missing/float64(bucket.Limit()), 1e9) // which no duration is too short for
	wait := time.Duration(seconds * float64(time.Second))
	if wait <= 0 { // as AllowN has it, to whom less than a nanosecond's worth is none
		return 0
	}
	return (wait + time.Second - 1).Truncate(time.Second)
}
