package db

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// openFolder is a folder that the account of the server can get into, unlike t.TempDir as root.
func openFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "db-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	if err := os.Chmod(folder, 0o777|os.ModeSticky); err != nil {
		t.Fatal(err)
	}
	return folder
}

// environ is os.Getenv with some values replaced.
func environ(values map[string]string) func(string) string {
	return func(name string) string {
		if value, ok := values[name]; ok {
			return value
		}
		return os.Getenv(name)
	}
}

// start starts a server that is stopped when t ends.
func start(t *testing.T, o EmbeddedOptions) *Embedded {
	t.Helper()
	server, err := StartEmbedded(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Stop() })
	return server
}

// ask asks the server a question with one answer.
func ask(t *testing.T, server *Embedded, question string) string {
	t.Helper()
	pool, err := Open(t.Context(), server.DSN("postgres"), Pool{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var answer string
	if err := pool.Get(&answer, question); err != nil {
		t.Fatal(err)
	}
	return answer
}

func wantEmpty(t *testing.T, folder string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) > 0 {
		t.Errorf("%s holds %v, want nothing", folder, entries)
	}
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	folder := openFolder(t)
	begin := time.Now()
	server := start(t, EmbeddedOptions{Getenv: environ(map[string]string{"TMPDIR": folder})})
	t.Logf("started in %v", time.Since(begin))

	tests := map[string]struct{ setting, want string }{
		"encoding":  {"server_encoding", "UTF8"},
		"sorting":   {"lc_collate", "C"},
		"time zone": {"TimeZone", "UTC"},
		"no fsync":  {"fsync", "off"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			question := `SELECT setting FROM pg_settings WHERE name = '` + tt.setting + `'`
			if tt.setting == "lc_collate" {
				question = `SELECT datcollate FROM pg_database WHERE datname = 'postgres'`
			}
			if got := ask(t, server, question); got != tt.want {
				t.Errorf("%s: got %s, want %s", tt.setting, got, tt.want)
			}
		})
	}

	begin = time.Now()
	for range 2 { // the second does nothing
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	t.Logf("stopped in %v", time.Since(begin))
	select {
	case <-server.Done():
	default:
		t.Error("Done is not closed")
	}
	wantEmpty(t, folder)
}

func TestEmbeddedTellsOfItsEnd(t *testing.T) {
	t.Parallel()
	server := start(t, EmbeddedOptions{})
	if err := server.server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-server.Done():
	case <-time.After(10 * time.Second):
		t.Fatal("Done is not closed")
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(server.folder.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestEmbeddedWithALongPath(t *testing.T) {
	t.Parallel()
	folder := openFolder(t)
	deep := filepath.Join(folder, strings.Repeat("d", 60), strings.Repeat("e", 60))
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	server := start(t, EmbeddedOptions{Getenv: environ(map[string]string{"TMPDIR": deep})})
	if got := ask(t, server, `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
	if !strings.HasPrefix(server.data, deep) {
		t.Errorf("the data is in %s, want it in %s", server.data, deep)
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	wantEmpty(t, deep)
	if _, err := os.Stat(server.at.socket); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the socket is still there: %v", err)
	}
}

func TestEmbeddedKeepsItsData(t *testing.T) {
	t.Parallel()
	temporary := openFolder(t)
	dir := filepath.Join(openFolder(t), "not", "made 'yet'")
	o := EmbeddedOptions{Dir: dir, Getenv: environ(map[string]string{"TMPDIR": temporary})}
	for i, question := range []string{
		`CREATE TABLE kept AS SELECT 'kept' AS word; SELECT word FROM kept`,
		`SELECT word FROM kept`,
	} {
		server := start(t, o)
		if got := ask(t, server, question); got != "kept" {
			t.Errorf("start %d: got %q, want kept", i+1, got)
		}
		if got := ask(t, server, `SHOW fsync`); got != "on" {
			t.Errorf("start %d: fsync is %s, want on", i+1, got)
		}
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
		wantEmpty(t, temporary)
	}
}

func TestEmbeddedHasItsFolderToItself(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openFolder(t), "data")
	first := start(t, EmbeddedOptions{Dir: dir})

	_, err := StartEmbedded(t.Context(), EmbeddedOptions{Dir: dir})
	if err == nil || !strings.Contains(err.Error(), "in use by another process") {
		t.Errorf("got %v, want in use by another process", err)
	}
	if got := ask(t, first, `SELECT 'here'`); got != "here" {
		t.Errorf("the first server: got %q", got)
	}
}

func TestEmbeddedRefusesAFolder(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		files map[string]string
		want  string
	}{
		"of something else": {
			map[string]string{"letter.txt": "Dear Ada"},
			"is not empty and was not made by the gateway: it holds letter.txt",
		},
		"of a cluster that is not ours": {
			map[string]string{"PG_VERSION": "15\n"},
			"is not empty and was not made by the gateway: it holds PG_VERSION",
		},
		"of another version": {
			map[string]string{"data/PG_VERSION": "12\n"}, "is of PostgreSQL 12, and here is only",
		},
		"of no version": {
			map[string]string{"data/PG_VERSION": "?\n"}, "a cluster of an unknown version",
		},
		"of half a cluster": {
			map[string]string{"data/base": ""}, "holds no cluster of PostgreSQL",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := openFolder(t)
			for file, content := range tt.files {
				file = filepath.Join(dir, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			_, err := StartEmbedded(t.Context(), EmbeddedOptions{Dir: dir})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q in it", err, tt.want)
			}
			for file, content := range tt.files {
				got, err := os.ReadFile(filepath.Join(dir, file))
				if err != nil || string(got) != content {
					t.Errorf("%s was touched: %q, %v", file, got, err)
				}
			}
		})
	}
}

func TestEmbeddedBeginsAgainAfterHalfAnInitdb(t *testing.T) {
	t.Parallel()
	dir := openFolder(t)
	half := filepath.Join(dir, unfinishedCluster)
	if err := os.Mkdir(half, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(half, "PG_VERSION"), []byte("15\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := start(t, EmbeddedOptions{Dir: dir})
	if got := ask(t, server, `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half-made cluster is still there: %v", err)
	}
}

func TestEmbeddedStopsStartingWithItsContext(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{
		0, 20 * time.Millisecond, 100 * time.Millisecond, 300 * time.Millisecond,
	} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			folder := openFolder(t)
			ctx, cancel := context.WithTimeout(t.Context(), after)
			defer cancel()
			server, err := StartEmbedded(ctx, EmbeddedOptions{
				Getenv: environ(map[string]string{"TMPDIR": folder}),
			})
			switch {
			case err == nil: // it was faster
				_ = server.Stop()
			case !errors.Is(err, context.DeadlineExceeded):
				t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
			}
			wantEmpty(t, folder)
			if runtime.GOOS == "linux" {
				wantNoServer(t, folder)
			}
		})
	}
}

func TestEmbeddedLogHoldsNoStatements(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	server := start(t, EmbeddedOptions{Log: &log})
	pool, err := Open(t.Context(), server.DSN("postgres"), Pool{})
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for _, statement := range []string{
		`CREATE TABLE p (name text UNIQUE); INSERT INTO p VALUES ('Ada')`,
		`INSERT INTO p VALUES ('Ada')`,
		`SELECT 'Ada' FROM nowhere`,
	} {
		_, _ = pool.ExecContext(t.Context(), statement)
	}
	if err := server.Stop(); err != nil { // after it, nothing more is written
		t.Fatal(err)
	}
	if !strings.Contains(log.String(), "ready to accept connections") {
		t.Errorf("the log does not tell of the start: %s", log.String())
	}
	if strings.Contains(log.String(), "Ada") {
		t.Errorf("the log tells what stands in a row: %s", log.String())
	}
}
