package access_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
)

// BenchmarkWrite writes records of pages of residents to a server that has fsync and
// synchronous_commit on, from as many goroutines as the name says.
func BenchmarkWrite(b *testing.B) {
	dsn := durableServer(b)
	for _, writers := range []int{1, 16, 64} {
		b.Run(strconv.Itoa(writers), func(b *testing.B) {
			pool, counter := postgres.Counting(b, dsn)
			recorder := access.NewRecorder(pool)
			counter.Reset()
			took := make([][]time.Duration, writers)
			each := b.N/writers + 1
			var all sync.WaitGroup
			b.ResetTimer()
			for w := range writers {
				all.Go(func() {
					for n := range each {
						record := aPage(w*each+n, 20)
						start := time.Now()
						if err := recorder.Write(b.Context(), record); err != nil {
							b.Error(err)
							return
						}
						took[w] = append(took[w], time.Since(start))
					}
				})
			}
			all.Wait()
			b.StopTimer()
			latencies := slices.Concat(took...)
			slices.Sort(latencies)
			records := float64(len(latencies))
			b.ReportMetric(records/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(milliseconds(latencies[len(latencies)/2]), "p50-ms")
			b.ReportMetric(milliseconds(latencies[len(latencies)*99/100]), "p99-ms")
			b.ReportMetric(float64(len(counter.Statements()))/records, "statements/record")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// aPage is a record of as many residents, no two pages of the same ones.
func aPage(n, residents int) access.Record {
	ids := make([]string, residents)
	for i := range ids {
		ids[i] = fmt.Sprintf("mosaic:%d", (n*7919+i*104729)%500_000)
	}
	return access.Record{
		RequestID: fmt.Sprintf("%032x", n), Caller: aCaller(), Purpose: "assessment",
		Operation: "ResidentsByName", OperationHash: [32]byte{1, 2, 3},
		Seen: []access.Seen{{
			Residents: ids, Shown: []string{"Resident.dateOfBirth", "Resident.contactDetails"},
			Withheld: []string{"Resident.nhsNumber"},
		}},
	}
}

// durableServer is the connection string of a database on a server that keeps what it is given.
func durableServer(b *testing.B) string {
	b.Helper()
	dir := openFolder(b)
	server, err := db.StartEmbedded(b.Context(), db.EmbeddedOptions{Dir: filepath.Join(dir, "kept")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = server.Stop() })
	dsn := server.DSN("postgres")
	migrated(b, dsn)
	return dsn
}

// migrated returns a pool over the database at dsn, which has the schemas of this package.
func migrated(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	pool, err := db.Open(t.Context(), dsn, db.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	own := db.Schema{Name: "access", Files: access.Schema()}
	if _, err := db.Migrate(t.Context(), pool, db.Gateway(), own); err != nil {
		t.Fatal(err)
	}
	return pool
}
