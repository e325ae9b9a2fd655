package tdstest_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m, &postgres)) }

// people is a table as most tests want it.
func people() tdstest.Table {
	return tdstest.Table{
		Name: "DM_PERSONS",
		Columns: []tdstest.Column{
			{Name: "PERSON_ID", Type: "bigint"},
			{Name: "FULL_NAME", Type: "varchar(62)", Null: true},
			{Name: "DATE_OF_BIRTH", Type: "datetime", Null: true},
		},
		Key:     []string{"PERSON_ID"},
		Tracked: true,
	}
}

// open is an endpoint with tables, and a pool of connections to it.
func open(t testing.TB, tables ...tdstest.Table) (*tdstest.Server, *sqlx.DB) {
	t.Helper()
	server := tdstest.Serve(t, postgres.New(t), tables...)
	return server, connect(t, server.DSN())
}

func connect(t testing.TB, dsn string) *sqlx.DB {
	t.Helper()
	pool, err := sqlx.Open("sqlserver", dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func run(t testing.TB, on sqlx.ExecerContext, query string, args ...any) int64 {
	t.Helper()
	result, err := on.ExecContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func get[T any](t testing.TB, from sqlx.QueryerContext, query string, args ...any) T {
	t.Helper()
	var got T
	if err := sqlx.GetContext(t.Context(), from, &got, query, args...); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return got
}

func isNumber(err error, number int32) bool {
	told, ok := errors.AsType[mssql.Error](err)
	return ok && told.Number == number
}

func TestReadWrite(t *testing.T) {
	t.Parallel()
	server, pool := open(t, people())
	if n := run(t, pool, `
		INSERT INTO dbo.DM_PERSONS (PERSON_ID, FULL_NAME, DATE_OF_BIRTH)
		VALUES (@p1, @p2, @p3), (2, N'Zoë “Z” O’Neill €', NULL), (3, '', '19991231 23:59:59.997')`,
		1, "Ada", time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC)); n != 3 {
		t.Errorf("got %d rows, want 3", n)
	}
	var got []struct {
		ID   int64          `db:"PERSON_ID"`
		Name sql.NullString `db:"FULL_NAME"`
		Born sql.NullTime   `db:"DATE_OF_BIRTH"`
	}
	const page = `
		SELECT TOP (@n) [PERSON_ID], p.FULL_NAME, DATE_OF_BIRTH -- all
		FROM [mosaic].[dbo].[DM_PERSONS] AS p WITH (NOLOCK)
		WHERE PERSON_ID > @after AND PERSON_ID <= @to /* of a /* range */ */
		ORDER BY PERSON_ID`
	if err := pool.Select(&got, page,
		sql.Named("n", 10), sql.Named("after", 0), sql.Named("to", 3)); err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got[1].Name.String != "Zoë “Z” O’Neill €" || got[1].Born.Valid ||
		!got[2].Name.Valid || got[2].Name.String != "" ||
		!got[0].Born.Time.Equal(time.Date(1815, 12, 10, 0, 0, 0, 0, time.UTC)) ||
		got[2].Born.Time.Nanosecond()/1e6 != 996 && got[2].Born.Time.Nanosecond()/1e6 != 997 {
		t.Errorf("got %+v", got)
	}
	if n := run(t, pool, `UPDATE DM_PERSONS SET FULL_NAME = @p1 WHERE PERSON_ID IN (1, 2)`,
		"Eve"); n != 2 {
		t.Errorf("got %d updated, want 2", n)
	}
	if n := run(t, pool, `DELETE FROM dm_persons WHERE full_name = 'Eve'`); n != 2 {
		t.Errorf("got %d deleted, want 2", n)
	}
	if n := get[int64](t, pool, `SELECT COUNT_BIG(*) FROM DM_PERSONS`); n != 1 {
		t.Errorf("got %d left, want 1", n)
	}
	if n := len(server.Statements()); n != 5 || server.Statements()[1] != page {
		t.Errorf("got %q", server.Statements())
	}
}

func TestWrongPassword(t *testing.T) {
	t.Parallel()
	server, _ := open(t)
	for name, from := range map[string]string{"password": "Not-a-secret-1", "user": "tds:"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := connect(t, strings.Replace(server.DSN(), from, "wrong"+from, 1))
			if err := pool.PingContext(t.Context()); !isNumber(err, 18456) {
				t.Errorf("got %v, want error 18456", err)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	run(t, pool, `INSERT INTO DM_PERSONS (PERSON_ID) VALUES (1)`)
	tests := map[string]struct {
		query string
		want  int32
	}{
		"no such table":     {`SELECT 1 AS n FROM dbo.nothing`, 208},
		"no such column":    {`SELECT nothing FROM DM_PERSONS`, 207},
		"no such alias":     {`SELECT x.PERSON_ID FROM DM_PERSONS p`, 4104},
		"ambiguous column":  {`SELECT PERSON_ID FROM DM_PERSONS a, DM_PERSONS b`, 209},
		"no such parameter": {`SELECT @x`, 137},
		"no such function":  {`SELECT HASHBYTES('MD5', 'x')`, 102},
		"no such statement": {`MERGE INTO DM_PERSONS USING x`, 102},
		"no such clause":    {`SELECT 1 FROM DM_PERSONS FOR XML AUTO`, 102},
		"union":             {`SELECT 1 UNION SELECT 2`, 102},
		"open string":       {`SELECT 'x`, 102},
		"open comment":      {`SELECT 1 /* x`, 102},
		"open bracket":      {`SELECT (1`, 102},
		"key there already": {`INSERT INTO DM_PERSONS (PERSON_ID) VALUES (1)`, 2627},
		"null key":          {`INSERT INTO DM_PERSONS (PERSON_ID) VALUES (NULL)`, 515},
		"too long": {
			`UPDATE DM_PERSONS SET FULL_NAME = '` + strings.Repeat("x", 63) + `'`,
			2628,
		},
		"no number":        {`SELECT PERSON_ID FROM DM_PERSONS WHERE PERSON_ID = 'x'`, 245},
		"no date":          {`UPDATE DM_PERSONS SET DATE_OF_BIRTH = '2021-02-30'`, 242},
		"overflow":         {`SELECT CAST(2147483648 AS int)`, 8115},
		"division by zero": {`SELECT 1 / 0`, 8134},
		"types that clash": {`SELECT 1 WHERE CAST('2020-01-01' AS date) = 1`, 206},
		"not tracked": {
			`SELECT * FROM CHANGETABLE(CHANGES INFORMATION_SCHEMA.TABLES, 0) c`,
			22105,
		},
		"catalogue": {`DELETE FROM INFORMATION_SCHEMA.TABLES`, 259},
		"procedure": {`sp_who`, 2812},
		"brackets in brackets": {
			`SELECT ` + strings.Repeat("(", 5000) + "1" + strings.Repeat(")", 5000),
			191,
		},
		"a condition":         {`SELECT 1 = 1 AND 2 = 2`, 102},
		"no condition":        {`SELECT 1 FROM DM_PERSONS WHERE PERSON_ID`, 4145},
		"commit of nothing":   {`COMMIT TRANSACTION`, 3902},
		"rollback of nothing": {`ROLLBACK`, 3903},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := pool.ExecContext(t.Context(), tt.query); !isNumber(err, tt.want) {
				t.Errorf("got %v, want error %d", err, tt.want)
			}
		})
	}
}

func TestSeveralResults(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	rows, err := pool.QueryContext(t.Context(), `
		SET NOCOUNT ON; SET TRANSACTION ISOLATION LEVEL READ COMMITTED;
		INSERT INTO DM_PERSONS (PERSON_ID) VALUES (@p1);
		SELECT PERSON_ID FROM DM_PERSONS;
		SELECT N'two' AS word, @p2 AS n`, 7, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var id int64
	for rows.Next() {
		err = errors.Join(err, rows.Scan(&id))
	}
	if err != nil || id != 7 || !rows.NextResultSet() || !rows.Next() {
		t.Fatalf("got %d and %v in the first result, want 7; then another", id, err)
	}
	var word string
	var n sql.NullString
	if err := rows.Scan(&word, &n); err != nil || word != "two" || n.Valid {
		t.Errorf("got %q, %v and %v, want two and NULL", word, n, err)
	}
	if rows.Next() || rows.NextResultSet() || rows.Err() != nil {
		t.Errorf("got more, or %v", rows.Err())
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	server, pool := open(t, people())
	// A lock that is not given: the statement waits until it is cancelled.
	lock, err := server.DB().BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Rollback()
	if _, err := lock.ExecContext(t.Context(), `LOCK TABLE dbo.dm_persons`); err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	conn, err := pool.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := conn.ExecContext(ctx, `SELECT PERSON_ID FROM DM_PERSONS`)
		waiting <- err
	}()
	const blocked = `SELECT count(*) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`
	for get[int](t, server.DB(), blocked) == 0 {
		continue
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
	for get[int](t, server.DB(), blocked) != 0 {
		continue
	}
	if n := get[int](t, conn, `SELECT 1`); n != 1 {
		t.Errorf("got %d on the same connection afterwards, want 1", n)
	}
}

// TestCancelRows stops a result that would take for ever.
func TestCancelRows(t *testing.T) {
	t.Parallel()
	server, pool := open(t, wide())
	fillWide(t, server, 1000)
	conn, err := pool.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	rows, err := conn.QueryContext(ctx, `SELECT a.ID FROM WIDE a, WIDE b, WIDE c`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for n := 0; rows.Next(); n++ {
		if n == 1000 {
			cancel()
		}
	}
	if err := rows.Err(); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that it was cancelled", err)
	}
	if n := get[int](t, conn, `SELECT 1`); n != 1 {
		t.Errorf("got %d on the same connection afterwards, want 1", n)
	}
}

func TestPacketSizes(t *testing.T) {
	t.Parallel()
	server, _ := open(t)
	long := strings.Repeat("x", 100_003)
	for _, size := range []string{"512", "4096", "32767"} {
		t.Run(size, func(t *testing.T) {
			t.Parallel()
			pool := connect(t, server.DSN()+"&packet+size="+size)
			got := firstColumn(t, pool, `SELECT @p1`, long)
			if len(got) != 1 || got[0] != long {
				t.Errorf("got %.50q, want the same %d letters", got, len(long))
			}
		})
	}
}

func TestPrepared(t *testing.T) {
	t.Parallel()
	_, pool := open(t)
	statement, err := pool.PreparexContext(t.Context(), `SELECT @p2 + @p1 WHERE @p1 > 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = statement.Close() }()
	for want := 3; want < 5; want++ {
		var got int
		if err := statement.GetContext(t.Context(), &got, want-2, 2); err != nil || got != want {
			t.Errorf("got %d and %v, want %d", got, err, want)
		}
	}
}

func TestIsolationLevels(t *testing.T) {
	t.Parallel()
	_, pool := open(t)
	for _, level := range []sql.IsolationLevel{
		sql.LevelDefault, sql.LevelReadUncommitted, sql.LevelReadCommitted, sql.LevelRepeatableRead,
		sql.LevelSnapshot, sql.LevelSerializable,
	} {
		t.Run(level.String(), func(t *testing.T) {
			t.Parallel()
			tx, err := pool.BeginTxx(t.Context(), &sql.TxOptions{Isolation: level})
			if err != nil {
				t.Fatal(err)
			}
			if n := get[int](t, tx, `SELECT 1`); n != 1 {
				t.Errorf("got %d, want 1", n)
			}
			if err := tx.Commit(); err != nil {
				t.Error(err)
			}
		})
	}
}
