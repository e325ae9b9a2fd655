package main

import (
	"iter"
	"maps"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// truths is the truth of a sample of each source that knows residents.
func truths(residents int) map[string]iter.Seq2[string, int] {
	all := make(map[string]iter.Seq2[string, int])
	for _, p := range catalogue.Sources() {
		if p.Truth != nil {
			s := plug.Sample{Residents: residents, Seed: 1, Today: sampleDay()}
			all[pgSchema(p.Name)] = p.Truth(s)
		}
	}
	return all
}

// Every resident is somebody, and stays who they are in a larger sample.
func TestTruth(t *testing.T) {
	t.Parallel()
	larger := truths(1_500)
	for name, truth := range truths(1_000) {
		got, all := maps.Collect(truth), maps.Collect(larger[name])
		if len(got) != 1_000 || len(all) != 1_500 {
			t.Errorf("%s: got %d and %d residents, want 1000 and 1500", name, len(got), len(all))
		}
		for id, human := range got {
			if other, ok := all[id]; !ok || other != human {
				t.Errorf("%s: %s is %d, and %d among more", name, id, human, other)
			}
		}
	}
}

// Of any two sources, each knows some humans whom the other knows, and some of its own. The first
// human is known to all.
func TestSourcesShareHumans(t *testing.T) {
	t.Parallel()
	knownTo := make(map[string]map[int]bool)
	for name, truth := range truths(5_000) {
		known := make(map[int]bool)
		for _, human := range truth {
			known[human] = true
		}
		knownTo[name] = known
		if !known[0] {
			t.Errorf("%s does not know the first human", name)
		}
	}
	if len(knownTo) < 2 {
		t.Fatalf("got the truth of %d sources, want of two or more", len(knownTo))
	}
	for one, known := range knownTo {
		for other, alsoKnown := range knownTo {
			shared := 0
			for human := range known {
				if alsoKnown[human] {
					shared++
				}
			}
			if one != other && (shared < 100 || shared > len(known)-100) {
				t.Errorf("%s knows %d of the %d humans whom %s knows", other, shared, len(known), one)
			}
		}
	}
}
