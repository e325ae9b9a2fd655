package verify_test

import (
	"context"
	"fmt"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/migration/verify"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// plainSides makes two sides of one table of nine columns, as those of Mosaic are.
func plainSides(t testing.TB, rows int, isText bool) verify.Options {
	t.Helper()
	key := mapping.Column{From: "ID", Type: "numeric(16,0)", As: "bigint", NotNull: true}
	if isText {
		key = mapping.Column{From: "ID", Type: "varchar(16)", NotNull: true}
	}
	database := postgres.New(t)
	o := options(database)
	o.Mapping.Tables = []mapping.Table{{
		Owner: "dbo", From: "T", Name: "t", Key: []string{"id"}, Columns: []mapping.Column{
			key, {From: "A", Type: "varchar(62)"}, {From: "B", Type: "varchar(8)"},
			{From: "C", Type: "varchar(30)"}, {From: "D", Type: "datetime"}, {From: "E", Type: "datetime"},
			{From: "F", Type: "varchar(1)"}, {From: "G", Type: "numeric(15,0)", As: "bigint"},
			{From: "H", Type: "money"},
		},
	}}
	for _, schema := range []string{system, here} {
		dbtest.Execute(t, database, fmt.Sprintf(`CREATE SCHEMA %s;
			CREATE TABLE %[1]s.t (id %s PRIMARY KEY, a varchar(62), b varchar(8), c varchar(30),
				d timestamp, e timestamp, f varchar(1), g bigint, h numeric(19,4));
			%s`, schema, o.Mapping.Tables[0].Columns[0].Target(), plainRows(schema, rows)))
	}
	return o
}

func plainRows(schema string, rows int) string {
	return fmt.Sprintf(`
		INSERT INTO %s.t SELECT n, 'Resident Number ' || n, 'Mx', 'Number ' || n,
			timestamp '1950-01-01' + n * interval '1 hour', NULL, 'N', n * 7, n * 0.25
		FROM generate_series(1, %d) AS n; ANALYZE %[1]s.t`, schema, rows)
}

// BenchmarkRun compares a run with nothing but reading, by turns: each side alone, and both at the
// same time.
func BenchmarkRun(b *testing.B) {
	const rows = 200_000
	for _, name := range []string{"ranges", "buckets", "sqlserver"} {
		b.Run(name, func(b *testing.B) {
			o := plainSides(b, rows, name == "buckets")
			if name == "sqlserver" {
				w := migrationtest.New(b, postgres.New(b), o.Mapping)
				if w.Double == nil {
					b.Skip("SKIPPED: a real system is not filled")
				}
				dbtest.Execute(b, w.Double.DB(), plainRows("dbo", rows))
				o.System = w.Reader
			}
			var alone, both, verified time.Duration
			for b.Loop() {
				system := taken(b, func(ctx context.Context) error { return readAll(ctx, o, o.System) })
				here := taken(b, func(ctx context.Context) error { return readAll(ctx, o, o.Here) })
				alone += max(system, here)
				both += taken(b, func(ctx context.Context) error {
					group, ctx := errgroup.WithContext(ctx)
					group.Go(func() error { return readAll(ctx, o, o.System) })
					group.Go(func() error { return readAll(ctx, o, o.Here) })
					return group.Wait()
				})
				verified += taken(b, func(ctx context.Context) error {
					report, err := verify.Run(ctx, o)
					if err == nil && (report.Result != verify.Same || report.Rows() != rows) {
						b.Errorf("got %+v", report)
					}
					return err
				})
			}
			b.ReportMetric(float64(rows*b.N)/verified.Seconds(), "rows/s")
			b.ReportMetric(both.Seconds()/verified.Seconds(), "of-reading-both")
			b.ReportMetric(alone.Seconds()/verified.Seconds(), "of-slower-alone")
		})
	}
}

func taken(b *testing.B, work func(context.Context) error) time.Duration {
	b.Helper()
	began := time.Now()
	if err := work(b.Context()); err != nil {
		b.Fatal(err)
	}
	return time.Since(began)
}

func readAll(ctx context.Context, o verify.Options, r migration.Reader) error {
	return r.Read(ctx, &o.Mapping.Tables[0], migration.Part{}, func(*migration.Batch) error {
		return nil
	})
}

// TestMemory holds the heap to a bound, however many rows there are and differ.
func TestMemory(t *testing.T) { //nolint:paralleltest // others' memory would count
	dbtest.AllRounds(t)
	const (
		rows  = 150_000
		bound = 64 << 20
	)
	for name, isText := range map[string]bool{"ranges": false, "buckets": true} {
		o := plainSides(t, rows, isText)
		database := o.DB
		for _, statement := range []string{
			`SELECT`, `UPDATE ` + here + `.t SET c = ''`, `TRUNCATE ` + here + `.t`,
		} {
			dbtest.Execute(t, database, statement)
			before := liveHeap()
			var most atomic.Uint64
			var mu sync.Mutex
			watch := func(migration.Part) {
				mu.Lock()
				defer mu.Unlock()
				most.Store(max(most.Load(), liveHeap()))
			}
			o.System = &watched{pgreader.New(database, system, "double"), watch}
			o.Here = &watched{pgreader.New(database, here, "live"), watch}
			report := run(t, o)
			if isAny := statement != `SELECT`; (report.Differ() == rows) != isAny || report.Rows() != rows {
				t.Errorf("%s, %s: got %+v", name, statement, report.Tables)
			}
			grown := int64(most.Load()) - int64(before)
			t.Logf("%s, %s: the heap grew by %d KiB", name, statement, grown>>10)
			if grown > bound {
				t.Errorf("%s, %s: the heap grew by %d KiB, want %d at most", name, statement, grown>>10,
					bound>>10)
			}
		}
	}
}

// liveHeap is how many bytes of the heap hold something, or did until it was last cleared.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
