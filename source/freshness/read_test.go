package freshness_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/freshness"
)

// A role that serves need not read what DMS keeps of rows, and is told what it lacks of the rest.
func TestRights(t *testing.T) {
	t.Parallel()
	const (
		use     = `GRANT USAGE ON SCHEMA awsdms_ledger TO reads_ledger;`
		columns = `
		GRANT SELECT (task_name, task_status, status_time, pending_changes, source_timestamp_applied)
			ON awsdms_ledger.awsdms_status TO reads_ledger;
		GRANT SELECT (task_name, timeslot_type, timeslot) ON awsdms_ledger.awsdms_history TO reads_ledger;
		GRANT SELECT (task_name, table_name, suspend_timestamp)
			ON awsdms_ledger.awsdms_suspended_tables TO reads_ledger;
		GRANT SELECT (table_name, failure_time)
			ON awsdms_ledger.awsdms_validation_failures_v1 TO reads_ledger;`
		exceptions = `GRANT SELECT (table_name, error_time)
			ON awsdms_ledger.awsdms_apply_exceptions TO reads_ledger;`
	)
	filled := rows + status(running, minute, "0", ago(minute)) + exception("person", minute)
	tests := map[string]struct {
		grants, filled string
		want           source.FreshnessState
		says           string
	}{
		"all that is needed": {
			use + columns + exceptions, filled, source.Current, "could not apply 1 change",
		},
		"none": {
			"", filled, source.NotLoaded, `GRANT USAGE ON SCHEMA "awsdms_ledger" and SELECT ("task_name",`,
		},
		"none, loaded by us": {"", filled + load("sqlserver", minute), source.Unknown, "may not read"},
		"not the schema": {
			columns + exceptions, filled + load("sqlserver", minute), source.Unknown, "GRANT USAGE",
		},
		"not one table": {
			use + columns, filled, source.Unknown,
			`SELECT ("table_name", "error_time") ON "awsdms_ledger"."awsdms_apply_exceptions"`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := postgres.New(t)
			dbtest.Execute(t, pool, `DO $$ BEGIN CREATE ROLE reads_ledger LOGIN;
				EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`)
			dbtest.Execute(t, pool, controlTables+tt.filled+`
				GRANT USAGE ON SCHEMA gateway, ledger TO reads_ledger;
				GRANT SELECT ON ALL TABLES IN SCHEMA gateway, ledger TO reads_ledger;`+tt.grants)
			reader, _ := postgres.Counting(t, postgres.DSNAs(t, pool, "reads_ledger"))
			got, err := freshness.Read(t.Context(), reader, subject(), now())
			if err != nil {
				t.Fatal(err)
			}
			if got.State != tt.want || !strings.Contains(tell(&got), tt.says) {
				t.Errorf("got %s and %q, want %s and %q", got.State, tell(&got), tt.want, tt.says)
			}
		})
	}
}

// What is known of a source takes one statement, and one more where there is something of DMS.
func TestReadStatements(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]int{
		"SELECT 1": 1, "CREATE SCHEMA awsdms_ledger": 1, controlTables: 2,
	} {
		pool := postgres.New(t)
		dbtest.Execute(t, pool, before)
		counted, counter := postgres.Counting(t, postgres.DSNOf(t, pool))
		if _, err := freshness.Read(t.Context(), counted, subject(), now()); err != nil {
			t.Fatal(err)
		}
		if got := counter.Statements(); len(got) != want {
			t.Errorf("%s: got %d statements, want %d", before, len(got), want)
		}
		for _, statement := range counter.Statements() {
			for _, never := range []string{"statement", "error\"", "details", "\"key", "suspend_reason"} {
				if strings.Contains(statement, never) {
					t.Errorf("it reads %s, which may hold what is in rows", never)
				}
			}
		}
	}
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	for harm, want := range map[string]resident.Code{
		"DROP TABLE ledger.person":                              resident.Unavailable,
		"DROP TABLE gateway.proof CASCADE":                      resident.Unavailable,
		"ALTER TABLE ledger.person RENAME TO people":            resident.Unavailable,
		"ALTER TABLE gateway.following RENAME source TO system": resident.Internal,
	} {
		pool := postgres.New(t)
		dbtest.Execute(t, pool, harm)
		if _, err := freshness.Read(t.Context(), pool, subject(), now()); resident.CodeOf(err) != want {
			t.Errorf("%s: got %v, want %s", harm, err, want)
		}
	}
}

// What is told of each table: the fault of one is not another's.
func TestTables(t *testing.T) {
	t.Parallel()
	pool := postgres.New(t)
	dbtest.Execute(t, pool, controlTables+rows+
		"ANALYZE ledger.person, ledger.address, ledger.archive;"+
		status(running, minute, "7", ago(minute))+suspendedBy("TASK1", "ADDRESS")+
		exception("PERSON", minute)+failure("dm_person", minute)+load("sqlserver", 3*time.Hour)+
		proof("differs", "2", 10*minute)+`
		INSERT INTO gateway.table_fault
		VALUES ('ledger', 'archive', 'drift', 'a column is gone', `+ago(4*time.Hour)+`);`)
	s := subject()
	partly(s)
	got, err := freshness.Read(t.Context(), pool, s, now())
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]struct {
		state  source.FreshnessState
		asOf   string
		rows   string
		faults int
		reason string
	}{
		"person": {source.Current, "1m", "1", 0, "2 rows may differ."},
		"address": {
			source.Suspended, "1h", "0", 1, "AWS DMS has suspended it since 2026-03-14 08:26 UTC.",
		},
		"archive": {source.Suspended, "4h", "0", 1, "a column is gone."},
	}
	for _, table := range got.Tables {
		w := want[table.Name]
		rows, reason := "", ""
		if table.Rows != nil {
			rows = strconv.FormatInt(*table.Rows, 10)
		}
		if table.Reason != nil {
			reason = *table.Reason
		}
		if table.State != w.state || shortly(now().Sub(*table.AsOf)) != w.asOf || rows != w.rows ||
			table.Faults != w.faults || reason != w.reason {
			t.Errorf("%s: got %+v, %q, want %+v", table.Name, table, reason, w)
		}
	}
	if len(got.Tables) != len(want) {
		t.Errorf("got %d tables", len(got.Tables))
	}
	if d := got.DMS; d == nil || d.Status != running || d.PendingChanges != 7 ||
		d.SuspendedTables != 1 || d.ApplyExceptions != 1 || d.ValidationFailures != 1 {
		t.Errorf("got %+v of DMS", d)
	}
	if p := got.Proof; p == nil || p.Differ != 2 || p.Rows != 100 || p.Result != "differs" {
		t.Errorf("got %+v of the proof", p)
	}
	if f := got.Following; f == nil || f.By != "AWS DMS" || shortly(now().Sub(*f.Until)) != "1m" {
		t.Errorf("got %+v of what is followed", f)
	}
	if got.Rows == nil || *got.Rows != 1 || got.Load.Origin != "sqlserver" {
		t.Errorf("got %v rows and %+v", got.Rows, got.Load)
	}
}
