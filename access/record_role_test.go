package access_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
)

// ownSchemas are those of the databases of this package, with what a serving role is granted.
func ownSchemas() []db.Schema {
	own := db.Schema{Name: "access", Files: access.Schema(), Grants: access.Grants()}
	return []db.Schema{db.Gateway(), own}
}

// createRole makes a role where there is none. All databases of the tests have the same roles.
func createRole(t testing.TB, pool *sqlx.DB, role, attributes string) {
	t.Helper()
	const create = `DO $$ BEGIN CREATE ROLE % LOGIN !;
		EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`
	statement := strings.NewReplacer("%", pq.QuoteIdentifier(role), "!", attributes).Replace(create)
	if _, err := pool.ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

// as returns a pool over the database of pool that connects as role.
func as(t testing.TB, pool *sqlx.DB, role string) *sqlx.DB {
	t.Helper()
	owner := regexp.MustCompile(`user='?gateway'?`)
	dsn := owner.ReplaceAllString(postgres.DSNOf(t, pool), "user="+role)
	if !strings.Contains(dsn, "user="+role) {
		t.Fatalf("the connection string names no owner to replace by %s", role)
	}
	own, err := db.Open(t.Context(), dsn, db.Pool{MaxOpen: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = own.Close() })
	return own
}

// serving returns a pool over the database of pool that connects as a role which may serve.
func serving(t testing.TB, pool *sqlx.DB) *sqlx.DB {
	t.Helper()
	createRole(t, pool, "record_serving", "")
	if err := db.Grant(t.Context(), pool, "record_serving", ownSchemas()...); err != nil {
		t.Fatal(err)
	}
	return as(t, pool, "record_serving")
}

func TestServingRoleWrites(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	recorder := access.NewRecorder(serving(t, pool))
	for _, request := range []string{"1", "2"} { // the first makes the month's partition
		if err := recorder.Write(t.Context(), aRecord(request)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(readAll(t, pool)); got != 2 {
		t.Errorf("got %d entries, want 2", got)
	}
}

func TestServingRoleReadsKeys(t *testing.T) {
	t.Parallel()
	var keys int
	if err := serving(t, postgres.New(t)).Get(&keys, `SELECT count(*) FROM access.key`); err != nil {
		t.Error(err)
	}
}

func TestServingRoleMayNot(t *testing.T) {
	t.Parallel()
	const replace = `CREATE OR REPLACE FUNCTION access.write_records(entries jsonb) RETURNS void
		LANGUAGE sql AS 'SELECT'`
	tests := map[string]string{
		"read":                 `SELECT FROM access.record`,
		"read how it is kept":  `SELECT FROM access.pruned`,
		"insert":               `INSERT INTO access.record (at) VALUES (now())`,
		"update":               `UPDATE access.record SET caller = 'x'`,
		"delete":               `DELETE FROM access.record`,
		"truncate":             `TRUNCATE access.record`,
		"drop":                 `DROP TABLE access.record`,
		"alter":                `ALTER TABLE access.record DROP COLUMN caller`,
		"detach":               `ALTER TABLE access.record DETACH PARTITION access.record_2020_01`,
		"read a month":         `SELECT FROM access.record_2020_01`,
		"update a month":       `UPDATE access.record_2020_01 SET caller = 'x'`,
		"delete a month":       `DELETE FROM access.record_2020_01`,
		"truncate a month":     `TRUNCATE access.record_2020_01`,
		"drop a month":         `DROP TABLE access.record_2020_01`,
		"lock":                 `DO $$ BEGIN LOCK TABLE access.record; END $$`,
		"add a trigger":        `CREATE TRIGGER x BEFORE INSERT ON access.record EXECUTE FUNCTION f()`,
		"add a rule":           `CREATE RULE x AS ON INSERT TO access.record DO INSTEAD NOTHING`,
		"create a partition":   `CREATE TABLE access.x PARTITION OF access.record DEFAULT`,
		"create in the schema": `CREATE TABLE access.x ()`,
		"drop the schema":      `DROP SCHEMA access CASCADE`,
		"add a month":          `SELECT access.add_month('2020-02-01')`,
		"prune":                `SELECT access.prune('2021-01-01')`,
		"replace the function": replace,
		"drop the function":    `DROP FUNCTION access.write_records(jsonb)`,
		"have it run as itself": `ALTER FUNCTION access.write_records(jsonb)
			SECURITY INVOKER`,
		"set for the function": `ALTER FUNCTION access.write_records(jsonb)
			SET synchronous_commit = off`,
		"change a key":       `UPDATE access.key SET scopes = '{all}'`,
		"become the owner":   `SET ROLE gateway`,
		"be made the owner":  `GRANT gateway TO record_serving`,
		"grant itself more":  `GRANT DELETE ON access.record TO record_serving`,
		"own the table":      `ALTER TABLE access.record OWNER TO record_serving`,
		"use other defaults": `ALTER DEFAULT PRIVILEGES FOR ROLE gateway GRANT ALL ON TABLES TO PUBLIC`,
	}
	pool := postgres.New(t)
	addRows(t, pool, row{at: "2020-01-15"})
	connected := serving(t, pool)
	t.Run("statements", func(t *testing.T) {
		for name, statement := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				_, err := connected.ExecContext(t.Context(), statement)
				refused := pq.As(err)
				if refused == nil {
					t.Fatalf("got %v, want it refused", err)
				}
				if code := refused.Code; code != "42501" { // insufficient_privilege
					t.Errorf("got %v, want SQLSTATE 42501", err)
				}
			})
		}
	})
	if got := readAll(t, pool); len(got) != 1 || got[0].Caller != "front-door" {
		t.Errorf("got %+v, want what was there", got)
	}
}

