package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// oldestPostgreSQL is the first version that has all that our SQL uses.
const oldestPostgreSQL = 13

// NoPostgreSQLError says that no PostgreSQL was found on this machine, and how to get one.
type NoPostgreSQLError struct{}

func (NoPostgreSQLError) Error() string {
	return `no PostgreSQL was found on this machine. Install it:
    Debian, Ubuntu    apt install postgresql
    Fedora            dnf install postgresql-server postgresql-contrib
    Alpine            apk add postgresql postgresql-contrib
    macOS             brew install postgresql@17, or Postgres.app
    Windows           winget install PostgreSQL.PostgreSQL.17
or set PG_BIN to the folder that holds initdb and postgres,
or set DATABASE_URL to a database that exists already`
}

// binaries are the programs of one installation of PostgreSQL.
type binaries struct {
	folder string
	major  int
}

func (b binaries) path(program string) string {
	return filepath.Join(b.folder, executable(program))
}

func executable(program string) string {
	if runtime.GOOS == "windows" {
		return program + ".exe"
	}
	return program
}

// finder looks for PostgreSQL on this machine.
type finder struct {
	getenv func(string) string
	usual  []string // patterns of the folders in which packages put it
}

func newFinder(getenv func(string) string) finder {
	if getenv == nil {
		getenv = os.Getenv
	}
	return finder{getenv: getenv, usual: []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql*/bin",
		"/usr/local/opt/postgresql*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
		`C:\Program Files\PostgreSQL\*\bin`,
	}}
}

// find returns the first installation that will do; of version major, unless that is 0. Only
// $PG_BIN is looked at when it is set.
func (f finder) find(ctx context.Context, major int) (binaries, error) {
	var others []string // the versions that will not do
	for _, folder := range f.folders(ctx) {
		found, err := inspect(ctx, folder)
		if errors.Is(err, errNotInstalled) {
			continue
		}
		if err != nil {
			return binaries{}, err
		}
		if found.major >= oldestPostgreSQL && (major == 0 || major == found.major) {
			return found, nil
		}
		others = append(others, strconv.Itoa(found.major))
	}
	switch {
	case f.getenv("PG_BIN") != "" && others == nil:
		return binaries{}, fmt.Errorf("PG_BIN is %s, which does not hold initdb and postgres",
			f.getenv("PG_BIN"))
	case others == nil:
		return binaries{}, NoPostgreSQLError{}
	case major != 0:
		return binaries{}, fmt.Errorf(
			"the data folder is of PostgreSQL %d, and here is only %s: install %d or use "+
				"another folder", major, strings.Join(others, ", "), major)
	}
	return binaries{}, fmt.Errorf("PostgreSQL %s is too old: version %d or later is needed",
		strings.Join(others, ", "), oldestPostgreSQL)
}

// folders are the places to look in, the best first.
func (f finder) folders(ctx context.Context) []string {
	if folder := f.getenv("PG_BIN"); folder != "" {
		return []string{folder}
	}
	folders := slices.DeleteFunc(filepath.SplitList(f.getenv("PATH")), func(folder string) bool {
		return !filepath.IsAbs(folder)
	})
	for _, folder := range folders {
		config := filepath.Join(folder, executable("pg_config"))
		if out, err := exec.CommandContext(ctx, config, "--bindir").Output(); err == nil {
			folders = append(folders, filepath.FromSlash(strings.TrimSpace(string(out))))
			break
		}
	}
	for _, pattern := range f.usual {
		found, _ := filepath.Glob(pattern) // the only error is of the pattern
		slices.SortStableFunc(found, func(a, b string) int {
			return versionIn(b, pattern) - versionIn(a, pattern)
		})
		folders = append(folders, found...)
	}
	return folders
}

// versionIn is the first number in the part of path that stands for the * of pattern, which is
// where packages put the version.
func versionIn(path, pattern string) int {
	parts := strings.FieldsFunc(path, isSeparator)
	for i, part := range strings.FieldsFunc(pattern, isSeparator) {
		if strings.Contains(part, "*") && i < len(parts) {
			version, _ := strconv.Atoi(regexp.MustCompile(`[0-9]+`).FindString(parts[i]))
			return version
		}
	}
	return 0
}

func isSeparator(r rune) bool { return r == '/' || r == filepath.Separator }

const errNotInstalled problem = "no PostgreSQL in this folder"

// inspect says which PostgreSQL folder holds, or errNotInstalled.
func inspect(ctx context.Context, folder string) (binaries, error) {
	b := binaries{folder: folder}
	for _, program := range []string{"initdb", "postgres"} {
		info, err := os.Stat(b.path(program))
		if err != nil || info.IsDir() {
			return binaries{}, errNotInstalled
		}
	}
	out, err := exec.CommandContext(ctx, b.path("postgres"), "--version").Output()
	if err != nil {
		return binaries{}, errNotInstalled // it is there, and does not run here
	}
	version := regexp.MustCompile(`\(PostgreSQL\) ([0-9]+)`).FindSubmatch(out)
	if version == nil {
		return binaries{}, errNotInstalled
	}
	b.major, _ = strconv.Atoi(string(version[1])) // digits, by the pattern
	return b, nil
}
