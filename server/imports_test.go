package main

import (
	"flag"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/LBHackney-IT/resident-gateway"

// mayImport says which of our packages a package may import, by the folder that it is in; one that
// is not named here, by the first part of that folder. Tests may import what they need.
func mayImport() map[string][]string {
	return map[string][]string{
		"resident":          {},
		"access":            {},
		"db":                {},
		"db/dbtest":         {"db"},
		"migration/tdstest": {"db/dbtest"},
		"source":            {"resident"},
		"source/plug":       {"source", "source/mapping", "source/sample", "resident"},
		"source/sourcetest": {"source", "source/sample", "resident"},
		"source/": { // each source
			"source", "source/engine", "source/mapping", "source/plug", "source/table", "resident",
		},
		"source/*/sample":  {"..", "source/plug", "source/sample", "resident"}, // .. is its source
		"source/engine":    {"source", "source/mapping", "source/table", "resident"},
		"source/mapping":   {"resident"},
		"source/freshness": {"source", "source/mapping", "resident"},
		"source/catalogue": {"source/"},
		"source/sample":    {"source", "source/table", "resident"},
		"source/table":     {"source", "source/freshness", "source/mapping", "resident"},
		"graph": {
			"graph/internal/answer", "graph/internal/document", "graph/internal/exec",
			"source", "resident", "access",
		},
		"graph/internal/answer":   {"source", "resident"},
		"graph/internal/document": {},
		"graph/internal/exec":     {"graph/internal/answer", "source", "resident", "source/"},
		"graph/internal/generate": {},
		"server": {
			"server/", "graph", "source", "source/", "resident", "access", "db", "migration", "migration/",
		},
		"server/newsource":      {"graph"},
		"server/web":            {"server/web/", "graph", "source", "resident", "access"},
		"server/web/metrics":    {"server/web/status", "source"},
		"server/web/playground": {},
		"server/web/rest":       {"graph", "resident"},
		"server/web/webtest":    {"access"},
		"server/web/status":     {"source", "resident"},
		"migration":             {"migration/canon", "source/mapping", "source/table"},
		"migration/": {
			"migration", "migration/", "source", "source/mapping", "source/table", "resident",
		},
	}
}

// TestImports holds the direction that imports run in: a source cannot reach into another, nothing
// reaches back up, and what is below could serve without what is above.
func TestImports(t *testing.T) {
	t.Parallel()
	files := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		files++
		file := strings.TrimPrefix(filepath.ToSlash(path), "../")
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			checkImport(t, file, imported)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 30 {
		t.Errorf("got %d files: the test looks in the wrong place", files)
	}
	checkImportsPage(t)
}

var update = flag.Bool("update", false, "write the table of imports instead of comparing with it")

// checkImportsPage compares the table of docs/architecture.md with mayImport.
func checkImportsPage(t *testing.T) {
	t.Helper()
	const file, begin, end = "../docs/architecture.md", "<!-- imports -->\n", "<!-- /imports -->"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(page), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no table of imports", file)
	}
	if want := before + begin + importsTable() + end + after; *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if string(page) != want {
		t.Errorf("the imports in %s are not those of this test: make update", file)
	}
}

func importsTable() string {
	var table strings.Builder
	table.WriteString("\n| folder | may import |\n| --- | --- |\n")
	all := mayImport()
	for _, folder := range slices.Sorted(maps.Keys(all)) {
		allowed := slices.Sorted(slices.Values(all[folder]))
		for i, a := range allowed {
			allowed[i] = folderWords(a)
		}
		imports := strings.Join(allowed, ", ")
		if imports == "" {
			imports = "nothing"
		}
		table.WriteString("| " + folderWords(folder) + " | " + imports + " |\n")
	}
	return table.String() + "\n"
}

// folderWords says what a folder in mayImport stands for.
func folderWords(folder string) string {
	switch {
	case folder == "..":
		return "the folder above"
	case strings.HasSuffix(folder, "/"):
		return "any other folder in `" + strings.TrimSuffix(folder, "/") + "`"
	}
	return "`" + folder + "`"
}

func checkImport(t *testing.T, file, imported string) {
	t.Helper()
	folder := filepath.ToSlash(filepath.Dir(file))
	ours, isOurs := strings.CutPrefix(imported, module+"/")
	if !isOurs {
		if folder == "resident" && strings.Contains(imported, ".") {
			t.Errorf("%s imports %s, and resident imports the standard library alone", file, imported)
		}
		return
	}
	allowed, known := mayImport()[folder]
	parent := path.Dir(folder)
	if isSample, _ := path.Match("source/*/sample", folder); isSample {
		allowed, known = mayImport()["source/*/sample"]
	} else if !known && parent != "." {
		first, _, _ := strings.Cut(folder, "/")
		allowed, known = mayImport()[first+"/"]
	}
	if !known {
		t.Errorf("%s is in a folder that TestImports does not know", file)
		return
	}
	for _, a := range allowed {
		if ours == a || a == ".." && ours == parent ||
			strings.HasSuffix(a, "/") && strings.HasPrefix(ours, a) {
			return
		}
	}
	t.Errorf("%s imports %s, which it may not", file, ours)
}
