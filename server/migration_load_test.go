package main

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration/migrationtest"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// migrated are the sources that are migrated from their systems.
func migrated() []*mapping.Mapping {
	var all []*mapping.Mapping
	for _, p := range catalogue.Sources() {
		if p.Mapping != nil {
			all = append(all, p.Mapping)
		}
	}
	return all
}

// from is where the system of a world is, in the words of MIGRATION_FROM.
func from(w *migrationtest.World) string {
	if databases := w.Mapping.Databases(); len(databases) > 1 {
		var all []string
		for _, name := range databases {
			all = append(all, name+"="+w.DSN)
		}
		return strings.Join(all, ";")
	}
	return w.DSN
}

// commanded runs a command over a database, and returns what it said.
func commanded(t *testing.T, pool *sqlx.DB, args ...string) (string, error) {
	t.Helper()
	var told webtest.Buffer
	err := run(t.Context(), args, environment("DATABASE_URL="+postgres.DSNOf(t, pool)), &told,
		io.Discard)
	return told.String(), err
}

// wantMigrated fails unless what is served is what the system holds.
func wantMigrated(t *testing.T, pool *sqlx.DB, w *migrationtest.World) {
	t.Helper()
	for i := range w.Mapping.Tables {
		w.WantSame(t, pool, &w.Mapping.Tables[i])
	}
}

// TestMigrationLoad loads every source from its system, broken off and gone on with, and goes back.
func TestMigrationLoad(t *testing.T) {
	t.Parallel()
	for _, m := range migrated() {
		name := m.Schema()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			w := migrationtest.New(t, postgres.New(t), m)
			w.Fill(t, 0, 500)
			load := []string{"migration", "load", name, "--from", from(w), "--range-rows", "100"}
			said, err := commanded(t, pool, load...)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(said, "loaded "+m.Title) {
				t.Errorf("got %q, which does not say what was done", said)
			}
			wantMigrated(t, pool, w)
			w.Fill(t, 500, 600)
			if _, err := commanded(t, pool, load...); err != nil {
				t.Fatal(err)
			}
			wantMigrated(t, pool, w)
			if _, err := commanded(t, pool, "migration", "back", name); err != nil {
				t.Fatal(err)
			}
			here := pgreader.New(pool, name, "here")
			if got := len(migrationtest.Lines(t, here, &m.Tables[0])); got != 500 {
				t.Errorf("got %d rows of the generation before, want 500", got)
			}
		})
	}
}

// TestMigrationCheck holds what is found when tables are compared with what is described.
func TestMigrationCheck(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	w := migrationtest.New(t, postgres.New(t), catalogue.Sources()[0].Mapping)
	check := []string{"migration", "check", "mosaic", "--from", from(w)}
	steps := []struct {
		here, there string
		want        string
		status      int
	}{
		{want: "every table of Mosaic"},
		{there: `ALTER TABLE [dbo].[DM_PERSONS] ADD [NEW] int NULL`, want: "dm_persons: "},
		{
			there: `ALTER TABLE [dbo].[DM_ADDRESSES] DROP COLUMN [POST_CODE]`, want: "dm_addresses must not",
			status: exitNotRight,
		},
		{here: `DROP INDEX mosaic.dm_persons_by_name`, want: "here, ", status: exitNotRight},
	}
	for _, s := range steps {
		if s.here != "" {
			pool.MustExec(s.here)
		}
		if s.there != "" {
			w.Exec(t, s.there)
		}
		said, err := commanded(t, pool, check...)
		if exitStatus(err) != s.status || !strings.Contains(said, s.want) {
			t.Errorf("after %s%s: got %v and %s, want %q", s.here, s.there, err, said, s.want)
		}
	}
	if said, err := commanded(t, pool, check[:3]...); strings.Contains(said, "dm_addresses") {
		t.Errorf("got %v and %s, want nothing of the system", err, said)
	}
}

