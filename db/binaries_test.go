package db

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// nowhere hides every PostgreSQL of this machine.
func nowhere(name string) string {
	if name == "PATH" || name == "PG_BIN" {
		return ""
	}
	return os.Getenv(name)
}

func TestNoPostgreSQL(t *testing.T) {
	t.Parallel()
	_, err := startEmbedded(t.Context(), EmbeddedOptions{Getenv: nowhere}, finder{getenv: nowhere})
	if !errors.As(err, &NoPostgreSQLError{}) {
		t.Fatalf("got %v, want a NoPostgreSQLError", err)
	}
	ways := []string{"apt install", "brew install", "winget", "PG_BIN", "DATABASE_URL"}
	for _, way := range ways {
		if !strings.Contains(err.Error(), way) {
			t.Errorf("%q does not say %s", err, way)
		}
	}
}

// fake makes a folder with an initdb and a postgres that only tells its version.
func fake(t *testing.T, parent, version string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the fake programs are shell scripts")
	}
	folder := filepath.Join(parent, version, "bin")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + " (Debian)'\n"
	for _, program := range []string{"initdb", "postgres"} {
		writeProgram(t, filepath.Join(folder, program), []byte(script))
	}
	return folder
}

// writeProgram writes a program that can be run at once. A process that another test starts while
// the file is open for writing would inherit it, and the kernel would refuse to run the program
// (ETXTBSY), so no process is started meanwhile.
func writeProgram(t *testing.T, path string, content []byte) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, content, 0o755); err != nil {
		t.Fatal(err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	machine := t.TempDir()
	for _, version := range []string{"9.6.24", "12.22", "14.5", "17beta1"} {
		fake(t, machine, version)
	}
	old, young := fake(t, t.TempDir(), "12.1"), fake(t, t.TempDir(), "16.2")
	usual := []string{filepath.Join(machine, "*", "bin")}
	config := t.TempDir()
	script := "#!/bin/sh\necho " + young + "\n"
	writeProgram(t, filepath.Join(config, "pg_config"), []byte(script))

	tests := map[string]struct {
		env   map[string]string
		usual []string
		major int
		want  int
		err   string
	}{
		"the greatest of the machine": {usual: usual, want: 17},
		"the one that is asked for":   {usual: usual, major: 14, want: 14},
		"on PATH, before the machine": {
			env: map[string]string{"PATH": "rel:" + config + ":" + young}, usual: usual, want: 16,
		},
		"by pg_config": {env: map[string]string{"PATH": config}, usual: usual, want: 16},
		"on PATH, but too old": {
			env: map[string]string{"PATH": old}, usual: usual, want: 17,
		},
		"PG_BIN": {
			env: map[string]string{"PG_BIN": young, "PATH": old}, usual: usual, want: 16,
		},
		"PG_BIN, and nothing else": {
			env: map[string]string{"PG_BIN": config}, usual: usual,
			err: "does not hold initdb and postgres",
		},
		"only one that is too old": {
			env: map[string]string{"PG_BIN": old},
			err: "PostgreSQL 12 is too old: version 13 or later is needed",
		},
		"not the one that is asked for": {
			usual: usual, major: 15,
			err: "the data folder is of PostgreSQL 15, and here is only 17, 14, 12, 9",
		},
		"none": {err: "no PostgreSQL was found"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := finder{func(name string) string { return tt.env[name] }, tt.usual}
			got, err := f.find(t.Context(), tt.major)
			switch {
			case tt.err == "" && err != nil:
				t.Fatal(err)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err)):
				t.Fatalf("got error %v, want %q in it", err, tt.err)
			case got.major != tt.want:
				t.Errorf("got version %d, want %d", got.major, tt.want)
			}
		})
	}
}

// TestNoTrigrams starts a PostgreSQL that was installed without the contrib package.
func TestNoTrigrams(t *testing.T) {
	t.Parallel()
	installed, err := newFinder(nil).find(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	program, err := filepath.EvalSymlinks(installed.path("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	installed.folder = filepath.Dir(program)
	root, found := strings.CutSuffix(installed.folder, filepath.FromSlash("/bin"))
	share := strings.Replace(root, "/lib/", "/share/", 1)
	if _, err := os.Stat(filepath.Join(share, "extension")); !found || err != nil {
		t.Skipf("NOT TESTED: %s is not laid out as on Debian", installed.folder)
	}

	// PostgreSQL finds its files by where its program is: a copy of that, with links to all but
	// one of the others, is another installation.
	other := openFolder(t)
	copyOf := func(path string) string { return filepath.Join(other, path) }
	link := func(folder string, but ...string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(copyOf(folder), 0o755); err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			from := filepath.Join(folder, entry.Name())
			if slices.Contains(but, entry.Name()) {
				continue
			}
			if err := os.Symlink(from, copyOf(from)); err != nil {
				t.Fatal(err)
			}
		}
	}
	link(root, "bin")
	link(share, "extension")
	link(filepath.Join(share, "extension"), "pg_trgm.control")
	if err := os.Mkdir(copyOf(installed.folder), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{"initdb", "postgres"} {
		content, err := os.ReadFile(installed.path(program))
		if err != nil {
			t.Fatal(err)
		}
		writeProgram(t, filepath.Join(copyOf(installed.folder), program), content)
	}

	server, err := StartEmbedded(t.Context(), EmbeddedOptions{
		Getenv: environ(map[string]string{"PG_BIN": copyOf(installed.folder)}),
	})
	if err == nil {
		_ = server.Stop()
		t.Fatal("got no error")
	}
	const want = "no extension pg_trgm: install the package postgresql-contrib"
	if !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q in it", err, want)
	}
}
