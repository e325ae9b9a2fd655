package access_test

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

func aCaller() *access.Caller {
	return &access.Caller{Kind: access.Service, ID: "abcdefghijkl", Name: "front-door"}
}

// aRecord is the record of one answer, which held one resident.
func aRecord(request string) access.Record {
	return access.Record{
		RequestID: request, Caller: aCaller(),
		Seen: []access.Seen{{Residents: []string{"mosaic:1"}, Shown: []string{"Resident.dateOfBirth"}}},
	}
}

// readAll are all entries that there are.
func readAll(t testing.TB, pool *sqlx.DB) []access.Entry {
	t.Helper()
	entries, more, err := access.NewLog(pool).Read(t.Context(), access.Question{})
	if err != nil || more {
		t.Fatalf("got more %t, error %v", more, err)
	}
	return entries
}

// requests are the ids of the requests of entries, in order.
func requests(entries []access.Entry) []string {
	ids := make([]string, len(entries))
	for i, e := range entries {
		ids[i] = e.RequestID
	}
	slices.Sort(ids)
	return ids
}

// until waits for what is to happen.
func until(t testing.TB, what string, happened func() bool) {
	t.Helper()
	timeout, again := time.After(20*time.Second), time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !happened() {
		select {
		case <-again.C:
		case <-timeout:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// openFolder is a folder that the account of the server can get into, unlike t.TempDir as root.
func openFolder(t testing.TB) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "access-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return folder
}

func TestWriteIsReadBack(t *testing.T) {
	t.Parallel()
	full := access.Record{
		RequestID:     "8f1c",
		Caller:        &access.Caller{Kind: access.Person, ID: "p1", Name: "Zoë O'Brien \"x\" <z@y>"},
		Purpose:       "assessment",
		Operation:     "ResidentByID",
		OperationHash: [32]byte{0, 1, 0xff, 31: 9},
		Seen: []access.Seen{
			{
				Residents: []string{"mosaic:31", "mosaic:{2,\"3\"}"}, Restricted: false,
				Shown:    []string{"Resident.nhsNumber", "Resident.dateOfBirth"},
				Withheld: []string{"Resident.contactDetails"},
				Searched: []string{"ResidentFilter.postcode", "ResidentFilter.lastName"},
			},
			{Residents: []string{"mosaic:4"}, Restricted: true, Withheld: []string{"Resident.nhsNumber"}},
		},
	}
	tests := map[string]access.Record{
		"all of it": full,
		"the least": {
			RequestID: "1", Caller: &access.Caller{Kind: access.Developer, ID: "d"},
			Seen: []access.Seen{{Residents: []string{"mosaic:1"}}},
		},
		"nobody found": {
			RequestID: "1", Caller: aCaller(),
			Seen: []access.Seen{{Searched: []string{"ResidentFilter.postcode"}}},
		},
		"nobody seen": {RequestID: "1", Caller: aCaller()},
	}
	for name, record := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			var before, after time.Time
			now := func(to *time.Time) {
				if err := pool.Get(to, `SELECT clock_timestamp()`); err != nil {
					t.Fatal(err)
				}
			}
			now(&before)
			if err := access.NewRecorder(pool).Write(t.Context(), record); err != nil {
				t.Fatal(err)
			}
			now(&after)

			got := readAll(t, pool)
			if len(got) != len(record.Seen) {
				t.Fatalf("got %d entries, want %d", len(got), len(record.Seen))
			}
			for i, seen := range record.Seen {
				at := got[i].At
				if at.Before(before) || at.After(after) || at.Location() != time.UTC {
					t.Errorf("got it at %v, want it between %v and %v in UTC", at, before, after)
				}
				for _, list := range []*[]string{
					&seen.Residents, &seen.Shown, &seen.Withheld, &seen.Searched,
				} {
					if *list == nil {
						*list = []string{}
					}
				}
				want := access.Entry{
					At: at, RequestID: record.RequestID, CallerKind: record.Caller.Kind,
					CallerID: record.Caller.ID, Caller: record.Caller.Name, Purpose: record.Purpose,
					Operation: record.Operation, OperationHash: record.OperationHash, Seen: seen,
				}
				for _, list := range []*[]string{
					&got[i].Residents, &got[i].Shown, &got[i].Withheld, &got[i].Searched,
				} {
					*list = append([]string{}, *list...)
				}
				if !reflect.DeepEqual(got[i], want) {
					t.Errorf("got\n%+v\nwant\n%+v", got[i], want)
				}
			}
		})
	}
}

// held returns a recorder over a counting pool whose statements wait, one of which has the record
// of request 0 already; what its Write returns, in time; and what lets the statements go on.
func held(t *testing.T, pool *sqlx.DB) (
	r *access.Recorder, c *dbtest.Counter, told chan error, free func(),
) {
	t.Helper()
	counted, counter := postgres.Counting(t, postgres.DSNOf(t, pool))
	tx := pool.MustBeginTx(t.Context(), nil)
	tx.MustExec(`LOCK TABLE access.record IN ACCESS EXCLUSIVE MODE`)
	r, told = access.NewRecorder(counted), make(chan error, 1)
	go func() { told <- r.Write(t.Context(), aRecord("0")) }()
	until(t, "a statement that waits", func() bool { return waitsForLock(t, pool) })
	return r, counter, told, func() { _ = tx.Rollback() }
}

