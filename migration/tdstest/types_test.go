package tdstest_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	mssql "github.com/microsoft/go-mssqldb"

	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
)

// shown is a value as go-mssqldb gives it, in words.
func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "NULL"
	case []byte:
		return string(v)
	case time.Time:
		return v.Format("2006-01-02 15:04:05.9999999 -07:00")
	}
	return fmt.Sprint(v)
}

// TestTypes writes each value as a literal into a column of each type, and reads it.
func TestTypes(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ž€𝄞x", 2250) // 9,000 letters, of which some take two units
	tests := map[string][]struct{ literal, want string }{
		"tinyint":  {{"0", "0"}, {"255", "255"}},
		"smallint": {{"-32768", "-32768"}, {"32767", "32767"}},
		"int":      {{"-2147483648", "-2147483648"}, {"2147483647", "2147483647"}, {"1.9", "1"}},
		"bigint": {
			{"-9223372036854775808", "-9223372036854775808"},
			{"9223372036854775807", "9223372036854775807"},
		},
		"bit": {{"0", "false"}, {"1", "true"}, {"7", "true"}},
		"real": {
			{"1.5", "1.5"},
			{"-3.4028234663852886e38", "-3.4028234663852886e+38"},
			{"0", "0"},
		},
		"float":         {{"1.7976931348623157e308", "1.7976931348623157e+308"}, {"-0.1", "-0.1"}},
		"numeric(16,0)": {{"-9999999999999999", "-9999999999999999"}, {"0", "0"}},
		"decimal(9,2)":  {{"-0.01", "-0.01"}, {"9999999.99", "9999999.99"}, {"-1234.5", "-1234.50"}},
		"decimal(28,10)": {
			{"-999999999999999999.9999999999", "-999999999999999999.9999999999"}, {"1", "1.0000000000"},
		},
		"decimal(38,0)": {
			{strings.Repeat("9", 38), strings.Repeat("9", 38)},
			{"-" + strings.Repeat("9", 38), "-" + strings.Repeat("9", 38)},
		},
		"decimal(38,38)": {{"0." + strings.Repeat("9", 38), "0." + strings.Repeat("9", 38)}},
		"money": {
			{"-922337203685477.5808", "-922337203685477.5808"},
			{"922337203685477.5807", "922337203685477.5807"}, {"-0.0001", "-0.0001"},
		},
		"smallmoney": {{"-214748.3648", "-214748.3648"}, {"214748.3647", "214748.3647"}},
		"date": {
			{"'0001-01-01'", "0001-01-01 00:00:00 +00:00"},
			{"'9999-12-31'", "9999-12-31 00:00:00 +00:00"},
		},
		"time(7)": {{"'23:59:59.9999999'", "0001-01-01 23:59:59.9999999 +00:00"}},
		"time(0)": {{"'12:30'", "0001-01-01 12:30:00 +00:00"}},
		"datetime": {
			{"'1753-01-01'", "1753-01-01 00:00:00 +00:00"},
			{"'9999-12-31 23:59:59.997'", "9999-12-31 23:59:59.997 +00:00"},
			{"'1899-12-31T12:00:00.003'", "1899-12-31 12:00:00.003 +00:00"},
			{"'2020-02-29 10:11:12.999'", "2020-02-29 10:11:13 +00:00"},
		},
		"smalldatetime": {{"'1900-01-01'", "1900-01-01 00:00:00 +00:00"}, {"'2079-06-06 23:59'",
			"2079-06-06 23:59:00 +00:00"}},
		"datetime2(7)": {
			{"'0001-01-01'", "0001-01-01 00:00:00 +00:00"},
			{"'2099-12-31 00:00:00.0000000'", "2099-12-31 00:00:00 +00:00"},
			{"'9999-12-31 23:59:59.9999999'", "9999-12-31 23:59:59.9999999 +00:00"},
		},
		"datetime2(3)": {{"'2020-01-01 00:00:00.12345'", "2020-01-01 00:00:00.123 +00:00"},
			{"'2019-12-31 23:59:59.9996'", "2020-01-01 00:00:00 +00:00"}},
		"datetime2(0)": {{"'2020-01-01T01:02:03.5'", "2020-01-01 01:02:04 +00:00"}},
		"datetimeoffset(7)": {
			{"'2020-06-01 12:00:00.1234567 +05:30'", "2020-06-01 12:00:00.1234567 +05:30"},
			{"'2020-01-01 00:30:00 -01:00'", "2020-01-01 00:30:00 -01:00"},
			{"'2020-01-01 00:30:00 +01:00'", "2020-01-01 00:30:00 +01:00"},
		},
		"char(5)":       {{"'ab'", "ab   "}, {"''", "     "}, {"N'’é'", "’é   "}},
		"nchar(3)":      {{"N'ž'", "ž  "}},
		"varchar(20)":   {{"''", ""}, {"'O''Brien — “Zoë” €'", "O'Brien — “Zoë” €"}, {"'ž☃'", "ž?"}},
		"varchar(8000)": {{"'" + strings.Repeat("é", 8000) + "'", strings.Repeat("é", 8000)}},
		"varchar(max)": {
			{"''", ""},
			{"'" + strings.Repeat("y", 100_000) + "'", strings.Repeat("y", 100_000)},
		},
		"nvarchar(20)":  {{"N''", ""}, {"N'☃ 𝄞\\x'", "☃ 𝄞\\x"}},
		"nvarchar(max)": {{"N''", ""}, {"N'" + long + "'", long}},
		"binary(4)":     {{"0x01", "\x01\x00\x00\x00"}},
		"varbinary(4)":  {{"0x", ""}, {"0xff00FF0a", "\xff\x00\xff\x0a"}},
		"varbinary(max)": {{"0x", ""}, {"0x" + strings.Repeat("ab", 9000),
			strings.Repeat("\xab", 9000)}},
		"uniqueidentifier": {{"'00112233-4455-6677-8899-AABBCCDDEEFF'",
			"\x33\x22\x11\x00\x55\x44\x77\x66\x88\x99\xaa\xbb\xcc\xdd\xee\xff"}},
	}
	for name, values := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, pool := open(t, tdstest.Table{
				Name: "T",
				Columns: []tdstest.Column{
					{Name: "ID", Type: "int"}, {Name: "VALUE", Type: name, Null: true},
				},
				Key: []string{"ID"},
			})
			run(t, pool, `INSERT INTO T VALUES (0, NULL)`)
			for i, v := range values {
				run(t, pool, fmt.Sprintf(`INSERT INTO T VALUES (%d, %s)`, i+1, v.literal))
			}
			got := firstColumn(t, pool, `SELECT VALUE FROM T ORDER BY ID`)
			if len(got) != len(values)+1 || got[0] != "NULL" {
				t.Fatalf("got %.200q, want NULL and %d values", got, len(values))
			}
			for i, v := range values {
				if got[i+1] != v.want {
					t.Errorf("%.50s: got %.100q, want %.100q", v.literal, got[i+1], v.want)
				}
			}
		})
	}
}

