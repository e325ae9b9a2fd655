package document

import (
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// The most that a document may have. The largest that tools send, an introspection, has some 500
// tokens and fields and is 15 levels deep; docs/decisions/0008-limits.md says what each is for.
const (
	maxText            = 256 << 10
	maxTokens          = 5_000
	maxDepth           = 20 // of brackets, and of fields with those of fragments
	maxName            = 128
	maxString          = 10_000
	maxOperations      = 20
	maxFragments       = 50
	maxSpreads         = 200
	maxVariables       = 50
	maxFields          = 3_000 // of all operations and fragments, with those of fragments in them
	maxRootFields      = 50
	maxAliases         = 100
	maxRepeated        = 50
	maxDirectives      = 50
	maxDirectivesAtOne = 5
	maxList            = 100
)

// beyondCounting is where counting stops, so that no sum or product overflows.
const beyondCounting = 1 << 30

// measured is what was found of something, and the most that there may be.
type measured struct {
	found int
	what  string
	most  int
}

func tooComplex(found int, what string, most int) *gqlerror.Error {
	return NewError(CodeTooComplex,
		"The document is too complex: it has %d %s, and %d are allowed", found, what, most)
}

func firstTooComplex(all ...measured) *gqlerror.Error {
	for _, m := range all {
		if m.found > m.most {
			return tooComplex(m.found, m.what, m.most)
		}
	}
	return nil
}

// checkLimits says what a document has too much of. It looks once at each part of it, however often
// fragments are spread: what comes after it, validation above all, takes a time that grows faster.
func checkLimits(parsed *ast.QueryDocument) *gqlerror.Error {
	t := tally{
		fragments: make(map[string]*ast.FragmentDefinition, len(parsed.Fragments)),
		extents:   make(map[*ast.FragmentDefinition]*extent, len(parsed.Fragments)),
	}
	if err := firstTooComplex(
		measured{len(parsed.Operations), "operations", maxOperations},
		measured{len(parsed.Fragments), "fragments", maxFragments},
	); err != nil {
		return err
	}
	for _, fragment := range parsed.Fragments {
		if t.fragments[fragment.Name] == nil { // of several, spreads mean the first
			t.fragments[fragment.Name] = fragment
		}
	}
	var all extent
	for _, fragment := range parsed.Fragments {
		all = all.beside(t.fragment(fragment))
	}
	rootFields := 0
	for _, operation := range parsed.Operations {
		t.operation(operation)
		root := t.selections(operation.SelectionSet, make(map[string]bool))
		rootFields = max(rootFields, root.width)
		all = all.beside(root)
	}
	if t.cycle != nil {
		return newErrorAt(t.cycle.Position, errcode.ValidationFailed,
			"A fragment may not be spread within itself")
	}
	return firstTooComplex(
		measured{t.variables, "variables in an operation", maxVariables},
		measured{t.spreads, "spreads of fragments", maxSpreads},
		measured{all.fields, "fields", maxFields},
		measured{all.depth, "levels of fields", maxDepth},
		measured{rootFields, "fields at the top", maxRootFields},
		measured{t.aliases, "aliases", maxAliases},
		measured{t.repeated, "fields that repeat one beside them", maxRepeated},
		measured{t.directives, "directives", maxDirectives},
		measured{t.directivesAtOne, "directives in one place", maxDirectivesAtOne},
		measured{t.list, "values in a list", maxList},
	)
}

// An extent is what selections come to, with what the fragments in them hold.
type extent struct{ fields, depth, width int }

// beside returns what two selections come to that stand beside each other.
func (e extent) beside(other extent) extent {
	return extent{
		fields: min(e.fields+other.fields, beyondCounting),
		depth:  max(e.depth, other.depth),
		width:  min(e.width+other.width, beyondCounting),
	}
}

// A tally is what is counted of a document, part by part.
type tally struct {
	fragments map[string]*ast.FragmentDefinition
	extents   map[*ast.FragmentDefinition]*extent // nil while it is being found
	cycle     *ast.FragmentSpread

	variables, spreads, aliases, repeated, directives, directivesAtOne, list int
}

func (t *tally) operation(operation *ast.OperationDefinition) {
	t.variables = max(t.variables, len(operation.VariableDefinitions))
	t.directivesOf(operation.Directives)
	for _, variable := range operation.VariableDefinitions {
		t.value(variable.DefaultValue)
		t.directivesOf(variable.Directives)
	}
}

func (t *tally) fragment(fragment *ast.FragmentDefinition) extent {
	if known := t.extents[fragment]; known != nil {
		return *known
	}
	t.extents[fragment] = nil
	t.directivesOf(fragment.Directives)
	found := t.selections(fragment.SelectionSet, make(map[string]bool))
	t.extents[fragment] = &found
	return found
}

// selections adds up what stands in a selection set; names are those that its fields answer by, so
// far. Fields of one name are compared with each other by validation, each with each.
func (t *tally) selections(set ast.SelectionSet, names map[string]bool) extent {
	var all extent
	for _, selection := range set {
		switch selected := selection.(type) {
		case *ast.Field:
			all = all.beside(t.field(selected))
			if names[selected.Alias] {
				t.repeated++
			}
			names[selected.Alias] = true
		case *ast.InlineFragment:
			t.directivesOf(selected.Directives)
			all = all.beside(t.selections(selected.SelectionSet, names))
		case *ast.FragmentSpread:
			t.spreads++
			t.directivesOf(selected.Directives)
			all = all.beside(t.spread(selected))
		}
	}
	return all
}

func (t *tally) field(field *ast.Field) extent {
	if field.Alias != field.Name {
		t.aliases++
	}
	for _, argument := range field.Arguments {
		t.value(argument.Value)
	}
	t.directivesOf(field.Directives)
	below := t.selections(field.SelectionSet, make(map[string]bool))
	return extent{fields: min(below.fields+1, beyondCounting), depth: below.depth + 1, width: 1}
}

func (t *tally) spread(spread *ast.FragmentSpread) extent {
	fragment := t.fragments[spread.Name]
	if fragment == nil {
		return extent{fields: 1, depth: 1, width: 1} // validation says that there is none
	}
	if known, met := t.extents[fragment]; met && known == nil {
		t.cycle = spread
		return extent{}
	}
	return t.fragment(fragment)
}

func (t *tally) directivesOf(directives ast.DirectiveList) {
	t.directives += len(directives)
	t.directivesAtOne = max(t.directivesAtOne, len(directives))
	for _, directive := range directives {
		for _, argument := range directive.Arguments {
			t.value(argument.Value)
		}
	}
}

func (t *tally) value(value *ast.Value) {
	if value == nil {
		return
	}
	if value.Kind == ast.ListValue {
		t.list = max(t.list, len(value.Children))
	}
	for _, child := range value.Children {
		t.value(child.Value)
	}
}
