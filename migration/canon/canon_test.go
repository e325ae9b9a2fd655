package canon_test

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// of is a table of one column.
func of(t *testing.T, sqlType string, limit int) *canon.Table {
	t.Helper()
	if _, err := mapping.ParseType(sqlType); err != nil {
		t.Fatal(err)
	}
	return canon.Of(&mapping.Table{Columns: []mapping.Column{
		{From: "C", Type: sqlType, Limit: limit},
	}})
}

func at(h, m, s, nanos int) time.Time {
	return time.Date(2020, time.February, 29, h, m, s, nanos, time.UTC)
}

// TestSame holds that a value is written in one form, whatever it was read from.
func TestSame(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sqlType string
		values  []driver.Value // as a driver has it
		texts   []string       // as PostgreSQL or a file has it
		want    string
	}{
		"a number": {
			"bigint",
			[]driver.Value{int64(42), []byte("42")},
			[]string{"42", "042", "+42"},
			"42",
		},
		"one below zero": {"int", []driver.Value{int64(-7)}, []string{"-7", "-07"}, "-7"},
		"nought": {
			"numeric(5,0)",
			[]driver.Value{int64(0)},
			[]string{"0", "-0", "00"},
			"0",
		},
		"money": {
			"money",
			[]driver.Value{[]byte("12.3400")},
			[]string{"12.34", "12.3400", "012.34"},
			"12.34",
		},
		"money of whole pounds": {
			"money",
			[]driver.Value{[]byte("5.0000")},
			[]string{"5", "5.", "5.0"},
			"5",
		},
		"less than a pound": {
			"decimal(9,4)",
			[]driver.Value{[]byte("-0.0100")},
			[]string{"-.01", "-0.01"},
			"-0.01",
		},
		"more digits than a float": {
			"decimal(38,10)",
			[]driver.Value{[]byte("1234567890123456789012345678.0123456789")},
			nil,
			"1234567890123456789012345678.0123456789",
		},
		"a float": {
			"float",
			[]driver.Value{0.1},
			[]string{"0.1", "0.10", "1e-1"},
			"0.1",
		},
		"a short float": {
			"real",
			[]driver.Value{float64(float32(0.1))},
			[]string{"0.1"},
			"0.1",
		},
		"no float": {"float", []driver.Value{0.0}, []string{"0", "-0"}, "0"},
		"true":     {"bit", []driver.Value{true}, []string{"t", "true", "1"}, "t"},
		"false": {
			"bit",
			[]driver.Value{false},
			[]string{"f", "false", "0"},
			"f",
		},
		"a text": {
			"varchar(9)",
			[]driver.Value{"José", []byte("José")},
			[]string{"José"},
			"José",
		},
		"one with blanks at its end": {"varchar(9)", []driver.Value{"a "}, []string{"a "}, "a "},
		"one that blanks fill": {
			"char(9)",
			[]driver.Value{"a        ", "a"},
			[]string{"a", "a  "},
			"a",
		},
		"one of blanks alone": {"char(3)", []driver.Value{"   ", ""}, []string{""}, ""},
		"one to escape": {
			"nvarchar(9)",
			[]driver.Value{"a\tb\\N\nc\rd"},
			[]string{"a\tb\\N\nc\rd"},
			`a\tb\\N\nc\rd`,
		},
		"what looks like null": {"varchar(9)", []driver.Value{`\N`}, []string{`\N`}, `\\N`},
		"a day": {
			"date",
			[]driver.Value{at(0, 0, 0, 0)},
			[]string{"2020-02-29", "2020-02-29 00:00:00"},
			"2020-02-29",
		},
		"a moment": {
			"datetime",
			[]driver.Value{at(1, 2, 3, 0)},
			[]string{"2020-02-29 01:02:03", "2020-02-29T01:02:03", "2020-02-29 01:02:03.000"},
			"2020-02-29 01:02:03",
		},
		"1/300 s": {
			"datetime",
			[]driver.Value{at(1, 2, 3, 3_000_000), at(1, 2, 3, 3_333_333)},
			[]string{"2020-02-29 01:02:03.003", "2020-02-29 01:02:03.003333"},
			"2020-02-29 01:02:03.003",
		},
		"2/300 s": {
			"datetime",
			[]driver.Value{at(1, 2, 3, 6_666_667)},
			[]string{"2020-02-29 01:02:03.007", "2020-02-29 01:02:03.0066667"},
			"2020-02-29 01:02:03.007",
		},
		"3/300 s": {
			"datetime",
			[]driver.Value{at(1, 2, 3, 10_000_000)},
			[]string{"2020-02-29 01:02:03.01"},
			"2020-02-29 01:02:03.01",
		},
		"299/300 s": {
			"datetime",
			[]driver.Value{at(1, 2, 3, 996_666_666)},
			[]string{"2020-02-29 01:02:03.997", "2020-02-29 01:02:03.996667"},
			"2020-02-29 01:02:03.997",
		},
		"nearly a day later": {
			"datetime",
			[]driver.Value{at(23, 59, 59, 999_000_000)},
			[]string{"2020-03-01 00:00:00"},
			"2020-03-01 00:00:00",
		},
		"a moment to 1/1000 s": {
			"datetime2(3)",
			[]driver.Value{at(1, 2, 3, 120_000_000)},
			[]string{"2020-02-29 01:02:03.12", "2020-02-29 01:02:03.120"},
			"2020-02-29 01:02:03.12",
		},
		"one to the microsecond": {
			"datetime2(6)",
			[]driver.Value{at(1, 2, 3, 1_000)},
			[]string{"2020-02-29 01:02:03.000001"},
			"2020-02-29 01:02:03.000001",
		},
		"one that stays a text": {
			"datetime2(7)",
			[]driver.Value{at(1, 2, 3, 100)},
			[]string{"2020-02-29 01:02:03.0000001"},
			"2020-02-29 01:02:03.0000001",
		},
		"the end of time": {
			"datetime2(7)",
			[]driver.Value{time.Date(2099, 12, 31, 0, 0, 0, 0, time.UTC)},
			[]string{"2099-12-31 00:00:00.0000000"},
			"2099-12-31 00:00:00.0000000",
		},
		"a year of four digits": {
			"date",
			[]driver.Value{time.Date(900, 1, 2, 0, 0, 0, 0, time.UTC)},
			[]string{"0900-01-02"},
			"0900-01-02",
		},
		"a GUID": {"uniqueidentifier", []driver.Value{[]byte{
			0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
		}}, []string{"00112233-4455-6677-8899-AABBCCDDEEFF"}, "00112233-4455-6677-8899-aabbccddeeff"},
		"bytes": {
			"varbinary(9)",
			[]driver.Value{[]byte{0, 255}},
			[]string{`\x00ff`, "00FF", "0x00ff"},
			`\\x00ff`,
		},
		"no bytes": {"varbinary(9)", []driver.Value{[]byte{}}, []string{`\x`, ""}, `\\x`},
		"null":     {"varchar(9)", []driver.Value{nil}, nil, `\N`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := of(t, tt.sqlType, 0)
			for _, value := range tt.values {
				if got, err := c.AppendValue(nil, 0, value); err != nil || string(got) != tt.want {
					t.Errorf("of %T: got %q and %v, want %q", value, got, err, tt.want)
				}
			}
			for _, text := range tt.texts {
				if got, err := c.AppendText(nil, 0, []byte(text)); err != nil || string(got) != tt.want {
					t.Errorf("of the text %q: got %q and %v, want %q", text, got, err, tt.want)
				}
			}
		})
	}
}