// What a session has set says nothing about what becomes of a record.
func TestServingRoleCannotPutOffTheCommit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ set, want string }{
		"off":          {"off", "on"},
		"local":        {"local", "local"},
		"on":           {"on", "on"},
		"remote_apply": {"remote_apply", "remote_apply"},
	}
	pool := postgres.New(t)
	connected := serving(t, pool)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn, err := connected.Connx(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			setting := func() string {
				var value string
				if err := conn.GetContext(t.Context(), &value, `SHOW synchronous_commit`); err != nil {
					t.Fatal(err)
				}
				return value
			}
			do := func(statement string) {
				if _, err := conn.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			do(`SET synchronous_commit = ` + tt.set)
			do(`BEGIN`)
			do(`SELECT access.write_records('[]')`)
			if got := setting(); got != tt.want {
				t.Errorf("in the transaction: got %s, want %s", got, tt.want)
			}
			do(`COMMIT`)
			if got := setting(); got != tt.set {
				t.Errorf("after it: got %s, want %s", got, tt.set)
			}
		})
	}
}

// The search path of a session does not choose what the function calls.
func TestServingRoleCannotLeadTheFunctionAstray(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	connected := serving(t, pool)
	connected.SetMaxOpenConns(1)
	pool.MustExec(`CREATE SCHEMA astray AUTHORIZATION record_serving`)
	for _, statement := range []string{
		`CREATE TEMPORARY TABLE record (LIKE pg_catalog.pg_class)`,
		`CREATE FUNCTION astray.clock_timestamp() RETURNS timestamptz LANGUAGE sql
			AS $$ SELECT '2001-01-01'::timestamptz $$`,
		`SET search_path = pg_temp, astray, access, pg_catalog`,
		`SET timezone = 'Pacific/Kiritimati'`,
		`SET datestyle = 'SQL, DMY'`,
	} {
		if _, err := connected.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := access.NewRecorder(connected).Write(t.Context(), aRecord("1")); err != nil {
		t.Fatal(err)
	}
	var recent bool
	const isRecent = `SELECT bool_and(at > now() - interval '1 minute') FROM access.record`
	if err := pool.Get(&recent, isRecent); err != nil || !recent {
		t.Errorf("got recent %t, error %v", recent, err)
	}
}

func TestServingFault(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		role, attributes string
		sql              string // as the owner, after the grants
		want             string // a part of it; "" for no fault
	}{
		"a good role": {role: "fault_none"},
		"a role that may read": {
			role: "fault_reads", sql: `GRANT SELECT ON access.record TO fault_reads`,
			want: "may read the record",
		},
		"may read all": {
			role: "fault_reads_all", sql: `GRANT pg_read_all_data TO fault_reads_all`,
			want: "may read the record",
		},
		"may make keys": {
			role: "fault_keys", sql: `GRANT INSERT ON access.key TO fault_keys`,
			want: "may change the record",
		},
		"replicates": {
			role: "fault_replicates", attributes: "REPLICATION", want: "may read or write files",
		},
		"a superuser": {role: "fault_super", attributes: "SUPERUSER", want: "is a superuser"},
		"can become one": {
			role: "fault_sudo", sql: `GRANT gateway TO fault_sudo`,
			want: "is a superuser",
		},
		"may make roles": {role: "fault_roles", attributes: "CREATEROLE", want: "may make roles"},
		"owns the table": {
			role: "fault_owner", sql: `ALTER TABLE access.record OWNER TO fault_owner`,
			want: "owns the schema access or",
		},
		"owns a month": {
			role: "fault_month", sql: `ALTER TABLE access.record_2020_01 OWNER TO fault_month`,
			want: "owns the schema access or",
		},
		"owns the function": {
			role: "fault_func", sql: `ALTER FUNCTION access.write_records OWNER TO fault_func`,
			want: "owns the schema access or",
		},
		"owns the schema": {
			role: "fault_schema", sql: `ALTER SCHEMA access OWNER TO fault_schema`,
			want: "owns the schema access or",
		},
		"is of the owner's": {
			role: "fault_member", sql: `CREATE ROLE fault_owning;
				ALTER TABLE access.record OWNER TO fault_owning;
				GRANT fault_owning TO fault_member`, want: "owns the schema access or",
		},
		"can become the owner": {
			role: "fault_noinherit", attributes: "NOINHERIT", sql: `CREATE ROLE fault_owning_too;
				ALTER TABLE access.record OWNER TO fault_owning_too;
				GRANT fault_owning_too TO fault_noinherit`, want: "owns the schema access or",
		},
		"can become who deletes": {
			role: "fault_becomes", attributes: "NOINHERIT", sql: `CREATE ROLE fault_deleting;
				GRANT DELETE ON access.record TO fault_deleting;
				GRANT fault_deleting TO fault_becomes`, want: "may change the record",
		},
		"owns the database": {
			role: "fault_database", sql: `DO $$ BEGIN EXECUTE format(
				'ALTER DATABASE %I OWNER TO fault_database', current_database()); END $$`,
			want: "owns the database",
		},
		"writes files": {
			role: "fault_files", sql: `GRANT pg_write_server_files TO fault_files`,
			want: "may read or write files",
		},
		"writes all data": {
			role: "fault_all", sql: `GRANT pg_write_all_data TO fault_all`, want: "may change the record",
		},
		"may create": {
			role: "fault_creates", sql: `GRANT CREATE ON SCHEMA access TO fault_creates`,
			want: "may create in the schema",
		},
		"may insert": {
			role: "fault_i", sql: `GRANT INSERT ON access.record TO fault_i`,
			want: "may change the record",
		},
		"may update": {
			role: "fault_u", sql: `GRANT UPDATE ON access.record TO fault_u`,
			want: "may change the record",
		},
		"may delete": {
			role: "fault_d", sql: `GRANT DELETE ON access.record TO fault_d`,
			want: "may change the record",
		},
		"may truncate": {
			role: "fault_t", sql: `GRANT TRUNCATE ON access.record TO fault_t`,
			want: "may change the record",
		},
		"may add triggers": {
			role: "fault_trigger", sql: `GRANT TRIGGER ON access.record TO fault_trigger`,
			want: "may change the record",
		},
		"may delete a month": {
			role: "fault_dm", sql: `GRANT DELETE ON access.record_2020_01 TO fault_dm`,
			want: "may change the record",
		},
		"may update a column": {
			role: "fault_uc", sql: `GRANT UPDATE (caller) ON access.record TO fault_uc`,
			want: "may change the record",
		},
		"cannot write": {
			role: "fault_no", sql: `REVOKE EXECUTE ON FUNCTION access.write_records FROM fault_no`,
			want: "may not execute access.write_records",
		},
		"cannot use the schema": {
			role: "fault_nu", sql: `REVOKE USAGE ON SCHEMA access FROM fault_nu`,
			want: "may not execute access.write_records",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			addRows(t, pool, row{at: "2020-01-15"})
			createRole(t, pool, tt.role, tt.attributes)
			if err := db.Grant(t.Context(), pool, tt.role, ownSchemas()...); err != nil {
				t.Fatal(err)
			}
			for statement := range strings.SplitSeq(tt.sql, ";\n") {
				if _, err := pool.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
			got, err := access.ServingFault(t.Context(), as(t, pool, tt.role))
			if err != nil {
				t.Fatal(err)
			}
			want := tt.want
			if want != "" {
				want = "role " + tt.role + " " + want
			}
			if (got == "") != (want == "") || !strings.HasPrefix(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

// A role that was set since is not the one that counts.
func TestServingFaultOfASetRole(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	serving(t, pool)
	set := as(t, pool, "gateway options='-c role=record_serving'")
	got, err := access.ServingFault(t.Context(), set)
	if err != nil || !strings.Contains(got, "is a superuser") {
		t.Errorf("got %q and error %v, want a superuser", got, err)
	}
}

func TestServingFaultBeforeMigrating(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	pool.MustExec(`DROP SCHEMA access CASCADE`)
	if got, err := access.ServingFault(t.Context(), pool); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}
