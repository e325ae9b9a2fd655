package qlik_test

import (
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
	qliksample "github.com/LBHackney-IT/resident-gateway/source/qlik/sample"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

// Qlik keeps to what every source that knows properties keeps to.
func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.RunSurvey(t, sourcetest.SurveyHarness{
		Open: func(t *testing.T) (source.Surveyor, []string) {
			database := postgres.Scratch(t)
			sample := qliksample.Sample{
				Residents: 300, Seed: 3, Today: time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC),
			}
			if err := sample.Load(t.Context(), database, qliksample.Options{Now: now}); err != nil {
				t.Fatal(err)
			}
			var known []string
			const all = `SELECT uprn::text FROM qlik.qlik_vulnerability ORDER BY uprn`
			if err := database.SelectContext(t.Context(), &known, all); err != nil {
				t.Fatal(err)
			}
			return qlik.New(database, now), known
		},
		OpenNotLoaded: func(t *testing.T) source.Surveyor { return qlik.New(postgres.Scratch(t), now) },
	})
}