// TestRefused holds what is not taken, and that an error tells nothing of it.
func TestRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		sqlType string
		limit   int
		value   driver.Value
		want    error
	}{
		"a zero byte":           {"varchar(9)", 0, "secret\x00", canon.ErrValue},
		"what is no UTF-8":      {"varchar(9)", 0, "secret\xff", canon.ErrValue},
		"letters for a number":  {"int", 0, []byte("secret"), canon.ErrValue},
		"two points":            {"money", 0, []byte("1.2.3"), canon.ErrValue},
		"nothing for a number":  {"int", 0, []byte(""), canon.ErrValue},
		"a sign alone":          {"int", 0, []byte("-"), canon.ErrValue},
		"no day":                {"date", 0, []byte("2021-02-29"), canon.ErrValue},
		"a day with a time":     {"date", 0, []byte("2020-02-29 10:00:00"), canon.ErrValue},
		"a year of five digits": {"datetime", 0, []byte("12020-02-29 10:00:00"), canon.ErrValue},
		"endless time":          {"datetime", 0, []byte("infinity"), canon.ErrValue},
		"a short GUID":          {"uniqueidentifier", 0, []byte("secret"), canon.ErrValue},
		"perhaps":               {"bit", 0, "secret", canon.ErrValue},
		"half a byte":           {"varbinary(9)", 0, "abc", canon.ErrValue},
		"a number for a text":   {"varchar(9)", 0, int64(7), canon.ErrValue},
		"a long text":           {"nvarchar(max)", 5, "secret", canon.ErrLimit},
		"many bytes":            {"varbinary(max)", 5, []byte("secret"), canon.ErrLimit},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := of(t, tt.sqlType, tt.limit).AppendValue(nil, 0, tt.value)
			if !errors.Is(err, tt.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, want %v and no more", err, tt.want)
			}
			if text, ok := tt.value.([]byte); ok && tt.sqlType != "varbinary(max)" {
				line, err := of(t, tt.sqlType, tt.limit).AppendText(nil, 0, text)
				if err == nil || string(line) != string(text) {
					t.Errorf("got %q and %v, want it as it is, with an error", line, err)
				}
			}
		})
	}
}

