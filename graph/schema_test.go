package graph_test

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// Every type, field, argument and value of the contract says what it is.
func TestSchemaIsDescribed(t *testing.T) {
	t.Parallel()
	described := 0
	check := func(what, description string) {
		described++
		text := strings.TrimSpace(description)
		if text == "" {
			t.Errorf("%s is not described", what)
		} else if !strings.HasSuffix(text, ".") {
			t.Errorf("%s: the description is no sentence: %q", what, text)
		}
	}
	for _, def := range ours() {
		check(def.Name, def.Description)
		for _, field := range def.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			check(def.Name+"."+field.Name, field.Description)
			for _, argument := range field.Arguments {
				check(def.Name+"."+field.Name+"("+argument.Name+")", argument.Description)
			}
			isBoolean := field.Type.Name() == "Boolean"
			if isBoolean && !strings.HasPrefix(field.Description, "Whether") {
				t.Errorf("%s.%s: what a Boolean says begins with `Whether`", def.Name, field.Name)
			}
		}
		for _, value := range def.EnumValues {
			check(def.Name+"."+value.Name, value.Description)
		}
	}
	if described < 100 {
		t.Errorf("got %d descriptions: the contract is larger than that", described)
	}
}

// What was generated is of the schema as it is now.
func TestSchemaIsFresh(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../source/*/*.graphqls")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %d files and %v", len(files), err)
	}
	var sources []*ast.Source
	files = append([]string{"../schema.graphqls", "federation.graphqls"}, files...)
	for _, file := range files {
		sources = append(sources, &ast.Source{Name: file, Input: readFile(t, file)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	if written(schema) != written(graph.Schema()) {
		t.Error("graph/internal/exec is of another schema: run make generate")
	}
}

func written(schema *ast.Schema) string {
	var b strings.Builder
	formatter.NewFormatter(&b).FormatSchema(schema)
	return b.String()
}

// ours returns the types that are not GraphQL's own.
func ours() []*ast.Definition {
	var definitions []*ast.Definition
	for _, def := range graph.Schema().Types {
		if !def.BuiltIn {
			definitions = append(definitions, def)
		}
	}
	return definitions
}

// A field asked for alone answers what it answers among all: nothing is left unread that is asked
// for.
func TestFieldsAlone(t *testing.T) {
	t.Parallel()
	full, reported := newGraph(t, newSample(t))
	g := full.as(slices.DeleteFunc(words(graph.Scopes()), func(scope string) bool {
		return scope == "restricted:read" || scope == "ex-directory:read" // or nothing is withheld
	})...)
	var all struct {
		Residents struct{ Nodes []map[string]any }
	}
	ask(t, g, `{ residents(first: 100) { nodes { `+strings.Join(everyField(), " ")+` } } }`, &all)

	fields := 0
	for _, field := range graph.Schema(mosaic.Name).Types["Resident"].Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		fields++
		t.Run(field.Name, func(t *testing.T) {
			var alone struct {
				Residents struct{ Nodes []map[string]any }
			}
			ask(t, g, `{ residents(first: 100) { nodes { `+selectionOf(t, field.Name)+` } } }`, &alone)
			told := 0
			for i, node := range alone.Residents.Nodes {
				if !reflect.DeepEqual(node[field.Name], all.Residents.Nodes[i][field.Name]) {
					t.Errorf("resident %d: alone it is not what it is among all", i)
				}
				if node[field.Name] != nil {
					told++
				}
			}
			if told == 0 {
				t.Error("nobody has it: the data proves nothing")
			}
		})
	}
	if fields != len(all.Residents.Nodes[0]) {
		t.Errorf("got %d fields, and the test asks for %d", fields, len(all.Residents.Nodes[0]))
	}
	if reported.String() != "" {
		t.Errorf("got reports: %s", reported)
	}
}

func words(scopes access.Scopes) []string { return strings.Split(scopes.String(), ",") }

// selectionOf returns the selection that asks for all of this field.
func selectionOf(t *testing.T, field string) string {
	t.Helper()
	for _, selection := range everyField() {
		name, _, _ := strings.Cut(selection, " ")
		if strings.TrimSuffix(name, "(includeEnded:") == field {
			return selection
		}
	}
	t.Fatalf("%s is in no selection", field)
	return ""
}

// An answer comes whole: what would put a part of it off is not there to be asked for.
func TestNothingIsDeferred(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	response := g.Execute(t.Context(), graph.Request{
		Query: `{ residents(first: 1) { nodes { id ... @defer { source { name } } } } }`,
	})
	if len(response.Errors) != 1 || response.Errors[0].Message != `Unknown directive "@defer".` {
		t.Errorf("got %s and %v", response.Data, response.Errors)
	}
	var answer struct {
		Schema struct{ Directives []struct{ Name string } } `json:"__schema"`
	}
	ask(t, g, `{ __schema { directives { name } } }`, &answer)
	for _, directive := range answer.Schema.Directives {
		if directive.Name == "defer" {
			t.Error("it can be asked for")
		}
	}
}
