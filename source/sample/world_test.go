package sample_test

import (
	"reflect"
	"regexp"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

func today() time.Time { return time.Date(2026, time.November, 3, 15, 4, 5, 0, time.UTC) }

// humans returns the first blocks of a world.
func humans(w *sample.World, blocks int) []sample.Human {
	var all []sample.Human
	for block := range blocks {
		all = append(all, w.Block(block)...)
	}
	return all
}

func TestWorldIsRepeatable(t *testing.T) {
	t.Parallel()
	want := humans(sample.NewWorld(1, today()), 4)
	tests := map[string]struct {
		seed  uint64
		today time.Time
		same  bool
	}{
		"the same":          {1, today(), true},
		"another hour":      {1, today().Add(time.Hour), true},
		"another day":       {1, today().AddDate(0, 0, 1), false},
		"another seed":      {2, today(), false},
		"the greatest seed": {1<<64 - 1, today(), false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := humans(sample.NewWorld(tt.seed, tt.today), 4)
			if same := reflect.DeepEqual(got, want); same != tt.same {
				t.Errorf("got the same humans: %v, want %v", same, tt.same)
			}
		})
	}
}

// A block is the same whichever were made before it, and whatever anyone else drew.
func TestBlocksDependOnNothing(t *testing.T) {
	t.Parallel()
	want := humans(sample.NewWorld(1, today()), 4)
	w, dice := sample.NewWorld(1, today()), sample.NewDice(1, "somebody")
	for _, block := range []int{3, 0, 2, 2, 1} {
		w.Home(dice)
		got := w.Block(block)
		if !reflect.DeepEqual(got, want[block*sample.BlockSize:(block+1)*sample.BlockSize]) {
			t.Errorf("block %d differs from what it was", block)
		}
	}
}

func TestHouseholdsLiveTogether(t *testing.T) {
	t.Parallel()
	w := sample.NewWorld(1, today())
	together, everyone := 0, map[int]bool{}
	for block := range 50 {
		for _, household := range sample.Households(w.Block(block)) {
			head := household[0]
			if head.Role != sample.Head || head.Household != head.Index || head.Age(w.Today()) < 18 {
				t.Errorf("household %d is headed by %+v", head.Household, head)
			}
			for i, h := range household {
				if everyone[h.Index] {
					t.Errorf("%d lives twice", h.Index)
				}
				everyone[h.Index] = true
				if h.Household != head.Household || h.Stays[0].UPRN != head.Stays[0].UPRN ||
					!reflect.DeepEqual(h.HomePhone, head.HomePhone) {
					t.Errorf("%d does not live with %d", h.Index, head.Index)
				}
				if i > 0 {
					together++
				}
				if i > 0 && h.Role == sample.Head || i > 1 && h.Index < household[i-1].Index {
					t.Errorf("%d is not in order", h.Index)
				}
			}
		}
	}
	if len(everyone) != 50*sample.BlockSize || together < 1_000 {
		t.Errorf("got %d humans, of whom %d live with another", len(everyone), together)
	}
}

// What is true of humans can be true.
func TestHumans(t *testing.T) {
	t.Parallel()
	w := sample.NewWorld(1, today())
	ni := regexp.MustCompile(`^QQ[0-9]{6}[A-D]$`)
	email := regexp.MustCompile(`^[a-z0-9._]+@example\.com$`)
	numbers, homes := map[any]bool{}, map[int64]sample.Home{}
	moved, dead, children := 0, 0, 0
	for _, h := range humans(w, 300) {
		for _, number := range []any{h.NINumber, h.NHSNumber} {
			if number != "" && number != int64(0) && numbers[number] {
				t.Errorf("human %d shares %v with another", h.Index, number)
			}
			numbers[number] = true
		}
		if isChild := h.Age(w.Today()) < 16; isChild != (h.NINumber == "") {
			t.Errorf("human %d of %d has NI number %q", h.Index, h.Age(w.Today()), h.NINumber)
		} else if isChild {
			children++
		} else if !ni.MatchString(h.NINumber) {
			t.Errorf("got NI number %q, want one that nobody has", h.NINumber)
		}
		if !email.MatchString(h.Email()) {
			t.Errorf("got e-mail %q, want one of example.com", h.Email())
		}
		if h.First == "" || h.Last == "" || h.Title == "" || h.Nationality == "" {
			t.Errorf("human %d has no name: %+v", h.Index, h)
		}
		if h.Died != nil {
			dead++
			if h.Died.Before(h.Born) || h.Died.After(w.Today()) {
				t.Errorf("human %d, born on %v, died on %v", h.Index, h.Born, h.Died)
			}
		}
		if len(h.Stays) > 1 {
			moved++
		}
		checkStays(t, &h, w.Today(), homes)
	}
	if moved < 2_000 || dead < 100 || children < 1_000 {
		t.Errorf("got %d who moved, %d dead, %d children", moved, dead, children)
	}
}

// checkStays checks that a human lived at one place after another, none of it before birth, and
// that a property is the same for everyone.
func checkStays(t *testing.T, h *sample.Human, today time.Time, homes map[int64]sample.Home) {
	t.Helper()
	for i, stay := range h.Stays {
		switch {
		case stay.Since.Before(h.Born) || stay.Since.After(today):
			t.Errorf("human %d, born on %v, moved in on %v", h.Index, h.Born, stay.Since)
		case i == 0 && !stay.Until.IsZero():
			t.Errorf("human %d does not live anywhere", h.Index)
		case i > 0 && (stay.Until.Before(stay.Since) || !stay.Until.Before(h.Stays[i-1].Since)):
			t.Errorf("human %d lived in two places at once", h.Index)
		}
		if home, ok := homes[stay.UPRN]; ok && !reflect.DeepEqual(home, stay.Home) {
			t.Errorf("property %d is %v and %v", stay.UPRN, home, stay.Home)
		}
		homes[stay.UPRN] = stay.Home
	}
}

// The first human is one that documents can speak of.
func TestWorldBeginsWithAnOrdinaryHuman(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		w := sample.NewWorld(seed, today())
		h := w.Block(0)[0]
		if h.Role != sample.Head || h.Age(w.Today()) < 18 || h.Died != nil ||
			!h.Stays[0].Since.Before(w.Today()) {
			t.Errorf("seed %d: got %+v", seed, h)
		}
	}
}

func TestDiceKnow(t *testing.T) {
	t.Parallel()
	one, other := sample.NewDice(1, "one"), sample.NewDice(1, "other")
	if !one.Knows(0, 0) {
		t.Error("number 0 is not known")
	}
	known, both := 0, 0
	for number := range 10_000 {
		is := one.Knows(number, 5_000)
		if one.N(10); is != one.Knows(number, 5_000) {
			t.Fatalf("%d is known at times", number)
		}
		if is && !one.Knows(number, 6_000) {
			t.Errorf("%d is known to fewer, of more", number)
		}
		if is {
			known++
		}
		if is && other.Knows(number, 5_000) {
			both++
		}
	}
	if known < 4_800 || known > 5_200 || both < 2_300 || both > 2_700 {
		t.Errorf("got %d known, and %d to both, want 5000 and 2500", known, both)
	}
}
