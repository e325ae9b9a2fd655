package graph_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// withoutPersonalData are the types that need no scope, each for a reason.
func withoutPersonalData() map[string]string {
	return map[string]string{
		"Query":     "where every way begins",
		"Source":    "a system, not a resident",
		"Freshness": "of a system",
		"PageInfo":  "its cursors are sealed, and it is had from a ResidentConnection alone",
		"Count":     "it is had from a ResidentConnection alone",
	}
}

// scopesOf are the scopes that directives ask for.
func scopesOf(all ...ast.DirectiveList) []string {
	var scopes []string
	for _, directives := range all {
		for _, directive := range directives.ForNames("requiresScope") {
			scopes = append(scopes, directive.Arguments.ForName("scope").Value.Raw)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

// A visit is a field, by a way to it.
type visit struct {
	on       *ast.Definition
	field    *ast.FieldDefinition
	before   []string // the scopes that were needed on the way
	needs    []string // those, and what the field needs
	locate   bool     // whether anything on the way locates a resident
	isTheirs bool     // whether the way leads through a Resident
}

func (v *visit) name() string { return v.on.Name + "." + v.field.Name }

// visits are all fields of the schema, by each way from Query that differs in what it needs.
func visits(schema *ast.Schema) []visit {
	var all []visit
	been := make(map[string]bool)
	var walk func(on *ast.Definition, before []string, locate, isTheirs bool)
	walk = func(on *ast.Definition, before []string, locate, isTheirs bool) {
		isTheirs = isTheirs || on.Name == "Resident"
		here := on.Name + " " + strings.Join(before, ",")
		if locate {
			here += " located"
		}
		if isTheirs {
			here += " theirs"
		}
		if been[here] {
			return
		}
		been[here] = true
		for _, field := range on.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			returned := schema.Types[field.Type.Name()]
			needs := slices.Concat(before, scopesOf(field.Directives, on.Directives, returned.Directives))
			slices.Sort(needs)
			v := visit{
				on, field, before, slices.Compact(needs),
				locate || field.Directives.ForName("locates") != nil, isTheirs,
			}
			all = append(all, v)
			walk(returned, v.needs, v.locate, isTheirs)
		}
	}
	walk(schema.Query, nil, false, false)
	return all
}

// Every type that holds anything of residents, or residents, is guarded.
func TestEveryTypeIsGuarded(t *testing.T) {
	t.Parallel()
	open := withoutPersonalData()
	for _, def := range ours() {
		if def.Kind != ast.Object {
			continue
		}
		guarded := len(scopesOf(def.Directives)) > 0
		if _, listed := open[def.Name]; listed == guarded {
			t.Errorf("%s: guarded %t, listed as free of personal data %t", def.Name, guarded, listed)
		}
		delete(open, def.Name)
	}
	if len(open) > 0 {
		t.Errorf("there are no such types: %v", slices.Collect(maps.Keys(open)))
	}
}

// Whoever comes to a resident, or to anything of one, has needed the scope for residents and that
// of the type. Nothing is null for want of a scope that may not be null.
func TestGuardsOnTheWay(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	open := withoutPersonalData()
	walked := make(map[string]bool)
	for _, v := range visits(schema) {
		walked[v.on.Name] = true
		_, free := open[v.on.Name]
		if !free && v.on.Name != "_Service" && !slices.Contains(v.needs, "residents:read") {
			t.Errorf("%s is had without residents:read", v.name())
		}
		if len(v.needs) > len(v.before) && v.field.Type.NonNull {
			t.Errorf("%s needs %v, with %v already needed, and may not be null", v.name(), v.needs, v.before)
		}
		// What locates is withheld without an error, so it may be null too.
		if v.field.Directives.ForName("locates") != nil &&
			(v.field.Type.NonNull || !v.isTheirs) {
			t.Errorf("%s locates a resident, and may not be null or is not theirs", v.name())
		}
	}
	for _, def := range ours() {
		if def.Kind == ast.Object && !walked[def.Name] {
			t.Errorf("%s is not reached from Query", def.Name)
		}
	}
}

// Who lists residents at all needs the scope for residents, whatever is selected of the list.
func TestListNeedsResidents(t *testing.T) {
	t.Parallel()
	for _, v := range visits(graph.Schema()) {
		if v.on.Name != "Query" || v.field.Name == "sources" || v.field.Name == "_service" {
			continue
		}
		if !slices.Contains(v.needs, "residents:read") {
			t.Errorf("%s does not need residents:read", v.name())
		}
	}
}

// addedBy returns the name of the source that adds a field to a type of all; blank where none does.
func addedBy(field *ast.FieldDefinition) string {
	folder := path.Dir(field.Position.Src.Name)
	if path.Base(path.Dir(folder)) != "source" {
		return ""
	}
	return strings.ToUpper(path.Base(folder))
}

// meanings are the fields that parts of ResidentFilter ask about.
func meanings() map[string][]string {
	return map[string][]string{
		"sourceId":     {"Resident.sourceId"},
		"firstName":    {"Resident.firstName"},
		"lastName":     {"Resident.lastName"},
		"dateOfBirth":  {"Resident.dateOfBirth"},
		"postcode":     {"PostalAddress.postcode"},
		"address":      {"PostalAddress.lines"},
		"uprn":         {"PostalAddress.uprn", "Resident.uprn"},
		"phone":        {"PhoneNumber.asGiven", "PhoneNumber.e164", "ContactDetail.value"},
		"email":        {"ContactDetail.value"},
		"nhsNumber":    {"Resident.nhsNumber"},
		"ageGroup":     {"Resident.ageGroup"},
		"includeEnded": nil, // it says how others match, and finds nobody by itself
	}
}

// Nobody finds residents by what they may not be told of them: a part of the filter is guarded as
// the fields are that it asks about, and locates if they do.
func TestFilterIsGuardedAlike(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	asked := meanings()
	for _, part := range schema.Types["ResidentFilter"].Fields {
		if name := addedBy(part); name != "" { // it asks about what only that source knows
			value := schema.Types["SourceName"].EnumValues.ForName(name)
			if value == nil || !slices.Equal(scopesOf(part.Directives), scopesOf(value.Directives)) {
				t.Errorf("%s is not guarded as its source is", part.Name)
			}
			continue
		}
		fields, listed := asked[part.Name]
		if !listed {
			t.Errorf("%s: which field does it ask about?", part.Name)
		}
		delete(asked, part.Name)
		if part.Name == "includeEnded" && len(scopesOf(part.Directives)) > 0 {
			t.Errorf("%s is guarded, and was taken for harmless", part.Name)
		}
		for _, field := range fields {
			met := 0
			for _, v := range visits(schema) {
				if v.name() != field {
					continue
				}
				met++
				further := slices.DeleteFunc(slices.Clone(v.needs), func(scope string) bool {
					return scope == "residents:read" // the list has needed it
				})
				if got := scopesOf(part.Directives); !slices.Equal(got, further) {
					t.Errorf("%s needs %v, and %s needs %v", part.Name, got, field, further)
				}
				if got := part.Directives.ForName("locates") != nil; got != v.locate {
					t.Errorf("%s locates: %t, and %s: %t", part.Name, got, field, v.locate)
				}
			}
			if met == 0 {
				t.Errorf("%s: there is no %s", part.Name, field)
			}
		}
	}
	if len(asked) > 0 {
		t.Errorf("there are no such parts: %v", asked)
	}
}

// The schema has the input fields that resident.Filter has, and says of the same that they locate.
func TestFilterFields(t *testing.T) {
	t.Parallel()
	want := maps.Collect(resident.FilterFields())
	got := make(map[resident.FilterField]bool)
	for _, field := range graph.Schema().Types["ResidentFilter"].Fields {
		if addedBy(field) == "" && field.Name != "includeEnded" {
			got[resident.FilterField(field.Name)] = field.Directives.ForName("locates") != nil
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("the schema has %v, and resident.Filter %v", got, want)
	}
}

// Each scope that the schema names can be given, and nothing can be given that it does not know.
func TestScopes(t *testing.T) {
	t.Parallel()
	schema := graph.Schema()
	named := []string{ // the gateway's own
		"ex-directory:read", "opted-out:read", "restricted:read", "schema:read",
	}
	for _, def := range ours() {
		named = append(named, scopesOf(def.Directives)...)
		for _, field := range def.Fields {
			named = append(named, scopesOf(field.Directives)...)
		}
		for _, value := range def.EnumValues {
			named = append(named, scopesOf(value.Directives)...)
		}
	}
	slices.Sort(named)
	if got := words(graph.Scopes()); !slices.Equal(got, slices.Compact(named)) {
		t.Errorf("got %v, and the schema names %v", got, named)
	}
	for _, value := range schema.Types["SourceName"].EnumValues {
		if len(scopesOf(value.Directives)) == 0 {
			t.Errorf("%s may be asked by anyone", value.Name)
		}
	}
	for name, def := range schema.Types {
		for _, value := range def.EnumValues {
			if name != "SourceName" && len(scopesOf(value.Directives)) > 0 {
				t.Errorf("%s.%s is guarded, and nothing looks at that", name, value.Name)
			}
		}
		if def.Kind != ast.InputObject || name == "ResidentFilter" {
			continue
		}
		for _, part := range def.Fields {
			if len(part.Directives) > 0 {
				t.Errorf("%s.%s is guarded, and nothing looks at that", name, part.Name)
			}
		}
	}
}

// Who gives scopes out finds each in access.md; one that every source has is there once.
func TestScopesAreDescribed(t *testing.T) {
	t.Parallel()
	described := readFile(t, "../docs/reference/access.md")
	ofSources := make(map[string]bool)
	for _, source := range graph.Schema().Types["SourceName"].EnumValues {
		ofSources[strings.ToLower(source.Name)+":read"] = source.Name != string(mosaic.Name)
	}
	for _, scope := range words(graph.Scopes()) {
		if !ofSources[scope] && !strings.Contains(described, "\n| `"+scope+"` | ") {
			t.Errorf("%s has no line in docs/reference/access.md", scope)
		}
	}
}

// The tests that ask for everyField, and for a page with what is beside its residents, ask for all
// that is guarded.
func TestEveryFieldIsAll(t *testing.T) {
	t.Parallel()
	schema := graph.Schema(mosaic.Name)
	document, errs := gqlparser.LoadQueryWithRules(schema,
		`{ residents { totalCount { value } edges { cursor node { `+strings.Join(everyField(), " ")+` } }
			nodes { id } unavailable { name title reason } } resident(id: "") { id }
			residentBySourceId(source: MOSAIC, sourceId: "") { id } }`, nil)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	asked := make(map[*ast.FieldDefinition]bool)
	var note func(ast.SelectionSet)
	note = func(set ast.SelectionSet) {
		for _, selection := range set {
			field := selection.(*ast.Field)
			asked[field.Definition] = true
			note(field.SelectionSet)
		}
	}
	note(document.Operations[0].SelectionSet)
	open := withoutPersonalData()
	for _, v := range visits(schema) {
		_, free := open[v.on.Name]
		inList := v.name() == "ResidentConnection.pageInfo"
		if !free && !inList && v.on.Name != "_Service" && !asked[v.field] {
			t.Errorf("%s is in no everyField", v.name())
		}
	}
}

// A part of the filter that is guarded is refused to whoever lacks the scope, and one that locates
// finds no restricted resident without leave: the code has every part that the schema marks.
func TestFilterHoldsWhatTheSchemaSays(t *testing.T) {
	t.Parallel()
	values := map[string]string{ // of resident 33, who is restricted
		"sourceId": `"33"`, "firstName": `"Mary"`, "lastName": `"Cruz"`, "dateOfBirth": `"2015-12-31"`,
		"postcode": `"E9 7DE"`, "address": `"33 Well Street"`, "uprn": `"100021000033"`,
		"phone": `"020 7946 0033"`, "email": `"mary@example.com"`, "nhsNumber": `"9990000033"`,
		"ageGroup": `CHILD`, "includeEnded": "true",
	}
	database := newResidents(t)
	for _, part := range graph.Schema(mosaic.Name).Types["ResidentFilter"].Fields {
		value, has := values[part.Name]
		if !has {
			t.Errorf("%s has no value here", part.Name)
			continue
		}
		if part.Name == "includeEnded" {
			continue
		}
		t.Run(part.Name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			request := graph.Request{
				Query: `{ residents(filter: { ` + part.Name + `: ` + value + ` }) { nodes { id } } }`,
			}
			found := func(scopes ...string) bool {
				response := g.as(scopes...).Execute(t.Context(), request)
				if len(response.Errors) > 0 {
					t.Errorf("got %v", response.Errors)
				}
				return string(response.Data) == `{"residents":{"nodes":[{"id":"mosaic:33"}]}}`
			}
			if !found(but()...) {
				t.Error("a caller with every scope does not find the resident: it proves nothing")
			}
			located := part.Directives.ForName("locates") != nil
			if got := found(but("restricted:read")...); got == located {
				t.Errorf("without leave: found %t, and it locates: %t", got, located)
			}
			for _, scope := range scopesOf(part.Directives) {
				response := g.as(but(scope)...).Execute(t.Context(), request)
				if string(response.Data) != `{"residents":null}` || len(response.Errors) != 1 {
					t.Fatalf("without %s: got %s and %v", scope, response.Data, response.Errors)
				}
				err := response.Errors[0].Extensions
				if err["code"] != resident.Forbidden || err["argument"] != "filter."+part.Name ||
					err["requiredScope"] == nil {
					t.Errorf("without %s: got %v", scope, err)
				}
			}
		})
	}
}