// TestMigrationVerify proves every source against its system, and finds what is not as it is there.
func TestMigrationVerify(t *testing.T) {
	t.Parallel()
	for _, m := range migrated() {
		name := m.Schema()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			w := migrationtest.New(t, postgres.New(t), m)
			w.Fill(t, 0, 300)
			place := []string{name, "--from", from(w)}
			if _, err := commanded(t, pool, slices.Concat([]string{"migration", "load"},
				place)...); err != nil {
				t.Fatal(err)
			}
			verify := slices.Concat([]string{"migration", "verify"}, place, []string{"--lag", "1ms"})
			said, err := commanded(t, pool, verify...)
			if err != nil || !strings.Contains(said, "same") {
				t.Fatalf("got %v, want no difference: %s", err, said)
			}
			lost := pq.QuoteIdentifier(name) + "." + pq.QuoteIdentifier(m.Tables[0].Name)
			pool.MustExec("DELETE FROM " + lost + " WHERE ctid = (SELECT min(ctid) FROM " + lost + ")")
			said, err = commanded(t, pool, verify...)
			if exitStatus(err) != exitNotRight || strings.Count(said, "MISSING_TARGET") != 1 {
				t.Errorf("got %v, want one row that is missing: %s", err, said)
			}
		})
	}
}

// TestMigrationLoadLanding takes in what DMS landed, and leaves what DMS follows as it is.
func TestMigrationLoadLanding(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	m := catalogue.Sources()[2].Mapping
	w := migrationtest.New(t, postgres.New(t), m)
	w.Fill(t, 0, 300)
	if _, err := commanded(t, pool, "migration", "load", "housing", "--from", from(w)); err != nil {
		t.Fatal(err)
	}
	pool.MustExec(`CREATE SCHEMA housing_landing`)
	var landed []string
	for i := range m.Tables {
		if table := &m.Tables[i]; !table.Follows {
			landed = append(landed, table.Name)
			pool.MustExec(`CREATE TABLE housing_landing."` + table.Name + `" AS TABLE housing."` +
				table.Name + `"`)
		}
	}
	pool.MustExec(`UPDATE housing_landing.member SET surname = 'Landed';
		DELETE FROM housing."CCPhone" WHERE "PhoneID" = 7`)
	said, err := commanded(t, pool, "migration", "load", "housing", "--from", "landing")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(said, " rows"); got != len(landed)+1 {
		t.Errorf("got %d tables, want %d: %s", got-1, len(landed), said)
	}
	var row struct {
		Members int    `db:"members"`
		Phones  int    `db:"phones"`
		Origin  string `db:"origin"`
	}
	if err := pool.GetContext(t.Context(), &row, `
		SELECT (SELECT count(*) FROM housing.member WHERE surname = 'Landed') AS members,
		       (SELECT count(*) FROM housing."CCPhone") AS phones,
		       (SELECT origin FROM gateway.load WHERE source = 'housing') AS origin`); err != nil {
		t.Fatal(err)
	}
	if row.Members != 300 || row.Phones != 299 || row.Origin != "landing" {
		t.Errorf("got %+v, want 300 members from the landing, and 299 phones as they were", row)
	}
}

// TestMigrationFollow follows Mosaic at the usual pace, and holds how soon what is committed there
// is answered by GraphQL.
func TestMigrationFollow(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	m := catalogue.Sources()[0].Mapping
	w := migrationtest.New(t, postgres.New(t), m)
	w.Fill(t, 0, 100)
	place := "MIGRATION_FROM=" + from(w)
	if _, err := commanded(t, pool, "migration", "load", "mosaic", "--from", from(w)); err != nil {
		t.Fatal(err)
	}
	url := newServer(t, pool)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	var log webtest.Buffer
	go func() {
		done <- run(ctx, []string{"migration", "follow", "mosaic"},
			environment("DATABASE_URL="+postgres.DSNOf(t, pool), place), io.Discard, &log)
	}()
	var slowest time.Duration
	for n := range 5 {
		name := "Followed" + strconv.Itoa(n)
		w.Exec(t, `UPDATE [dbo].[DM_PERSONS] SET [FIRST_NAME] = '`+name+`' WHERE [PERSON_ID] = 42`)
		committed := time.Now()
		eventually(t, 20*time.Second, func() bool {
			got := webtest.Post(t, url, `{ resident(id: "mosaic:42") { firstName } }`)
			return strings.Contains(got.Body, name)
		})
		slowest = max(slowest, time.Since(committed))
	}
	t.Logf("the slowest of 5 was answered after %v", slowest)
	if limit := 5 * time.Second; slowest > limit {
		t.Errorf("got an answer after %v, want one within %v", slowest, limit)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("got %v and %s, want no error of one that was stopped", err, log.String())
	}
}

