package freshness_test

import (
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/freshness"
)

const (
	running = "CHANGE PROCESSING"
	minute  = time.Minute
)

// A state is tables as they are filled, and what is to be said of them.
type state struct {
	change func(*freshness.Subject) // nil for the source as it is
	filled string
	want   source.FreshnessState
	asOf   string   // how long ago; blank where it is not known
	says   []string // what the note holds, in order; none for no note at all
}

// underWay is what a loader or follower holds while it is at it, on a connection that stays open.
const underWay = `SELECT pg_advisory_lock(67418510, hashtext('ledger'));`

func ownStates() map[string]state {
	loading := func(expected, fault string) string {
		return `INSERT INTO gateway.loading VALUES ('ledger', 'landing', ` + ago(10*minute) + `, ` +
			ago(minute) + `, 'rows', 'x', ` + fault + `);
			INSERT INTO gateway.loading_table VALUES ('ledger', 'person', '', 30, 0, 0, ` +
			expected + `, false), ('ledger', 'address', '', 10, 0, 0, 20, false);` +
			underWay
	}
	fault := func(kind string) string {
		return `INSERT INTO gateway.table_fault VALUES ('ledger', 'address', '` + kind + `',
			'column id is int there, and not bigint', ` + ago(30*minute) + `);`
	}
	follows := func(at time.Duration) string {
		return `INSERT INTO gateway.following VALUES ('ledger', 'person', '7', ` + ago(at) + `),
			('ledger', 'address', '7', ` + ago(0) + `);`
	}
	return map[string]state{
		"nothing at all":      {nil, "", source.NotLoaded, "", []string{"Ledger's data has not been"}},
		"rows, and no record": {nil, rows, source.Unknown, "", []string{"no record of when"}},
		"first load": {
			nil, loading("60", "NULL"), source.BeingLoaded, "", []string{"for the first time: 50 %."},
		},
		"first load, over rows of nobody knows whom": {
			nil, rows + loading("60", "NULL"), source.BeingLoaded, "", []string{"for the first time"},
		},
		"first load, of nobody knows how many": {
			nil, loading("NULL", "NULL"), source.BeingLoaded, "", []string{"for the first time."},
		},
		"first load, broken off": {
			nil, strings.Replace(loading("60", "NULL"), underWay, "", 1), source.NotLoaded, "",
			[]string{"broke off. Start it again: it goes on where it was."},
		},
		"next load, broken off": {
			nil, rows + load("sqlserver", 5*minute) +
				strings.Replace(loading("60", "NULL"), underWay, "", 1),
			source.Current, "5m", []string{"The next load broke off. Start it again"},
		},
		"proved before it was loaded": {
			nil, rows + load("sqlserver", 5*minute) + `INSERT INTO gateway.proof
				(source, origin, began_at, ended_at, result, rows, differ, evidence)
				VALUES ('ledger', 'x', ` + ago(time.Hour) + `, ` + ago(time.Hour) + `, 'differs', 9, 1, '{}');`,
			source.Current, "5m", nil,
		},
		"first load, stopped": {
			nil, loading("60", "'the system refused the login.'"), source.NotLoaded, "",
			[]string{"stopped: the system refused the login", "goes on where it was."},
		},
		"loaded":             {nil, rows + load("sqlserver", 5*minute), source.Current, "5m", nil},
		"loaded, of nothing": {nil, load("sqlserver", 5*minute), source.Current, "5m", nil},
		"loaded long ago": {
			nil, rows + load("sqlserver", time.Hour), source.Stale, "1h",
			[]string{"as of 2026-03-14 08:26 UTC, and should be no older than 15 minutes", "scheduled load"},
		},
		"loaded long ago, of nobody knows what": {
			undescribed, rows + load("other", 99*time.Hour), source.Current, "99h", nil,
		},
		"landed, and nobody follows the rest": {
			partly, rows + load("landing", minute), source.Stopped, "1m", []string{"Start its task"},
		},
		"loaded tomorrow": {
			nil, rows + load("sqlserver", -time.Hour), source.Unknown, "",
			[]string{"still to come", "clock"},
		},
		"sample":        {nil, rows + load("sample", 99*time.Hour), source.Current, "99h", nil},
		"exported file": {nil, rows + load("file", 99*time.Hour), source.Current, "99h", nil},
		"next load beside it": {
			nil, rows + load("sqlserver", 5*minute) + loading("60", "NULL"), source.Current, "5m",
			[]string{"The next load is under way beside what is served: 50 %."},
		},
		"next load stopped": {
			nil, rows + load("sqlserver", 5*minute) + loading("60", "'no more space'"), source.Current, "5m",
			[]string{"The next load stopped: no more space. Mend"},
		},
		"followed": {
			nil, rows + load("sqlserver", 99*time.Hour) + follows(minute), source.Current, "1m", nil,
		},
		"followed no more": {
			nil, rows + load("sqlserver", 99*time.Hour) + follows(20*minute), source.Stopped,
			"20m", []string{"own follower has applied no change of Ledger since 2026-03-14 09:06 UTC"},
		},
		"followed, but for a table": {
			partly, rows + load("sqlserver", 3*time.Hour) + follows(minute), source.Current, "3h", nil,
		},
		"followed, and a table is described no more": {
			nil, rows + load("sqlserver", 99*time.Hour) + follows(minute) + `
				INSERT INTO gateway.following VALUES ('ledger', 'gone', '7', ` + ago(9*time.Hour) + `);
				INSERT INTO gateway.table_fault VALUES ('ledger', 'gone', 'apply', 'x', ` + ago(0) + `);`,
			source.Current, "1m", nil,
		},
		"followed, and a table drifts": {
			nil, rows + load("sqlserver", 99*time.Hour) + follows(minute) + fault("drift") +
				`UPDATE gateway.following SET applied_at = ` + ago(time.Hour) + ` WHERE name = 'address';`,
			source.Suspended, "1m", []string{"Table address is left as it was"},
		},
		"followed, and the changes of a table are not kept": {
			nil, rows + load("sqlserver", 99*time.Hour) + follows(minute) +
				`DELETE FROM gateway.following WHERE name = 'address';`,
			source.Suspended, "1m", []string{"Table address is left as it was", "Have the system keep"},
		},
		"followed, of a copy that is behind": {
			withHeartbeat, rows + load("sqlserver", 99*time.Hour) + follows(minute) + `
				INSERT INTO gateway.following VALUES ('ledger', 'beat', '7', ` + ago(0) + `);
				INSERT INTO ledger.beat VALUES (1, ` + ago(2*time.Hour) + `);`,
			source.Stale, "2h", []string{"as of 2026-03-14 07:26 UTC", "what is followed is behind"},
		},
		"a table drifts": {
			nil, rows + load("sqlserver", minute) + fault("drift"), source.Suspended, "1m",
			[]string{"Table address is left as it was since 2026-03-14 08:56 UTC: column id", "Mend"},
		},
		"a table is read again": {
			nil, rows + load("sqlserver", minute) + fault("reread"), source.Suspended, "1m",
			[]string{"by itself"},
		},
		"several troubles, the worst first": {
			nil, rows + load("sqlserver", time.Hour) + fault("drift") + proof("differs", "3", time.Hour),
			source.Suspended, "1h", []string{"Table address", "should be no older", "3 rows are not as"},
		},
		"proved": {
			nil, rows + load("sqlserver", minute) + proof("same", "0", 0), source.Current, "1m", nil,
		},
		"proved to differ": {
			nil, rows + load("sqlserver", minute) + proof("differs", "1", 0), source.Current, "1m",
			[]string{"The proof of 2026-03-14 09:27 UTC found that 1 row is not as in Ledger."},
		},
		"proved to differ, then not to": {
			nil, rows + load("sqlserver", minute) + proof("differs", "1", 60*minute) + proof("same", "0", 0),
			source.Current, "1m", nil,
		},
		"proved to differ before it was served": {
			nil, rows + load("sqlserver", 10*minute) + proof("differs", "1", 5*minute) +
				`UPDATE gateway.load SET served_since = ` + ago(4*minute) + `;`,
			source.Current, "10m", nil,
		},
		"a proof failed": {
			nil, rows + load("sqlserver", minute) + proof("failed", "0", 0), source.Current, "1m",
			[]string{"could not be finished"},
		},
	}
}

