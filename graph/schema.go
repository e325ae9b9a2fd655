package graph

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Schema is the contract, as types and their descriptions, with these sources in use; with all
// there are, where none is named. What other sources would add is not in it.
func Schema(names ...resident.SourceName) *ast.Schema {
	schema := *exec.NewExecutableSchema(exec.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer") // gqlparser has it in every schema; answers here come whole
	if len(names) == 0 {
		return &schema
	}
	types := make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		if isOff(def.Position, names) {
			continue
		}
		kept := *def
		kept.Fields = slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool {
			return isOff(f.Position, names)
		})
		kept.EnumValues = slices.DeleteFunc(slices.Clone(def.EnumValues),
			func(v *ast.EnumValueDefinition) bool { return isOff(v.Position, names) })
		types[name] = &kept
	}
	schema.Types = types
	schema.Query = types[schema.Query.Name]
	schema.PossibleTypes = keptTypes(schema.PossibleTypes, types)
	schema.Implements = keptTypes(schema.Implements, types)
	return &schema
}

// isOff is whether something stands in the folder of a source that is not in use.
func isOff(at *ast.Position, inUse []resident.SourceName) bool {
	if at == nil || at.Src == nil {
		return false
	}
	name, isSource := sourceOf(at.Src)
	return isSource && !slices.Contains(inUse, name)
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
