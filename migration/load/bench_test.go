package load_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/migration/load"
	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/sqlserver"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// BenchmarkLoad loads the same rows in three ways, one after the other in each round: with psql's
// \copy, from SQL Server and from files that DMS wrote. It reports medians of the rows a second and
// of their ratios to those of psql. Indexes, which psql has none to build of, are left out of all.
func BenchmarkLoad(b *testing.B) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		b.Skip("SKIPPED: there is no psql to compare with")
	}
	const rows = 300_000
	m := mosaic.Mapping()
	m.Tables = m.Tables[:1]
	persons := &m.Tables[0]
	w := migrationtest.New(b, server.New(b), m)
	w.FillPersons(b, rows)
	here := server.New(b)
	dsn := server.DSNOf(b, here)
	folder := export(b, psql, server.DSNOf(b, w.Double.DB()), persons)

	system, err := sqlserver.Open(map[string]string{"": w.DSN + "&packet+size=32767"})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = system.Close() })
	written, err := files.Open(b.Context(), folder, files.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = written.Close() })

	rates := map[string][]float64{}
	for b.Loop() {
		copied := copyRate(b, psql, dsn, here, folder, rows)
		rates["psql"] = append(rates["psql"], copied)
		for name, reader := range map[string]migration.Reader{"tds": system, "files": written} {
			rate := loadRate(b, here, m, reader, rows)
			rates[name] = append(rates[name], rate)
			rates[name+"/psql"] = append(rates[name+"/psql"], rate/copied)
		}
	}
	for name, all := range rates {
		slices.Sort(all)
		unit := "-rows/s"
		if len(name) > 5 {
			unit = ""
		}
		b.ReportMetric(all[len(all)/2], name+unit)
	}
}

// export writes a table as DMS does.
func export(b *testing.B, psql, dsn string, t *mapping.Table) string {
	b.Helper()
	folder := b.TempDir()
	to := filepath.Join(folder, t.Owner, t.From)
	if err := os.MkdirAll(to, 0o700); err != nil {
		b.Fatal(err)
	}
	run(b, psql, dsn, fmt.Sprintf(
		`\copy dbo.dm_persons TO '%s' WITH (FORMAT csv, NULL 'NULL')`,
		filepath.Join(to, "LOAD00000001.csv")))
	return folder
}

func run(b *testing.B, psql, dsn, command string) {
	b.Helper()
	said, err := exec.CommandContext(b.Context(), psql, "-q", "-X", "-v", "ON_ERROR_STOP=1",
		"-d", dsn, "-c", command).CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, said)
	}
}

// copyRate is how many rows a second psql copies into a table without indexes.
func copyRate(b *testing.B, psql, dsn string, here *sqlx.DB, folder string, rows int) float64 {
	b.Helper()
	here.MustExec(`DROP TABLE IF EXISTS public.copied;
		CREATE TABLE public.copied (LIKE mosaic.dm_persons)`)
	runtime.GC()
	started := time.Now()
	run(b, psql, dsn, fmt.Sprintf(
		`\copy public.copied FROM '%s' WITH (FORMAT csv, NULL 'NULL')`,
		filepath.Join(folder, "dbo", "DM_PERSONS", "LOAD00000001.csv")))
	return float64(rows) / time.Since(started).Seconds()
}

// loadRate is how many rows a second are loaded, with their checkpoints.
func loadRate(
	b *testing.B, here *sqlx.DB, m *mapping.Mapping, reader migration.Reader, rows int,
) float64 {
	b.Helper()
	var took time.Duration
	ctx, stop := context.WithCancel(b.Context())
	runtime.GC()
	started := time.Now()
	_, err := load.Run(ctx, load.Options{
		DB: here, Mapping: m, Reader: reader, Now: now, Anew: true,
		Progress: func(phase string, done, _ int) {
			if phase == "rows" && done == rows {
				took = time.Since(started)
				stop()
			}
		},
	})
	if took == 0 {
		b.Fatal(err)
	}
	return float64(rows) / took.Seconds()
}