func dmsStates() map[string]state {
	const none = "NULL"
	follows := rows + status(running, minute, "0", ago(minute))
	beat := func(at time.Duration) string {
		return `INSERT INTO ledger.beat VALUES (1, ` + ago(at) + `);`
	}
	return map[string]state{
		"nothing yet": {nil, "", source.NotLoaded, "", []string{"has not been loaded yet"}},
		"rows, and DMS says nothing": {
			nil, rows, source.NotLoaded, "", []string{"does not say that it was loaded whole"},
		},
		"first load": {
			nil, rows + status("FULL LOAD", minute, "0", none), source.BeingLoaded, "",
			[]string{"AWS DMS is loading Ledger. Nothing is to be done"},
		},
		"reload": {
			nil, follows + load("sqlserver", time.Hour) +
				"UPDATE awsdms_ledger.awsdms_status SET task_status = 'full load ';",
			source.BeingLoaded, "", []string{"is loading"},
		},
		"load cut off": {
			nil, rows + status("NOT RUNNING", minute, "0", ago(99*minute)) + slot(running, 60*minute) +
				slot("FULL LOAD", 5*minute),
			source.NotLoaded, "", []string{"stopped before it had loaded all of Ledger"},
		},
		"load cut off, without a history": {
			nil, rows + status("NOT RUNNING", minute, "0", none), source.NotLoaded, "",
			[]string{"does not say"},
		},
		"follows": {nil, follows, source.Current, "1m", nil},
		"follows, in a zone": {
			nil, "ALTER TABLE awsdms_ledger.awsdms_status" +
				" ALTER source_timestamp_applied TYPE timestamptz;" + follows, source.Current, "1m", nil,
		},
		"follows, after a sample": {
			nil, follows + load("sample", 99*time.Hour), source.Current, "1m", nil,
		},
		"follows, but for a table that is loaded": {
			partly, follows + load("sqlserver", 3*time.Hour), source.Current, "3h", nil,
		},
		"behind": {
			nil, rows + status(running, minute, "1200", ago(time.Hour)), source.Stale, "1h",
			[]string{"as of 2026-03-14 08:26 UTC", "latency"},
		},
		"idle, or behind": {
			nil, rows + status(running, minute, "0", ago(time.Hour)), source.Unknown, "1h",
			[]string{"without a heartbeat it cannot be told", "Have the system write a heartbeat"},
		},
		"has applied nothing yet": {
			nil, rows + status(running, minute, "0", none), source.Unknown, "",
			[]string{"has applied no change of Ledger yet"},
		},
		"heartbeat, and no changes": {
			withHeartbeat, rows + status(running, minute, "0", ago(9*time.Hour)) + beat(2*minute),
			source.Current, "2m", nil,
		},
		"heartbeat, and DMS is silent": {
			withHeartbeat, rows + status(running, time.Hour, "0", ago(9*time.Hour)) + beat(2*minute),
			source.Current, "2m", nil,
		},
		"old heartbeat": {
			withHeartbeat, rows + status(running, minute, "0", ago(minute)) + beat(time.Hour),
			source.Stale, "1h", []string{"the job that writes the heartbeat"},
		},
		"no heartbeat came": {
			withHeartbeat, follows, source.Current, "1m", []string{"should write has not come"},
		},
		"stopped": {
			nil, rows + status("NOT RUNNING", minute, "0", ago(2*minute)) + slot("FULL LOAD", 90*minute) +
				slot(running, 5*minute), source.Stopped, "2m",
			[]string{"AWS DMS does not follow the changes of Ledger", "Resume the task"},
		},
		"stopped, without a history": {
			nil, rows + status("NOT RUNNING", minute, "0", ago(time.Hour)), source.Stopped, "1h",
			[]string{"does not run"},
		},
		"stopped, in another word": {
			nil, rows + status(secret, minute, "0", ago(time.Hour)), source.Stopped, "1h",
			[]string{"not run"},
		},
		"stopped, and loaded by us since": {
			nil, rows + status("NOT RUNNING", time.Hour, "0", ago(time.Hour)) + load("sqlserver", 5*minute),
			source.Current, "5m", nil,
		},
		"stopped, and landed since": {
			nil, rows + status("NOT RUNNING", time.Hour, "0", ago(time.Hour)) + load("landing", 5*minute),
			source.Stopped, "1h", []string{"does not run"},
		},
		"silent": {
			nil, rows + status(running, 16*minute, "0", ago(2*minute)), source.Stopped, "2m",
			[]string{"said nothing of Ledger for more than 15 minutes"},
		},
		"stopped, and made anew": {
			nil, status("NOT RUNNING", time.Hour, "9", ago(9*time.Hour)) +
				"UPDATE awsdms_ledger.awsdms_status SET task_name = 'TASK0';" + follows +
				suspendedBy("TASK0", "ADDRESS"), source.Current, "1m", nil,
		},
		"suspended": {
			nil, follows + suspendedBy("TASK1", "ADDRESS"), source.Suspended, "1m",
			[]string{"suspended table address since 2026-03-14 08:26 UTC", "reload the table"},
		},
		"suspended, by its name there": {
			nil, follows + suspendedBy("TASK1", "dm_person"), source.Suspended, "1m",
			[]string{"table person"},
		},
		"suspended, what is not taken": {
			nil, follows + suspendedBy("TASK1", secret), source.Suspended, "1m", []string{"not described"},
		},
		"not applied": {
			nil, follows + exception("address", minute) + exception("address", minute), source.Current, "1m",
			[]string{"could not apply 2 changes since the last proof"},
		},
		"validation failed": {
			nil, follows + failure("ADDRESS", minute), source.Current, "1m",
			[]string{"that 1 row is not as"},
		},
		"what was wrong is over": {
			nil, follows + failure("address", 60*minute) + exception("address", 60*minute) +
				proof("same", "0", 30*minute), source.Current, "1m", nil,
		},
		"what was wrong is over, and more is": {
			nil, follows + failure("address", 60*minute) + failure("address", minute) +
				proof("same", "0", 30*minute), source.Current, "1m", []string{"1 row"},
		},
		"without a status table": {
			nil, follows + "DROP TABLE awsdms_ledger.awsdms_status;", source.NotLoaded, "",
			[]string{"with a status table"},
		},
		"without a status table, loaded by us": {
			nil, rows + load("sqlserver", minute) + "DROP TABLE awsdms_ledger.awsdms_status;",
			source.Current, "1m", nil,
		},
		"with the exceptions alone": {
			nil, rows + load("sqlserver", minute) + exception("person", minute) + `
				DROP TABLE awsdms_ledger.awsdms_status, awsdms_ledger.awsdms_history,
					awsdms_ledger.awsdms_suspended_tables, awsdms_ledger.awsdms_validation_failures_v1;`,
			source.Current, "1m", []string{"could not apply 1 change"},
		},
		"of other columns": {
			nil, follows + load("sqlserver", minute) +
				"ALTER TABLE awsdms_ledger.awsdms_suspended_tables RENAME suspend_timestamp TO suspended_at;",
			source.Unknown, "1m", []string{"has no column suspend_timestamp"},
		},
		"of other types": {
			nil, follows + load("sqlserver", minute) + `ALTER TABLE awsdms_ledger.awsdms_status
				ALTER pending_changes TYPE text USING '` + secret + `';`,
			source.Unknown, "1m", []string{"not as they are documented"},
		},
	}
}

