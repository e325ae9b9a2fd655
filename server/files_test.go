package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestFilesRunOneWay holds that no file of a package knows a file that, by way of others, knows it:
// a package can be read from its lowest file up.
func TestFilesRunOneWay(t *testing.T) {
	t.Parallel()
	packages := listPackages(t, "../graph/...", "../server/...")
	exports := make(map[string]string, len(packages))
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	for _, p := range packages {
		if p.DepOnly || strings.HasSuffix(p.ImportPath, "/graph/internal/exec") {
			continue
		}
		arrows := fileArrows(t, p, exports)
		total, back := 0, []string{}
		for from, tos := range arrows {
			for to := range tos {
				total++
				if reaches(arrows, to, from) {
					back = append(back, from+" → "+to)
				}
			}
		}
		slices.Sort(back)
		name := strings.TrimPrefix(p.ImportPath, module+"/")
		t.Logf("%s: %d arrows between %d files, %d in a circle", name, total, len(p.GoFiles), len(back))
		if len(back) > 0 {
			t.Errorf("%s: files that know each other:\n\t%s", name, strings.Join(back, "\n\t"))
		}
	}
}

// A listedPackage is what `go list -json` says of a package.
type listedPackage struct {
	ImportPath, Dir, Export string
	GoFiles                 []string
	DepOnly                 bool
}

// listPackages returns these packages and all that they import, with their export data.
func listPackages(t *testing.T, patterns ...string) []listedPackage {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", append([]string{
		"list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,DepOnly",
	}, patterns...)...)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listedPackage
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listedPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// fileArrows returns, for each file of a package, the others of it that declare what it uses.
func fileArrows(
	t *testing.T, p listedPackage, exports map[string]string,
) map[string]map[string]bool {
	t.Helper()
	fset := token.NewFileSet()
	files := make([]*ast.File, len(p.GoFiles))
	for i, name := range p.GoFiles {
		var err error
		if files[i], err = parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, 0); err != nil {
			t.Fatal(err)
		}
	}
	compiled := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("%s has no export data", path)
		}
		return os.Open(exports[path])
	})
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object)}
	config := types.Config{Importer: compiled}
	checked, err := config.Check(p.ImportPath, fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	arrows := make(map[string]map[string]bool)
	for used, object := range info.Uses {
		if object.Pkg() != checked {
			continue
		}
		from := filepath.Base(fset.Position(used.Pos()).Filename)
		to := filepath.Base(fset.Position(object.Pos()).Filename)
		if from == to {
			continue
		}
		if arrows[from] == nil {
			arrows[from] = make(map[string]bool)
		}
		arrows[from][to] = true
	}
	return arrows
}

// reaches reports whether arrows lead from one file to another.
func reaches(arrows map[string]map[string]bool, from, to string) bool {
	met := map[string]bool{from: true}
	for next := []string{from}; len(next) > 0; next = next[1:] {
		if next[0] == to {
			return true
		}
		for _, file := range slices.Collect(maps.Keys(arrows[next[0]])) {
			if !met[file] {
				met[file] = true
				next = append(next, file)
			}
		}
	}
	return false
}
