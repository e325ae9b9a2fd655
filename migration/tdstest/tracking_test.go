package tdstest_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
)

const (
	current  = `SELECT CHANGE_TRACKING_CURRENT_VERSION()`
	minValid = `SELECT CHANGE_TRACKING_MIN_VALID_VERSION(OBJECT_ID(@p1))`
	insert   = `INSERT INTO DM_PERSONS (PERSON_ID, FULL_NAME) VALUES (@p1, 'x')`
	update   = `UPDATE DM_PERSONS SET FULL_NAME = 'y' WHERE PERSON_ID = @p1`
	remove   = `DELETE FROM DM_PERSONS WHERE PERSON_ID = @p1`
)

// changes are the changes since a version: operation and key, and the name that the row has now.
func changes(t *testing.T, pool sqlx.QueryerContext, since int64) []string {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), `
		SELECT ct.SYS_CHANGE_OPERATION, ct.PERSON_ID, ISNULL(p.FULL_NAME, '-'), ct.SYS_CHANGE_COLUMNS,
			ct.SYS_CHANGE_CONTEXT
		FROM CHANGETABLE(CHANGES [dbo].[DM_PERSONS], @since) AS ct
		LEFT OUTER JOIN dbo.DM_PERSONS AS p ON p.PERSON_ID = ct.PERSON_ID
		WHERE ct.SYS_CHANGE_VERSION <= CHANGE_TRACKING_CURRENT_VERSION()
		ORDER BY ct.PERSON_ID`, sql.Named("since", since))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var operation, id, name string
		var columns, of []byte
		if err := rows.Scan(&operation, &id, &name, &columns, &of); err != nil {
			t.Fatal(err)
		}
		all = append(all, operation+id+name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestChangeTracking(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		before, after []string // statements about row 1
		want          string
	}{
		"nothing":                      {[]string{insert}, nil, ""},
		"inserted":                     {nil, []string{insert}, "I1x"},
		"updated":                      {[]string{insert}, []string{update}, "U1y"},
		"deleted":                      {[]string{insert}, []string{remove}, "D1-"},
		"inserted, updated":            {nil, []string{insert, update}, "I1y"},
		"inserted, deleted":            {nil, []string{insert, remove}, "D1-"},
		"deleted, inserted":            {[]string{insert}, []string{remove, insert}, "I1x"},
		"deleted, inserted, updated":   {[]string{insert}, []string{remove, insert, update}, "I1y"},
		"updated twice":                {[]string{insert, update}, []string{update, update}, "U1y"},
		"updated, where there is none": {nil, []string{update, remove}, ""},
		"a key becomes another": {
			[]string{insert}, []string{`UPDATE DM_PERSONS SET PERSON_ID = PERSON_ID + @p1`}, "D1- I2x",
		},
		"several rows": {
			[]string{insert},
			[]string{`INSERT INTO DM_PERSONS (PERSON_ID) SELECT PERSON_ID + @p1 FROM DM_PERSONS`}, "I2-",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, pool := open(t, people())
			for _, statement := range tt.before {
				run(t, pool, statement, 1)
			}
			since := get[int64](t, pool, current)
			if since != int64(len(tt.before)) {
				t.Errorf("got version %d after %d changes", since, len(tt.before))
			}
			for _, statement := range tt.after {
				run(t, pool, statement, 1)
			}
			if got := strings.Join(changes(t, pool, since), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestMinValidVersion(t *testing.T) {
	t.Parallel()
	untracked := wide()
	server, pool := open(t, people(), untracked)
	for name, want := range map[string]*int64{
		"dbo.DM_PERSONS": new(int64), "[dbo].[dm_persons]": new(int64), "dbo.WIDE": nil, "dbo.x": nil,
	} {
		if got := get[*int64](t, pool, minValid, name); (got == nil) != (want == nil) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	run(t, pool, insert, 1)
	run(t, pool, insert, 2)
	if err := server.Forget(t.Context(), "dbo", "DM_PERSONS"); err != nil {
		t.Fatal(err)
	}
	if got := get[int64](t, pool, minValid, "dbo.DM_PERSONS"); got != 2 {
		t.Errorf("got %d once changes are forgotten, want 2", got)
	}
	if got := changes(t, pool, 0); len(got) != 0 {
		t.Errorf("got %q, which were forgotten", got)
	}
	run(t, pool, `TRUNCATE TABLE DM_PERSONS`)
	if got := get[int64](t, pool, minValid, "dbo.DM_PERSONS"); got != 3 {
		t.Errorf("got %d after TRUNCATE, want 3: who is at 2 has to notice", got)
	}
	if err := server.Forget(t.Context(), "dbo", "WIDE"); err == nil {
		t.Error("got no error for a table that is not tracked")
	}
}

// TestVersionsAreInOrderOfCommits has writers race a reader, who asks for what is new each time.
func TestVersionsAreInOrderOfCommits(t *testing.T) {
	t.Parallel()
	const writers, each = 4, 25
	_, pool := open(t, people())
	var writing sync.WaitGroup
	for w := range writers {
		writing.Go(func() {
			for i := range each {
				tx, err := pool.BeginTxx(t.Context(), nil)
				if err != nil {
					t.Error(err)
					return
				}
				id := w*each + i + 1
				_, err = tx.ExecContext(t.Context(), insert, id)
				if err == nil && i%5 == 4 {
					_ = tx.Rollback()
					continue
				}
				if err == nil {
					_, err = tx.ExecContext(t.Context(), update, id)
				}
				if err == nil {
					err = tx.Commit()
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	done := make(chan struct{})
	go func() { writing.Wait(); close(done) }()
	var seen []string
	since := int64(0)
	for finished := false; !finished; {
		select {
		case <-done:
			finished = true // and one last look
		default:
		}
		to := get[int64](t, pool, current)
		seen = append(seen, firstColumn(t, pool, `
			SELECT ct.PERSON_ID FROM CHANGETABLE(CHANGES dbo.DM_PERSONS, @p1) ct
			WHERE ct.SYS_CHANGE_VERSION <= @p2`, since, to)...)
		since = to
	}
	slices.Sort(seen)
	want := firstColumn(t, pool, `SELECT PERSON_ID FROM DM_PERSONS`)
	slices.Sort(want)
	if len(want) != writers*each*4/5 || !slices.Equal(seen, want) {
		t.Errorf("got %d changes of %d rows: %v, want %v", len(seen), len(want), seen, want)
	}
	per := `SELECT COUNT(*) FROM CHANGETABLE(CHANGES dbo.DM_PERSONS, 0) ct
		GROUP BY ct.SYS_CHANGE_VERSION HAVING COUNT(*) > 1`
	if got := firstColumn(t, pool, per); len(got) != 0 {
		t.Errorf("got %v transactions that share a version", got)
	}
}

func TestTransaction(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	count := `SELECT COUNT(*) FROM DM_PERSONS`
	tx, err := pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	run(t, tx, insert, 1)
	inside, outside := get[int](t, tx, count), get[int](t, pool, count)
	if inside != 1 || outside != 0 {
		t.Errorf("got %d rows inside and %d outside, want 1 and 0", inside, outside)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if n := get[int](t, pool, count); n != 0 {
		t.Errorf("got %d rows after a rollback, want 0", n)
	}
	if n := get[int64](t, pool, current); n != 0 {
		t.Errorf("got version %d after a rollback, want 0", n)
	}
	run(t, pool, `BEGIN TRANSACTION; `+strings.ReplaceAll(insert, "@p1", "1")+`; COMMIT TRAN`)
	tx, err = pool.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	run(t, tx, insert, 2)
	if _, err := tx.ExecContext(t.Context(), insert, 1); !isNumber(err, 2627) {
		t.Errorf("got %v, want error 2627", err)
	}
	if _, err := tx.ExecContext(t.Context(), insert, 3); !isNumber(err, 3930) {
		t.Errorf("got %v, want error 3930", err)
	}
	if err := tx.Commit(); !isNumber(err, 3930) {
		t.Errorf("got %v of the commit, want error 3930", err)
	}
	if n := get[int](t, pool, count); n != 1 {
		t.Errorf("got %d rows, want 1", n)
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	conn, err := pool.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	count := `SELECT COUNT(*) FROM DM_PERSONS`
	run(t, conn, `SET TRANSACTION ISOLATION LEVEL SNAPSHOT; BEGIN TRAN`)
	if n := get[int](t, conn, count); n != 0 {
		t.Fatalf("got %d rows, want 0", n)
	}
	run(t, pool, insert, 1)
	if n, version := get[int](t, conn, count), get[int](t, conn, current); n != 0 || version != 0 {
		t.Errorf("got %d rows of version %d in the snapshot, want 0", n, version)
	}
	run(t, conn, `ROLLBACK TRANSACTION`)
	if n := get[int](t, conn, count); n != 1 {
		t.Errorf("got %d rows after the snapshot, want 1", n)
	}
}

func TestInformationSchema(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people(), wide())
	const described = `
		SELECT COLUMN_NAME + N' ' + DATA_TYPE + N' ' + IS_NULLABLE + N' '
			+ CAST(ISNULL(CHARACTER_MAXIMUM_LENGTH, 0) AS nvarchar(9)) + N' '
			+ CAST(ISNULL(NUMERIC_PRECISION, 0) AS nvarchar(9)) + N' '
			+ CAST(ISNULL(NUMERIC_SCALE, 0) AS nvarchar(9)) + N' '
			+ CAST(ISNULL(DATETIME_PRECISION, 0) AS nvarchar(9))
		FROM INFORMATION_SCHEMA.COLUMNS
		WHERE TABLE_SCHEMA = @p1 AND TABLE_NAME = @p2 ORDER BY ORDINAL_POSITION`
	want := []string{
		"PERSON_ID bigint NO 0 19 0 0", "FULL_NAME varchar YES 62 0 0 0",
		"DATE_OF_BIRTH datetime YES 0 0 0 3",
	}
	if got := firstColumn(t, pool, described, "dbo", "DM_PERSONS"); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	const keys = `
		SELECT kcu.COLUMN_NAME
		FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS tc
		INNER JOIN INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS kcu
			ON kcu.CONSTRAINT_SCHEMA = tc.CONSTRAINT_SCHEMA AND kcu.CONSTRAINT_NAME = tc.CONSTRAINT_NAME
		WHERE tc.CONSTRAINT_TYPE = 'PRIMARY KEY' AND tc.TABLE_NAME = @p1 ORDER BY kcu.ORDINAL_POSITION`
	if got := firstColumn(t, pool, keys, "DM_PERSONS"); !slices.Equal(got, []string{"PERSON_ID"}) {
		t.Errorf("got the key %q", got)
	}
	run(t, pool, `INSERT INTO DM_PERSONS VALUES (1, 'x', NULL)`)
	run(t, pool, `ALTER TABLE dbo.DM_PERSONS ADD NOTE nvarchar(max) NULL`)
	run(t, pool, `ALTER TABLE dbo.DM_PERSONS DROP COLUMN DATE_OF_BIRTH`)
	run(t, pool, `ALTER TABLE dbo.DM_PERSONS ALTER COLUMN FULL_NAME varchar(80) NOT NULL`)
	run(t, pool, `ALTER TABLE dbo.DM_PERSONS ADD FLAG bit NOT NULL DEFAULT 1`)
	want = []string{
		"PERSON_ID bigint NO 0 19 0 0", "FULL_NAME varchar NO 80 0 0 0",
		"NOTE nvarchar YES -1 0 0 0", "FLAG bit NO 0 0 0 0",
	}
	if got := firstColumn(t, pool, described, "dbo", "DM_PERSONS"); !slices.Equal(got, want) {
		t.Errorf("got %q after the drift, want %q", got, want)
	}
	got := map[string]any{}
	const all = `SELECT * FROM DM_PERSONS` //nolint:unqueryvet // what there is, is what is tried
	rows := pool.QueryRowxContext(t.Context(), all)
	if err := rows.MapScan(got); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != "map[FLAG:true FULL_NAME:x NOTE:<nil> PERSON_ID:1]" {
		t.Errorf("got %v", got)
	}
	_, err := pool.ExecContext(t.Context(), `SELECT DATE_OF_BIRTH FROM DM_PERSONS`)
	if !isNumber(err, 207) {
		t.Errorf("got %v of a column that is gone, want error 207", err)
	}
}

// TestConcurrentConnections has more connections than the pool behind has.
func TestConcurrentConnections(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	run(t, pool, insert, 1)
	var all sync.WaitGroup
	for range 40 {
		all.Go(func() {
			var n int
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if err := pool.GetContext(ctx, &n, `SELECT COUNT(*) FROM DM_PERSONS`); err != nil || n != 1 {
				t.Errorf("got %d and %v, want 1", n, err)
			}
		})
	}
	all.Wait()
}
