package tdstest_test

import (
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	mssql "github.com/microsoft/go-mssqldb"

	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
)

// packet is one of TDS, and the last of its message.
func packet(kind byte, body []byte) []byte {
	p := binary.BigEndian.AppendUint16([]byte{kind, 1}, uint16(len(body)+8))
	return append(append(p, 0, 0, 1, 0), body...)
}

func wideText(s string) []byte {
	var p []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		p = binary.LittleEndian.AppendUint16(p, unit)
	}
	return p
}

// loginPacket is of the user that may log in.
func loginPacket() []byte {
	const fixed = 94
	name, password := wideText("tds"), wideText("Not-a-secret-1")
	for i, b := range password {
		password[i] = (b<<4 | b>>4) ^ 0xa5
	}
	body := make([]byte, fixed, fixed+len(name)+len(password))
	binary.LittleEndian.PutUint32(body, uint32(fixed+len(name)+len(password)))
	binary.LittleEndian.PutUint32(body[4:], 0x74000004)
	binary.LittleEndian.PutUint32(body[8:], 4096)
	at := func(field, offset, letters int) {
		binary.LittleEndian.PutUint16(body[field:], uint16(offset))
		binary.LittleEndian.PutUint16(body[field+2:], uint16(letters))
	}
	at(40, fixed, len(name)/2)
	at(44, fixed+len(name), len(password)/2)
	return packet(0x10, slices.Concat(body, name, password))
}

func callPacket(params ...byte) []byte {
	headers := []byte{22, 0, 0, 0, 18, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}
	return packet(3, slices.Concat(headers, []byte{0xff, 0xff, 10, 0, 0, 0}, params))
}

// TestHostile sends what no client would. The endpoint ends the connection or answers, and goes on
// to serve others.
func TestHostile(t *testing.T) {
	t.Parallel()
	server, pool := open(t, people())
	random := make([]byte, 5000)
	chance := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(chance.Uint32())
	}
	statement := wideText("SELECT @p1")
	long := slices.Concat([]byte{0, 0, 0xe7, 0xff, 0xff, 9, 4, 0xd0, 0, 0x34},
		[]byte{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, statement)
	tests := map[string][]byte{
		"nothing":            nil,
		"random bytes":       random,
		"half a header":      {0x12, 1, 0},
		"half a packet":      packet(0x12, make([]byte, 100))[:50],
		"a length of 0":      {0x12, 1, 0, 0, 0, 0, 0, 0},
		"a login of nothing": packet(0x10, nil),
		"a login of zeros":   packet(0x10, make([]byte, 94)),
		"a login of ones":    packet(0x10, slices.Repeat([]byte{0xff}, 94)),
		"a batch, no login":  packet(1, wideText("SELECT 1")),
		"headers too long":   slices.Concat(loginPacket(), packet(1, []byte{0xff, 0xff, 0xff, 0xff})),
		"no headers":         slices.Concat(loginPacket(), packet(1, nil)),
		"random batch": slices.Concat(
			loginPacket(), packet(1, append([]byte{4, 0, 0, 0}, random...)),
		),
		"random call":         slices.Concat(loginPacket(), callPacket(random...)),
		"a text too long":     slices.Concat(loginPacket(), callPacket(long...)),
		"a type unknown":      slices.Concat(loginPacket(), callPacket(0, 0, 0x99)),
		"a decimal of 255":    slices.Concat(loginPacket(), callPacket(0, 0, 0x6c, 255, 255, 255, 255)),
		"a time of scale 255": slices.Concat(loginPacket(), callPacket(0, 0, 0x29, 255, 5, 1, 2)),
		"a date too short":    slices.Concat(loginPacket(), callPacket(0, 0, 0x28, 1, 1)),
		"no such transaction": slices.Concat(loginPacket(), packet(14, []byte{4, 0, 0, 0, 99, 0})),
		"bulk":                slices.Concat(loginPacket(), packet(7, random)),
		"attentions":          slices.Concat(loginPacket(), slices.Repeat(packet(6, nil), 100)),
		"a second login":      slices.Concat(loginPacket(), loginPacket()),
	}
	for i := range 200 {
		body := make([]byte, chance.IntN(200))
		for j := range body {
			body[j] = byte(chance.Uint32())
		}
		kinds := []byte{1, 3, 6, 14, 16, 18}
		tests["chance "+strconv.Itoa(i)] = slices.Concat(loginPacket(),
			packet(3, slices.Concat([]byte{4, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 0, 0, 0}, body)),
			packet(kinds[i%len(kinds)], body))
	}
	t.Run("all", func(t *testing.T) {
		for name, bytes := range tests {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				harass(t, server.Addr(), bytes)
			})
		}
	})
	if n := get[int](t, pool, `SELECT 1`); n != 1 {
		t.Errorf("got %d afterwards, want 1", n)
	}
}

