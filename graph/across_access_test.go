package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// An added field is one that a source adds to a resident, or to what all residents have, or that is
// below such a field.
type addedField struct {
	steps  []*ast.FieldDefinition // the way to it from Resident
	scopes []string               // what each step, or a type on the way, needs
	source string                 // whose folder it stands in, in lower case
	name   string                 // of the field in the schema, such as Resident.mosaic
	page   string                 // on which there is somebody of whom it is known
}

// addedFields are all of them, whatever sources there are.
func addedFields() []addedField {
	schema := graph.Schema()
	var all []addedField
	var walk func(on *ast.Definition, before addedField)
	walk = func(on *ast.Definition, before addedField) {
		for _, field := range on.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			returned := schema.Types[field.Type.Name()]
			here := addedField{
				steps: append(slices.Clone(before.steps), field),
				scopes: append(slices.Clone(before.scopes),
					scopesOf(field.Directives, on.Directives, returned.Directives)...),
				source: before.source, name: on.Name + "." + field.Name, page: "first: 100",
			}
			if folder := path.Dir(field.Position.Src.Name); here.source == "" &&
				path.Base(path.Dir(folder)) == "source" {
				here.source = path.Base(folder)
			}
			if here.source != "" {
				all = append(all, here)
			}
			if returned.Kind == ast.Object {
				walk(returned, here)
			}
		}
	}
	walk(schema.Types["Resident"], addedField{})
	return all
}

// selection asks for the first so many steps of the way to the field.
func (f *addedField) selection(steps int) string {
	selected := "__typename"
	for i := steps - 1; i >= 0; i-- {
		step := f.steps[i]
		name := step.Name
		if step.Arguments.ForName("includeEnded") != nil {
			name += "(includeEnded: true)"
		}
		if i < len(f.steps)-1 || graph.Schema().Types[step.Type.Name()].Kind == ast.Object {
			name += " { " + selected + " }"
		}
		selected = name
	}
	return `{ residents(` + f.page + `, orderBy: NAME) { nodes { ` + selected + ` } } }`
}

// needing is how many steps can be gone without the scope.
func (f *addedField) needing(scope string) int {
	schema := graph.Schema()
	on := schema.Types["Resident"]
	for i, step := range f.steps {
		returned := schema.Types[step.Type.Name()]
		if slices.Contains(scopesOf(step.Directives, on.Directives, returned.Directives), scope) {
			return i
		}
		on = returned
	}
	return len(f.steps)
}

// told is how often the field is in an answer and not null.
func (f *addedField) told(t *testing.T, data json.RawMessage) int {
	t.Helper()
	var answer struct {
		Residents struct{ Nodes []any }
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		t.Fatal(err)
	}
	values := answer.Residents.Nodes
	for _, step := range f.steps {
		var next []any
		for _, value := range values {
			switch below := value.(map[string]any)[step.Name].(type) {
			case nil:
			case []any:
				next = append(next, below...)
			default:
				next = append(next, below)
			}
		}
		values = next
	}
	return len(values)
}

// An asked field is what came of asking for it.
type askedField struct {
	response   *graph.Response
	told       int
	statements []string
	shown      []string
	withheld   []string
}

func (f *addedField) ask(t *testing.T, a across, steps int) askedField {
	t.Helper()
	a.statements()
	a.records.take()
	got := askedField{
		response: a.Execute(t.Context(), graph.Request{Query: f.selection(steps)}),
	}
	got.statements, _ = a.statements()
	slices.Sort(got.statements)
	for _, record := range a.records.take() {
		for _, seen := range record.Seen {
			got.shown = append(got.shown, seen.Shown...)
			got.withheld = append(got.withheld, seen.Withheld...)
		}
	}
	if steps == len(f.steps) {
		got.told = f.told(t, got.response.Data)
	}
	return got
}

