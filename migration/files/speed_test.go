package files_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// BenchmarkRead reads 200,000 rows of ten columns and about 120 bytes, and tells rows a second.
func BenchmarkRead(b *testing.B) {
	const rows = 200_000
	var plain, quoted bytes.Buffer
	for i := range rows {
		row := "%d,%d,2019-03-%02d 00:00:00.000000,NULL,Flat %d Hillman Street%s,E8 1DY,Y,N,%d,%s\n"
		address := fmt.Sprintf("%d Mare Street London", i%90)
		fmt.Fprintf(&plain, row, i, i/3, i%28+1, i%90, "", 100023000000+i, address)
		if i%10 == 0 {
			address = `"` + address + ", \"\"the Cottage\"\"\nHackney" + `"`
		}
		fmt.Fprintf(&quoted, row, i, i/3, i%28+1, i%90, "", 100023000000+i, address)
	}
	tests := map[string]struct {
		name string
		text []byte
	}{
		"plain":                   {"LOAD00000001.csv", plain.Bytes()},
		"a tenth of it in quotes": {"LOAD00000001.csv", quoted.Bytes()},
		"gzip":                    {"LOAD00000001.csv.gz", zip(b, plain.Bytes())},
	}
	for name, tt := range tests {
		b.Run(name, func(b *testing.B) {
			folder := b.TempDir()
			write(b, folder, "dbo/DM_ADDRESSES/"+tt.name, tt.text)
			reader := open(b, folder, files.Options{})
			b.ReportAllocs()
			b.SetBytes(int64(plain.Len()))
			for b.Loop() {
				got := 0
				err := reader.Read(b.Context(), addresses(), migration.Part{},
					func(batch *migration.Batch) error {
						got += batch.Rows()
						return nil
					})
				if err != nil || got != rows {
					b.Fatalf("got %d rows and error %v, want %d", got, err, rows)
				}
			}
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// addresses is a table of the shape of Mosaic's.
func addresses() *mapping.Table {
	return &mapping.Table{
		Owner: "dbo", From: "DM_ADDRESSES", Name: "dm_addresses",
		Key: []string{"ref_addresses_people_id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "REF_ADDRESSES_PEOPLE_ID", Type: "numeric(9,0)", As: "bigint", NotNull: true},
			{From: "PERSON_ID", Type: "numeric(16,0)", As: "bigint"},
			{From: "START_DATE", Type: "datetime"},
			{From: "END_DATE", Type: "datetime"},
			{From: "ADDRESS", Type: "varchar(464)"},
			{From: "POST_CODE", Type: "varchar(16)"},
			{From: "IS_CONTACT_ADDRESS", Type: "varchar(1)"},
			{From: "IS_DISPLAY_ADDRESS", Type: "varchar(1)"},
			{From: "UNIQUE_ID", Type: "numeric(15,0)", As: "bigint"},
			{From: "NOTE", Type: "varchar(200)"},
		},
	}
}

func write(tb testing.TB, folder, name string, text []byte) {
	tb.Helper()
	path := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		tb.Fatal(err)
	}
}
