package sample

import (
	"strconv"
	"time"
)

// BlockSize is how many humans are made together, so that some of them live together.
const BlockSize = 64

// World is a made-up population: the truth, whatever the records of a source say. Worlds of the
// same seed and day are the same, so that sources which know the same humans can be compared. No
// name, address, number or e-mail in it is taken from a real resident.
//
// It is not for concurrent use.
type World struct {
	seed      uint64
	today     time.Time
	dice      *Dice
	families  Bag[*family]
	streets   Bag[street]
	buildings []string
	kinds     []string
}

// Human is somebody of a World.
type Human struct {
	Index       int    // who they are, in every source
	Household   int    // the Index of its head
	Role        Role   // in the household
	Title       string // such as Mr, Ms or Dr
	Female      bool
	First, Last string // at times longer than any column
	Nationality string
	Born        time.Time
	Died        *time.Time // nil while alive
	NINumber    string     // begins with QQ, as nobody's does; blank under 16
	NHSNumber   int64      // begins with 999, kept for tests; 0 for one in eleven and from a million
	Mobile      Phone
	HomePhone   *Phone // of the household; nil for none
	// Stays are where they live and have lived: now first, then the latest. There is always the
	// first. Those who live together have them in common, so they are not to be changed.
	Stays []Stay
}

// Role is what somebody is in a household.
type Role int

// The roles.
const (
	Head     Role = iota // an adult
	Partner              // an adult
	Child                // of any age
	Relative             // an adult, who lived elsewhere before
)

// Stay is a time of living somewhere.
type Stay struct {
	Home
	Since time.Time // the first day
	Until time.Time // the last day; zero while it lasts
}

// family is a community that is ready to be drawn from.
type family struct {
	last, female, male, nationality Bag[string]
}

// household is what those who live together have in common.
type household struct {
	number  int
	family  *family
	last    string
	headAge int
	phone   *Phone
	stays   []Stay
}

// place is where a human stands in a block.
type place struct {
	household *household
	role      Role
}

// NewWorld returns the world of a seed as it is on a day. The time of the day is ignored.
func NewWorld(seed uint64, today time.Time) *World {
	w := &World{
		seed:      seed,
		today:     time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, time.UTC),
		dice:      NewDice(seed, "world"),
		streets:   NewRanking(streetList()),
		buildings: wordList(buildingNames()),
		kinds:     wordList(buildingKinds()),
	}
	all := communities()
	families := make([]*family, len(all))
	for i, c := range all {
		families[i] = &family{
			last:        NewRanking(wordList(c.last)),
			female:      NewRanking(wordList(c.female)),
			male:        NewRanking(wordList(c.male)),
			nationality: NewRanking(wordList(c.nationality)),
		}
	}
	w.families = NewBag(families, func(i int) int { return all[i].weight })
	return w
}

// Today is the beginning of the day, in UTC.
func (w *World) Today() time.Time { return w.today }

// DaysAgo returns a day before today; with a negative number, one that is to come.
func (w *World) DaysAgo(days int) time.Time { return w.today.AddDate(0, 0, -days) }

// The streams of chance of a World. One for each kind of thing, so that none depends on another.
const (
	humanStream = iota
	blockStream
)

// Block returns the humans from block*BlockSize up to the next block, in order of Index, as the
// caller's own. No block depends on another. Human 0 is alive, and the head of a household.
func (w *World) Block(block int) []Human {
	places := w.places(block)
	humans := make([]Human, BlockSize)
	for i := range humans {
		index := block*BlockSize + i
		w.dice.Begin(humanStream, index)
		w.dice.Plain = index == 0
		w.fill(&humans[i], index, places[i])
	}
	return humans
}

// Households returns those of a block who live together: the head first, and the rest by Index.
func Households(block []Human) [][]*Human {
	var households [][]*Human
	var at [BlockSize]int // of the household that somebody is the head of
	for i := range block {
		if h := &block[i]; h.Role == Head {
			at[h.Index%BlockSize] = len(households)
			households = append(households, []*Human{h})
		}
	}
	for i := range block {
		if h := &block[i]; h.Role != Head {
			n := at[h.Household%BlockSize]
			households[n] = append(households[n], h)
		}
	}
	return households
}

