package qlik_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

// BenchmarkLoad loads a file of a million households, over as many but for the first time.
//
//	go test ./source/qlik -run '^$' -bench Load -benchtime 3x
func BenchmarkLoad(b *testing.B) {
	pool, err := db.Open(b.Context(), postgres.DSN(b), db.Pool{})
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	run := func() {
		file, to := io.Pipe()
		go func() {
			_, _ = io.WriteString(to, header)
			for i := range 1_000_000 {
				uprn := 10_008_000_000 + i*618_033%1_000_000
				_, _ = fmt.Fprintf(to, "\r\n%d,true,false,,true,false,,true,0,2,31/12/2020 06:30:00", uprn)
			}
			_ = to.Close()
		}()
		report, err := qlik.Load(b.Context(), pool, file, qlik.LoadOptions{Now: now})
		if err != nil {
			b.Fatal(err, report)
		}
	}
	run()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for b.Loop() {
		run()
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys)/(1<<20), "MB-heap")
}