func TestOwn(t *testing.T) {
	t.Parallel()
	for name, tt := range ownStates() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.check(t, "", "")
		})
	}
}

// DMS nowhere says in which letters it names its tables in PostgreSQL.
func TestDMS(t *testing.T) {
	t.Parallel()
	for letters, rename := range map[string]string{"lower case": "", "capitals": inCapitals} {
		for name, tt := range dmsStates() {
			t.Run(letters+": "+name, func(t *testing.T) {
				t.Parallel()
				tt.check(t, controlTables, rename)
			})
		}
	}
}

func (tt *state) check(t *testing.T, before, after string) {
	t.Helper()
	pool := postgres.Scratch(t, before+tt.filled+after)
	s := subject()
	if tt.change != nil {
		tt.change(s)
	}
	got, err := freshness.Read(t.Context(), pool, s, now())
	if err != nil {
		t.Fatal(err)
	}
	if got.State != tt.want {
		t.Errorf("got %s, want %s: %s", got.State, tt.want, tell(&got))
	}
	asOf := ""
	if got.AsOf != nil {
		asOf = shortly(now().Sub(*got.AsOf))
	}
	if asOf != tt.asOf {
		t.Errorf("got data of %q ago, want %q", asOf, tt.asOf)
	}
	if (got.Note != nil) != (len(tt.says) > 0) {
		t.Errorf("got the note %q, want %q", tell(&got), tt.says)
	}
	rest := tell(&got)
	for _, want := range tt.says {
		before, after, found := strings.Cut(rest, want)
		if !found {
			t.Errorf("got %q, want %q in it, after %q", rest, want, before)
		}
		rest = after
	}
	if strings.Contains(tell(&got), secret) {
		t.Errorf("it tells what is in a row: %s", tell(&got))
	}
}

func shortly(d time.Duration) string {
	text := strings.TrimSuffix(d.String(), "0s")
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
