package sourcetest

import (
	"context"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// A SurveyHarness makes what the suite for sources that know properties needs.
type SurveyHarness struct {
	// Open returns a source over some hundred properties, and the UPRNs of all of them.
	Open func(t *testing.T) (s source.Surveyor, known []string)
	// OpenNotLoaded returns the source over tables that nothing was ever loaded into.
	OpenNotLoaded func(t *testing.T) source.Surveyor
}

// RunSurvey runs the suite for a source that knows properties.
func RunSurvey(t *testing.T, h SurveyHarness) {
	for name, test := range map[string]func(*testing.T, SurveyHarness){
		"AboutAndFreshness": testSurveyAbout,
		"NotLoaded":         testSurveyNotLoaded,
		"Order":             testSurveyOrder,
		"Ends":              testSurveyEnds,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h)
		})
	}
}

func testSurveyAbout(t *testing.T, h SurveyHarness) {
	s, _ := h.Open(t)
	checkAbout(t, s)
	checkFreshness(t, s)
}

// Of a source that was never loaded, it cannot be said that it knows nothing of a property.
func testSurveyNotLoaded(t *testing.T, h SurveyHarness) {
	s := h.OpenNotLoaded(t)
	checkNotLoaded(t, s)
	_, err := s.Survey(t.Context(), []string{"100021308466"})
	checkNobodyThere(t, "survey", err)
}

// Whatever is asked beside it, and in whatever order, a property is answered as it is alone; one
// that the source does not know, and one that nobody has, are nil.
func testSurveyOrder(t *testing.T, h SurveyHarness) {
	s, known := h.Open(t)
	alone := make(map[string]any)
	for _, uprn := range known {
		found, err := s.Survey(t.Context(), []string{uprn})
		if err != nil || len(found) != 1 || found[0] == nil || reflect.ValueOf(found[0]).IsZero() {
			t.Fatalf("got %d answers and %v of one property that is known", len(found), err)
		}
		alone[uprn] = found[0]
	}
	if len(known) < 50 {
		t.Errorf("got %d properties: the data proves little", len(known))
	}
	anyone := append([]string{"1", "999999999999", "123456789012"}, known...)
	rapid.Check(t, func(rt *rapid.T) {
		uprns := rapid.SliceOfNDistinct(rapid.SampledFrom(anyone), 0, 40, rapid.ID[string]).
			Draw(rt, "properties")
		found, err := s.Survey(t.Context(), uprns)
		if err != nil || len(found) != len(uprns) {
			rt.Fatalf("got %d answers for %d properties, and %v", len(found), len(uprns), err)
		}
		for i, uprn := range uprns {
			if !reflect.DeepEqual(found[i], alone[uprn]) {
				rt.Fatalf("place %d of %d is not what it is alone", i, len(uprns))
			}
		}
	})
}

func testSurveyEnds(t *testing.T, h SurveyHarness) {
	s, known := h.Open(t)
	checkEnds(t, func(ctx context.Context) map[string]error {
		_, surveyErr := s.Survey(ctx, known[:1])
		_, freshErr := s.Freshness(ctx)
		return map[string]error{"survey": surveyErr, "freshness": freshErr}
	})
}