// Whatever a source adds needs the scope of the source and all scopes on the way. Without one of
// them it is null, with an error that names the scope, and is not read: what is put to the database
// is what is put to it without the field. With them it is told, and in the record.
func TestAcrossAddedFields(t *testing.T) {
	t.Parallel()
	database := newAcross(t)
	fields := addedFields()
	if len(fields) < 20 {
		t.Fatalf("got %d fields: sources add more", len(fields))
	}
	for _, f := range fields {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			a := newAcrossGraph(t, database, acrossLimits())
			if !slices.Contains(f.scopes, f.source+":read") {
				t.Errorf("it needs %v, and not the scope of its source", f.scopes)
			}
			with := f.ask(t, a, len(f.steps))
			if with.told == 0 { // it is rare
				f.page = "last: 100"
				with = f.ask(t, a, len(f.steps))
			}
			if len(with.response.Errors) > 0 || with.told == 0 {
				t.Errorf("with every scope: got %d, and %v", with.told, with.response.Errors)
			}
			if !slices.Contains(with.shown, f.name) || slices.Contains(with.withheld, f.name) {
				t.Errorf("with every scope: the record has %v shown, %v withheld", with.shown, with.withheld)
			}
			if !strings.Contains(strings.Join(with.statements, "\n"), f.source+".") {
				t.Errorf("%s is not read, so the test proves nothing: %s", f.source, with.statements)
			}
			slices.Sort(f.scopes)
			for _, scope := range slices.Compact(f.scopes) {
				if scope != "residents:read" { // without which there is nobody to ask of
					f.checkWithout(t, a.as(but(scope)...), scope, with)
				}
			}
		})
	}
}

// checkWithout asks as a caller who lacks the scope.
func (f *addedField) checkWithout(t *testing.T, a across, scope string, with askedField) {
	t.Helper()
	needing := f.needing(scope)
	without, cut := f.ask(t, a, len(f.steps)), f.ask(t, a, needing)
	refused := slices.ContainsFunc(without.response.Errors, isRefusal(scope))
	if without.told != 0 || !refused || len(without.response.Errors) != 1 {
		t.Errorf("without %s: got %d, and %v", scope, without.told, without.response.Errors)
	}
	if slices.Contains(without.shown, f.name) ||
		!slices.Contains(without.withheld, f.step(needing)) {
		t.Errorf("without %s: the record has %v shown, %v withheld", scope, without.shown,
			without.withheld)
	}
	if !slices.Equal(without.statements, cut.statements) {
		t.Errorf("without %s: got statements\n%s\nwant\n%s", scope,
			strings.Join(without.statements, "\n"), strings.Join(cut.statements, "\n"))
	}
	if slices.Equal(without.statements, with.statements) {
		t.Errorf("without %s it is read all the same: %s", scope, without.statements)
	}
	if scope == f.source+":read" &&
		strings.Contains(strings.Join(without.statements, "\n"), f.source+".") {
		t.Errorf("without %s the source is asked: %s", scope, without.statements)
	}
}

// step is the name in the schema of a step of the way.
func (f *addedField) step(n int) string {
	on := "Resident"
	if n > 0 {
		on = f.steps[n-1].Type.Name()
	}
	return on + "." + f.steps[n].Name
}

// A selection reads what it asks for and no more: of a record, not what needs a scope of its own
// and is not asked for; of a page of one source, nothing of another's record.
func TestAcrossReadsNoMore(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	tests := map[string]struct {
		query        string
		read, unread []string
	}{
		"NI number": {
			`{ residents(sources: [ACADEMY]) { nodes { academy { niNumber } } } }`,
			[]string{"nino"}, []string{"addr1", "birth_date", "email_addr"},
		},
		"all but the NI number": {
			`{ residents(sources: [ACADEMY]) { nodes { academy { benefitClaim { number isLive }
				councilTaxAccount { number } niNumber @skip(if: true) } } } }`,
			[]string{"status_ind"}, []string{"nino", "email_addr"},
		},
		"NI number under fragments": {
			`{ residents(sources: [ACADEMY]) { edges { node { ...r } } } } fragment r on Resident {
				academy { ... on AcademyRecord { x: niNumber } } academy { __typename } }`,
			[]string{"nino"}, nil,
		},
		"two ways": {
			`{ residents(sources: [ACADEMY]) { nodes { academy { niNumber } } edges { node {
				academy { councilTaxAccount { number } } } } } }`,
			[]string{"nino", "status_ind"}, nil,
		},
		"the record of another source": {
			`{ residents(sources: [ACADEMY]) { nodes { mosaic { legacyId } } } }`,
			[]string{"hbmember"}, []string{"nino", "status_ind", "legacy", "dm_persons"},
		},
		"of two sources the record of one": {
			`{ residents(orderBy: NAME) { nodes { mosaic { legacyId } } } }`,
			[]string{"hbmember", "legacy"}, []string{"nino", "status_ind"},
		},
		"addresses, and not the household": {
			`{ residents(orderBy: NAME) { nodes { contactDetails { address { uprn } } } } }`,
			[]string{"addr1"}, []string{"qlik"},
		},
		"the household of what is no address": {
			`{ residents(orderBy: NAME) { nodes { contactDetails(types: [PHONE]) { id
				address { household { asOf } } } } } }`,
			[]string{"phonenum1"}, []string{"qlik", "addr1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a.statements()
			var answer json.RawMessage
			ask(t, a.gateway, tt.query, &answer)
			texts, _ := a.statements()
			got := strings.Join(texts, "\n")
			for _, column := range tt.read {
				if !strings.Contains(got, column) {
					t.Errorf("%s is not read:\n%s", column, got)
				}
			}
			for _, column := range tt.unread {
				if strings.Contains(got, column) {
					t.Errorf("%s is read:\n%s", column, got)
				}
			}
		})
	}
}

