package freshness_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/freshness"
)

// BenchmarkRead is what each probe costs, without and with the tables of DMS.
func BenchmarkRead(b *testing.B) {
	for name, before := range map[string]string{
		"ours": "SELECT 1",
		"DMS": controlTables + rows + status(running, minute, "0", ago(minute)) +
			"INSERT INTO awsdms_ledger.awsdms_history SELECT 'dms', 'TASK1', 'CHANGE PROCESSING', now()" +
			" - n * interval '5 minutes', 5, 1, 1, 1 FROM generate_series(1, 100000) AS n",
	} {
		b.Run(name, func(b *testing.B) {
			pool := postgres.New(b)
			if _, err := pool.ExecContext(b.Context(), before); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := freshness.Read(b.Context(), pool, subject(), now()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
