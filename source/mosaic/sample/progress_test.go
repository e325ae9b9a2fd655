package sample_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

func TestSampleLoadTellsProgress(t *testing.T) {
	t.Parallel()
	type report struct {
		phase       string
		done, total int
	}
	var reports []report
	start := time.Now()
	err := sampleOf(3_000).Load(t.Context(), postgres.Scratch(t), sample.Options{
		Progress: func(phase string, done, total int) {
			reports = append(reports, report{phase, done, total})
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	// Ten a second, and where each of the two phases begins and ends.
	if most := int(time.Since(start)/(100*time.Millisecond)) + 4; len(reports) > most {
		t.Errorf("got %d reports, want %d at most", len(reports), most)
	}
	if first := (report{"residents", 0, 3_000}); reports[0] != first {
		t.Errorf("got %v first, want %v", reports[0], first)
	}
	if !slices.Contains(reports, report{"residents", 3_000, 3_000}) {
		t.Errorf("got no report of all residents in %v", reports)
	}
	if last := reports[len(reports)-1]; last.phase != "indexes" || last.done != last.total {
		t.Errorf("got %v last, want the end of the indexes", last)
	}
	for i, r := range reports[1:] {
		if before := reports[i]; before.phase == r.phase && r.done < before.done {
			t.Errorf("got %v after %v", r, before)
		}
	}
}

func BenchmarkSampleLoad(b *testing.B) {
	for _, residents := range []int{10_000, 100_000, 1_000_000} {
		b.Run(strconv.Itoa(residents), func(b *testing.B) {
			db, s := postgres.New(b), sampleOf(residents)
			for b.Loop() {
				err := s.Load(b.Context(), db, sample.Options{Replace: true})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSamplePeople(b *testing.B) {
	for b.Loop() {
		for range sampleOf(10_000).People() {
		}
	}
}
