package sample_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
	shared "github.com/LBHackney-IT/resident-gateway/source/sample"
)

// sampleOf is a sample of the day on which all tests of samples take place.
func sampleOf(residents int) sample.Sample {
	return sample.Sample{
		Residents: residents, Seed: 1, Today: time.Date(2026, 11, 3, 15, 4, 5, 0, time.UTC),
	}
}

func samplePeople(s sample.Sample) []sample.Person { return slices.Collect(s.People()) }

func sampleJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestSampleIsRepeatable(t *testing.T) {
	t.Parallel()
	want := samplePeople(sampleOf(1_000))
	later := func(d time.Duration) sample.Sample {
		s := sampleOf(1_000)
		s.Today = s.Today.Add(d)
		return s
	}
	seeded := func(seed uint64) sample.Sample {
		s := sampleOf(1_000)
		s.Seed = seed
		return s
	}
	tests := map[string]struct {
		sample sample.Sample
		same   bool
	}{
		"the same":          {sampleOf(1_000), true},
		"more residents":    {sampleOf(1_500), true},
		"another hour":      {later(time.Hour), true},
		"another day":       {later(24 * time.Hour), false},
		"another seed":      {seeded(2), false},
		"the greatest seed": {seeded(1<<64 - 1), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := samplePeople(tt.sample)
			if len(got) != tt.sample.Residents {
				t.Fatalf("got %d residents, want %d", len(got), tt.sample.Residents)
			}
			same := bytes.Equal(sampleJSON(t, got[:len(want)]), sampleJSON(t, want))
			if same != tt.same {
				t.Errorf("got the same residents: %v, want %v", same, tt.same)
			}
		})
	}
}

func TestSampleOfAnySize(t *testing.T) {
	t.Parallel()
	for _, residents := range []int{-1, 0, 1, 63, 64, 65, 4_096} {
		if got, want := len(samplePeople(sampleOf(residents))), max(0, residents); got != want {
			t.Errorf("got %d residents, want %d", got, want)
		}
	}
}

func TestSampleCanBeLeftEarly(t *testing.T) {
	t.Parallel()
	seen := 0
	for range sampleOf(1_000_000_000).People() {
		if seen++; seen == 100 {
			break
		}
	}
	if seen != 100 {
		t.Errorf("got %d residents, want 100", seen)
	}
}

// The first resident is the one that documents speak of.
func TestSampleBeginsWithAnOrdinaryResident(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2_000) {
		s := sampleOf(1)
		s.Seed = seed
		p := samplePeople(s)[0]
		current := slices.ContainsFunc(p.Addresses, func(a sample.Address) bool {
			return a.Address != nil && a.PostCode != nil && a.UPRN != nil && a.EndDate == nil &&
				a.StartDate != nil && a.StartDate.Before(s.Today)
		})
		switch {
		case p.PersonID != 1_000_001:
			t.Errorf("seed %d: got id %d, want 1000001", seed, p.PersonID)
		case p.FirstName == nil || p.LastName == nil || p.DateOfBirth == nil || p.NHSID == nil &&
			!p.Oddities.Has(sample.NHSMissing):
			t.Errorf("seed %d: a part of the name or the date of birth is missing", seed)
		case *p.Restricted != "N" || p.DateOfDeath != nil || *p.ContextFlag != "A":
			t.Errorf("seed %d: restricted, dead, or a child", seed)
		case !current:
			t.Errorf("seed %d: no current address", seed)
		case len(p.Phones) == 0 || p.Phones[0].Number == nil || p.EmailAddress == nil:
			t.Errorf("seed %d: no phone or no e-mail", seed)
		}
	}
}