// firstColumn reads the first column of a result.
func firstColumn(t testing.TB, pool sqlx.QueryerContext, query string, args ...any) []string {
	t.Helper()
	rows, err := pool.QueryContext(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
		got = append(got, shown(v))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%.200s: %v", query, err)
	}
	return got
}

// TestParameters sends values of each type, and has them back.
func TestParameters(t *testing.T) {
	t.Parallel()
	_, pool := open(t)
	moment := time.Date(2020, 2, 29, 1, 2, 3, 123456700, time.FixedZone("", -5400))
	tests := map[string]struct {
		value any
		want  string
	}{
		"null":        {nil, "NULL"},
		"int8":        {uint8(255), "255"},
		"int16":       {int16(-32768), "-32768"},
		"int32":       {int32(-2147483648), "-2147483648"},
		"int64":       {int64(-9223372036854775808), "-9223372036854775808"},
		"bool":        {true, "true"},
		"float":       {-1.25e-300, "-1.25e-300"},
		"text":        {"ž☃𝄞'\\", "ž☃𝄞'\\"},
		"empty text":  {"", ""},
		"long text":   {strings.Repeat("☃", 9000), strings.Repeat("☃", 9000)},
		"narrow text": {mssql.VarChar("abc"), "abc"},
		"wide text":   {mssql.NVarCharMax("☃"), "☃"},
		"bytes":       {[]byte{0, 1, 255}, "\x00\x01\xff"},
		"long bytes":  {bytes.Repeat([]byte{7}, 20000), strings.Repeat("\x07", 20000)},
		"moment":      {moment, "2020-02-29 01:02:03.1234567 -01:30"},
		"datetime":    {mssql.DateTime1(moment.UTC()), "2020-02-29 02:32:03.123 +00:00"},
		"guid": {
			mssql.UniqueIdentifier{15: 1},
			"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01",
		},
		"no text":      {sql.NullString{}, "NULL"},
		"no number":    {sql.NullInt64{}, "NULL"},
		"no moment":    {sql.NullTime{}, "NULL"},
		"first of all": {time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), "0001-01-01 00:00:00 +00:00"},
		"last of all": {
			time.Date(9999, 12, 31, 23, 59, 59, 999999900, time.UTC),
			"9999-12-31 23:59:59.9999999 +00:00",
		},
		"nothing in text": {mssql.NVarCharMax(""), ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := firstColumn(t, pool, `SELECT @p1 AS value`, tt.value)
			if len(got) != 1 || got[0] != tt.want {
				t.Errorf("got %.100q, want %.100q", got, tt.want)
			}
		})
	}
}