func harass(t *testing.T, address string, bytes []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(bytes); err != nil {
		t.Log(err) // it has hung up already
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Log(err)
	}
	// A reset is an end as well: it hangs up on what it has not read.
	if _, err := io.Copy(io.Discard, conn); isTimeout(err) {
		t.Error("the endpoint neither answers nor hangs up")
	}
}

// TestNonsense sends words of T-SQL in any order. Each batch is answered, mostly by an error.
func TestNonsense(t *testing.T) {
	t.Parallel()
	_, pool := open(t, people())
	words := strings.Fields(`SELECT FROM WHERE GROUP BY ORDER TOP ( ) ( ) , , . ; = < + - * / AND OR
		NOT IN BETWEEN LIKE IS NULL CASE WHEN THEN ELSE END CAST AS int varchar ( 3 ) 0x1 1 2.5 'x' N'y'
		@p1 @p2 DM_PERSONS PERSON_ID FULL_NAME DATE_OF_BIRTH [a] JOIN LEFT ON WITH NOLOCK COUNT ISNULL
		DATALENGTH CHANGETABLE CHANGES EXISTS INSERT INTO VALUES UPDATE SET DELETE DISTINCT OFFSET
		ROWS FETCH NEXT ONLY OPTION HAVING DESC ALTER TABLE ADD COLUMN TRUNCATE TRANSACTION ISOLATION
		LEVEL BEGIN COMMIT ROLLBACK "q" -- /* */ ' OBJECT_ID max CONVERT`)
	starts := strings.Fields(`SELECT SELECT INSERT UPDATE DELETE ALTER SET`)
	chance := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		batch := []string{starts[chance.IntN(len(starts))]}
		for range chance.IntN(12) {
			batch = append(batch, words[chance.IntN(len(words))])
		}
		query := strings.Join(batch, " ")
		_, err := pool.ExecContext(t.Context(), query, 1, "x")
		if _, told := errors.AsType[mssql.Error](err); err != nil && !told {
			t.Fatalf("%s: got %v, want an error of SQL Server's", query, err)
		}
	}
}

func isTimeout(err error) bool {
	timeout, ok := errors.AsType[net.Error](err)
	return ok && timeout.Timeout()
}

// TestBreak reads until connections are cut, and again.
func TestBreak(t *testing.T) {
	t.Parallel()
	server, pool := open(t, wide())
	fillWide(t, server, 1000)
	server.Break(100)
	rows, err := pool.QueryContext(t.Context(), `SELECT ID FROM WIDE ORDER BY ID`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
	}
	if n > 100 || rows.Err() == nil {
		t.Errorf("got %d rows and %v, want 100 at most and an error", n, rows.Err())
	}
	if n := len(firstColumn(t, pool, `SELECT ID FROM WIDE`)); n != 1000 {
		t.Errorf("got %d rows afterwards, want 1000", n)
	}
}

// TestListen has an endpoint start where another has been.
func TestListen(t *testing.T) {
	t.Parallel()
	db := postgres.New(t)
	first, err := tdstest.Listen(t.Context(), db, people())
	if err != nil {
		t.Fatal(err)
	}
	before := connect(t, first.DSN())
	run(t, before, insert, 1)
	run(t, before, `ALTER TABLE DM_PERSONS ADD NOTE varchar(10)`)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := tdstest.Serve(t, db, people(), wide())
	second.Slow(1_000_000)
	pool := connect(t, second.DSN())
	if got := firstColumn(t, pool, `SELECT NOTE FROM DM_PERSONS`); len(got) != 1 || got[0] != "NULL" {
		t.Errorf("got %q, want the row and the column of before", got)
	}
	if got := changes(t, pool, 0); len(got) != 1 || got[0] != "I1x" {
		t.Errorf("got %q, want the change of before", got)
	}
}