// Nobody in Academy is plainly not restricted: without leave nothing is told of where they are, nor
// who lives there, and Qlik is not asked.
func TestAcrossRestricted(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	ones, _ := oneOfEach(t, a)
	one, detail := ones["ACADEMY"], `contactDetails(includeEnded: true) { id value address {
		uprn household { asOf } } }`
	page := `nodes { withheld uprn ` + detail + ` academy { __typename } }`
	documents := map[string]string{
		"list":   `{ residents(sources: [ACADEMY], first: 50) { ` + page + ` } }`,
		"by id":  `{ resident(id: "` + one.ID + `") { withheld ` + detail + ` } }`,
		"entity": entitiesOf("Resident", one.ID, "withheld "+detail),
		"detail": entitiesOf("ContactDetail", one.Detail, `value address { household { asOf } }`),
	}
	for name, document := range documents {
		for _, scopes := range [][]string{but(), but("restricted:read")} {
			a.statements()
			response := a.as(scopes...).Execute(t.Context(), graph.Request{Query: document})
			_, counts := a.statements()
			leave := slices.Contains(scopes, "restricted:read")
			tells := strings.Contains(string(response.Data), `"value"`)
			if len(response.Errors) > 0 || tells != leave || (counts["QLIK"] > 0) != leave {
				t.Errorf("%s, with leave: %t: got %.300s, %v, %v", name, leave, response.Data,
					response.Errors, counts)
			}
			says := strings.Contains(string(response.Data), `"withheld":"RESTRICTED"`)
			if says == leave && name != "detail" {
				t.Errorf("%s, with leave: %t: got %.300s", name, leave, response.Data)
			}
		}
	}
	// Of all sources, who is not restricted is told, and nobody else.
	var answer struct {
		Residents struct {
			Nodes []struct {
				IsRestricted   bool
				ContactDetails *[]struct{}
			}
		}
	}
	ask(t, a.as(but("restricted:read")...).gateway, `{ residents(first: 100, orderBy: NAME) {
		nodes { isRestricted contactDetails { address { household { asOf } } } } } }`, &answer)
	told := make(map[bool]int)
	for _, n := range answer.Residents.Nodes {
		told[n.IsRestricted]++
		if (n.ContactDetails == nil) != n.IsRestricted {
			t.Errorf("restricted %t, and details: %t", n.IsRestricted, n.ContactDetails != nil)
		}
	}
	if told[true] < 10 || told[false] < 10 {
		t.Errorf("got %v of 100: they prove little", told)
	}
}

func entitiesOf(name, id, selection string) string {
	return fmt.Sprintf(`{ _entities(representations: [{ __typename: %q, id: %q }]) {
		... on %s { %s } } }`, name, id, name, selection)
}

// A caller who may ask none but some sources is told of the others that they are missing, and
// nothing of what is in them.
func TestAcrossSomeSources(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	for _, name := range a.listers() {
		var scopes, missing []string
		for _, other := range a.listers() {
			if other != name {
				scopes = append(scopes, strings.ToLower(other)+":read")
				missing = append(missing, other)
			}
		}
		a.statements()
		response := a.as(but(scopes...)...).Execute(t.Context(), graph.Request{
			Query: acrossList, Variables: map[string]any{"first": 100, "orderBy": "NAME"},
		})
		_, counts := a.statements()
		var page listAnswer
		if err := json.Unmarshal(response.Data, &page); err != nil || len(response.Errors) > 0 {
			t.Fatalf("%s: got %v, %v", name, err, response.Errors)
		}
		var told []string
		for _, u := range page.Residents.Unavailable {
			told = append(told, u.Name)
		}
		if !slices.Equal(told, missing) || !maps.Equal(counts,
			map[resident.SourceName]int{resident.SourceName(name): 1}) {
			t.Errorf("%s: got %v missing, and statements %v", name, told, counts)
		}
		for _, edge := range page.Residents.Edges {
			if edge.Node.Source.Name != name {
				t.Errorf("%s: got %s", name, edge.Node.ID)
			}
		}
	}
}
