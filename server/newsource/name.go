package newsource

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

var wellFormed = regexp.MustCompile(`^[a-z][a-z0-9]{2,15}$`)

// kept are names that would be taken for something else: a folder that Go treats in its own way,
// a package that cannot be imported, a schema of PostgreSQL, a word of SQL or of GraphQL.
const kept = `internal vendor testdata main init
	access gateway public
	null
	all analyse analyze and any array as asc asymmetric authorization binary both case cast check
	collate collation column concurrently constraint create cross current desc distinct do else end
	except false fetch for foreign freeze from full grant group having ilike in initially inner
	intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
	notnull offset on only or order outer overlaps placing primary references returning right select
	similar some symmetric table tablesample then to trailing true union unique user using variadic
	verbose when where window with`

// check fails for a name that a source cannot have.
func check(root, name string) error {
	switch {
	case !wellFormed.MatchString(name):
		return errors.New("the name of a source is 3 to 16 lower-case letters and digits, a letter" +
			" first, such as planning")
	case token.IsKeyword(name) || types.Universe.Lookup(name) != nil:
		return fmt.Errorf("a source cannot be called %s: it is a word of Go", name)
	case strings.HasPrefix(name, "pg"):
		return fmt.Errorf("a source cannot be called %s: names with pg are PostgreSQL's own", name)
	case slices.Contains(strings.Fields(kept), name):
		return fmt.Errorf("a source cannot be called %s: it means something to Go, GraphQL or SQL", name)
	}
	if _, err := os.Stat(filepath.Join(root, "source", name)); err == nil {
		return fmt.Errorf("there is a folder source/%s already", name)
	}
	schema := graph.Schema()
	hasField := schema.Types["Resident"].Fields.ForName(name) != nil
	if hasField || schema.Types[title(name)+"Record"] != nil {
		return fmt.Errorf("a source cannot be called %s: the schema has something of that name", name)
	}
	return checkIdentifiers(root, name)
}

// checkIdentifiers fails for a name that stands for something else in the code that the source is
// named in: its own, and that which puts sources together.
func checkIdentifiers(root, name string) error {
	const other = "newsource" // its code shows what is there whatever the name
	files, err := render(other)
	if err != nil {
		return err
	}
	for _, together := range []string{Table, "graph/internal/exec/sources.go"} {
		at := filepath.Join(root, filepath.FromSlash(together))
		text, err := os.ReadFile(at) //nolint:gosec // it is one of two
		if err != nil {
			return err
		}
		files = append(files, file{together, text})
	}
	for _, f := range files {
		if path.Ext(f.name) != ".go" {
			continue
		}
		found, err := identifiers(f)
		if err != nil {
			return err
		}
		if found[name] || found[title(name)] {
			return fmt.Errorf("a source cannot be called %s: that is something else in %s", name,
				strings.Replace(f.name, other, name, 1))
		}
	}
	return nil
}

// identifiers are what a file calls things, and the packages that it imports.
func identifiers(f file) (map[string]bool, error) {
	parsed, err := parser.ParseFile(token.NewFileSet(), f.name, f.text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	found := make(map[string]bool)
	ast.Inspect(parsed, func(node ast.Node) bool {
		switch n := node.(type) {
		case *ast.ImportSpec:
			imported, _ := strconv.Unquote(n.Path.Value) // it was parsed
			found[path.Base(imported)] = true
		case *ast.SelectorExpr: // what another package calls it is in nobody's way
			ast.Inspect(n.X, func(x ast.Node) bool {
				if id, ok := x.(*ast.Ident); ok {
					found[id.Name] = true
				}
				return true
			})
			return false
		case *ast.Ident:
			found[n.Name] = true
		}
		return true
	})
	return found, nil
}
