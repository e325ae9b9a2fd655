package access_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
)

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*access.Record)
		want   string
	}{
		"no caller": {func(r *access.Record) { r.Caller = nil }, "it names no caller"},
		"nobody":    {func(r *access.Record) { r.Caller = &access.Caller{} }, "it names no caller"},
		"no resident": {
			func(r *access.Record) { r.Seen[0].Residents = nil },
			"it names no resident, and nothing that anyone was searched by",
		},
		"a text that cannot be": {
			func(r *access.Record) { r.Purpose = "secret\x00" }, "SQLSTATE 22P05",
		},
		"a name that is too long": {
			func(r *access.Record) { r.Caller.Name = "secret" + longText() }, "SQLSTATE 23514",
		},
		"a name that is no line": {
			func(r *access.Record) { r.Caller.Name = "secret\nsecret" }, "SQLSTATE 23514",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			record := aRecord("1")
			tt.change(&record)
			err := access.NewRecorder(pool).Write(t.Context(), record)
			if want := "access: write record: " + tt.want; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			if got := readAll(t, pool); len(got) != 0 {
				t.Errorf("got %d entries, want none", len(got))
			}
		})
	}
}

// longText is a text that cannot be compressed to what an index would hold.
func longText() string {
	var text strings.Builder
	for n, x := 0, uint64(1); n < 4000; n++ {
		x = x*6364136223846793005 + 1442695040888963407
		text.WriteString(strconv.FormatUint(x>>33, 36))
	}
	return text.String()
}

func TestWriteWhenTheDatabaseIsGone(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	recorder, _, first, free := held(t, pool)
	errs := make(chan error, 10)
	for n := range cap(errs) {
		go func() { errs <- recorder.Write(t.Context(), aRecord(strconv.Itoa(n))) }()
	}
	until(t, "the others", func() bool { return recorder.Pending() == cap(errs) })

	dsn := postgres.DSNOf(t, pool)
	name := regexp.MustCompile(`dbname='(\w+)'`).FindStringSubmatch(dsn)[1]
	admin, err := db.Open(t.Context(), strings.ReplaceAll(dsn, name, "postgres"), db.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	admin.MustExec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`)
	admin.MustExec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = $1 AND wait_event_type = 'Lock'`, name)
	plain := regexp.MustCompile(`^access: write record: (SQLSTATE \w{5}|the connection was lost)$`)
	for n := range cap(errs) + 1 {
		err := <-first
		if err == nil || !plain.MatchString(err.Error()) {
			t.Errorf("got %v, want an error like %s", err, plain)
		}
		if n < cap(errs) {
			first <- <-errs
		}
	}
	free()

	admin.MustExec(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`)
	if err := recorder.Write(t.Context(), aRecord("back")); err != nil {
		t.Error(err)
	}
	if got := requests(readAll(t, pool)); !slices.Equal(got, []string{"back"}) {
		t.Errorf("got records of %q, want that of back alone", got)
	}
}

// badDriver dials by a function, in the place of the driver.
type badDriver func() (driver.Conn, error)

func (d badDriver) Connect(context.Context) (driver.Conn, error) { return d() }
func (badDriver) Driver() driver.Driver                          { return nil }

func TestWriteWithABadDriver(t *testing.T) {
	t.Parallel()
	ended := t.Context().Done()
	tests := map[string]struct {
		dial badDriver
		want string
	}{
		"it panics": {func() (driver.Conn, error) { panic("secret") }, "panic of string"},
		"it never answers": {
			func() (driver.Conn, error) { <-ended; return nil, driver.ErrBadConn },
			context.DeadlineExceeded.Error(),
		},
		"it tells too much": {
			func() (driver.Conn, error) { return nil, errors.New("secret") },
			"the database could not be asked (*errors.errorString)",
		},
		"it loses the connection": {
			func() (driver.Conn, error) { return nil, driver.ErrBadConn }, "the connection was lost",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorder := access.NewRecorder(sqlx.NewDb(sql.OpenDB(tt.dial), "postgres"))
			recorder.SetTimeout(50 * time.Millisecond)
			for range 2 { // the writer is well after the first
				err := recorder.Write(t.Context(), aRecord("1"))
				if want := "access: write record: " + tt.want; err == nil || err.Error() != want {
					t.Errorf("got %v, want %s", err, want)
				}
			}
		})
	}
}

// When it is not for what is in a batch that it fails, no part of it is tried again.
func TestWriteFailsAtOnce(t *testing.T) {
	t.Parallel()
	var dials atomic.Int32
	release := make(chan struct{})
	dial := badDriver(func() (driver.Conn, error) {
		dials.Add(1)
		<-release
		return nil, errors.New("it is down")
	})
	recorder := access.NewRecorder(sqlx.NewDb(sql.OpenDB(dial), "postgres"))
	errs := make(chan error, 5)
	write := func() { errs <- recorder.Write(t.Context(), aRecord("1")) }
	go write()
	until(t, "the first", func() bool { return dials.Load() == 1 })
	for range cap(errs) - 1 {
		go write()
	}
	until(t, "the others", func() bool { return recorder.Pending() == cap(errs)-1 })
	close(release)
	for range cap(errs) {
		if err := <-errs; err == nil {
			t.Error("got no error")
		}
	}
	if got := dials.Load(); got != 2 {
		t.Errorf("got %d statements, want 2", got)
	}
}
