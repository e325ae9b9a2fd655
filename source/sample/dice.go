package sample

import (
	"hash/fnv"
	"math/rand/v2"
	"sort"
)

// Rate is how many of 10,000.
type Rate int

const whole = 10_000

// Share returns how many of n a rate is, and one at least.
func Share(n int, rate Rate) int { return max(1, n*int(rate)/whole) }

// Dice is chance that can be repeated: what follows Begin is the same every time. It is not for
// concurrent use.
type Dice struct {
	pcg  rand.PCG
	rand *rand.Rand
	key  uint64

	// Plain is set while nothing odd is to happen.
	Plain bool
}

// NewDice returns the dice by which a source writes its records. They depend on no other source's,
// nor on those that the truth is made by.
func NewDice(seed uint64, source string) *Dice {
	name := fnv.New64a()
	_, _ = name.Write([]byte(source)) // a hash takes all
	d := &Dice{key: scatter(seed ^ scatter(name.Sum64()))}
	d.rand = rand.New(&d.pcg)
	return d
}

// streams is how many streams of chance there may be, one for each kind of thing.
const streams = 16

// Begin makes what follows depend on nothing but a stream, from 0 to 15, and an index in it. It
// puts an end to Plain.
func (d *Dice) Begin(stream, index int) {
	d.Plain = false
	d.pcg.Seed(d.key, scatter(uint64(index*streams+stream)))
}

// scatter turns numbers that are alike into numbers that are not.
func scatter(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Knows is whether the source that the dice are of knows a human, or a household, by its number. It
// draws nothing, so the answer is always the same. All sources know number 0.
func (d *Dice) Knows(number int, rate Rate) bool {
	return number == 0 || d.Of(number, whole) < int(rate)
}

// Of returns a number from 0 up to n, and not n, which belongs to another for good. It draws
// nothing.
func (d *Dice) Of(number, n int) int {
	return int(scatter(d.key^scatter(uint64(number))) % uint64(n))
}

// Odd is whether something of this rate happens.
func (d *Dice) Odd(rate Rate) bool { return d.N(whole) < int(rate) && !d.Plain }

// N returns a number from 0 up to n, and not n.
func (d *Dice) N(n int) int { return d.rand.IntN(n) }

// Between returns a number from low to high.
func (d *Dice) Between(low, high int) int { return low + d.rand.IntN(high-low+1) }

// Shuffle puts n things in another order.
func (d *Dice) Shuffle(n int, swap func(i, j int)) { d.rand.Shuffle(n, swap) }

// Bag is things of which some come up more often than others.
type Bag[T any] struct {
	things []T
	sums   []int
}

// NewBag weighs each thing.
func NewBag[T any](things []T, weight func(i int) int) Bag[T] {
	sums, sum := make([]int, len(things)), 0
	for i := range things {
		sum += weight(i)
		sums[i] = sum
	}
	return Bag[T]{things, sums}
}

// NewRanking weighs things by rank, as names are: the second comes up half as often as the first,
// or a little more.
func NewRanking[T any](things []T) Bag[T] {
	return NewBag(things, func(i int) int { return 1_000_000 / (i + 3) })
}

// Pick returns one of the things.
func (b *Bag[T]) Pick(d *Dice) T {
	return b.things[sort.SearchInts(b.sums, d.N(b.sums[len(b.sums)-1])+1)]
}

// OneOf returns one of the things, each as likely as the next.
func OneOf[T any](d *Dice, things ...T) T { return things[d.N(len(things))] }
