package tdstest_test

import (
	"database/sql"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
)

// wide is a table of nine columns, as the tables of Mosaic are.
func wide() tdstest.Table {
	return tdstest.Table{
		Name: "WIDE",
		Columns: []tdstest.Column{
			{Name: "ID", Type: "bigint"},
			{Name: "FULL_NAME", Type: "varchar(62)", Null: true},
			{Name: "FIRST_NAME", Type: "varchar(30)", Null: true},
			{Name: "LAST_NAME", Type: "varchar(30)", Null: true},
			{Name: "DATE_OF_BIRTH", Type: "datetime", Null: true},
			{Name: "GENDER", Type: "varchar(1)", Null: true},
			{Name: "NHS_ID", Type: "numeric(16,0)", Null: true},
			{Name: "NATIONALITY", Type: "varchar(30)", Null: true},
			{Name: "STAMP", Type: "datetime", Null: true},
		},
		Key: []string{"ID"},
	}
}

func fillWide(tb testing.TB, server *tdstest.Server, rows int) {
	tb.Helper()
	if _, err := server.DB().ExecContext(tb.Context(), `
		INSERT INTO dbo.wide
		SELECT n, 'Given' || n || ' Family' || n, 'Given' || n, 'Family' || n,
		       timestamp '1930-01-01' + n % 30000 * interval '1 day', 'F', 4000000000 + n, 'British',
		       timestamp '2026-01-01 10:11:12.347' + n * interval '1 second'
		FROM generate_series(1, $1) AS n`, rows); err != nil {
		tb.Fatal(err)
	}
	if _, err := server.DB().ExecContext(tb.Context(), `VACUUM ANALYZE dbo.wide`); err != nil {
		tb.Fatal(err)
	}
}

const wideQuery = `SELECT ID, FULL_NAME, FIRST_NAME, LAST_NAME, DATE_OF_BIRTH, GENDER, NHS_ID,
	NATIONALITY, STAMP FROM dbo.WIDE WHERE ID > @p1 ORDER BY ID`

// BenchmarkRead reads a table over one connection, as a client does that looks at each value.
func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	for name, packet := range map[string]string{"4096": "", "32767": "&packet+size=32767"} {
		b.Run(name, func(b *testing.B) {
			server := tdstest.Serve(b, postgres.New(b), wide())
			fillWide(b, server, rows)
			pool := connect(b, server.DSN()+packet)
			for b.Loop() {
				found, err := pool.QueryContext(b.Context(), wideQuery, 0)
				if err != nil {
					b.Fatal(err)
				}
				n := 0
				var values [9]sql.RawBytes
				for found.Next() {
					if err := found.Scan(&values[0], &values[1], &values[2], &values[3], &values[4],
						&values[5], &values[6], &values[7], &values[8]); err != nil {
						b.Fatal(err)
					}
					n++
				}
				if n != rows || found.Err() != nil {
					b.Fatalf("got %d rows and %v, want %d", n, found.Err(), rows)
				}
				found.Close()
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