func TestSampleIDs(t *testing.T) {
	t.Parallel()
	people := samplePeople(sampleOf(10_000))
	last, gaps := int64(0), 0
	links, numbers := map[int64]bool{}, map[[2]int64]bool{}
	nhs, humans := map[int64]int64{}, map[int64]int64{}
	legacy := map[string]bool{}
	addLink := func(a sample.Address) {
		if links[a.LinkID] {
			t.Errorf("address %d is there twice", a.LinkID)
		}
		links[a.LinkID] = true
	}
	addNumber := func(row sample.Phone) {
		key := [2]int64{row.NumberID, row.PersonID}
		if numbers[key] {
			t.Errorf("phone %v is there twice", key)
		}
		numbers[key] = true
	}
	for _, p := range people {
		if p.PersonID <= last {
			t.Errorf("resident %d comes after %d", p.PersonID, last)
		}
		if p.PersonID > last+1 {
			gaps++
		}
		last = p.PersonID

		human := p.PersonID
		if p.SameAs != 0 {
			if human = humans[p.SameAs]; human != p.SameAs {
				t.Errorf("resident %d is the same as %d, who is no first record",
					p.PersonID, p.SameAs)
			}
		}
		humans[p.PersonID] = human
		if p.NHSID != nil {
			if other, ok := nhs[*p.NHSID]; ok && other != human {
				t.Errorf("residents %d and %d share an NHS number", other, human)
			}
			nhs[*p.NHSID] = human
		}
		if id := *p.PersonIDLegacy; id != "-" && legacy[id] {
			t.Errorf("legacy id %s is there twice", id)
		}
		legacy[*p.PersonIDLegacy] = true
		for _, a := range p.Addresses {
			if addLink(a); *a.PersonID != p.PersonID {
				t.Errorf("resident %d holds an address of %d", p.PersonID, *a.PersonID)
			}
		}
		for _, row := range p.Phones {
			if addNumber(row); row.PersonID != p.PersonID {
				t.Errorf("resident %d holds a phone of %d", p.PersonID, row.PersonID)
			}
		}
	}
	if gaps < 1_000 {
		t.Errorf("got %d gaps between ids, want 1000 or more", gaps)
	}

	addresses, phones := sampleOf(10_000).Orphans()
	ofNobody := 0
	for _, a := range addresses {
		addLink(a)
		if a.PersonID != nil {
			ofNobody++
			if _, ok := humans[*a.PersonID]; ok {
				t.Errorf("orphan address %d is of resident %d", a.LinkID, *a.PersonID)
			}
		}
	}
	for _, row := range phones {
		addNumber(row)
		if _, ok := humans[row.PersonID]; ok {
			t.Errorf("orphan phone %d is of resident %d", row.NumberID, row.PersonID)
		}
	}
	ofNull := len(addresses) - ofNobody
	if ofNobody < 10 || ofNull < 10 || len(phones) < 10 {
		t.Errorf("got %d addresses of nobody, %d of null, %d phones of nobody, want 10 of each",
			ofNobody, ofNull, len(phones))
	}
}

// Records say of humans what is true of them, if they say it at all.
func TestSampleTruth(t *testing.T) {
	t.Parallel()
	s := sampleOf(3_000)
	world := shared.NewWorld(s.Seed, s.Today)
	var humans []shared.Human
	truth := maps.Collect(s.Truth())
	numbers, born := 0, 0
	records := map[int]int64{}
	for _, p := range samplePeople(s) {
		human := truth[strconv.FormatInt(p.PersonID, 10)]
		for len(humans) <= human {
			humans = append(humans, world.Block(len(humans)/shared.BlockSize)...)
		}
		h := &humans[human]
		if p.NHSID != nil {
			if numbers++; *p.NHSID != h.NHSNumber {
				t.Errorf("resident %d has NHS number %d, want %d", p.PersonID, *p.NHSID, h.NHSNumber)
			}
		}
		if p.DateOfBirth != nil && p.DateOfBirth.Equal(h.Born) {
			born++
		}
		if first, ok := records[human]; ok != (p.SameAs != 0) || first != p.SameAs {
			t.Errorf("resident %d is human %d, as %d is, and the same as %d", p.PersonID, human,
				first, p.SameAs)
		}
		records[human] = p.PersonID
	}
	if numbers < 2_000 || born < 2_900 {
		t.Errorf("got %d NHS numbers and %d dates of birth that are true", numbers, born)
	}
}
