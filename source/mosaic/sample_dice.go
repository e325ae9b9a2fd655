package mosaic

import (
	"math/rand/v2"
	"sort"
)

// sampleDice is chance that can be repeated: what follows seed is the same every time.
type sampleDice struct {
	pcg   rand.PCG
	rand  *rand.Rand
	plain bool // while it is set nothing odd happens
}

func newSampleDice() *sampleDice {
	d := &sampleDice{}
	d.rand = rand.New(&d.pcg)
	return d
}

// The streams of chance. One for each kind of thing, so that none depends on another.
const (
	samplePeopleStream uint64 = iota
	sampleBlockStream
	sampleOrphanAddressStream
	sampleOrphanPhoneStream
)

func (d *sampleDice) seed(seed, stream uint64, index int) {
	d.plain = false
	d.pcg.Seed(sampleScatter(seed)^stream, sampleScatter(uint64(index)<<2|stream))
}

// sampleScatter turns numbers that are alike into numbers that are not.
func sampleScatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// odd reports whether something of this rate happens.
func (d *sampleDice) odd(rate sampleRate) bool {
	return d.n(sampleWhole) < int(rate) && !d.plain
}

// n returns a number from 0 up to n, and not n.
func (d *sampleDice) n(n int) int { return d.rand.IntN(n) }

// between returns a number from low to high.
func (d *sampleDice) between(low, high int) int { return low + d.rand.IntN(high-low+1) }

// sampleBag is things of which some come up more often than others.
type sampleBag[T any] struct {
	things []T
	sums   []int
}

// newSampleBag weighs each thing.
func newSampleBag[T any](things []T, weight func(i int) int) sampleBag[T] {
	sums, sum := make([]int, len(things)), 0
	for i := range things {
		sum += weight(i)
		sums[i] = sum
	}
	return sampleBag[T]{things, sums}
}

// newSampleRanking weighs things by rank, as names are: the second comes up half as often as the
// first, or a little more.
func newSampleRanking[T any](things []T) sampleBag[T] {
	return newSampleBag(things, func(i int) int { return 1_000_000 / (i + 3) })
}

// draw returns the place of one of the things.
func (b *sampleBag[T]) draw(d *sampleDice) int {
	return sort.SearchInts(b.sums, d.n(b.sums[len(b.sums)-1])+1)
}

func (b *sampleBag[T]) pick(d *sampleDice) T { return b.things[b.draw(d)] }

// sampleOneOf returns one of the things, each as likely as the next.
func sampleOneOf[T any](d *sampleDice, things ...T) T { return things[d.n(len(things))] }
