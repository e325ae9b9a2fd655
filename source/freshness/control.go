package freshness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// The tables that AWS DMS keeps, by their documented names in lower case.
const (
	statusTable     = "awsdms_status"
	historyTable    = "awsdms_history"
	suspendedTable  = "awsdms_suspended_tables"
	exceptionsTable = "awsdms_apply_exceptions"
	failuresTable   = "awsdms_validation_failures_v1"
)

// needed is which columns are read of each. What is not among them is never read: a statement, its
// error, a key and what differs hold what is in rows, and a reason could.
func needed(table string) []string {
	return map[string][]string{
		statusTable: {
			"task_name", "task_status", "status_time", "pending_changes", "source_timestamp_applied",
		},
		historyTable:    {"task_name", "timeslot_type", "timeslot"},
		suspendedTable:  {"task_name", "table_name", "suspend_timestamp"},
		exceptionsTable: {"table_name", "error_time"},
		failuresTable:   {"table_name", "failure_time"},
	}[table]
}

func controlNames() []string {
	return []string{statusTable, historyTable, suspendedTable, exceptionsTable, failuresTable}
}

// control is what DMS says.
type control struct {
	Tasks     []task       `json:"tasks"`
	Suspended []suspension `json:"suspended"`
	Apply     []count      `json:"apply"`  // by table: what could not be applied
	Differ    []count      `json:"differ"` // likewise: what DMS found to differ

	// faults say why something cannot be read, with the grant that would help.
	faults []trouble
	// isThere is whether there is any control table, readable or not.
	isThere bool
}

// A task is one of DMS.
type task struct {
	Status  string     `json:"status"` // in capitals
	At      *time.Time `json:"at"`
	Pending *int64     `json:"pending"`
	Applied *time.Time `json:"applied"` // the last change of the system that is here
	Slot    *string    `json:"slot"`    // what the last timeslot was of, unless of changes
}

// isRetired is whether a task does not run, and said so for the last time before we took over.
func (t *task) isRetired(since time.Time) bool {
	isRunning := t.Status == "CHANGE PROCESSING" || t.Status == "FULL LOAD"
	return !isRunning && t.At != nil && t.At.Before(since)
}

type suspension struct {
	Table string     `json:"table"` // in lower case
	Since *time.Time `json:"since"`
}

type count struct {
	Table string `json:"table"` // in lower case
	Rows  int64  `json:"rows"`
}

// readControl reads what DMS says, once the names are known that its tables have here.
func readControl(ctx context.Context, db *sqlx.DB, s *Subject, k *kept) (*control, error) {
	told := &control{}
	readable := told.look(k.Control)
	statement := controlStatement(s, readable)
	if statement == "" {
		return told, nil
	}
	var since time.Time // what was wrong before a proof that found no difference is over
	if k.ProvedSince != nil {
		since = *k.ProvedSince
	}
	var text []byte
	err := db.GetContext(ctx, &text, statement, since)
	if coded, is := errors.AsType[*pq.Error](err); is &&
		slices.Contains([]string{"22", "42"}, string(coded.Code.Class())) {
		told.faults = append(told.faults, oddControl(s))
		return told, nil
	}
	if err != nil {
		return nil, err
	}
	if json.Unmarshal(text, told) != nil {
		told.faults = append(told.faults, oddControl(s))
	}
	return told, nil
}

// countedTo is where counting ends: more of what is wrong is no more to know, and takes time.
const countedTo = 100_000

// look returns the tables that can be read, by their documented names, and keeps why others cannot.
func (c *control) look(found []controlTable) map[string]*controlTable {
	readable := make(map[string]*controlTable)
	for i := range found {
		t := &found[i]
		if t.Name == "" {
			continue // a schema without any
		}
		c.isThere = true
		name := strings.ToLower(t.Name)
		if readable[name] != nil {
			continue // the same in another letter case: the one in lower case comes first
		}
		if fault, can := t.fault(needed(name)); !can {
			c.faults = append(c.faults, fault)
			continue
		}
		readable[name] = t
	}
	return readable
}

