package mosaic

import "time"

const (
	// A block is residents who are made together, so that some of them live together.
	sampleBlockSize = 64

	sampleFirstPerson = 1_000_001
	sampleFirstLink   = 5_000_001
	sampleFirstNumber = 3_000_001

	samplePersonStep = 3  // one person_id of three is used
	sampleLinkStep   = 12 // more than the addresses of any resident
	sampleNumberStep = 8  // more than the phone numbers of any resident
	sampleSharedSlot = sampleNumberStep - 1
)

// sampleMaker makes residents. It is not for concurrent use.
type sampleMaker struct {
	seed      uint64
	today     time.Time
	dice      *sampleDice
	families  sampleBag[*sampleFamily]
	streets   sampleBag[sampleStreet]
	buildings []string
	kinds     []string
	people    [sampleBlockSize]SamplePerson
	truths    [sampleBlockSize]sampleTruth
}

// sampleFamily is a community that is ready to be drawn from.
type sampleFamily struct {
	last, female, male, nationality sampleBag[string]
}

// sampleHousehold is what those who live together have in common.
type sampleHousehold struct {
	family  *sampleFamily
	last    string
	headAge int
	home    sampleHome
	wording sampleWording
	since   time.Time
	phone   sampleNumber
	phoneID int64 // 0 when there is no phone of the household
}

type sampleRole int

const (
	sampleHead sampleRole = iota
	samplePartner
	sampleChild
	sampleRelative
)

// samplePlace is where a resident stands in a block.
type samplePlace struct {
	household *sampleHousehold
	role      sampleRole
	copyOf    int // the place of the same human's earlier record, or less than 0
}

func newSampleMaker(s Sample) *sampleMaker {
	m := &sampleMaker{
		seed:      s.Seed,
		today:     time.Date(s.Today.Year(), s.Today.Month(), s.Today.Day(), 0, 0, 0, 0, time.UTC),
		dice:      newSampleDice(),
		streets:   newSampleRanking(sampleStreetList()),
		buildings: sampleWordList(sampleBuildings()),
		kinds:     sampleWordList(sampleBuildingKinds()),
	}
	communities := sampleCommunities()
	families := make([]*sampleFamily, len(communities))
	for i, c := range communities {
		families[i] = &sampleFamily{
			last:        newSampleRanking(sampleWordList(c.last)),
			female:      newSampleRanking(sampleWordList(c.female)),
			male:        newSampleRanking(sampleWordList(c.male)),
			nationality: newSampleRanking(sampleWordList(c.nationality)),
		}
	}
	m.families = newSampleBag(families, func(i int) int { return communities[i].weight })
	return m
}

// block returns the residents of a block, which hold until the next one is made.
func (m *sampleMaker) block(block int) []SamplePerson {
	places := m.places(block)
	for i, place := range places {
		index := block*sampleBlockSize + i
		m.dice.seed(m.seed, samplePeopleStream, index)
		m.dice.plain = index == 0
		if place.copyOf < 0 {
			m.people[i], m.truths[i] = m.person(index, place)
			continue
		}
		m.people[i] = m.secondRecord(index, place.copyOf)
	}
	return m.people[:]
}

// places shares a block out to households, and says who is in it twice.
func (m *sampleMaker) places(block int) [sampleBlockSize]samplePlace {
	d := m.dice
	d.seed(m.seed, sampleBlockStream, block)
	var order [sampleBlockSize]int
	for i := range order {
		order[i] = i
	}
	// The first stays where it is, at the head of a household.
	d.rand.Shuffle(sampleBlockSize-1, func(i, j int) {
		order[i+1], order[j+1] = order[j+1], order[i+1]
	})
	var places [sampleBlockSize]samplePlace
	for next := 0; next < sampleBlockSize; {
		size := min(sampleHouseholdSize(d), sampleBlockSize-next)
		household := m.household(block*sampleBlockSize + order[next])
		for n := range size {
			places[order[next+n]] = samplePlace{household, sampleRoleOf(d, n, household), -1}
		}
		next += size
	}
	for i := 2; i < sampleBlockSize; i++ {
		first := d.between(1, i-1)
		if d.odd(sampleSecondRecord) && places[first].copyOf == -1 {
			places[i].copyOf = first
			places[first].copyOf = -2 // it has a second record, and gets no third
		}
	}
	return places
}

// household makes what those who live with this resident have in common.
func (m *sampleMaker) household(head int) *sampleHousehold {
	d := m.dice
	h := &sampleHousehold{
		family:  m.families.pick(d),
		headAge: sampleAdultAge(d),
		home:    m.home(),
		wording: m.wording(),
		since:   m.daysAgo(30 + d.n(9_000)*d.n(100)/100),
	}
	h.last = h.family.last.pick(d)
	if d.odd(sampleHouseholdPhone) {
		h.phone = sampleLandline(d)
		h.phoneID = int64(sampleFirstNumber + head*sampleNumberStep + sampleSharedSlot)
	}
	return h
}

func (m *sampleMaker) daysAgo(days int) time.Time { return m.today.AddDate(0, 0, -days) }

func sampleHouseholdSize(d *sampleDice) int {
	return sampleOneOf(d, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6)
}

func sampleRoleOf(d *sampleDice, n int, h *sampleHousehold) sampleRole {
	switch {
	case n == 0:
		return sampleHead
	case n == 1 && d.n(10) < 7:
		return samplePartner
	case h.headAge >= 20 && d.n(10) < 8:
		return sampleChild
	}
	return sampleRelative
}

// sampleAdultAge returns the age of an adult, in whole years.
func sampleAdultAge(d *sampleDice) int {
	switch at := d.n(100); {
	case at < 11:
		return d.between(18, 24)
	case at < 35:
		return d.between(25, 34)
	case at < 54:
		return d.between(35, 44)
	case at < 69:
		return d.between(45, 54)
	case at < 81:
		return d.between(55, 64)
	case at < 89:
		return d.between(65, 74)
	case at < 96:
		return d.between(75, 84)
	}
	return d.between(85, 102)
}
