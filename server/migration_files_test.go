package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// written puts lines into a file of a folder as DMS would.
func written(t *testing.T, folder, name string, lines ...string) {
	t.Helper()
	path := filepath.Join(folder, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestMigrationFiles loads Mosaic from files in the layout of DMS, and follows those that come.
func TestMigrationFiles(t *testing.T) {
	t.Parallel()
	pool, folder := postgres.New(t), t.TempDir()
	written(t, folder, "dbo/DM_PERSONS/LOAD00000001.csv",
		`1,L1,"Lovelace, Ada",Mrs,Ada,Lovelace,1815-12-10 00:00:00,NULL,F,N,A,British,4000000001,`,
		`2,L2,Grace Hopper,Mrs,Grace,Hopper,1906-12-09 00:00:00,NULL,F,N,A,NULL,NULL,NULL`)
	written(t, folder, "dbo/DM_ADDRESSES/LOAD00000001.csv",
		`1,1,2020-01-01 00:00:00,NULL,1 Hillman Street,E8 1DY,Y,Y,100021045676`)
	written(t, folder, "dbo/DM_TELEPHONE_NUMBERS/LOAD00000001.csv", `1,1,020 7946 0000,Home`)
	place := []string{"mosaic", "--from", folder}
	if said, err := commanded(t, pool, append([]string{"migration", "load"},
		place...)...); err != nil {
		t.Fatalf("got %v: %s", err, said)
	}
	url := newServer(t, pool)
	name := func(id string) string {
		return webtest.Post(t, url, `{ resident(id: "mosaic:`+id+`") { firstName lastName } }`).Body
	}
	if got := name("1"); !strings.Contains(got, `"firstName":"Ada","lastName":"Lovelace"`) {
		t.Errorf("got %s, want Ada Lovelace", got)
	}
	if said, err := commanded(t, pool, append([]string{"migration", "verify", "--lag", "1ms"},
		place...)...); err != nil {
		t.Errorf("got %v: %s", err, said)
	}

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	var log webtest.Buffer
	go func() {
		done <- run(ctx, append([]string{"migration", "follow", "--every", "100ms"}, place...),
			environment("DATABASE_URL="+postgres.DSNOf(t, pool)), io.Discard, &log)
	}()
	written(t, folder, "dbo/DM_PERSONS/20260314-092653000.csv",
		`U,1,L1,Augusta King,Lady,Augusta,King,1815-12-10 00:00:00,NULL,F,N,A,British,4000000001,`,
		`D,2,L2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL`,
		`I,3,L3,Mary Seacole,Mrs,Mary,Seacole,NULL,NULL,F,N,A,NULL,NULL,NULL`)
	eventually(t, 20*time.Second, func() bool { return strings.Contains(name("3"), "Seacole") })
	if got := name("1"); !strings.Contains(got, `"firstName":"Augusta","lastName":"King"`) {
		t.Errorf("got %s, want Augusta King", got)
	}
	if got := name("2"); !strings.Contains(got, `"resident":null`) {
		t.Errorf("got %s, want nobody", got)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("got %v: %s", err, log.String())
	}
}

// TestMigrationFilesReadOtherwise holds that a load is not gone on with by who reads the same files
// in another way: the half that is there already would say something else.
func TestMigrationFilesReadOtherwise(t *testing.T) {
	t.Parallel()
	pool, folder := postgres.New(t), t.TempDir()
	written(t, folder, "dbo/DM_PERSONS/LOAD00000001.csv",
		`1,L1,"Lovelace, Ada",Mrs,Ada,Lovelace,1815-12-10 00:00:00,1852-11-27 00:00:00,F,N,A,NULL,1,NULL`)
	written(t, folder, "dbo/DM_ADDRESSES/LOAD00000001.csv",
		`1,1,2020-01-01 00:00:00,NULL,1 Hillman Street,E8 1DY,Y,Y,100021045676`)
	written(t, folder, "dbo/DM_TELEPHONE_NUMBERS/LOAD00000001.csv", `1,1,020 7946 0000,Home`)
	load := []string{"migration", "load", "mosaic", "--from", folder}
	if said, err := commanded(t, pool, append(load, "--files", `null=\N`)...); err == nil {
		t.Fatalf("a day called NULL was loaded: %s", said)
	}
	if said, err := commanded(t, pool, load...); err != nil {
		t.Fatalf("got %v: %s", err, said)
	}
	var named int
	const namedNull = `SELECT count(*) FROM mosaic.dm_persons WHERE email_address = 'NULL'`
	if err := pool.GetContext(t.Context(), &named, namedNull); err != nil {
		t.Fatal(err)
	}
	if named > 0 {
		t.Errorf("got %d residents whose address is the word that stands for none", named)
	}
}

// TestMigrationFilesOfATableInDisorder holds that a table whose files cannot be read is left as it
// is, and that the others are followed.
func TestMigrationFilesOfATableInDisorder(t *testing.T) {
	t.Parallel()
	pool, folder := postgres.New(t), t.TempDir()
	const ada = `1,L1,"Lovelace, Ada",Mrs,Ada,Lovelace,NULL,NULL,F,N,A,NULL,NULL,NULL`
	written(t, folder, "dbo/DM_PERSONS/LOAD00000001.csv", ada)
	written(t, folder, "dbo/DM_ADDRESSES/LOAD00000001.csv",
		`1,1,NULL,NULL,1 Hillman Street,E8 1DY,Y,Y,1`)
	written(t, folder, "dbo/DM_TELEPHONE_NUMBERS/LOAD00000001.csv", `1,1,020 7946 0000,Home`)
	place := []string{"mosaic", "--from", folder}
	if said, err := commanded(t, pool, append([]string{"migration", "load"},
		place...)...); err != nil {
		t.Fatalf("got %v: %s", err, said)
	}
	// The system has a column more by now.
	written(t, folder, "dbo/DM_ADDRESSES/20260314-092653000.csv",
		`U,1,1,NULL,NULL,2 Hillman Street,E8 1DY,Y,Y,1,new`)
	written(t, folder, "dbo/DM_PERSONS/20260314-092653000.csv",
		`U,`+strings.Replace(ada, "Lovelace, Ada", "Augusta King", 1))
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	var log webtest.Buffer
	go func() {
		done <- run(ctx, append([]string{"migration", "follow", "--every", "100ms"}, place...),
			environment("DATABASE_URL="+postgres.DSNOf(t, pool)), io.Discard, &log)
	}()
	defer func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	defer stop()
	eventually(t, 10*time.Second, func() bool {
		var followed, faults int
		if err := pool.GetContext(t.Context(), &followed,
			`SELECT count(*) FROM mosaic.dm_persons WHERE full_name = 'Augusta King'`); err != nil {
			t.Fatal(err)
		}
		if err := pool.GetContext(t.Context(), &faults, `SELECT count(*) FROM gateway.table_fault
			WHERE name = 'dm_addresses' AND kind = 'apply'`); err != nil {
			t.Fatal(err)
		}
		return followed == 1 && faults == 1
	})
}
