package graph

import (
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Schema returns the contract with these sources in use; with all that there are, when none is
// named. What other sources add is not in it.
func Schema(names ...resident.SourceName) *ast.Schema {
	// gqlparser has @defer in every schema; answers here come whole.
	schema := withoutDirectives(*exec.NewExecutableSchema(exec.Config{}).Schema(), "defer")
	if len(names) == 0 {
		return &schema
	}
	return without(schema, func(coordinate string) bool {
		name := exec.SourceOf(coordinate)
		return name != "" && !slices.Contains(names, name)
	})
}

// link says which federation the schema is a subgraph of.
const link = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

`

// SubgraphSDL returns the schema with these sources in use, or all, as a registry or a router of
// Apollo Federation 2 takes it: with the keys of its types, and without what federation defines
// itself.
func SubgraphSDL(names ...resident.SourceName) string {
	return link + write(plain(names))
}

// SDL returns the schema with these sources in use, or all, as tools of clients take it: without
// what is for a federation router only.
func SDL(names ...resident.SourceName) string {
	schema := plain(names)
	for _, def := range schema.Types { // each is a copy
		def.Directives = slices.DeleteFunc(slices.Clone(def.Directives),
			func(d *ast.Directive) bool { return d.Name == "key" || d.Name == "shareable" })
	}
	return write(schema)
}

// plain returns a schema without what federation defines itself.
func plain(names []resident.SourceName) *ast.Schema {
	return without(withoutDirectives(*Schema(names...), "key", "shareable"), exec.IsFederation)
}

func write(schema *ast.Schema) string {
	var b strings.Builder
	formatter.NewFormatter(&b, formatter.WithIndent("  ")).FormatSchema(schema)
	return b.String()
}

// withoutDirectives returns a schema that does not define these directives.
func withoutDirectives(schema ast.Schema, names ...string) ast.Schema {
	schema.Directives = maps.Clone(schema.Directives)
	for _, name := range names {
		delete(schema.Directives, name)
	}
	return schema
}

// without returns a schema without the types, fields and values whose coordinates are out. Its
// types are copies, its fields are not.
func without(schema ast.Schema, isOut func(coordinate string) bool) *ast.Schema {
	types := make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		if isOut(name) {
			continue
		}
		kept := *def
		kept.Fields = slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool {
			return isOut(name + "." + f.Name)
		})
		kept.EnumValues = slices.DeleteFunc(slices.Clone(def.EnumValues),
			func(v *ast.EnumValueDefinition) bool { return isOut(name + "." + v.Name) })
		types[name] = &kept
	}
	schema.Types, schema.Query = types, types[schema.Query.Name]
	schema.PossibleTypes = keptTypes(schema.PossibleTypes, types)
	schema.Implements = keptTypes(schema.Implements, types)
	return &schema
}

func keptTypes(
	all map[string][]*ast.Definition, types map[string]*ast.Definition,
) map[string][]*ast.Definition {
	kept := make(map[string][]*ast.Definition, len(all))
	for name, definitions := range all {
		if types[name] == nil {
			continue
		}
		for _, def := range definitions {
			if types[def.Name] != nil {
				kept[name] = append(kept[name], types[def.Name])
			}
		}
	}
	return kept
}

// Validate returns what is wrong with the text of a document. It returns nothing for one that the
// gateway would run with every source in use.
func Validate(text string) gqlerror.List {
	_, faults := document.NewReader(Schema()).Read(text, true)
	return faults
}
