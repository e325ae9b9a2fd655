package access_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
)

// row is a row of the record that is there from before.
type row struct{ at, request, caller, residents string }

// addRows adds rows as only the owner can: with a time that is theirs.
func addRows(t testing.TB, pool *sqlx.DB, rows ...row) {
	t.Helper()
	for _, r := range rows {
		if r.caller == "" {
			r.caller = "front-door"
		}
		if r.residents == "" {
			r.residents = "{mosaic:1}"
		}
		if _, err := pool.ExecContext(t.Context(),
			`SELECT access.add_month(($1::timestamptz AT TIME ZONE 'UTC')::date)`, r.at); err != nil {
			t.Fatal(err)
		}
		if _, err := pool.ExecContext(t.Context(), `
			INSERT INTO access.record (at, request_id, caller_kind, caller_id, caller, residents,
				restricted, shown, withheld)
			VALUES ($1, $2, 'SERVICE', 'k', $3, $4, false, '{}', '{}')`,
			r.at, r.request, r.caller, r.residents); err != nil {
			t.Fatal(err)
		}
	}
}

// partitions are the months of which there is a partition, and how many rows each has.
func partitions(t testing.TB, pool *sqlx.DB) map[string]int {
	t.Helper()
	var all []struct {
		Name string
		Rows int
	}
	if err := pool.SelectContext(t.Context(), &all, `
		SELECT c.relname AS name, count(r.at) AS rows
		FROM   pg_inherits JOIN pg_class AS c ON c.oid = inhrelid
		LEFT   JOIN access.record AS r ON r.tableoid = c.oid
		WHERE  inhparent = 'access.record'::regclass GROUP BY 1`); err != nil {
		t.Fatal(err)
	}
	found := map[string]int{}
	for _, p := range all {
		found[p.Name] = p.Rows
	}
	return found
}

func TestRead(t *testing.T) {
	t.Parallel()
	pool := postgres.Scratch(t)
	addRows(t, pool,
		row{at: "2026-01-31 23:59:59.999999+00", request: "a", residents: "{mosaic:1,mosaic:2}"},
		row{at: "2026-02-01 00:00:00+00", request: "b", caller: "back-door"},
		row{at: "2026-02-10 12:00:00+00", request: "c", residents: "{mosaic:2}"},
		row{at: "2026-03-10 12:00:00+00", request: "d", caller: "back-door", residents: "{mosaic:10}"},
		row{at: "2026-03-10 12:00:00+00", request: "e"},
	)
	at := func(text string) time.Time {
		when, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	tests := map[string]struct {
		q    access.Question
		want string // the requests
		more bool
	}{
		"all":                   {access.Question{}, "d e c b a", false},
		"a resident":            {access.Question{Resident: "mosaic:1"}, "e b a", false},
		"another, among others": {access.Question{Resident: "mosaic:2"}, "c a", false},
		"a resident unknown":    {access.Question{Resident: "mosaic:3"}, "", false},
		"a caller":              {access.Question{Caller: "back-door"}, "d b", false},
		"both": {
			access.Question{Caller: "back-door", Resident: "mosaic:1"}, "b", false,
		},
		"since then":             {access.Question{Since: at("2026-02-10T12:00:00Z")}, "d e c", false},
		"until before then":      {access.Question{Until: at("2026-02-10T12:00:00Z")}, "b a", false},
		"in another zone":        {access.Question{Until: at("2026-02-01T01:00:00+01:00")}, "a", false},
		"as many as the limit":   {access.Question{Limit: 5}, "d e c b a", false},
		"more than the limit":    {access.Question{Limit: 4}, "d e c b", true},
		"one of many":            {access.Question{Resident: "mosaic:1", Limit: 1}, "e", true},
		"what could end the SQL": {access.Question{Resident: "'; --", Caller: `{"`}, "", false},
	}
	t.Run("questions", func(t *testing.T) {
		for name, tt := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				got, more, err := access.NewLog(pool).Read(t.Context(), tt.q)
				if err != nil {
					t.Fatal(err)
				}
				var requests []string
				for _, e := range got {
					requests = append(requests, e.RequestID)
				}
				if got := strings.Join(requests, " "); got != tt.want || more != tt.more {
					t.Errorf("got %q, more %t, want %q, %t", got, more, tt.want, tt.more)
				}
			})
		}
	})
	want := map[string]int{"record_2026_01": 1, "record_2026_02": 2, "record_2026_03": 2}
	if got := partitions(t, pool); len(got) != 3 || got["record_2026_01"] != 1 ||
		got["record_2026_02"] != 2 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestReadBeforeMigrating(t *testing.T) {
	t.Parallel()
	pool := postgres.Scratch(t)
	pool.MustExec(`DROP SCHEMA access CASCADE`)
	_, _, err := access.NewLog(pool).Read(t.Context(), access.Question{Caller: "secret"})
	if want := "access: read record: SQLSTATE 42P01"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAddMonth(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ day, name, first, last string }{
		"the first day": {"2026-11-01", "record_2026_11", "2026-11-01", "2026-11-30 23:59:59.999999"},
		"the last day":  {"2026-11-30", "record_2026_11", "2026-11-01", "2026-11-30 23:59:59.999999"},
		"a leap year":   {"2028-02-29", "record_2028_02", "2028-02-01", "2028-02-29 23:59:59.999999"},
		"December":      {"2026-12-31", "record_2026_12", "2026-12-01", "2026-12-31 23:59:59.999999"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			pool.SetMaxOpenConns(1)
			pool.MustExec(`SET timezone = 'America/New_York'`)
			pool.MustExec(`SELECT access.add_month($1)`, tt.day)
			if got := partitions(t, pool); len(got) != 1 {
				t.Fatalf("got %v, want one month", got)
			}
			for at, fits := range map[string]bool{
				tt.first + " 00:00+00": true, tt.last + "+00": true,
				tt.first + " 00:00+01": false, tt.last + "-01": false,
			} {
				_, err := pool.ExecContext(t.Context(), `
					INSERT INTO access.record
					SELECT $1, '', 'k', 'i', 'c', null, null, null, '{r}', false, '{}', '{}'`, at)
				if (err == nil) != fits {
					t.Errorf("%s: got %v, want it to fit: %t", at, err, fits)
				}
			}
			if got := partitions(t, pool); got[tt.name] != 2 {
				t.Errorf("got %v, want two rows in %s", got, tt.name)
			}
		})
	}
}

