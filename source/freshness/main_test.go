package freshness_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/freshness"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(), db.Schema{Name: "ledger", Files: ledger()}))
}

// ledger is the schema of a source that there is not.
func ledger() fs.FS {
	return fstest.MapFS{"00001_tables.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE ledger.person  (id bigint PRIMARY KEY, name text);
		CREATE TABLE ledger.address (id bigint PRIMARY KEY);
		CREATE TABLE ledger.archive (id bigint PRIMARY KEY);
		CREATE TABLE ledger.beat    (id integer PRIMARY KEY, beat_at timestamp);
	`)}}
}

// secret is a value of a row, which nothing that is told may hold.
const secret = "Zebedee"

// now is the moment at which every test takes place.
func now() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// ago is a moment before now, as SQL.
func ago(d time.Duration) string { return "'" + now().Add(-d).Format(time.RFC3339) + "'" }

// subject is the source with two tables whose changes are followed.
func subject() *freshness.Subject {
	id := []mapping.Column{{From: "ID", Type: "bigint", NotNull: true}}
	return &freshness.Subject{
		Title: "Ledger", Schema: "ledger", Tables: []string{"person"},
		Mapping: &mapping.Mapping{
			Source: "LEDGER", Title: "Ledger", FreshFor: 15 * time.Minute, Current: "it is written to",
			Tables: []mapping.Table{
				{Owner: "dbo", From: "DM_PERSON", Name: "person", Key: []string{"id"}, Follows: true,
					Columns: id},
				{Owner: "dbo", From: "ADDRESS", Name: "address", Key: []string{"id"}, Follows: true,
					Columns: id},
			},
		},
	}
}

// withHeartbeat is the source with a heartbeat, and partly one of whose tables cannot be followed.
func withHeartbeat(s *freshness.Subject) {
	s.Mapping.Tables = append(s.Mapping.Tables, mapping.Table{
		Owner: "dbo", From: "BEAT", Name: "beat", Key: []string{"id"}, Follows: true,
		Columns: []mapping.Column{
			{From: "ID", Type: "int", NotNull: true}, {From: "BEAT_AT", Type: "datetime"},
		},
	})
	s.Mapping.Heartbeat = &mapping.Heartbeat{Table: "beat", Column: "beat_at"}
}

func partly(s *freshness.Subject) {
	s.Mapping.FreshFor = 26 * time.Hour
	s.Mapping.Tables = append(s.Mapping.Tables, mapping.Table{
		Owner: "dbo", From: "ARCHIVE", Name: "archive", Key: []string{"id"},
		Columns: []mapping.Column{{From: "ID", Type: "bigint", NotNull: true}},
	})
}

func undescribed(s *freshness.Subject) { s.Mapping = nil }

// controlTables are those of DMS, with the columns that are documented.
const controlTables = `
	CREATE SCHEMA awsdms_ledger;
	CREATE TABLE awsdms_ledger.awsdms_status (
		server_name varchar(128), task_name varchar(128), task_status varchar(32),
		status_time timestamp, pending_changes bigint, disk_swap_size bigint, task_memory bigint,
		source_current_position varchar(128), source_current_timestamp timestamp,
		source_tail_position varchar(128), source_tail_timestamp timestamp,
		source_timestamp_applied timestamp);
	CREATE TABLE awsdms_ledger.awsdms_history (
		server_name varchar(128), task_name varchar(128), timeslot_type varchar(32),
		timeslot timestamp, timeslot_duration bigint, timeslot_latency bigint, records bigint,
		timeslot_volume bigint);
	CREATE TABLE awsdms_ledger.awsdms_suspended_tables (
		server_name varchar(128), task_name varchar(128), table_owner varchar(128),
		table_name varchar(128), suspend_reason varchar(32), suspend_timestamp timestamp);
	CREATE TABLE awsdms_ledger.awsdms_apply_exceptions (
		task_name varchar(128), table_owner varchar(128), table_name varchar(128),
		error_time timestamp, statement text, error text);
	CREATE TABLE awsdms_ledger.awsdms_validation_failures_v1 (
		task_name varchar(128), table_owner varchar(128), table_name varchar(128),
		failure_time timestamp, key_type varchar(128), key text, failure_type varchar(128),
		details text);`

// inCapitals gives schema, tables and columns of DMS names in capitals.
const inCapitals = `
	DO $$
	DECLARE c record;
	BEGIN
		FOR c IN SELECT table_name AS t, column_name AS c FROM information_schema.columns
		         WHERE table_schema = 'awsdms_ledger' LOOP
			EXECUTE format('ALTER TABLE awsdms_ledger.%I RENAME %I TO %I', c.t, c.c, upper(c.c));
		END LOOP;
		FOR c IN SELECT DISTINCT table_name AS t FROM information_schema.columns
		         WHERE table_schema = 'awsdms_ledger' LOOP
			EXECUTE format('ALTER TABLE awsdms_ledger.%I RENAME TO %I', c.t, upper(c.t));
		END LOOP;
		ALTER SCHEMA awsdms_ledger RENAME TO "AWSDMS_LEDGER";
	END $$`

// status is the row of a task.
func status(is string, told time.Duration, pending string, applied string) string {
	return `INSERT INTO awsdms_ledger.awsdms_status (server_name, task_name, task_status, status_time,
		pending_changes, source_timestamp_applied)
		VALUES ('dms', 'TASK1', '` + is + `', ` + ago(told) + `, ` + pending + `, ` + applied + `);`
}

func slot(of string, at time.Duration) string {
	return `INSERT INTO awsdms_ledger.awsdms_history (server_name, task_name, timeslot_type, timeslot)
		VALUES ('dms', 'TASK1', '` + of + `', ` + ago(at) + `);`
}

func suspendedBy(task, name string) string {
	return `INSERT INTO awsdms_ledger.awsdms_suspended_tables
		VALUES ('dms', '` + task + `', 'dbo', '` + name + `', 'row of ` + secret + `', ` +
		ago(time.Hour) + `);`
}

func exception(name string, at time.Duration) string {
	return `INSERT INTO awsdms_ledger.awsdms_apply_exceptions VALUES
		('TASK1', 'dbo', '` + name + `', ` +
		ago(at) + `, 'UPDATE person SET name = ''` + secret + `''', '` + secret + ` is there twice');`
}

func failure(name string, at time.Duration) string {
	return `INSERT INTO awsdms_ledger.awsdms_validation_failures_v1 VALUES ('TASK1', 'dbo', '` + name +
		`', ` + ago(at) + `, 'Row', '{"key": ["` + secret + `"]}', 'RECORD_DIFF', '["` + secret + `"]');`
}

func load(origin string, at time.Duration) string {
	return `INSERT INTO gateway.load VALUES ('ledger', ` + ago(at) + `, '` + origin + `');`
}

func proof(result string, differ string, at time.Duration) string {
	return `INSERT INTO gateway.proof 
		(source, origin, began_at, ended_at, result, rows, differ, evidence)
		VALUES ('ledger', 'sqlserver', ` + ago(at) + `, ` + ago(at-time.Minute) + `, '` + result +
		`', 100, ` + differ + `, '{}');`
}

const rows = `INSERT INTO ledger.person VALUES (1, '` + secret + `');`

// tell is all that a report tells in words.
func tell(r *source.Report) string {
	var told []string
	if r.Note != nil {
		told = append(told, *r.Note)
	}
	for _, trouble := range r.Troubles {
		told = append(told, trouble.What, trouble.Do)
	}
	for i := range r.Tables {
		if reason := r.Tables[i].Reason; reason != nil {
			told = append(told, *reason)
		}
	}
	return strings.Join(slices.DeleteFunc(told, func(s string) bool { return s == "" }), "\n")
}
