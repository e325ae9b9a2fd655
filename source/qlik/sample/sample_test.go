package sample_test

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	"github.com/LBHackney-IT/resident-gateway/source/qlik/sample"
	shared "github.com/LBHackney-IT/resident-gateway/source/sample"
)

func sampleOf(residents int) sample.Sample {
	return sample.Sample{Residents: residents, Seed: 1, Today: today()}
}

func TestSampleIsTheSame(t *testing.T) {
	t.Parallel()
	all := slices.Collect(sampleOf(3_000).Households())
	if !reflect.DeepEqual(slices.Collect(sampleOf(3_000).Households()), all) {
		t.Error("got other households the second time")
	}
	for _, residents := range []int{0, 1, 7, 1_000} {
		part := slices.Collect(sampleOf(residents).Households())
		if len(part) > len(all) || len(part) > 0 && !reflect.DeepEqual(part, all[:len(part)]) {
			t.Errorf("the sample of %d residents is not the beginning of a larger one", residents)
		}
	}
	other := sample.Sample{Residents: 3_000, Seed: 2, Today: today()}
	if reflect.DeepEqual(slices.Collect(other.Households()), all) {
		t.Error("got the same households of another seed")
	}
}

// Some residents of the world live in a household that is known, and some do not.
func TestSampleIsOfTheWorld(t *testing.T) {
	t.Parallel()
	known := make(map[int64]sample.Household)
	for h := range sampleOf(2_000).Households() {
		if _, twice := known[h.UPRN]; twice {
			t.Errorf("property %d is there twice", h.UPRN)
		}
		known[h.UPRN] = h
	}
	world := shared.NewWorld(1, today())
	today, before, neither := 0, 0, 0
	for block := range 2_000 / shared.BlockSize {
		for _, human := range world.Block(block) {
			if _, ok := known[human.Stays[0].UPRN]; ok {
				today++
				continue
			}
			neither++
			for _, stay := range human.Stays[1:] {
				if _, ok := known[stay.UPRN]; ok {
					before++
				}
			}
		}
	}
	if today < 600 || before < 50 || neither < 600 {
		t.Errorf("got %d residents at known homes, %d at some before and %d at none",
			today, before, neither)
	}
	first, ok := known[world.Block(0)[0].Stays[0].UPRN]
	if !ok || first.HasLowIncome == nil || first.AdultSocialCareCases == nil ||
		first.DateCreated.Before(world.DaysAgo(5)) {
		t.Errorf("got %+v of the first resident, want a household with nothing odd", first)
	}
}

func TestSampleOddities(t *testing.T) {
	t.Parallel()
	type household = sample.Household
	is := map[string]func(*household) bool{
		"ill or disabled":   func(h *household) bool { return says(h.HasHealthConditionOrDisability) },
		"with support":      func(h *household) bool { return says(h.ReceivesCouncilTaxSupport) },
		"in temporary home": func(h *household) bool { return says(h.IsInTemporaryAccommodation) },
		"poor":              func(h *household) bool { return says(h.HasLowIncome) },
		"with SEND":         func(h *household) bool { return says(h.HasChildWithSend) },
		"with one parent":   func(h *household) bool { return says(h.IsSingleParent) },
		"learning":          func(h *household) bool { return says(h.HasLearningDisability) },
		"cases of adults":   func(h *household) bool { return some(h.AdultSocialCareCases) },
		"cases of children": func(h *household) bool { return some(h.ChildSocialCareCases) },
		"blank indicator":   func(h *household) bool { return h.HasLowIncome == nil },
		"blank count":       func(h *household) bool { return h.ChildSocialCareCases == nil },
		"nothing else": func(h *household) bool {
			return h.Household == qlik.Household{AsOf: h.AsOf}
		},
		"of long ago": func(h *household) bool {
			return h.DateCreated.Before(today().AddDate(-1, 0, 0))
		},
	}
	all, found := 0, make(map[string]int)
	for h := range sampleOf(10_000).Households() {
		all++
		for what, is := range is {
			if is(&h) {
				found[what]++
			}
		}
	}
	for what := range is {
		if found[what] < 10 || found[what] > all/2 {
			t.Errorf("got %d of %d households: %s", found[what], all, what)
		}
	}
}

func says(flag *bool) bool { return flag != nil && *flag }

func some(count *int) bool { return count != nil && *count > 0 }

func TestSampleLoad(t *testing.T) {
	t.Parallel()
	database := postgres.New(t)
	if err := sampleOf(500).Load(t.Context(), database, sample.Options{Now: today}); err != nil {
		t.Fatal(err)
	}
	var uprns []string
	var want []any
	for h := range sampleOf(500).Households() {
		uprns = append(uprns, strconv.FormatInt(h.UPRN, 10))
		want = append(want, &h.Household)
	}
	got, err := qlik.New(database, today).Survey(t.Context(), uprns)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Error("got other households than were made")
	}
	err = sampleOf(400).Load(t.Context(), database, sample.Options{})
	if !errors.Is(err, source.ErrSampleInPlace) {
		t.Errorf("got error %v, want %v", err, source.ErrSampleInPlace)
	}
}
