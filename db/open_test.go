package db

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseDSN(t *testing.T) {
	t.Parallel()
	type settings struct {
		binary  bool
		timeout time.Duration
		name    string
	}
	usual := settings{true, connectTimeout, applicationName}
	tests := map[string]struct {
		dsn  string
		want settings
	}{
		"a URL":                    {"postgres://u:p@h/d", usual},
		"a URL, long scheme":       {"postgresql://u:p@h/d?sslmode=disable", usual},
		"a URL without a database": {"postgres://h", usual},
		"key=value":                {"host=h dbname=d", usual},
		"key=value with a URL in it": {
			"host=h options='-c a.b=http://x'", usual,
		},
		"a URL with all set": {
			"postgres://h/d?binary_parameters=no&connect_timeout=2&application_name=me",
			settings{false, 2 * time.Second, "me"},
		},
		"key=value with all set": {
			"host=h binary_parameters=no connect_timeout=2 application_name=me",
			settings{false, 2 * time.Second, "me"},
		},
		"no limit is a limit too": {
			"host=h connect_timeout=0", usual,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := parseDSN(tt.dsn)
			if err != nil {
				t.Fatal(err)
			}
			got := settings{config.BinaryParameters, config.ConnectTimeout, config.ApplicationName}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

// answers is the DSN of a listener that says answer to who connects.
func answers(t *testing.T, answer string) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		var open []net.Conn // one that nobody holds is closed by the garbage collector
		defer func() {
			for _, conn := range open {
				_ = conn.Close()
			}
		}()
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 64))
			_, _ = conn.Write([]byte(answer))
			if answer == "" {
				_ = conn.Close()
				continue
			}
			open = append(open, conn)
		}
	}()
	return "postgres://ada:S3cr3t@" + listener.Addr().String() + "/D4tabase"
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		dsn  string
		want error
	}{
		"nothing":                {"", errNoDSN},
		"spaces":                 {"  ", errNoDSN},
		"another scheme":         {"mysql://ada:S3cr3t@h/D4tabase", errNotPostgresURL},
		"a bare % in a password": {"postgres://ada:S3cr3t%zz@h/D4tabase", errNotURL},
		"a bare / in a password": {"postgres://ada:1/S3cr3t@h/D4tabase", errNotURL},
		"a bare # in a password": {"postgres://ada:1#S3cr3t@h/D4tabase", errNotURL},
		"a bare ? in a password": {"postgres://ada:S3cr3t?S3cr3t@h/D4tabase", errNotURL},
		"a bad query":            {"postgres://h/D4tabase?password=S3cr3t%zz", errNotURL},
		"a word":                 {"S3cr3t", errNotDSN},
		"a bare space in a password": {
			"host=h password=S3cr3t S3cr3t", errNotDSN,
		},
		"a quote that does not end": {"host=h password='S3cr3t", errNotDSN},
		"a port that is no number": {
			"host=h port=S3cr3t",
			problem("the connection string has a value that is not allowed for port"),
		},
		"an sslmode that does not exist": {
			"host=h sslmode=S3cr3t",
			problem("the connection string has a value that is not allowed for sslmode"),
		},
		"a host that does not exist": {
			"postgres://ada:S3cr3t@S3cr3t.invalid/D4tabase", errUnknownHost,
		},
		"a port that nobody listens on": {
			"postgres://ada:S3cr3t@127.0.0.1:1/D4tabase", errNotListening,
		},
		"a socket that is not there": {
			"host=/nowhere/S3cr3t password=S3cr3t", errNoSocket,
		},
		"a certificate that is not there": {
			answers(t, "S") + "?sslmode=verify-ca&sslrootcert=/nowhere/S3cr3t", errTLSFile,
		},
		"a server without TLS":  {answers(t, "N"), errNoTLS},
		"a server that is none": {answers(t, "") + "?sslmode=disable", errHungUp},
		"a server that says nothing": {
			answers(t, "S") + "?connect_timeout=1", errTimeout,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkOpenError(t, tt.dsn, tt.want)
		})
	}
}

// checkOpenError opens dsn, which must fail with want and tell nothing of what is in dsn.
func checkOpenError(t *testing.T, dsn string, want error) {
	t.Helper()
	pool, err := Open(t.Context(), dsn, Pool{})
	if err == nil {
		_ = pool.Close()
		t.Fatal("got no error")
	}
	if !errors.Is(err, want) {
		t.Errorf("got %q, want %q", err, want)
	}
	for e := err; e != nil; e = errors.Unwrap(e) {
		for _, secret := range []string{"S3cr3t", "ada", "D4tabase"} {
			if strings.Contains(e.Error(), secret) {
				t.Errorf("%q tells %s", e, secret)
			}
		}
	}
}

func TestOpenStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Open(ctx, answers(t, "S"), Pool{})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

// TestOpenRefused asks a server that wants passwords.
func TestOpenRefused(t *testing.T) {
	t.Parallel()
	server, err := StartEmbedded(t.Context(), EmbeddedOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	admin, err := Open(t.Context(), server.DSN("postgres"), Pool{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = admin.Close() })
	rules := "local all gateway trust\nlocal all ada scram-sha-256\n"
	hba := filepath.Join(server.data, "pg_hba.conf")
	if err := os.WriteFile(hba, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`SELECT pg_reload_conf()`,
		`CREATE ROLE ada LOGIN PASSWORD 'right'`,
		`CREATE DATABASE closed`,
		`REVOKE CONNECT ON DATABASE closed FROM PUBLIC`,
		`CREATE DATABASE full_up CONNECTION LIMIT 0`,
	} {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	dsn := func(rest string) string { return "host=" + server.at.socket + " " + rest }

	tests := map[string]struct {
		dsn  string
		want error
	}{
		"a password that is wrong": {
			dsn("dbname=postgres user=ada password=S3cr3t"), refusal("28P01"),
		},
		"a user that no rule lets in": {
			dsn("dbname=postgres user=S3cr3t"), refusal("28000"),
		},
		"a database that does not exist": {
			dsn("dbname=D4tabase user=gateway"), refusal("3D000"),
		},
		"a database that is closed": {
			dsn("dbname=closed user=ada password=right"), refusal("42501"),
		},
		"a database that is full": {
			dsn("dbname=full_up user=ada password=right"), refusal("53300"),
		},
		"a setting that does not exist": {
			dsn("dbname=postgres user=gateway S3cr3t=1"), refusal("42704"),
		},
		"a value that is none": {
			dsn("dbname=postgres user=gateway work_mem=S3cr3t"), refusal("22023"),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkOpenError(t, tt.dsn, tt.want)
		})
	}
}