func TestAddMonthByManySessions(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	pool.SetMaxOpenConns(20)
	start := make(chan struct{})
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			conn, err := pool.Connx(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			defer conn.Close()
			<-start
			if _, err := conn.ExecContext(t.Context(), `SELECT access.add_month('2026-11-05')`); err != nil {
				t.Error(err)
			}
		})
	}
	until(t, "20 connections", func() bool { return pool.Stats().InUse == 20 })
	close(start)
	all.Wait()
	if got := partitions(t, pool); len(got) != 1 {
		t.Errorf("got %v, want one month", got)
	}
}

// A month that is added stops nobody who writes: not even one whose transaction is not over.
func TestAddMonthWhileOthersWrite(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	pool.MustExec(`SELECT access.write_records('[]')`) // makes this month
	tx := pool.MustBeginTx(t.Context(), nil)
	defer tx.Rollback()
	tx.MustExec(`SELECT access.write_records($1)`, `[{"request_id": "1", "caller_kind": "SERVICE",
		"caller_id": "k", "caller": "c", "residents": ["r"], "restricted": false}]`)
	conn, err := pool.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, statement := range []string{
		`SET lock_timeout = '5s'`, `SELECT access.add_month('2020-01-01')`,
	} {
		if _, err := conn.ExecContext(t.Context(), statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
}

func TestPrune(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keep int
		now  string
		want []string // months that are gone, with their records
	}{
		"the last month is kept":    {1, "2026-04-01T00:00:00Z", []string{"2026-01 1", "2026-02 2"}},
		"one more":                  {2, "2026-04-30T23:00:00Z", []string{"2026-01 1"}},
		"all":                       {3, "2026-04-30T23:00:00Z", nil},
		"not yet April in UTC":      {1, "2026-04-01T00:59:00+01:00", []string{"2026-01 1"}},
		"over the turn of the year": {15, "2027-05-02T00:00:00Z", []string{"2026-01 1"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.Scratch(t)
			if err := access.NewRecorder(pool).Write(t.Context(), aRecord("now")); err != nil {
				t.Fatal(err)
			}
			// Months that are over, whenever this runs: as long ago as they are from tt.now.
			const years = 20
			addRows(t, pool, row{at: "2006-01-15"}, row{at: "2006-02-01"}, row{at: "2006-02-28"},
				row{at: "2006-03-01"})
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			before := partitions(t, pool)
			got, err := access.NewLog(pool).Prune(t.Context(), tt.keep, now.AddDate(-years, 0, 0))
			if err != nil {
				t.Fatal(err)
			}
			var gone []string
			for _, p := range got {
				month := p.Month.AddDate(years, 0, 0).Format("2006-01")
				gone = append(gone, month+" "+string(rune('0'+p.Records)))
				if p.DroppedBy != "gateway" || p.DroppedAt.IsZero() || p.Month.Day() != 1 {
					t.Errorf("got %+v", p)
				}
			}
			if !slices.Equal(gone, tt.want) {
				t.Errorf("got %q gone, want %q", gone, tt.want)
			}
			if got, want := len(partitions(t, pool)), len(before)-len(tt.want); got != want {
				t.Errorf("got %d months left, want %d", got, want)
			}
			var noted int
			if err := pool.Get(&noted, `SELECT count(*) FROM access.pruned`); err != nil ||
				noted != len(tt.want) {
				t.Errorf("got %d noted, error %v, want %d", noted, err, len(tt.want))
			}
		})
	}
}

func TestPruneRefuses(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	var now time.Time
	if err := pool.Get(&now, `SELECT clock_timestamp()`); err != nil {
		t.Fatal(err)
	}
	addRows(t, pool, row{at: "2006-01-15"})
	if err := access.NewRecorder(pool).Write(t.Context(), aRecord("now")); err != nil {
		t.Fatal(err)
	}
	log := access.NewLog(pool)

	t.Run("to keep no month", func(t *testing.T) {
		if got, err := log.Prune(t.Context(), 0, now); err == nil {
			t.Errorf("got %+v, want an error", got)
		}
	})
	t.Run("the month in progress", func(t *testing.T) {
		got, err := log.Prune(t.Context(), 1, now.AddDate(0, 3, 0))
		if err == nil || !strings.HasSuffix(err.Error(), "SQLSTATE 22023") {
			t.Errorf("got %+v, %v, want an error", got, err)
		}
	})
	t.Run("to wait for who reads", func(t *testing.T) {
		tx := pool.MustBeginTx(t.Context(), nil)
		defer tx.Rollback()
		tx.MustExec(`SELECT FROM access.record`)
		ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
		defer cancel()
		got, err := log.Prune(ctx, 1, now)
		if err == nil || !strings.HasSuffix(err.Error(), "SQLSTATE 55P03") {
			t.Errorf("got %+v, %v, want an error", got, err)
		}
	})
	if got := len(partitions(t, pool)); got != 2 {
		t.Errorf("got %d months, want both", got)
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	pool := postgres.Scratch(t)
	addRows(t, pool, row{at: "2026-02-28"}, row{at: "2025-12-31"}, row{at: "2026-02-01"})
	pool.MustExec(`ANALYZE access.record`)
	got, err := access.NewLog(pool).Months(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Month.Format(time.DateOnly) != "2025-12-01" || got[0].Records != 1 ||
		got[1].Month.Format(time.DateOnly) != "2026-02-01" || got[1].Records != 2 || got[0].Bytes == 0 {
		t.Errorf("got %+v", got)
	}
}

// Every question is answered by an index, and from the months that it is about.
func TestReadUsesIndexes(t *testing.T) {
	t.Parallel()
	pool := postgres.Scratch(t)
	for _, month := range []string{"2026-01-01", "2026-02-01", "2026-03-01"} {
		pool.MustExec(`SELECT access.add_month($1)`, month)
		pool.MustExec(`
			INSERT INTO access.record
			SELECT $1::date + n * interval '1 minute', n::text, 'SERVICE', 'k', 'caller-' || n % 50,
			       null, null, null, ARRAY['mosaic:' || n % 977, 'mosaic:' || n % 991], false, '{}', '{}'
			FROM   generate_series(1, 20000) AS n`, month)
	}
	pool.MustExec(`ANALYZE access.record`)
	since := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	tests := map[string]struct {
		resident, caller string
		since            *time.Time
		limit            *int
		want, never      []string
	}{
		"a resident": {
			resident: "mosaic:1", want: []string{"record_2026_01_residents_idx"},
			never: []string{"Seq Scan"},
		},
		"a resident, since then": {
			resident: "mosaic:1", since: &since, want: []string{"record_2026_03_residents_idx"},
			never: []string{"Seq Scan", "record_2026_02"},
		},
		"a caller's newest": {
			caller: "caller-7", limit: new(100), want: []string{"record_2026_03_caller_at_idx"},
			never: []string{"Seq Scan"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var plan []string
			if err := pool.SelectContext(t.Context(), &plan, `EXPLAIN `+access.Entries,
				tt.resident, tt.caller, tt.since, (*time.Time)(nil), tt.limit); err != nil {
				t.Fatal(err)
			}
			text := strings.Join(plan, "\n")
			for _, want := range tt.want {
				if !strings.Contains(text, want) {
					t.Errorf("want %s in\n%s", want, text)
				}
			}
			for _, never := range tt.never {
				if strings.Contains(text, never) {
					t.Errorf("want no %s in\n%s", never, text)
				}
			}
		})
	}
}
