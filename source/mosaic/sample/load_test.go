package sample_test

import (
	"bytes"
	"database/sql"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

func sampleLoadedAt() time.Time { return time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC) }

func sampleLoadInto(t *testing.T, db *sqlx.DB, residents int) {
	t.Helper()
	err := sampleOf(residents).Load(t.Context(), db, sample.Options{Now: sampleLoadedAt})
	if err != nil {
		t.Fatal(err)
	}
}

// sampleState is all that a load changes, but for the rows themselves.
type sampleState struct {
	Residents, Addresses, Phones int
	LoadedAt                     *time.Time
	Origin                       *string
}

func sampleStateOf(t *testing.T, db *sqlx.DB) sampleState {
	t.Helper()
	var s sampleState
	err := db.QueryRowContext(t.Context(), `
		SELECT (SELECT count(*) FROM mosaic.dm_persons),
		       (SELECT count(*) FROM mosaic.dm_addresses),
		       (SELECT count(*) FROM mosaic.dm_telephone_numbers),
		       (SELECT loaded_at FROM gateway.load WHERE source = 'mosaic'),
		       (SELECT origin FROM gateway.load WHERE source = 'mosaic')`).
		Scan(&s.Residents, &s.Addresses, &s.Phones, &s.LoadedAt, &s.Origin)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sampleDefinitions returns the indexes and constraints of the tables, as PostgreSQL tells them.
func sampleDefinitions(t *testing.T, db *sqlx.DB) string {
	t.Helper()
	var definitions []string
	err := db.SelectContext(t.Context(), &definitions, `
		SELECT indexdef FROM pg_indexes WHERE schemaname = 'mosaic'
		UNION ALL
		SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
		WHERE  connamespace = 'mosaic'::regnamespace
		ORDER  BY 1`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(definitions, "\n")
}

// samplePeopleIn reads residents back, as Sample makes them but for what no table holds.
func samplePeopleIn(t *testing.T, db *sqlx.DB) []sample.Person {
	t.Helper()
	var people []sample.Person
	at := map[int64]int{}
	sampleEach(t, db, `SELECT person_id, person_id_legacy, full_name, title, first_name, last_name,
		date_of_birth, date_of_death, gender, restricted, context_flag, nationality, nhs_id,
		email_address FROM mosaic.dm_persons ORDER BY person_id`, func(rows *sql.Rows) error {
		var p sample.Person
		err := rows.Scan(&p.PersonID, &p.PersonIDLegacy, &p.FullName, &p.Title, &p.FirstName,
			&p.LastName, &p.DateOfBirth, &p.DateOfDeath, &p.Gender, &p.Restricted, &p.ContextFlag,
			&p.Nationality, &p.NHSID, &p.EmailAddress)
		sampleUTC(p.DateOfBirth, p.DateOfDeath)
		at[p.PersonID] = len(people)
		people = append(people, p)
		return err
	})
	sampleEach(t, db, `SELECT ref_addresses_people_id, person_id, start_date, end_date, address,
		post_code, is_contact_address, is_display_address, unique_id FROM mosaic.dm_addresses
		WHERE person_id IN (SELECT person_id FROM mosaic.dm_persons)
		ORDER BY ref_addresses_people_id`, func(rows *sql.Rows) error {
		var a sample.Address
		err := rows.Scan(&a.LinkID, &a.PersonID, &a.StartDate, &a.EndDate, &a.Address, &a.PostCode,
			&a.IsContactAddress, &a.IsDisplayAddress, &a.UPRN)
		sampleUTC(a.StartDate, a.EndDate)
		p := &people[at[*a.PersonID]]
		p.Addresses = append(p.Addresses, a)
		return err
	})
	sampleEach(t, db, `SELECT telephone_number_id, person_id, telephone_number,
		telephone_number_type FROM mosaic.dm_telephone_numbers
		WHERE person_id IN (SELECT person_id FROM mosaic.dm_persons)
		ORDER BY telephone_number_id`, func(rows *sql.Rows) error {
		var row sample.Phone
		err := rows.Scan(&row.NumberID, &row.PersonID, &row.Number, &row.Type)
		p := &people[at[row.PersonID]]
		p.Phones = append(p.Phones, row)
		return err
	})
	return people
}

func sampleEach(t *testing.T, db *sqlx.DB, query string, scan func(*sql.Rows) error) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

// sampleUTC gives times the one zone that a sample has.
func sampleUTC(times ...*time.Time) {
	for _, at := range times {
		if at != nil {
			*at = at.UTC()
		}
	}
}

func TestSampleLoad(t *testing.T) {
	t.Parallel()
	tests := map[string]string{"as the gateway connects": "", "without binary parameters": "no"}
	for name, binary := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsn := postgres.DSN(t)
			if binary != "" {
				dsn += sampleSeparator(dsn) + "binary_parameters=" + binary
			}
			pool, err := db.Open(t.Context(), dsn, db.Pool{MaxOpen: 1})
			if err != nil {
				t.Fatal(err)
			}
			defer pool.Close()
			before := sampleDefinitions(t, pool)

			sampleLoadInto(t, pool, 5_000)

			want := samplePeople(sampleOf(5_000))
			for i := range want {
				want[i].Oddities, want[i].SameAs = 0, 0
				slices.SortFunc(want[i].Phones, func(a, b sample.Phone) int {
					return int(a.NumberID - b.NumberID)
				})
			}
			got := samplePeopleIn(t, pool)
			if len(got) != len(want) {
				t.Fatalf("got %d residents, want %d", len(got), len(want))
			}
			for i := range want {
				if g, w := sampleJSON(t, got[i]), sampleJSON(t, want[i]); !bytes.Equal(g, w) {
					t.Fatalf("got %s, want %s", g, w)
				}
			}
			if after := sampleDefinitions(t, pool); after != before {
				t.Errorf("got indexes and constraints\n%s\nwant\n%s", after, before)
			}
		})
	}
}