// TestExpressions holds what is worked out, by its value and by its type.
func TestExpressions(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	run(t, pool, `INSERT INTO DM_PERSONS
		VALUES (1, 'b', '2020-01-01'), (2, 'a', NULL), (3, NULL, NULL)`)
	tests := map[string]struct{ query, want string }{
		"bytes of varchar":  {`SELECT DATALENGTH(FULL_NAME) FROM DM_PERSONS WHERE PERSON_ID = 1`, "1"},
		"bytes of nvarchar": {`SELECT DATALENGTH(N'a𝄞')`, "6"},
		"in place of NULL": {
			`SELECT ISNULL(FULL_NAME, 'none') FROM DM_PERSONS ORDER BY PERSON_ID DESC`,
			"none a b",
		},
		"NULL comes first": {`SELECT PERSON_ID FROM DM_PERSONS ORDER BY FULL_NAME`, "3 2 1"},
		"NULL comes last": {
			`SELECT PERSON_ID FROM DM_PERSONS ORDER BY 1 DESC, FULL_NAME DESC`,
			"3 2 1",
		},
		"largest": {`SELECT MAX(PERSON_ID) - MIN(PERSON_ID) FROM DM_PERSONS`, "2"},
		"none":    {`SELECT MAX(PERSON_ID) FROM DM_PERSONS WHERE PERSON_ID > 3`, "NULL"},
		"a case": {
			`SELECT CASE WHEN FULL_NAME IS NULL THEN 0 ELSE 1 END FROM DM_PERSONS ORDER BY PERSON_ID`,
			"1 1 0",
		},
		"a simple case": {
			`SELECT CASE FULL_NAME WHEN 'a' THEN N'A' END FROM DM_PERSONS ORDER BY PERSON_ID`,
			"NULL A NULL",
		},
		"not in":  {`SELECT PERSON_ID FROM DM_PERSONS WHERE NOT PERSON_ID IN (1, 2)`, "3"},
		"between": {`SELECT PERSON_ID FROM DM_PERSONS WHERE PERSON_ID BETWEEN 2 AND 2`, "2"},
		"like":    {`SELECT PERSON_ID FROM DM_PERSONS WHERE FULL_NAME LIKE 'a%'`, "2"},
		"exists": {
			`SELECT PERSON_ID FROM DM_PERSONS p WHERE EXISTS (SELECT 1 FROM DM_PERSONS q WHERE
				q.PERSON_ID = p.PERSON_ID + 2)`,
			"1",
		},
		"a query in FROM": {`SELECT x.n FROM (SELECT COUNT(*) AS n FROM DM_PERSONS) AS x`, "3"},
		"groups": {
			`SELECT COUNT_BIG(*) FROM DM_PERSONS GROUP BY DATE_OF_BIRTH HAVING COUNT(*) > 1`,
			"2",
		},
		"a page": {
			`SELECT PERSON_ID FROM DM_PERSONS ORDER BY PERSON_ID OFFSET 1 ROWS FETCH NEXT 1 ROWS ONLY`,
			"2",
		},
		"a date as text": {
			`SELECT PERSON_ID FROM DM_PERSONS WHERE DATE_OF_BIRTH >= '2020-01-01'`,
			"1",
		},
		"whole division": {`SELECT 7 / 2`, "3"},
		"together":       {`SELECT 'a' + N'ž'`, "až"},
		"a left join": {
			`SELECT q.FULL_NAME FROM DM_PERSONS p LEFT OUTER JOIN DM_PERSONS q ON q.PERSON_ID =
				p.PERSON_ID + 1 WHERE p.PERSON_ID <> 2 ORDER BY p.PERSON_ID`,
			"a NULL",
		},
		"instants": {
			`SELECT 1 WHERE CAST('2020-01-01 01:00 +01:00' AS datetimeoffset) = CAST('2020-01-01' AS
				datetime2)`,
			"1",
		},
		"an object": {
			`SELECT CASE WHEN OBJECT_ID(N'[dbo].[DM_Persons]') IS NULL THEN 0 ELSE 1 END`,
			"1",
		},
		"no object":          {`SELECT OBJECT_ID(N'dbo.nothing')`, "NULL"},
		"a name by an alias": {`SELECT n = FULL_NAME FROM DM_PERSONS WHERE "PERSON_ID" = 1`, "b"},
		"the time": {
			`SELECT 1 WHERE SYSUTCDATETIME() > '2020-01-01' AND GETDATE() < '9999-01-01'`,
			"1",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(firstColumn(t, pool, tt.query), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRowversion(t *testing.T) {
	t.Parallel()
	_, pool := open(t, tdstest.Table{
		Name: "T",
		Columns: []tdstest.Column{
			{Name: "ID", Type: "int"}, {Name: "V", Type: "rowversion"},
		},
		Key: []string{"ID"},
	})
	run(t, pool, `INSERT INTO T (ID) VALUES (1)`)
	before := get[[]byte](t, pool, `SELECT V FROM T`)
	run(t, pool, `UPDATE T SET ID = 2`)
	after := get[[]byte](t, pool, `SELECT V FROM T WHERE V > @p1`, before)
	if len(after) != 8 {
		t.Errorf("got %x after %x, want 8 bytes", after, before)
	}
}

// TestDatetimeSentBack holds a trap of SQL Server's: .997 of a datetime is .9966667 to what is more
// precise, so it is found by a datetime alone.
func TestDatetimeSentBack(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	run(t, pool, `INSERT INTO DM_PERSONS VALUES (1, 'x', '20201231 23:59:59.997')`)
	read := get[time.Time](t, pool, `SELECT DATE_OF_BIRTH FROM DM_PERSONS`)
	const same = `SELECT COUNT(*) FROM DM_PERSONS WHERE DATE_OF_BIRTH = @p1`
	if n := get[int](t, pool, same, mssql.DateTime1(read)); n != 1 {
		t.Errorf("got %d rows by a datetime, want 1", n)
	}
	if n := get[int](t, pool, same, read); n != 0 {
		t.Errorf("got %d rows by a datetimeoffset, want 0", n)
	}
	const before = `SELECT COUNT(*) FROM DM_PERSONS WHERE DATE_OF_BIRTH < @p1`
	if n := get[int](t, pool, before, read); n != 1 {
		t.Errorf("got %d rows before it, want 1", n)
	}
}