// places shares a block out to households.
func (w *World) places(block int) [BlockSize]place {
	d := w.dice
	d.Begin(blockStream, block)
	var order [BlockSize]int
	for i := range order {
		order[i] = i
	}
	// The first stays where it is, at the head of a household.
	d.Shuffle(BlockSize-1, func(i, j int) {
		order[i+1], order[j+1] = order[j+1], order[i+1]
	})
	var places [BlockSize]place
	for next := 0; next < BlockSize; {
		size := min(householdSize(d), BlockSize-next)
		h := w.household(block*BlockSize + order[next])
		for n := range size {
			places[order[next+n]] = place{h, roleOf(d, n, h)}
		}
		next += size
	}
	return places
}

// How often a household has a telephone of its own, and lived elsewhere before.
const (
	homePhone Rate = 4_000
	moved     Rate = 2_600
	movedMore Rate = 3_000 // of those who moved
)

// household makes what those who live with this human have in common.
func (w *World) household(head int) *household {
	d := w.dice
	h := &household{number: head, family: w.families.Pick(d), headAge: adultAge(d)}
	h.last = lastName(d, h.family)
	now := Stay{Home: w.Home(d), Since: w.DaysAgo(30 + d.N(9_000)*d.N(100)/100)}
	h.stays = w.earlier(d, []Stay{now})
	if d.Odd(homePhone) {
		h.phone = new(Landline(d))
	}
	return h
}

// earlier adds where somebody lived before, the latest first.
func (w *World) earlier(d *Dice, stays []Stay) []Stay {
	for rate := moved; len(stays) < 4 && d.Odd(rate); rate = movedMore {
		end := stays[len(stays)-1].Since.AddDate(0, 0, -1)
		stays = append(stays, Stay{
			Home: w.Home(d), Since: end.AddDate(0, 0, -d.Between(60, 3_000)), Until: end,
		})
	}
	return stays
}

func householdSize(d *Dice) int {
	return OneOf(d, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6)
}

func roleOf(d *Dice, n int, h *household) Role {
	switch {
	case n == 0:
		return Head
	case n == 1 && d.N(10) < 7:
		return Partner
	case h.headAge >= 20 && d.N(10) < 8:
		return Child
	}
	return Relative
}

// adultAge returns the age of an adult, in whole years.
func adultAge(d *Dice) int {
	switch at := d.N(100); {
	case at < 11:
		return d.Between(18, 24)
	case at < 35:
		return d.Between(25, 34)
	case at < 54:
		return d.Between(35, 44)
	case at < 69:
		return d.Between(45, 54)
	case at < 81:
		return d.Between(55, 64)
	case at < 89:
		return d.Between(65, 74)
	case at < 96:
		return d.Between(75, 84)
	}
	return d.Between(85, 102)
}

// Home draws a home of nobody in particular.
func (w *World) Home(d *Dice) Home {
	street := w.streets.Pick(d)
	if d.N(10) < 6 { // of ten homes, six are flats in a block
		return w.flat(street, d.N(20), d.Between(1, 80))
	}
	return houseIn(street, d.Between(1, 320-2*street.number), OneOf(d, 0, 0, 0, 1, 2, 3))
}

// niNumber returns the National Insurance number of a human, blank when they have run out. None
// that is given out begins with QQ.
func niNumber(seed uint64, human int) string {
	const numbers = 4_000_000
	if human >= numbers {
		return ""
	}
	n := (human*387_413 + int(scatter(seed)%numbers)) % numbers
	digits := strconv.Itoa(1_000_000 + n/4)
	return "QQ" + digits[1:] + string(rune('A'+n%4))
}

// nhsNumber returns the NHS number of a human, 0 when it would have no check digit, or they have
// run out. All begin with 999, which is kept for tests.
func nhsNumber(seed uint64, human int) int64 {
	const numbers = 1_000_000
	if human >= numbers {
		return 0
	}
	offset := int(scatter(seed) % numbers)
	nine := 999_000_000 + (human*387_413+offset)%numbers
	sum := 0
	for rest, weight := nine, 2; rest > 0; rest, weight = rest/10, weight+1 {
		sum += rest % 10 * weight
	}
	check := 11 - sum%11
	switch check {
	case 10:
		return 0
	case 11:
		check = 0
	}
	return int64(nine)*10 + int64(check)
}
