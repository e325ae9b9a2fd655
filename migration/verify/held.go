package verify

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// What a row that is held costs in bytes, about: beside its label, and with one that is not long.
const (
	heldRow  = 100
	plainRow = heldRow + 60
)

// held are the rows that one side has and the other has not, or not yet, or not alike. It holds no
// more bytes than most: past that it gives up half of all hashes that a row can have, and with them
// the rows. What it tells of the others is true nevertheless.
type held struct {
	mu    sync.Mutex
	first uint64 // of the hashes that it holds, in the order of spread
	last  uint64
	rows  map[uint64]balance
	bytes int
	most  int
	label func(line []byte) string // what the row of a line is told by
}

// A balance is what the system has more of a row than is here, which may be less than nothing.
type balance struct {
	rows  int64
	sum   uint64 // of the hashes of the rows: of one that is alike on both sides, nothing is left
	label string
}

func newHeld(first uint64, most int, label func(line []byte) string) *held {
	return &held{
		first: first, last: math.MaxUint64, rows: map[uint64]balance{}, most: most, label: label,
	}
}

// spread orders hashes by other bits of them than those that name their bucket.
func spread(hash uint64) uint64 { return bits.RotateLeft64(hash, bucketBits) }

// add takes in the row of a line, with the hash of what it is known by.
func (h *held) add(side int, identity uint64, line []byte) {
	place, hash := spread(identity), hash64(line)
	h.mu.Lock()
	defer h.mu.Unlock()
	if place < h.first || place > h.last {
		return
	}
	b, isHeld := h.rows[identity]
	if !isHeld {
		b.label = h.label(line)
	}
	if side == onSystem {
		b.rows, b.sum = b.rows+1, b.sum+hash
	} else {
		b.rows, b.sum = b.rows-1, b.sum-hash
	}
	if b.rows == 0 && b.sum == 0 {
		delete(h.rows, identity)
		h.bytes -= heldRow + len(b.label)
		return
	}
	h.rows[identity] = b
	if !isHeld {
		h.bytes += heldRow + len(b.label)
		for h.bytes > h.most && h.last > h.first {
			h.halve()
		}
	}
}

func (h *held) halve() {
	h.last = h.first + (h.last-h.first)/2
	kept := make(map[uint64]balance, len(h.rows)/2) // a map that was large stays so
	h.bytes = 0
	for identity, b := range h.rows {
		if spread(identity) <= h.last {
			kept[identity] = b
			h.bytes += heldRow + len(b.label)
		}
	}
	h.rows = kept
}

// left are the rows that are held once both sides were read to the end: those that differ. They are
// in the order of their labels, as numbers where these begin with one.
func (h *held) left() []*candidate {
	all := make([]*candidate, 0, len(h.rows))
	for identity, b := range h.rows {
		all = append(all, &candidate{
			identity: identity, label: b.label, rows: max(b.rows, -b.rows, 1),
		})
	}
	slices.SortFunc(all, func(a, b *candidate) int { return order(a.label, b.label) })
	return all
}

func order(a, b string) int {
	firstOfA, _, _ := strings.Cut(a, "\t")
	firstOfB, _, _ := strings.Cut(b, "\t")
	one, err := strconv.ParseInt(firstOfA, 10, 64)
	other, otherErr := strconv.ParseInt(firstOfB, 10, 64)
	if err == nil && otherErr == nil && one != other {
		return cmp.Compare(one, other)
	}
	return cmp.Compare(a, b)
}
