package newsource

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// list returns the text of Table with these imports, and with a line at the end of its list.
func list(root string, imported []string, line string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(Table))) //nolint:gosec // fixed
	if err != nil {
		return nil, err
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, Table, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imports, end := lastImport(parsed), listEnd(parsed)
	if !imports.IsValid() || !end.IsValid() {
		return nil, fmt.Errorf("%s has no function Sources that returns a list: put the source into it"+
			" by hand", Table)
	}
	afterImports, atEnd := set.Position(imports).Offset, set.Position(end).Offset
	// What is written is put in order by the one who formats it, as goimports would.
	return format.Source(bytes.Join([][]byte{
		text[:afterImports], []byte("\n\t" + strings.Join(imported, "\n\t")), text[afterImports:atEnd],
		[]byte("\t" + line + "\n\t"), text[atEnd:],
	}, nil))
}

// lastImport is where the last import ends: our own packages come last.
func lastImport(parsed *ast.File) token.Pos {
	if len(parsed.Imports) == 0 {
		return token.NoPos
	}
	return parsed.Imports[len(parsed.Imports)-1].End()
}

// listEnd is where the list of sources ends, before its bracket.
func listEnd(parsed *ast.File) token.Pos {
	end := token.NoPos
	for _, decl := range parsed.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Name.Name != "Sources" || f.Recv != nil || f.Body == nil {
			continue
		}
		ast.Inspect(f.Body, func(node ast.Node) bool {
			returned, ok := node.(*ast.ReturnStmt)
			if !ok || len(returned.Results) != 1 {
				return true
			}
			if all, ok := returned.Results[0].(*ast.CompositeLit); ok {
				end = all.Rbrace
			}
			return false
		})
	}
	return end
}
