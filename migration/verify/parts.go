package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
)

// How many parts of a table are held at most, whatever its size.
const (
	mostRanges  = 1 << 14
	bucketBits  = 14
	bucketCount = 1 << bucketBits
)

// errNoNumber is of a key that no range holds.
var errNoNumber = errors.New("a key is no whole number")

// hash64 is the first 64 bits of the SHA-256.
func hash64(text []byte) uint64 {
	hash := sha256.Sum256(text)
	return binary.BigEndian.Uint64(hash[:8])
}

// A parter takes in the rows of one side, each with what it is known by.
type parter interface {
	add(line, identity []byte) error
	total() canon.Digest
}

// ranges are the digests of the rows of one side by ranges of the first column of the key, a whole
// number. There is no need to know the least and the greatest beforehand: range n is of the numbers
// from n*width, and when there are too many ranges, each two become one.
type ranges struct {
	width   int64
	most    int
	digests map[int64]*canon.Digest

	at      int64 // the range of the row before, which mostly is that of the next
	current *canon.Digest
}

func newRanges(width int64, most int) *ranges {
	return &ranges{width: width, most: most, digests: map[int64]*canon.Digest{}}
}

func (r *ranges) add(line, identity []byte) error {
	if end := bytes.IndexByte(identity, '\t'); end >= 0 {
		identity = identity[:end]
	}
	number, err := strconv.ParseInt(string(identity), 10, 64)
	if err != nil || number == math.MaxInt64 { // which is below no end of a range
		return errNoNumber
	}
	n := floor(number, r.width)
	if r.current == nil || n != r.at {
		for r.digests[n] == nil && len(r.digests) >= r.most {
			r.widen()
			n = floor(number, r.width)
		}
		if r.digests[n] == nil {
			r.digests[n] = &canon.Digest{}
		}
		r.at, r.current = n, r.digests[n]
	}
	r.current.Add(line)
	return nil
}

func (r *ranges) widen() {
	wider := make(map[int64]*canon.Digest, len(r.digests))
	for n, digest := range r.digests {
		n = floor(n, 2)
		if wider[n] != nil {
			*digest = digest.And(*wider[n])
		}
		wider[n] = digest
	}
	r.width, r.digests, r.current = r.width*2, wider, nil
}

func (r *ranges) total() canon.Digest { return totalOf(maps.Values(r.digests)) }

// floor is the whole number below n/by.
func floor(n, by int64) int64 {
	quotient := n / by
	if n%by < 0 {
		quotient--
	}
	return quotient
}

// A spot is a part of a table in which the sides differ.
type spot struct {
	between *migration.Between // which rows it is of; nil for those of buckets
	buckets *[bucketCount]bool // nil for all between
	parts   int                // how many ranges or buckets it is made of
	apart   int64              // how many rows more the one side has: at least those differ
}

// differing are the spots where two sides differ, and how many ranges there are. Ranges that follow
// each other are one spot, up to so many rows.
func (r *ranges) differing(other *ranges, most int64) ([]spot, int) {
	for r.width < other.width {
		r.widen()
	}
	for other.width < r.width {
		other.widen()
	}
	numbers := map[int64]bool{}
	for _, side := range []*ranges{r, other} {
		for n := range side.digests {
			numbers[n] = true
		}
	}
	var spots []spot
	var rows, after int64 // of the last spot: its rows, and the range that follows it
	for _, n := range slices.Sorted(maps.Keys(numbers)) {
		a, b := valueOf(r.digests[n]), valueOf(other.digests[n])
		if a == b {
			continue
		}
		inRange := max(a.Rows, b.Rows)
		apart := max(a.Rows-b.Rows, b.Rows-a.Rows)
		if len(spots) > 0 && n == after && rows+inRange <= most {
			last := &spots[len(spots)-1]
			last.between.Below = below(n, r.width)
			last.parts++
			last.apart += apart
			rows += inRange
		} else {
			spots = append(spots, spot{
				between: &migration.Between{From: from(n, r.width), Below: below(n, r.width)},
				parts:   1, apart: apart,
			})
			rows = inRange
		}
		after = n + 1
	}
	return spots, len(numbers)
}

// from and below are the ends of range n, as far as there are numbers.
func from(n, width int64) int64 {
	if n < math.MinInt64/width {
		return math.MinInt64
	}
	return n * width
}

func below(n, width int64) int64 {
	if n >= math.MaxInt64/width {
		return math.MaxInt64
	}
	return (n + 1) * width
}

// buckets are the digests of the rows of one side by a hash of what each is known by: systems order
// texts differently, and a hash has no order.
type buckets struct {
	digests [bucketCount]canon.Digest
}

func (b *buckets) add(line, identity []byte) error {
	b.digests[bucketOf(hash64(identity))].Add(line)
	return nil
}

func bucketOf(hash uint64) uint64 { return hash >> (64 - bucketBits) }

func (b *buckets) total() canon.Digest {
	return totalOf(func(yield func(*canon.Digest) bool) {
		for i := range b.digests {
			if !yield(&b.digests[i]) {
				return
			}
		}
	})
}

// differing are all buckets that differ, as one spot, and how many hold anything.
func (b *buckets) differing(other *buckets) ([]spot, int) {
	found := spot{buckets: &[bucketCount]bool{}}
	held := 0
	for i := range b.digests {
		one, two := b.digests[i], other.digests[i]
		if one.Rows+two.Rows > 0 {
			held++
		}
		if one == two {
			continue
		}
		found.buckets[i] = true
		found.parts++
		found.apart += max(one.Rows-two.Rows, two.Rows-one.Rows)
	}
	if found.parts == 0 {
		return nil, held
	}
	return []spot{found}, held
}

func totalOf(digests func(func(*canon.Digest) bool)) canon.Digest {
	var total canon.Digest
	for digest := range digests {
		total = total.And(*digest)
	}
	return total
}

func valueOf(digest *canon.Digest) canon.Digest {
	if digest == nil {
		return canon.Digest{}
	}
	return *digest
}