func keyed() *mapping.Table {
	return &mapping.Table{
		Key: []string{"b", "a"},
		Columns: []mapping.Column{
			{From: "A", Type: "varchar(9)"}, {From: "X", Type: "int"}, {From: "B", Type: "int"},
		},
	}
}

func TestKey(t *testing.T) {
	t.Parallel()
	c := canon.Of(keyed())
	if got, want := c.Columns(), []string{"b", "a", "x"}; !slices.Equal(got, want) {
		t.Errorf("got columns %q, want %q", got, want)
	}
	var line []byte
	for i, value := range []driver.Value{int64(7), "tab\there", nil} {
		var err error
		if line, err = c.AppendValue(line, i, value); err != nil {
			t.Fatal(err)
		}
	}
	if want := "7\ttab\\there\t\\N"; string(line) != want {
		t.Fatalf("got %q, want %q", line, want)
	}
	key := c.Key(line)
	if want := "7\ttab\\there"; string(key) != want {
		t.Errorf("got key %q, want %q", key, want)
	}
	fields := canon.Fields(line)
	if len(fields) != 3 || *fields[0] != "7" || *fields[1] != "tab\there" || fields[2] != nil {
		t.Errorf("got %v, want 7, a text with a tab, and null", fields)
	}
	if got := canon.Of(&mapping.Table{Columns: keyed().Columns}).Key(line); got != nil {
		t.Errorf("got %q for the key of a table without", got)
	}
}

func TestDigest(t *testing.T) {
	t.Parallel()
	digest := func(lines ...string) canon.Digest {
		var d canon.Digest
		for _, line := range lines {
			d.Add([]byte(line))
		}
		return d
	}
	same := digest("a", "b", "c")
	tests := map[string]struct {
		other canon.Digest
		want  bool
	}{
		"in another order":     {digest("c", "a", "b"), true},
		"in two parts":         {digest("c").And(digest("a", "b")), true},
		"one less":             {digest("a", "b"), false},
		"another":              {digest("a", "b", "d"), false},
		"twice for once":       {digest("a", "a", "c"), false},
		"two pairs more":       {digest("a", "b", "c", "d", "d", "e", "e"), false},
		"other pairs":          {digest("a", "b", "c").And(digest("x", "x")), false},
		"none":                 {digest(), false},
		"the same, with empty": {same.And(digest()), true},
	}
	for name, tt := range tests {
		if got := tt.other == same; got != tt.want {
			t.Errorf("%s: got %v, want %v", name, got, tt.want)
		}
	}
	if digest("x", "x") == digest("y", "y") {
		t.Error("pairs of the same row are lost")
	}
}

// FuzzText holds that whatever text comes is written so that it can be read back as it was, in one
// line, or refused.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", `\N`, "a\tb", "\\", "x\n", "\r\n", "é", "\xff", "\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		c := of(t, "nvarchar(max)", 1<<20)
		line, err := c.AppendText(nil, 0, text)
		if bytes.ContainsAny(line, "\n\t\r") {
			t.Errorf("%q became %q, which is more than a field", text, line)
		}
		if fields := canon.Fields(line); len(fields) != 1 || fields[0] == nil ||
			*fields[0] != string(text) {
			t.Errorf("%q became %q", text, line)
		}
		if err == nil && bytes.IndexByte(text, 0) >= 0 {
			t.Errorf("%q was taken", text)
		}
	})
}
