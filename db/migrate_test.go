package db_test

import (
	"database/sql"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// files makes a Schema out of file names and their SQL.
func files(name string, content map[string]string) db.Schema {
	held := fstest.MapFS{}
	for file, text := range content {
		held[file] = &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)}
	}
	return db.Schema{Name: name, Files: held}
}

func appliedFiles(all []db.Applied) []string {
	names := []string{}
	for _, a := range all {
		names = append(names, a.Schema+"/"+a.File)
	}
	return names
}

// gatewayFiles are what appliedFiles are for the gateway's own schema.
func gatewayFiles(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(db.Gateway().Files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("got %d files, %v", len(names), err)
	}
	for i, name := range names {
		names[i] = "gateway/" + name
	}
	return names
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	const table = `CREATE TABLE %.a (n int);`
	inSchema := func(sql, schema string) string { return strings.ReplaceAll(sql, "%", schema) }
	tests := map[string]struct {
		before []db.Schema
		now    []db.Schema
		want   []string
		err    string // a part of the error; "" for none
	}{
		"an empty database": {
			now: []db.Schema{
				db.Gateway(), files("x", map[string]string{"1_a.sql": inSchema(table, "x")}),
			},
			want: append(gatewayFiles(t), "x/1_a.sql"),
		},
		"all is done": {
			before: []db.Schema{db.Gateway()},
			now:    []db.Schema{db.Gateway()},
			want:   []string{},
		},
		"one more file": {
			before: []db.Schema{files("x", map[string]string{"1_a.sql": "SELECT 1;"})},
			now: []db.Schema{
				files("x", map[string]string{"1_a.sql": "SELECT 1;", "2_b.sql": "SELECT 1;"}),
			},
			want: []string{"x/2_b.sql"},
		},
		"a database newer than the files": {
			before: []db.Schema{
				files("x", map[string]string{"1_a.sql": "SELECT 1;", "2_b.sql": "SELECT 1;"}),
			},
			now:  []db.Schema{files("x", map[string]string{"1_a.sql": "SELECT 1;"})},
			want: []string{},
		},
		"a name that needs quotes": {
			now: []db.Schema{
				files(`A "b'.c`, map[string]string{"1_a.sql": inSchema(table, `"A ""b'.c"`)}),
			},
			want: []string{`A "b'.c/1_a.sql`},
		},
		"a file that fails": {
			now: []db.Schema{files("x", map[string]string{
				"1_a.sql": inSchema(table, "x"), "2_b.sql": inSchema(table, "x"),
			})},
			want: []string{"x/1_a.sql"},
			err:  `db: migrate schema x: 2_b.sql: `,
		},
		"a file that fails on what is in a row": {
			now: []db.Schema{files("x", map[string]string{
				"1_a.sql": "SELECT 'Ada Lovelace'::int;",
			})},
			want: []string{},
			err:  "1_a.sql: invalid_text_representation, SQLSTATE 22P02",
		},
		"a file without a number": {
			now:  []db.Schema{files("x", map[string]string{"a.sql": "SELECT 1;"})},
			want: []string{},
			err:  "a.sql",
		},
		"a file that comes too late": {
			before: []db.Schema{files("x", map[string]string{"2_b.sql": "SELECT 1;"})},
			now: []db.Schema{
				files("x", map[string]string{"1_a.sql": "SELECT 1;", "2_b.sql": "SELECT 1;"}),
			},
			want: []string{},
			err:  "missing",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			if _, err := db.Migrate(t.Context(), pool, tt.before...); err != nil {
				t.Fatal(err)
			}
			applied, err := db.Migrate(t.Context(), pool, tt.now...)
			if got := appliedFiles(applied); !slices.Equal(got, tt.want) {
				t.Errorf("applied %q, want %q", got, tt.want)
			}
			switch {
			case tt.err == "" && err != nil:
				t.Error(err)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Errorf("got error %v, want %q in it", err, tt.err)
			case err != nil && strings.Contains(err.Error(), "Lovelace"):
				t.Errorf("the error tells a value: %v", err)
			}
		})
	}
}

