package graph

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Schema returns the contract with these sources in use; with all that there are, when none is
// named. What other sources add is not in it.
func Schema(names ...resident.SourceName) *ast.Schema {
	schema := *exec.NewExecutableSchema(exec.Config{}).Schema()
	schema.Directives = maps.Clone(schema.Directives)
	delete(schema.Directives, "defer") // gqlparser has it in every schema; answers here come whole
	if len(names) == 0 {
		return &schema
	}
	isOff := func(coordinate string) bool {
		name := exec.SourceOf(coordinate)
		return name != "" && !slices.Contains(names, name)
	}
	types := make(map[string]*ast.Definition, len(schema.Types))
	for name, def := range schema.Types {
		if isOff(name) {
			continue
		}
		kept := *def
		kept.Fields = slices.DeleteFunc(slices.Clone(def.Fields), func(f *ast.FieldDefinition) bool {
			return isOff(name + "." + f.Name)
		})
		kept.EnumValues = slices.DeleteFunc(slices.Clone(def.EnumValues),
			func(v *ast.EnumValueDefinition) bool { return isOff(name + "." + v.Name) })
		types[name] = &kept
	}
	schema.Types = types
	schema.Query = types[schema.Query.Name]
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