// sampleSeparator is what stands before a further setting of a connection string.
func sampleSeparator(dsn string) string {
	switch {
	case !strings.Contains(dsn, "://"):
		return " "
	case strings.Contains(dsn, "?"):
		return "&"
	}
	return "?"
}

func TestSampleLoadLeavesTheDatabaseReady(t *testing.T) {
	t.Parallel()
	db := postgres.Scratch(t)
	sampleLoadInto(t, db, 300)

	state := sampleStateOf(t, db)
	if state.Residents != 300 || state.Addresses < 300 || state.Phones < 300 {
		t.Errorf("got %+v, want 300 residents with more of the rest", state)
	}
	if state.LoadedAt == nil || !state.LoadedAt.Equal(sampleLoadedAt()) ||
		*state.Origin != "sample" {
		t.Errorf("got a load at %v of %v", state.LoadedAt, state.Origin)
	}
	var known, columns int
	err := db.QueryRowContext(t.Context(), `
		SELECT (SELECT reltuples FROM pg_class WHERE oid = 'mosaic.dm_persons'::regclass),
		       (SELECT count(*) FROM pg_stats
		        WHERE schemaname = 'mosaic' AND tablename = 'dm_addresses_by_part')`).
		Scan(&known, &columns)
	if err != nil {
		t.Fatal(err)
	}
	if known != 300 || columns != 1 {
		t.Errorf("got statistics of %d residents and of %d index columns, want 300 and 1",
			known, columns)
	}
	var orphans int
	err = db.GetContext(t.Context(), &orphans, `
		SELECT count(*) FROM mosaic.dm_addresses a
		WHERE  NOT EXISTS (SELECT FROM mosaic.dm_persons p WHERE p.person_id = a.person_id)`)
	if err != nil {
		t.Fatal(err)
	}
	if want, _ := sampleOf(300).Orphans(); orphans != len(want) {
		t.Errorf("got %d orphan addresses, want %d", orphans, len(want))
	}
}

func TestSampleLoadOverRows(t *testing.T) {
	t.Parallel()
	const (
		resident = `INSERT INTO mosaic.dm_persons (person_id) VALUES (7)`
		address  = `INSERT INTO mosaic.dm_addresses VALUES (7)`
		phone    = `INSERT INTO mosaic.dm_telephone_numbers VALUES (7, 7)`
		others   = resident + `; INSERT INTO gateway.load VALUES ('mosaic', now(), 'dms')`
		academy  = resident + `; INSERT INTO gateway.load VALUES ('academy', now(), 'sample')`
	)
	tests := map[string]struct {
		before  string
		replace bool
		want    error
	}{
		"empty":                            {"", false, nil},
		"empty, may replace":               {"", true, nil},
		"a sample":                         {"sample", false, source.ErrSampleInPlace},
		"a sample, may replace":            {"sample", true, nil},
		"a resident":                       {resident, false, source.ErrSampleOverData},
		"a resident, may replace":          {resident, true, source.ErrSampleOverData},
		"an address, may replace":          {address, true, source.ErrSampleOverData},
		"a phone number, may replace":      {phone, true, source.ErrSampleOverData},
		"a load of others, may replace":    {others, true, source.ErrSampleOverData},
		"a sample of Academy, may replace": {academy, true, source.ErrSampleOverData},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := postgres.Scratch(t)
			if tt.before == "sample" {
				sampleLoadInto(t, db, 20)
			} else if _, err := db.ExecContext(t.Context(), tt.before); err != nil {
				t.Fatal(err)
			}
			before := sampleStateOf(t, db)

			err := sampleOf(30).Load(t.Context(), db, sample.Options{Replace: tt.replace})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got error %v, want %v", err, tt.want)
			}
			after := sampleStateOf(t, db)
			if err == nil && after.Residents != 30 {
				t.Errorf("got %d residents, want 30", after.Residents)
			}
			if err != nil && !reflect.DeepEqual(after, before) {
				t.Errorf("got %+v after a refusal, want %+v", after, before)
			}
		})
	}
}
