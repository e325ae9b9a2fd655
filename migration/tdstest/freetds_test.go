package tdstest_test

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/tdstest"
)

// TestFreeTDS asks by another client than go-mssqldb, so that what the two ends of our own tests
// take for TDS is not all that they agree on.
func TestFreeTDS(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("tsql")
	if err != nil {
		t.Skip("SKIPPED: FreeTDS: no tsql on this machine; Debian has it in freetds-bin")
	}
	server, pool := open(t, people(), tdstest.Table{
		Name: "T",
		Columns: []tdstest.Column{
			{Name: "ID", Type: "int"},
			{Name: "NUMBER", Type: "decimal(20,4)", Null: true},
			{Name: "NAME", Type: "varchar(30)", Null: true},
			{Name: "WIDE", Type: "nvarchar(30)", Null: true},
			{Name: "LONG", Type: "nvarchar(max)", Null: true},
			{Name: "AT", Type: "datetime", Null: true},
			{Name: "GUID", Type: "uniqueidentifier", Null: true},
			{Name: "BYTES", Type: "varbinary(8)", Null: true},
			{Name: "FLAG", Type: "bit", Null: true},
			{Name: "PRICE", Type: "money", Null: true},
			{Name: "CODE", Type: "char(4)", Null: true},
			{Name: "DAY", Type: "date", Null: true},
			{Name: "RATIO", Type: "float", Null: true},
		},
		Key: []string{"ID"},
	})
	got := freetds(t, program, server, `
		INSERT INTO T VALUES (1, -12345.6789, 'Zoë “Z” €', N'ž☃', N'long ☃', '1999-12-31 23:59:59.997',
			'00112233-4455-6677-8899-AABBCCDDEEFF', 0x00ff, 1, -0.0001, 'ab', '0001-01-01', -0.5)
		INSERT INTO T (ID) VALUES (2)
		go
		SELECT * FROM T ORDER BY ID
		go
		SELECT nothing FROM T
		go
		BEGIN TRAN
		DELETE FROM T
		ROLLBACK
		SELECT TOP 1 N'still ' + CAST(COUNT(*) AS nvarchar(9)) FROM T
		go
	`)
	for _, want := range []string{
		"1\t-12345.6789\tZoë “Z” €\tž☃\tlong ☃\tDec 31 1999 11:59PM\t" +
			"00112233-4455-6677-8899-AABBCCDDEEFF\t00ff\t1\t-0.0001\tab  \tJan  1 1 12:00AM\t-0.5\n",
		"2" + strings.Repeat("\tNULL", 12) + "\n",
		"Msg 207", "Invalid column name 'nothing'.", "still 2\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwhich lacks %q", got, want)
		}
	}
	// What it has written, go-mssqldb reads.
	if names := firstColumn(t, pool, `SELECT NAME FROM T WHERE ID = 1`); names[0] != "Zoë “Z” €" {
		t.Errorf("got %q by go-mssqldb", names)
	}
}

func freetds(t *testing.T, program string, server *tdstest.Server, script string) string {
	t.Helper()
	host, port, err := net.SplitHostPort(server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/freetds.conf"
	config := "[double]\nhost = " + host + "\nport = " + port +
		"\ntds version = 7.4\nencryption = off\nclient charset = UTF-8\n"
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program,
		"-S", "double", "-U", "tds", "-P", "Not-a-secret-1")
	command.Env = append(os.Environ(), "FREETDSCONF="+file, "LC_ALL=C.UTF-8")
	// It knows go at the beginning of a line alone.
	command.Stdin = strings.NewReader(strings.ReplaceAll(script, "\t", ""))
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	if err := command.Run(); err != nil {
		t.Fatalf("tsql: %v\n%s", err, out.String())
	}
	return out.String()
}