// fault is why a table cannot be read.
func (t *controlTable) fault(columns []string) (why trouble, can bool) {
	var names []string
	mayRead := true
	for _, name := range columns {
		column, is := t.Columns[name]
		if !is {
			return trouble{rank: rankUnknown, what: "AWS DMS's table " + t.Name + " has no column " + name +
				", as it should", do: "See whether this release knows that version of DMS"}, false
		}
		names = append(names, pq.QuoteIdentifier(column.Name))
		mayRead = mayRead && column.MayRead
	}
	if t.MayUse && mayRead {
		return trouble{}, true
	}
	return trouble{rank: rankUnknown, what: "The gateway may not read what AWS DMS says in " + t.Name,
		do: fmt.Sprintf("GRANT USAGE ON SCHEMA %s and SELECT (%s) ON %s to the role that serves",
			pq.QuoteIdentifier(t.Schema), strings.Join(names, ", "), quoted(t.Schema, t.Name))}, false
}

func oddControl(s *Subject) trouble {
	return trouble{rank: rankUnknown, what: "AWS DMS's tables for " + s.Title +
		" are not as they are documented, and cannot be read",
		do: "See whether this release knows that version of DMS"}
}

// column is a column by the name that it has here, and moment one that is a time in UTC.
func (t *controlTable) column(name string) string {
	return pq.QuoteIdentifier(t.Columns[name].Name)
}

func (t *controlTable) moment(name string) string {
	if t.Columns[name].Type == "timestamp with time zone" {
		return t.column(name)
	}
	return t.column(name) + "::timestamp AT TIME ZONE 'UTC'"
}

func (t *controlTable) from() string { return quoted(t.Schema, t.Name) }

// controlStatement asks all tables that can be read; it is blank where none can. A task that was
// made anew leaves the row of the one before it: of each database that is followed there is one
// task, and the newest rows are theirs.
func controlStatement(s *Subject, readable map[string]*controlTable) string {
	tasks := "SELECT NULL::text AS name, NULL::text AS status, NULL::timestamptz AS at," +
		" NULL::bigint AS pending, NULL::timestamptz AS applied WHERE false"
	if t := readable[statusTable]; t != nil {
		databases, _ := s.followed()
		tasks = fmt.Sprintf(`SELECT %s::text AS name, upper(btrim(%s)) AS status, %s AS at,
			%s::bigint AS pending, %s AS applied FROM %s ORDER BY 3 DESC NULLS LAST LIMIT %d`,
			t.column("task_name"), t.column("task_status"), t.moment("status_time"),
			t.column("pending_changes"), t.moment("source_timestamp_applied"), t.from(),
			max(1, databases))
	}
	slot := "NULL"
	if t := readable[historyTable]; t != nil {
		slot = fmt.Sprintf(`CASE WHEN status <> 'CHANGE PROCESSING' THEN (
			SELECT upper(btrim(%s)) FROM %s WHERE %s::text = task.name ORDER BY %s DESC LIMIT 1) END`,
			t.column("timeslot_type"), t.from(), t.column("task_name"), t.column("timeslot"))
	}
	parts := []string{`'tasks', (SELECT json_agg(json_build_object('status', status, 'at', at,
		'pending', pending, 'applied', applied, 'slot', ` + slot + `)) FROM task)`}
	if t := readable[suspendedTable]; t != nil {
		parts = append(parts, fmt.Sprintf(`'suspended', (SELECT json_agg(json_build_object(
			'table', name, 'since', since) ORDER BY name) FROM (
				SELECT lower(%s::text) AS name, min(%s) AS since FROM %s AS s
				WHERE  NOT EXISTS (SELECT FROM task) OR %s::text IN (SELECT name FROM task)
				GROUP  BY 1 LIMIT 1000) AS x)`,
			t.column("table_name"), t.moment("suspend_timestamp"), t.from(), t.column("task_name")))
	}
	for _, counted := range []struct{ as, table, at string }{
		{"apply", exceptionsTable, "error_time"}, {"differ", failuresTable, "failure_time"},
	} {
		if t := readable[counted.table]; t != nil {
			parts = append(parts, fmt.Sprintf(`'%s', (SELECT json_agg(json_build_object(
				'table', name, 'rows', rows)) FROM (
					SELECT lower(name) AS name, count(*) AS rows FROM (
						SELECT %s::text AS name FROM %s WHERE coalesce(%s > $1, true) LIMIT %d) AS y
					GROUP BY 1 LIMIT 1000) AS x)`,
				counted.as, t.column("table_name"), t.from(), t.moment(counted.at), countedTo))
		}
	}
	if len(readable) == 0 {
		return ""
	}
	return "WITH task AS (" + tasks + ") SELECT json_build_object(" + strings.Join(parts, ", ") +
		") WHERE $1::timestamptz IS NOT NULL"
}