func TestMigrateInManyProcessesAtOnce(t *testing.T) {
	t.Parallel()
	dsn := postgres.DSN(t)
	schemas := []db.Schema{
		db.Gateway(),
		files("slow", map[string]string{
			"1_slow.sql": "CREATE TABLE slow.a (n int); SELECT pg_sleep(0.3);",
			// It waits for every statement that is older, and so for one that waits for a lock.
			"2_concurrent.sql": "-- +goose NO TRANSACTION\n" +
				"CREATE INDEX CONCURRENTLY a_n ON slow.a (n);",
		}),
	}
	var (
		all     sync.WaitGroup
		mu      sync.Mutex
		applied []db.Applied
	)
	for range 6 {
		all.Go(func() {
			// One connection is all that it needs.
			pool, err := db.Open(t.Context(), dsn, db.Pool{MaxOpen: 1})
			if err != nil {
				t.Error(err)
				return
			}
			defer pool.Close()
			now, err := db.Migrate(t.Context(), pool, schemas...)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			applied = append(applied, now...)
		})
	}
	all.Wait()

	got := appliedFiles(applied)
	slices.Sort(got)
	want := append(gatewayFiles(t), "slow/1_slow.sql", "slow/2_concurrent.sql")
	if !slices.Equal(got, want) {
		t.Errorf("applied %q, want each once: %q", got, want)
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	var (
		old = files("x", map[string]string{"1_a.sql": "SELECT 1;"})
		now = files("x", map[string]string{"1_a.sql": "SELECT 1;", "2_b.sql": "SELECT 1;"})
	)
	tests := map[string]struct {
		applied []db.Schema
		known   db.Schema
		want    db.SchemaStatus
		newer   bool
	}{
		"an empty database": {
			known: now,
			want:  db.SchemaStatus{Name: "x", Latest: 2, Pending: []string{"1_a.sql", "2_b.sql"}},
		},
		"one file is pending": {
			applied: []db.Schema{old},
			known:   now,
			want: db.SchemaStatus{
				Name: "x", Current: 1, Latest: 2, Pending: []string{"2_b.sql"},
			},
		},
		"all is done": {
			applied: []db.Schema{now},
			known:   now,
			want:    db.SchemaStatus{Name: "x", Current: 2, Latest: 2},
		},
		"newer than the files": {
			applied: []db.Schema{now},
			known:   old,
			want:    db.SchemaStatus{Name: "x", Current: 2, Latest: 1},
			newer:   true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			if len(tt.applied) > 0 {
				if _, err := db.Migrate(t.Context(), pool, tt.applied...); err != nil {
					t.Fatal(err)
				}
			}
			got, err := db.Status(t.Context(), pool, tt.known)
			if err != nil {
				t.Fatal(err)
			}
			if want := []db.SchemaStatus{tt.want}; !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got[0].Newer() != tt.newer {
				t.Errorf("newer: got %t, want %t", got[0].Newer(), tt.newer)
			}
		})
	}
}

func TestStatusChangesNothing(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	const schemas = `SELECT count(*) FROM pg_namespace`
	var before, after int
	if err := pool.Get(&before, schemas); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Status(t.Context(), pool, db.Gateway()); err != nil {
		t.Fatal(err)
	}
	if err := pool.Get(&after, schemas); err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Errorf("%d schemas before and %d after", before, after)
	}
}

// Names do not fit into every encoding: who has such a database is told at once.
func TestMigrateNeedsUTF8(t *testing.T) {
	t.Parallel()
	dsn := postgres.DSN(t)
	execute(t, dsn, `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
	defer execute(t, dsn, `DROP DATABASE latin`)

	latin, err := pq.NewConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	latin.Database = "latin"
	connector, err := pq.NewConnectorConfig(latin)
	if err != nil {
		t.Fatal(err)
	}
	pool := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	defer pool.Close()
	if _, err := db.Migrate(t.Context(), pool, db.Gateway()); err == nil ||
		!strings.Contains(err.Error(), "UTF8") {
		t.Errorf("got %v, want to be told of UTF8", err)
	}
}

func execute(t *testing.T, dsn, statement string) {
	t.Helper()
	pool, err := db.Open(t.Context(), dsn, db.Pool{MaxOpen: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
