package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// link says which federation the schema is a subgraph of.
const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

`

// SubgraphSDL is the schema with these sources in use, or all, as a registry or a router of Apollo
// Federation 2 takes it: with the keys of its types, and without what federation defines itself.
func SubgraphSDL(names ...resident.SourceName) string {
	return link + write(withoutFederation(Schema(names...), true))
}

// SDL is the schema with these sources in use, or all, as tools of clients take it: without what is
// for a federation router alone.
func SDL(names ...resident.SourceName) string {
	return write(withoutFederation(Schema(names...), false))
}

func write(schema *ast.Schema) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema)
	return b.String()
}

// withoutFederation removes what is for a federation router only and, unless keepKeys is set, the
// keys.
func withoutFederation(schema *ast.Schema, keepKeys bool) *ast.Schema {
	plain := *schema
	plain.Types = make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		if exec.IsFederation(name) {
			continue
		}
		kept := *def
		kept.Fields = slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool {
			return exec.IsFederation(name + "." + f.Name)
		})
		if !keepKeys {
			kept.Directives = slices.DeleteFunc(slices.Clone(def.Directives),
				func(d *ast.Directive) bool { return d.Name == "key" || d.Name == "shareable" })
		}
		plain.Types[name] = &kept
	}
	plain.Query = plain.Types[schema.Query.Name]
	plain.Directives = maps.Clone(schema.Directives)
	delete(plain.Directives, "key")
	delete(plain.Directives, "shareable")
	return &plain
}
