package graph_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// inside is what nobody is told: what federation defines itself, and what the code is made of.
var inside = regexp.MustCompile(`\b_[A-Z]\w+|\b_service|\b_entities|FieldSet|directive @key|` +
	`(?i:gqlgen|github|@goModel|@goField|@goTag|@defer)`)

// byItself are all sources together, and each by itself.
func byItself() [][]resident.SourceName {
	sets := [][]resident.SourceName{nil}
	for _, value := range graph.Schema().Types["SourceName"].EnumValues {
		sets = append(sets, []resident.SourceName{resident.SourceName(value.Name)})
	}
	return sets
}

// The schema is told to clients without anything of federation, and whole but for that.
func TestSDL(t *testing.T) {
	t.Parallel()
	for _, names := range byItself() {
		sdl := graph.SDL(names...)
		if found := inside.FindString(sdl); found != "" || strings.Contains(sdl, "@key") {
			t.Errorf("%v: it tells %q", names, found)
		}
		told, err := gqlparser.LoadSchema(&ast.Source{Input: sdl})
		if err != nil {
			t.Fatalf("%v: %v", names, err)
		}
		for name, def := range graph.Schema(names...).Types {
			if inside.MatchString(name) {
				continue
			}
			if told.Types[name] == nil {
				t.Errorf("%v: %s is not told", names, name)
				continue
			}
			for _, field := range def.Fields {
				isTold := told.Types[name].Fields.ForName(field.Name) != nil
				if isTold == inside.MatchString(field.Name) {
					t.Errorf("%v: %s.%s is told: %t", names, name, field.Name, isTold)
				}
			}
		}
	}
}

// A registry is told which types may be referred to, and by what; it knows the rest itself.
func TestSubgraphSDL(t *testing.T) {
	t.Parallel()
	const known = `
		scalar FieldSet
		scalar Import
		directive @link(url: String!, import: [Import]) repeatable on SCHEMA
		directive @key(fields: FieldSet!) repeatable on OBJECT
		directive @shareable repeatable on OBJECT | FIELD_DEFINITION`
	for _, names := range byItself() {
		sdl := graph.SubgraphSDL(names...)
		if found := inside.FindString(sdl); found != "" {
			t.Errorf("%v: it tells %q", names, found)
		}
		told, err := gqlparser.LoadSchema(&ast.Source{Input: sdl}, &ast.Source{Input: known})
		if err != nil {
			t.Fatalf("%v: %v", names, err)
		}
		var keyed []string
		for name, def := range told.Types {
			for _, key := range def.Directives.ForNames("key") {
				keyed = append(keyed, name+" by "+key.Arguments.ForName("fields").Value.Raw)
			}
		}
		slices.Sort(keyed)
		if want := []string{"ContactDetail by id", "Resident by id"}; !slices.Equal(keyed, want) {
			t.Errorf("%v: got keys %v, want %v", names, keyed, want)
		}
		without := strings.NewReplacer(` @key(fields: "id")`, "", " @shareable", "").Replace(sdl)
		if _, without, _ = strings.Cut(without, "\n\n"); without != graph.SDL(names...) {
			t.Errorf("%v: but for its keys, it is not the schema that clients are told", names)
		}
	}
}