// eventually waits until something is so.
func eventually(t *testing.T, atMost time.Duration, isSo func() bool) {
	t.Helper()
	ticks := time.NewTicker(20 * time.Millisecond)
	defer ticks.Stop()
	for deadline := time.Now().Add(atMost); time.Now().Before(deadline); <-ticks.C {
		if isSo() {
			return
		}
	}
	t.Fatalf("it was not so within %v", atMost)
}

// TestMigrationRefuses holds what is told of what cannot be meant.
func TestMigrationRefuses(t *testing.T) {
	t.Parallel()
	url := (&url.URL{Scheme: "sqlserver", User: url.UserPassword("u", "secret"), Host: "h"}).String()
	tests := map[string]struct {
		args []string
		want string
	}{
		"no place":           {[]string{"load", "mosaic"}, "MIGRATION_FROM (--from) must say where"},
		"no such source":     {[]string{"load", "nobody", "--from", "x"}, "<source> must be one that"},
		"one of files":       {[]string{"load", "qlik", "--from", "x"}, "<source> must be one that"},
		"one of two systems": {[]string{"load", "housing", "--from", url}, "NAME=ADDRESS;"},
		"half of them": {
			[]string{"load", "housing", "--from", "uhtlive=" + url}, "where database uhwlive is",
		},
		"an address of nothing": {
			[]string{"load", "mosaic", "--from", "sqlserver://u:secret@h:port"}, "cannot be read",
		},
		"a night without end": {
			[]string{"load", "mosaic", "--from", url, "--night", "22:00"}, "--night must be two times",
		},
		"files like nothing": {
			[]string{"load", "mosaic", "--from", "folder", "--files", "secret"}, "--files must be of header",
		},
		"what is never landed": {
			[]string{"load", "mosaic", "--from", "landing"}, "DMS follows all tables of Mosaic",
		},
		"in clear": {
			[]string{"load", "mosaic", "--from", url + "?encrypt=disable"}, "travel in clear",
		},
		"as of nothing": {
			[]string{"load", "mosaic", "--from", url, "--as-of", "noon"}, "--as-of must be a day",
		},
		"to follow a landing": {
			[]string{"follow", "housing", "--from", "landing"}, "whose changes are told",
		},
		"nothing to go back to": {[]string{"back", "mosaic"}, "no generation before"},
		"no such folder": {
			[]string{"load", "mosaic", "--from", "no/such/folder"}, "no/such/folder",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := commanded(t, postgres.New(t), slices.Insert(tt.args, 0, "migration")...)
			if err == nil || !strings.Contains(err.Error(), tt.want) ||
				strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want it to say %q", err, tt.want)
			}
		})
	}
}

func TestNight(t *testing.T) {
	t.Parallel()
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.March, day, hour, minute, 0, 0, time.UTC)
	}
	tests := map[string]struct {
		hours string
		at    time.Time
		open  bool
		next  time.Time
	}{
		"late":          {"22:00-06:00", at(14, 23, 0), true, at(15, 22, 0)},
		"early":         {"22:00-06:00", at(14, 5, 59), true, at(14, 22, 0)},
		"in the middle": {"22:00-06:00", at(14, 12, 0), false, at(14, 22, 0)},
		"at its end":    {"22:00-06:00", at(14, 6, 0), false, at(14, 22, 0)},
		"at noon":       {"12:00-13:00", at(14, 12, 0), true, at(15, 12, 0)},
		"before noon":   {"12:00-13:00", at(14, 11, 59), false, at(14, 12, 0)},
		"after noon":    {"12:00-13:00", at(14, 13, 0), false, at(15, 12, 0)},
	}
	for name, tt := range tests {
		var night hours
		if err := night.UnmarshalText([]byte(tt.hours)); err != nil {
			t.Fatal(err)
		}
		open, next := night(tt.at)
		if open != tt.open || !next.Equal(tt.next) {
			t.Errorf("%s: got %v and %v, want %v and %v", name, open, next, tt.open, tt.next)
		}
	}
}
