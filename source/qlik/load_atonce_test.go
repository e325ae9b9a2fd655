package qlik_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

// Who reads while files are loaded sees all of one file, and is never told that there is nothing.
func TestLoadIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	const households, loads = 2_000, 6
	database := newLoaded(t, linesOf(households, "f")...)
	files := []string{fileOf(linesOf(households, "t")...), fileOf(linesOf(households, "f")...)}
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var seen [2]int // reads in which nothing was true, and all
	var mu sync.Mutex
	for range 3 {
		readers.Go(func() {
			for ctx.Err() == nil {
				isTrue, ok := readAll(t, qlik.New(database, now), []string{"1", "1000", "1999", "2000"})
				if !ok {
					return
				}
				mu.Lock()
				seen[isTrue]++
				mu.Unlock()
			}
		})
	}
	for i := range loads {
		if _, err := load(t.Context(), database, files[i%2]); err != nil {
			t.Error(err)
		}
	}
	stop()
	readers.Wait()
	if seen[0] == 0 || seen[1] == 0 {
		t.Errorf("got %v reads of each file: the test proves nothing", seen)
	}
}

// readAll returns 1 where all that is said of households is true, and 0 where it is false.
func readAll(t *testing.T, q *qlik.Qlik, uprns []string) (int, bool) {
	t.Helper()
	surveyed, err := q.Survey(t.Context(), uprns)
	if err != nil {
		t.Error(err)
		return 0, false
	}
	first := -1
	for i, survey := range surveyed {
		household, ok := survey.(*qlik.Household)
		if !ok {
			t.Errorf("household %d of %d is not there", i, len(uprns))
			return 0, false
		}
		isTrue := 0
		if *household.HasLowIncome {
			isTrue = 1
		}
		if first >= 0 && first != isTrue {
			t.Error("two files are seen at once")
			return 0, false
		}
		first = isTrue
	}
	return first, true
}

// A load waits for nobody who reads, and who has begun to read goes on seeing what was there.
func TestLoadWaitsForNoReader(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, linesOf(10, "f")...)
	reading, err := database.BeginTxx(t.Context(),
		&sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Rollback()
	const count = `SELECT count(*) FROM qlik.qlik_vulnerability WHERE NOT low_income`
	for range 2 {
		var households int
		if err := reading.GetContext(t.Context(), &households, count); err != nil {
			t.Fatal(err)
		}
		if households != 10 {
			t.Errorf("got %d households, want the 10 that were there", households)
		}
		if _, err := load(t.Context(), database, fileOf(linesOf(20, "t")...)); err != nil {
			t.Fatal(err)
		}
	}
}

// The table does not grow from file to file: the room of each is used again.
func TestLoadUsesRoomAgain(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, linesOf(2_000, "f")...)
	size := func() (bytes int) {
		t.Helper()
		const total = `SELECT pg_total_relation_size('qlik.qlik_vulnerability')`
		if err := database.GetContext(t.Context(), &bytes, total); err != nil {
			t.Fatal(err)
		}
		return bytes
	}
	first := size()
	for range 6 {
		if _, err := load(t.Context(), database, fileOf(linesOf(2_000, "t")...)); err != nil {
			t.Fatal(err)
		}
	}
	if last := size(); last > 3*first {
		t.Errorf("got %d bytes after 7 files, and %d after the first", last, first)
	}
}

// What was granted on the table is granted after a load too.
func TestLoadKeepsGrants(t *testing.T) {
	t.Parallel()
	const role = "qlik_serves"
	database := newLoaded(t, linesOf(10, "f")...)
	if _, err := database.ExecContext(t.Context(), `CREATE ROLE `+role); err != nil {
		t.Fatal(err)
	}
	if err := db.Grant(t.Context(), database, role, db.Gateway(), schema()); err != nil {
		t.Fatal(err)
	}
	if _, err := load(t.Context(), database, fileOf(linesOf(20, "t")...)); err != nil {
		t.Fatal(err)
	}
	const serves = `
		SELECT string_agg(relname || coalesce(acl.privilege_type, ''), ' ')
		FROM   pg_class, aclexplode(relacl) AS acl
		WHERE  relnamespace = 'qlik'::regnamespace AND grantee = $1::regrole`
	var got string
	if err := database.GetContext(t.Context(), &got, serves, role); err != nil {
		t.Fatal(err)
	}
	if got != "qlik_vulnerabilitySELECT" {
		t.Errorf("got %s, want to read the one table", got)
	}
	const drop = `DROP OWNED BY ` + role + `; DROP ROLE ` + role // it outlives the database of a test
	if _, err := database.ExecContext(t.Context(), drop); err != nil {
		t.Error(err)
	}
}

// Whoever loads while another loads is told so, and the other goes on.
func TestLoadTwiceAtOnce(t *testing.T) {
	t.Parallel()
	database := newLoaded(t, linesOf(10, "f")...)
	file, more := io.Pipe()
	first := make(chan error, 1)
	go func() {
		_, err := qlik.Load(t.Context(), database, file, qlik.LoadOptions{Now: now})
		first <- err
	}()
	// More than is read ahead: when it has been taken, the load is on its way.
	begun := fileOf(linesOf(30_000, "t")...)
	if _, err := io.WriteString(more, begun); err != nil {
		t.Fatal(err)
	}
	_, err := load(t.Context(), database, fileOf(linesOf(10, "f")...))
	if !errors.Is(err, qlik.ErrLoading) {
		t.Errorf("got error %v, want %v", err, qlik.ErrLoading)
	}
	if err := more.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-first; err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(contents(t, database), "\n"); got != 30_000 {
		t.Errorf("got %d households, want 30000", got)
	}
}
