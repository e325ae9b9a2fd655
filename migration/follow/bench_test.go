package follow_test

import (
	"context"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/follow"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// BenchmarkFollow applies 20,000 changed rows of 100,000 in one pass, with all indexes kept up. It
// reports the median of the rows a second.
func BenchmarkFollow(b *testing.B) {
	const rows, changed = 100_000, 20_000
	m := mosaic.Mapping()
	m.Tables = m.Tables[:1]
	p := &place{migrationtest.New(b, server.New(b), m), server.New(b), now()}
	p.FillPersons(b, rows)
	_, err := load.Run(b.Context(), load.Options{
		DB: p.db, Mapping: m, Reader: p.Reader, Feed: p.Reader, Now: now,
	})
	if err != nil {
		b.Fatal(err)
	}
	var rates []float64
	for n := 0; b.Loop(); n++ {
		p.Double.DB().MustExec(`
			UPDATE dbo.dm_persons SET first_name = 'Augusta' || $1::text, last_name = 'King' || person_id
			WHERE  person_id % 5 = $1::int % 5`, n)
		runtime.GC()
		started := time.Now()
		o := p.options()
		applied := 0
		o.Passed = func(pass follow.Pass) { applied += pass.Rows }
		if err := follow.Once(context.WithoutCancel(b.Context()), o); err != nil {
			b.Fatal(err)
		}
		if applied != changed {
			b.Fatalf("got %d rows, want %d", applied, changed)
		}
		rates = append(rates, changed/time.Since(started).Seconds())
	}
	slices.Sort(rates)
	b.ReportMetric(rates[len(rates)/2], "rows/s")
}
