package newsource_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/server/newsource"
)

// newRoot returns a folder with as much of the repository as a source is written by.
func newRoot(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	for _, file := range []string{"go.mod", newsource.Table, "graph/internal/exec/sources.go"} {
		text, err := os.ReadFile(filepath.Join("..", "..", file))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(root, file), string(text))
	}
	for _, folder := range []string{
		"engine", "mapping", "plug", "sample", "sourcetest", "table", "mosaic",
	} {
		if err := os.MkdirAll(filepath.Join(root, "source", folder), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// tree is every file of a folder, with what is in it.
func tree(t *testing.T, root string) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all.WriteString(path + "\n" + read(t, path))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Whether what is written compiles and keeps to what a source keeps to, try.sh shows.
func TestWrite(t *testing.T) {
	t.Parallel()
	root := newRoot(t)
	before := strings.Split(read(t, filepath.Join(root, newsource.Table)), "\n")
	written, err := newsource.Write(root, "planningpermits2")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{
		"README.md", "declaration.go", "mapping.go", "planningpermits2.go", "planningpermits2.graphqls",
		"planningpermits2_test.go", "sample/sample.go", "schema/00001_tables.sql",
	} {
		if !slices.Contains(written.Files, file) {
			t.Errorf("got %v, without %s", written.Files, file)
		}
	}
	for _, file := range written.Files {
		text := read(t, filepath.Join(root, "source/planningpermits2", file))
		if strings.Contains(text, "{{") || strings.Contains(text, "<no value>") {
			t.Errorf("%s is a template still", file)
		}
		for i, line := range strings.Split(text, "\n") {
			if filepath.Ext(file) != ".md" && len([]rune(line)) > 100 {
				t.Errorf("%s: line %d is longer than 100 characters", file, i+1)
			}
		}
		if filepath.Ext(file) != ".go" {
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), file, text, 0); err != nil {
			t.Error(err)
		}
	}
	var added []string
	for line := range strings.SplitSeq(read(t, filepath.Join(root, newsource.Table)), "\n") {
		if len(before) > 0 && line == before[0] {
			before = before[1:]
			continue
		}
		added = append(added, line)
	}
	want := []string{
		"\t\"github.com/LBHackney-IT/resident-gateway/source/planningpermits2\"",
		"\tplanningpermits2sample " +
			"\"github.com/LBHackney-IT/resident-gateway/source/planningpermits2/sample\"",
		"\t\tplanningpermits2.Plug(planningpermits2sample.New),",
	}
	if !slices.Equal(added, want) || len(before) > 0 {
		t.Errorf("added %q to the table, want %q", added, want)
	}
}

func TestNamesThatAreRefused(t *testing.T) {
	t.Parallel()
	root := newRoot(t)
	before := tree(t, root)
	for name, why := range map[string]string{
		"":                      "lower-case",
		"ab":                    "lower-case",
		"Planning":              "lower-case",
		"plan-ning":             "lower-case",
		"plan_ning":             "lower-case",
		"9planning":             "lower-case",
		"../planning":           "lower-case",
		"plänning":              "lower-case",
		"planning\n":            "lower-case",
		strings.Repeat("a", 17): "lower-case",
		"range":                 "word of Go",
		"string":                "word of Go",
		"append":                "word of Go",
		"mosaic":                "source/mosaic already",
		"sample":                "source/sample already",
		"mapping":               "source/mapping already",
		"table":                 "GraphQL or SQL",
		"plug":                  "source/plug already",
		"sourcetest":            "source/sourcetest already",
		"gateway":               "GraphQL or SQL",
		"access":                "GraphQL or SQL",
		"internal":              "GraphQL or SQL",
		"grant":                 "GraphQL or SQL",
		"null":                  "GraphQL or SQL",
		"pgtables":              "PostgreSQL's own",
		"gender":                "the schema has",
		"academy":               "the schema has",
		"record":                "something else in declaration.go",
		"schema":                "something else in schema.go",
		"testing":               "something else in testing_test.go",
		"postgres":              "something else in postgres_test.go",
		"answer":                "something else in graph/internal/exec/sources.go",
		"strings":               "something else in sample/sample.go",
	} {
		_, err := newsource.Write(root, name)
		if err == nil || !strings.Contains(err.Error(), why) {
			t.Errorf("%q: got %v, want an error with %q", name, err, why)
		}
	}
	if tree(t, root) != before {
		t.Error("something was written all the same")
	}
}

func TestOnlyTheRootWillDo(t *testing.T) {
	t.Parallel()
	another := t.TempDir()
	write(t, filepath.Join(another, "go.mod"), "module example.com/other\n")
	for _, folder := range []string{t.TempDir(), another, filepath.Join(newRoot(t), "source")} {
		before := tree(t, folder)
		_, err := newsource.Write(folder, "planning")
		if err == nil || !strings.Contains(err.Error(), "from the root of the repository") {
			t.Errorf("got %v, want an error that says where to run it", err)
		}
		if tree(t, folder) != before {
			t.Error("something was written all the same")
		}
	}
}

// A table that has another form is not guessed at.
func TestTableThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"no list":     "package main\nimport \"fmt\"\nfunc Sources() any { return fmt.Sprint() }",
		"no function": "package main\nimport \"fmt\"\nfunc all() []any { return []any{fmt.Sprint()} }",
		"no imports":  "package main\nfunc Sources() []any { return []any{} }",
		"no Go":       "package",
	} {
		root := newRoot(t)
		write(t, filepath.Join(root, newsource.Table), text)
		if _, err := newsource.Write(root, "planning"); err == nil {
			t.Errorf("%s: got no error", name)
		}
		if _, err := os.Stat(filepath.Join(root, "source/planning")); err == nil {
			t.Errorf("%s: the folder is there", name)
		}
	}
}