func waitsForLock(t testing.TB, pool *sqlx.DB) bool {
	t.Helper()
	const waiting = `SELECT EXISTS (SELECT FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock')`
	var waits bool
	if err := pool.GetContext(t.Context(), &waits, waiting); err != nil {
		t.Fatal(err)
	}
	return waits
}

func TestWriteManyAtOnce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		records, residents int
		refused            map[int]bool
		statements         int // with the one of the record that came first
	}{
		"one statement":          {records: 100, residents: 1, statements: 2},
		"as many as it may hold": {records: 750, residents: 1, statements: 3},
		"as much as it may hold": {records: 3, residents: 30_000, statements: 3},
		"one is refused": {
			records: 8, residents: 1, refused: map[int]bool{5: true}, statements: 8,
		},
		"all are refused": {
			records: 2, residents: 1, refused: map[int]bool{0: true, 1: true}, statements: 4,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			recorder, counter, told, free := held(t, pool)
			var all sync.WaitGroup
			want := []string{"0"}
			for n := range tt.records {
				record := aPage(n, tt.residents)
				record.RequestID = strconv.Itoa(n + 1)
				if tt.refused[n] {
					record.Purpose = "\x00"
				} else {
					want = append(want, record.RequestID)
				}
				all.Go(func() {
					if err := recorder.Write(t.Context(), record); (err != nil) != tt.refused[n] {
						t.Errorf("record %d: got %v", n, err)
					}
				})
				until(t, "one more record that waits", func() bool { return recorder.Pending() == n+1 })
			}
			free()
			all.Wait()
			if err := <-told; err != nil {
				t.Error(err)
			}

			slices.Sort(want)
			if got := requests(readAll(t, pool)); !slices.Equal(got, want) {
				t.Errorf("got records of %q, want %q", got, want)
			}
			if got := len(counter.Statements()); got != tt.statements {
				t.Errorf("got %d statements, want %d", got, tt.statements)
			}
		})
	}
}

// Whoever is told that a record is there finds it there.
func TestWriteFromManyGoroutines(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	recorder := access.NewRecorder(pool)
	var all sync.WaitGroup
	for w := range 16 {
		all.Go(func() {
			for n := range 20 {
				request := strconv.Itoa(w*100 + n)
				if err := recorder.Write(t.Context(), aRecord(request)); err != nil {
					t.Error(err)
				}
				var there bool
				const isThere = `SELECT EXISTS (SELECT FROM access.record WHERE request_id = $1)`
				if err := pool.Get(&there, isThere, request); err != nil || !there {
					t.Errorf("record %s: got there %t, error %v", request, there, err)
				}
			}
		})
	}
	all.Wait()
	if got := len(readAll(t, pool)); got != 320 {
		t.Errorf("got %d entries, want 320", got)
	}
}

func TestWriteOfACallerWhoGoes(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	recorder, _, first, free := held(t, pool)
	ctx, cancel := context.WithCancel(t.Context())
	gone, stays := make(chan error, 1), make(chan error, 1)
	go func() { gone <- recorder.Write(ctx, aRecord("gone")) }()
	go func() { stays <- recorder.Write(t.Context(), aRecord("stays")) }()
	until(t, "two records that wait", func() bool { return recorder.Pending() == 2 })

	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	if err := recorder.Write(ctx, aRecord("too late")); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	free()
	if err := errors.Join(<-first, <-stays); err != nil {
		t.Error(err)
	}
	if got, want := requests(readAll(t, pool)), []string{"0", "stays"}; !slices.Equal(got, want) {
		t.Errorf("got records of %q, want %q", got, want)
	}
}

// A statement is not given up because the caller that it was started for has gone.
func TestWriteOutlivesTheFirstCaller(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	tx := pool.MustBeginTx(t.Context(), nil)
	tx.MustExec(`LOCK TABLE access.record IN ACCESS EXCLUSIVE MODE`)
	recorder := access.NewRecorder(pool)
	ctx, cancel := context.WithCancel(t.Context())
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { first <- recorder.Write(ctx, aRecord("first")) }()
	until(t, "a statement that waits", func() bool { return waitsForLock(t, pool) })
	go func() { second <- recorder.Write(t.Context(), aRecord("second")) }()
	until(t, "a record that waits", func() bool { return recorder.Pending() == 1 })
	cancel()
	if err := <-first; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	_ = tx.Rollback()
	if err := <-second; err != nil {
		t.Error(err)
	}
	if got := requests(readAll(t, pool)); !slices.Equal(got, []string{"first", "second"}) {
		t.Errorf("got records of %q, want both", got)
	}
}
