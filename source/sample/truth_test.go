package sample_test

import (
	"iter"
	"maps"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// truths is the truth of a sample of each source that has one.
func truths(residents int) map[string]iter.Seq2[string, int] {
	return map[string]iter.Seq2[string, int]{
		"mosaic":  mosaic.Sample{Residents: residents, Seed: 1, Today: today()}.Truth(),
		"academy": academy.Sample{Residents: residents, Seed: 1, Today: today()}.Truth(),
	}
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

// Some humans are in several sources, each of which has some of its own.
func TestSourcesShareHumans(t *testing.T) {
	t.Parallel()
	knownTo := map[int]map[string]bool{}
	for name, truth := range truths(5_000) {
		for _, human := range truth {
			if knownTo[human] == nil {
				knownTo[human] = map[string]bool{}
			}
			knownTo[human][name] = true
		}
	}
	if len(knownTo[0]) != 2 {
		t.Errorf("the first human is known to %d sources, want all", len(knownTo[0]))
	}
	shared := 0
	for _, sources := range knownTo {
		if len(sources) > 1 {
			shared++
		}
	}
	if shared < 1_000 || shared > len(knownTo)/2 {
		t.Errorf("got %d of %d humans in several sources", shared, len(knownTo))
	}
}
