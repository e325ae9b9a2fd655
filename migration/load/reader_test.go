package load_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// TestReadersNoticeNothing asks for residents throughout several loads: every answer is whole.
func TestReadersNoticeNothing(t *testing.T) {
	t.Parallel()
	const rows = 1_000
	p := newPlace(t)
	p.Fill(t, 0, rows)
	p.load(t, p.options())
	residents := mosaic.New(p.db, now)
	query := source.Query{
		Filter: resident.Filter{}, Order: source.ByName, Limit: 20, Wanted: source.Everything(),
	}
	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	var answers int
	var worst time.Duration
	reading.Go(func() {
		for ctx.Err() == nil {
			started := time.Now()
			page, err := residents.ListResidents(t.Context(), query)
			if err != nil || len(page.Residents) != query.Limit {
				t.Errorf("got %d residents and %v, want %d", len(page.Residents), err, query.Limit)
			}
			count, err := residents.CountResidents(t.Context(), &query.Filter, 2*rows)
			if err != nil || count != rows {
				t.Errorf("got %d residents and %v, want %d", count, err, rows)
			}
			answers++
			worst = max(worst, time.Since(started))
		}
	})
	for range 3 {
		p.load(t, p.options())
	}
	stop()
	reading.Wait()
	t.Logf("%d answers, the slowest in %v", answers, worst)
	if answers < 10 {
		t.Errorf("got %d answers, which is no test", answers)
	}
}

// TestReadersInAnyOrder swaps while many read several tables at once, in either order: nobody is
// told of a deadlock.
func TestReadersInAnyOrder(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.Fill(t, 0, 300)
	p.load(t, p.options())
	const form = `SELECT FROM mosaic.dm_%s AS a JOIN mosaic.dm_%s AS b USING (person_id) LIMIT 100`
	ctx, stop := context.WithCancel(t.Context())
	var reading sync.WaitGroup
	for i := range 8 {
		names := []any{"persons", "addresses"}
		if i%2 > 0 {
			slices.Reverse(names)
		}
		reading.Go(func() {
			for ctx.Err() == nil {
				if _, err := p.db.ExecContext(t.Context(), fmt.Sprintf(form, names...)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range dbtest.Rounds(1, 3) {
		if _, err := load.Run(t.Context(), p.options()); err != nil {
			t.Error(err)
		}
	}
	stop()
	reading.Wait()
}
