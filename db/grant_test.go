package db_test

import (
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/db"
)

// createRole makes a role where there is none: all databases of the tests have the same roles.
func createRole(t *testing.T, pool *sqlx.DB, role string) {
	t.Helper()
	const create = `DO $$ BEGIN CREATE ROLE % LOGIN;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`
	statement := strings.ReplaceAll(create, "%", pq.QuoteIdentifier(role))
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// grantSchema has two tables, a sequence and a function.
func grantSchema(grants ...string) db.Schema {
	s := files("x", map[string]string{"1_a.sql": `
		CREATE TABLE x.a (n int);
		CREATE TABLE x.b (n int, m int);
		CREATE SEQUENCE x.s;
		CREATE FUNCTION x.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
		REVOKE ALL ON FUNCTION x.f() FROM PUBLIC;`})
	s.Grants = grants
	return s
}

// grantDatabase is a database that has been migrated.
func grantDatabase(t *testing.T, role string) *sqlx.DB {
	t.Helper()
	pool := postgres.New(t)
	createRole(t, pool, role)
	if _, err := db.Migrate(t.Context(), pool, db.Gateway(), grantSchema()); err != nil {
		t.Fatal(err)
	}
	return pool
}

// may is what role may do, of all that there is to do in the schemas gateway and x.
func may(t *testing.T, pool *sqlx.DB, role string) string {
	t.Helper()
	const all = `
		SELECT string_agg(what, ', ' ORDER BY what COLLATE "C")
		FROM (
			SELECT privilege || ' ' || relnamespace::regnamespace || '.' || relname
			FROM   pg_class, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,TRIGGER}'::text[]) AS privilege
			WHERE  relnamespace IN ('gateway'::regnamespace, 'x'::regnamespace)
			AND    relkind = 'r' AND has_table_privilege($1, oid, privilege)
			UNION  ALL
			SELECT 'column ' || attname || ' of ' || attrelid::regclass
			FROM   pg_attribute
			WHERE  attrelid = 'x.b'::regclass AND attnum > 0
			AND    has_column_privilege($1, attrelid, attnum, 'UPDATE')
			UNION  ALL
			SELECT 'USAGE x.s' WHERE has_sequence_privilege($1, 'x.s', 'USAGE')
			UNION  ALL
			SELECT 'EXECUTE x.f' WHERE has_function_privilege($1, 'x.f()', 'EXECUTE')
			UNION  ALL
			SELECT privilege || ' ' || nspname
			FROM   pg_namespace, unnest('{USAGE,CREATE}'::text[]) AS privilege
			WHERE  nspname IN ('gateway', 'x') AND has_schema_privilege($1, oid, privilege)
		) AS it (what)`
	var what *string
	if err := pool.GetContext(t.Context(), &what, all, role); err != nil {
		t.Fatal(err)
	}
	if what == nil {
		return ""
	}
	return *what
}

func TestGrant(t *testing.T) {
	t.Parallel()
	const everything = `GRANT ALL ON ALL TABLES IN SCHEMA x TO %;
		GRANT ALL ON ALL SEQUENCES IN SCHEMA x TO %;
		GRANT ALL ON ALL ROUTINES IN SCHEMA x TO %;
		GRANT ALL ON SCHEMA x TO %`
	tests := map[string]struct {
		role    string
		before  string
		schemas []db.Schema
		want    string
	}{
		"nothing said": {"grant_nil", "", []db.Schema{grantSchema()}, "SELECT x.a, SELECT x.b, USAGE x"},
		"nothing at all": {
			"grant_none", "", []db.Schema{{Name: "x", Grants: []string{}}}, "USAGE x",
		},
		"one table and a function": {
			"grant_two", "", []db.Schema{grantSchema(`SELECT ON x.b`, `EXECUTE ON FUNCTION x.f()`)},
			"EXECUTE x.f, SELECT x.b, USAGE x",
		},
		"the gateway's own": {
			"grant_gateway", "", []db.Schema{db.Gateway()},
			"SELECT gateway.cursor_key, SELECT gateway.following, SELECT gateway.goose_gateway, " +
				"SELECT gateway.goose_x, SELECT gateway.load, SELECT gateway.load_before, " +
				"SELECT gateway.loading, SELECT gateway.loading_table, SELECT gateway.proof, " +
				"SELECT gateway.table_fault, USAGE gateway",
		},
		"less than before": {
			"grant_less", everything, []db.Schema{grantSchema(`SELECT ON x.b`)},
			"SELECT x.b, USAGE x",
		},
		"less than a column": {
			"grant_column", `GRANT UPDATE (m) ON x.b TO %`, []db.Schema{grantSchema(`SELECT ON x.b`)},
			"SELECT x.b, USAGE x",
		},
		"another schema stays": {
			"grant_other", `GRANT SELECT ON x.a TO %`, []db.Schema{{Name: "gateway", Grants: []string{}}},
			"SELECT x.a, USAGE gateway",
		},
		"a name to quote": {
			`grant "me"; --`, "", []db.Schema{grantSchema(`SELECT ON x.b`)}, "SELECT x.b, USAGE x",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := grantDatabase(t, tt.role)
			if tt.before != "" {
				before := strings.ReplaceAll(tt.before, "%", pq.QuoteIdentifier(tt.role))
				pool.MustExec(before)
			}
			for range 2 { // a second time, as with each release
				if err := db.Grant(t.Context(), pool, tt.role, tt.schemas...); err != nil {
					t.Fatal(err)
				}
				if got := may(t, pool, tt.role); got != tt.want {
					t.Errorf("got %s\nwant %s", got, tt.want)
				}
			}
		})
	}
}

func TestGrantRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		role   string
		before string
		schema db.Schema
		want   string
	}{
		"no such role": {
			role: "nobody-is-it", schema: grantSchema(),
			want: `db: grant to role nobody-is-it: there is no such role: CREATE ROLE "nobody-is-it" LOGIN`,
		},
		"everybody": {role: "public", schema: grantSchema(), want: "there is no such role"},
		"no such schema": {
			role: "grant_refused", schema: db.Schema{Name: "y"}, want: "there is no schema y: migrate",
		},
		"no such table": {
			role: "grant_refused", schema: grantSchema(`SELECT ON x.c`),
			want: `relation "x.c" does not exist`,
		},
		"the owner": {
			role: "gateway", schema: grantSchema(), want: "it owns schema x or what is in it",
		},
		"the owner of a table": {
			role: "grant_owner", before: `ALTER TABLE x.a OWNER TO grant_owner`, schema: grantSchema(),
			want: "it owns schema x or what is in it",
		},
		"the owner of a function": {
			role: "grant_owner", before: `ALTER FUNCTION x.f OWNER TO grant_owner`, schema: grantSchema(),
			want: "it owns schema x or what is in it",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := grantDatabase(t, "grant_refused")
			createRole(t, pool, "grant_owner")
			if tt.before != "" {
				pool.MustExec(tt.before)
			}
			if err := db.Grant(t.Context(), pool, "grant_refused", grantSchema()); err != nil {
				t.Fatal(err)
			}
			before := may(t, pool, "grant_refused")
			err := db.Grant(t.Context(), pool, tt.role, tt.schema)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			if after := may(t, pool, "grant_refused"); after != before {
				t.Errorf("got %s, want as before: %s", after, before)
			}
		})
	}
}

func TestGrantByManyAtOnce(t *testing.T) {
	t.Parallel()
	pool := grantDatabase(t, "grant_many")
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := db.Grant(t.Context(), pool, "grant_many", grantSchema()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// A role that has been granted the gateway's own schema can ask what a server asks when it starts.
func TestGrantIsEnoughToStart(t *testing.T) {
	t.Parallel()
	pool := grantDatabase(t, "grant_start")
	pool.MustExec(`REVOKE ALL ON ALL FUNCTIONS IN SCHEMA gateway FROM PUBLIC`) // as some do
	if err := db.Grant(t.Context(), pool, "grant_start", db.Gateway(), grantSchema()); err != nil {
		t.Fatal(err)
	}
	owner := regexp.MustCompile(`user='?gateway'?`)
	dsn := owner.ReplaceAllString(postgres.DSNOf(t, pool), "user=grant_start")
	own, err := db.Open(t.Context(), dsn, db.Pool{})
	if err != nil {
		t.Fatal(err)
	}
	defer own.Close()
	var role string
	if err := own.Get(&role, `SELECT session_user`); err != nil || role != "grant_start" {
		t.Fatalf("got role %s, error %v", role, err)
	}
	if _, err := db.CursorKey(t.Context(), own); err != nil {
		t.Error(err)
	}
	status, err := db.Status(t.Context(), own, db.Gateway(), grantSchema())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range status {
		if len(s.Pending) > 0 {
			t.Errorf("schema %s: got %q pending, want none", s.Name, s.Pending)
		}
	}
	if _, err := own.ExecContext(t.Context(), `SELECT gateway.fold('É')`); err != nil {
		t.Error(err)
	}
}
