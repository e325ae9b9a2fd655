package mosaic_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// While AWS DMS reloads the tables that are read, nobody is answered from them, from Watch after it
// has said so; before and afterwards, everybody is answered whole.
func TestReloadIsNotSeen(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	run := func(statements string) {
		t.Helper()
		if _, err := pool.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
	run(`CREATE SCHEMA awsdms_mosaic;
		CREATE TABLE awsdms_mosaic.awsdms_status (task_name text, task_status text,
			status_time timestamp, pending_changes bigint, source_timestamp_applied timestamp);
		INSERT INTO awsdms_mosaic.awsdms_status VALUES ('T', 'CHANGE PROCESSING',
			'2026-03-14 12:00', 0, '2026-03-14 12:00');
		CREATE TABLE whole AS TABLE mosaic.dm_persons;`)
	says := func(status string) {
		t.Helper()
		run(`UPDATE awsdms_mosaic.awsdms_status SET task_status = '` + status + `'`)
	}
	var since atomic.Int64
	clock := func() time.Time { return today().Add(time.Duration(since.Load())) }
	limits := source.DefaultLimits(clock)
	limits.Timeout, limits.Wait = time.Minute, time.Minute
	set, err := source.NewSet(limits, mosaic.New(pool, today))
	if err != nil {
		t.Fatal(err)
	}
	// ask has many ask at once, while something is done, and returns how many saw everybody and how
	// many were refused; whoever saw fewer is a fault.
	ask := func(meanwhile func()) (answered, refused int32) {
		t.Helper()
		var all sync.WaitGroup
		var seen, closed atomic.Int32
		for range 8 {
			all.Go(func() {
				for range 5 {
					counted, err := set.CountResidents(t.Context(),
						[]resident.SourceName{mosaic.Name}, &resident.Filter{}, 10_000)
					switch {
					case err != nil && resident.CodeOf(err) == resident.Unavailable:
						closed.Add(1)
					case err != nil || counted.Residents != 400:
						t.Errorf("got %d residents and %v", counted.Residents, err)
					default:
						seen.Add(1)
					}
				}
			})
		}
		meanwhile()
		all.Wait()
		return seen.Load(), closed.Load()
	}
	for range 5 {
		if _, refused := ask(func() {}); refused > 0 {
			t.Errorf("%d were refused of a source that is whole", refused)
		}
		says("FULL LOAD")
		since.Add(int64(limits.Watch))
		answered, _ := ask(func() {
			run("TRUNCATE mosaic.dm_persons")
			run("INSERT INTO mosaic.dm_persons TABLE whole ORDER BY person_id LIMIT 100")
		})
		if answered > 0 {
			t.Errorf("%d were answered from a load under way", answered)
		}
		run("INSERT INTO mosaic.dm_persons TABLE whole ORDER BY person_id OFFSET 100")
		says("CHANGE PROCESSING")
		since.Add(int64(limits.Watch))
	}
}
