package access

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// A Log reads the record of access and prunes it. It is for a role that owns the schema access: one
// that serves may do neither.
type Log struct{ db *sqlx.DB }

// NewLog returns a Log over db. Closing it leaves db open: the caller owns it.
func NewLog(db *sqlx.DB) *Log { return &Log{db: db} }

// A Question is what is asked of a Log. What is left out asks for all.
type Question struct {
	Resident string    // an id such as mosaic:31
	Caller   string    // the name of one, as it was when it asked
	Since    time.Time // then or after
	Until    time.Time // before then
	Limit    int       // most entries in the answer; 0 is as many as there are
}

// An Entry is what one caller saw in one answer of residents who were shown alike. An answer in
// which they were not has an entry for each such group, with one RequestID.
type Entry struct {
	Seen
	At            time.Time // in UTC; entries that were written together have the same
	RequestID     string
	CallerKind    Kind
	CallerID      string
	Caller        string // the name
	Purpose       string
	Operation     string
	OperationHash [32]byte
}

// entries leaves nothing of what was not asked to be looked at: the values are known when it is
// planned, so that each question has the plan of its own.
const entries = `
	SELECT at, request_id, caller_kind, caller_id, caller, coalesce(purpose, '') AS purpose,
	       coalesce(operation, '') AS operation, operation_hash,
	       residents, restricted, shown, withheld, searched
	FROM   access.record
	WHERE  ($1 = '' OR residents @> ARRAY[$1]::text[])
	AND    ($2 = '' OR caller = $2)
	AND    ($3::timestamptz IS NULL OR at >= $3)
	AND    ($4::timestamptz IS NULL OR at < $4)
	ORDER  BY at DESC, request_id, restricted, residents
	LIMIT  $5`

type entryRow struct {
	At            time.Time      `db:"at"`
	RequestID     string         `db:"request_id"`
	CallerKind    Kind           `db:"caller_kind"`
	CallerID      string         `db:"caller_id"`
	Caller        string         `db:"caller"`
	Purpose       string         `db:"purpose"`
	Operation     string         `db:"operation"`
	OperationHash []byte         `db:"operation_hash"`
	Residents     pq.StringArray `db:"residents"`
	Restricted    bool           `db:"restricted"`
	Shown         pq.StringArray `db:"shown"`
	Withheld      pq.StringArray `db:"withheld"`
	Searched      pq.StringArray `db:"searched"`
}

func (r entryRow) entry() Entry {
	e := Entry{
		At:         r.At.UTC(),
		RequestID:  r.RequestID,
		CallerKind: r.CallerKind,
		CallerID:   r.CallerID,
		Caller:     r.Caller,
		Purpose:    r.Purpose,
		Operation:  r.Operation,
		Seen: Seen{
			Residents: r.Residents, Restricted: r.Restricted, Shown: r.Shown, Withheld: r.Withheld,
			Searched: r.Searched,
		},
	}
	copy(e.OperationHash[:], r.OperationHash)
	return e
}

// Read answers a question, the newest entries first, and says whether there are more than its
// limit.
func (l *Log) Read(ctx context.Context, q Question) (found []Entry, more bool, err error) {
	var limit *int // null is none
	if q.Limit > 0 {
		oneMore := q.Limit + 1
		limit = &oneMore
	}
	var rows []entryRow
	if err := l.db.SelectContext(ctx, &rows, entries,
		q.Resident, q.Caller, timeOrNull(q.Since), timeOrNull(q.Until), limit); err != nil {
		return nil, false, databaseError(ctx, "read record", err)
	}
	if q.Limit > 0 && len(rows) > q.Limit {
		rows, more = rows[:q.Limit], true
	}
	for _, row := range rows {
		found = append(found, row.entry())
	}
	return found, more, nil
}

const lastEntries = `
	SELECT name, (SELECT max(at) FROM access.record WHERE caller = name) AS at
	FROM   unnest($1::text[]) AS name`

// LastOf returns when each of the callers last saw anything, by name. Who never did is not in it,
// nor who did in months that are not kept.
func (l *Log) LastOf(ctx context.Context, callers []string) (map[string]time.Time, error) {
	var rows []struct {
		Name string     `db:"name"`
		At   *time.Time `db:"at"`
	}
	if err := l.db.SelectContext(ctx, &rows, lastEntries, pq.Array(callers)); err != nil {
		return nil, databaseError(ctx, "read record", err)
	}
	last := make(map[string]time.Time)
	for _, row := range rows {
		if row.At != nil {
			last[row.Name] = row.At.UTC()
		}
	}
	return last, nil
}

func timeOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// Pruned is a month of records that is no longer kept.
type Pruned struct {
	Month     time.Time `db:"month"` // its beginning, in UTC
	DroppedAt time.Time `db:"dropped_at"`
	DroppedBy string    `db:"dropped_by"` // the role that was connected
	Records   int64     `db:"records"`    // how many rows there were
}

const prune = `SELECT month, dropped_at, dropped_by, records FROM access.prune($1)`

// Prune drops the months of records that are over, but for the last keepMonths of them, and returns
// what it has dropped, the oldest first. The month in progress is always kept, and one more at
// least.
//
// Nobody can write while it drops what it has counted. So when somebody reads the record for long,
// it fails with SQLSTATE 55P03 rather than wait, and has dropped nothing: call it again later.
func (l *Log) Prune(ctx context.Context, keepMonths int, now time.Time) ([]Pruned, error) {
	if keepMonths < 1 {
		return nil, fmt.Errorf("access: prune record: got %d months to keep, want 1 or more",
			keepMonths)
	}
	year, month, _ := now.UTC().Date()
	before := time.Date(year, month-time.Month(keepMonths), 1, 0, 0, 0, 0, time.UTC)

	var gone []Pruned
	if err := l.db.SelectContext(ctx, &gone, prune, before.Format(time.DateOnly)); err != nil {
		return nil, databaseError(ctx, "prune record", err)
	}
	for i := range gone {
		gone[i].Month, gone[i].DroppedAt = gone[i].Month.UTC(), gone[i].DroppedAt.UTC()
	}
	return gone, nil
}

// Month is a month of which there are records.
type Month struct {
	Month   time.Time `db:"month"`   // its beginning, in UTC
	Records int64     `db:"records"` // about how many rows
	Bytes   int64     `db:"bytes"`   // with the indexes
}

// months asks for what PostgreSQL has counted by the way: it reads no records.
const months = `
	SELECT to_date(right(relname, 7), 'YYYY_MM') AS month,
	       greatest(reltuples::bigint, pg_stat_get_live_tuples(pg_class.oid), 0) AS records,
	       pg_total_relation_size(pg_class.oid) AS bytes
	FROM   pg_inherits
	JOIN   pg_class ON pg_class.oid = inhrelid
	WHERE  inhparent = 'access.record'::regclass
	ORDER  BY month`

// Months returns the months of which there are records, the oldest first.
func (l *Log) Months(ctx context.Context) ([]Month, error) {
	var all []Month
	if err := l.db.SelectContext(ctx, &all, months); err != nil {
		return nil, databaseError(ctx, "months of the record", err)
	}
	for i := range all {
		all[i].Month = all[i].Month.UTC()
	}
	return all, nil
}
