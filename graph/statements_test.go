package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// everyField returns a selection for each field of Resident, with all that is below it, as the
// schema of Mosaic alone has it.
func everyField() []string {
	return everyFieldOf(graph.Schema(mosaic.Name), "Resident")
}

// everyFieldOf returns a selection for each field of a type, with all that is below it.
func everyFieldOf(schema *ast.Schema, name string) []string {
	var selections []string
	for _, field := range schema.Types[name].Fields {
		selection := field.Name
		if strings.HasPrefix(selection, "__") {
			continue
		}
		if field.Arguments.ForName("includeEnded") != nil {
			selection += "(includeEnded: true)"
		}
		if below := schema.Types[field.Type.Name()]; below.Kind == ast.Object {
			selection += " { " + strings.Join(everyFieldOf(schema, below.Name), " ") + " }"
		}
		selections = append(selections, selection)
	}
	return selections
}

// However many residents are on a page, and whatever is asked of them, the statements are as many.
func TestStatements(t *testing.T) {
	t.Parallel()
	lookups := ""
	for i := range 50 {
		lookups += fmt.Sprintf("a%d: resident(id: \"mosaic:%d\") { fullName contactDetails { value } } ",
			i, 1000001+i)
	}
	tests := map[string]struct {
		query string
		want  int
	}{
		"page of one": {`{ residents(first: 1) { nodes { fullName contactDetails { value } } } }`, 1},
		"page of 20":  {`{ residents(first: 20) { nodes { fullName contactDetails { value } } } }`, 1},
		"page of 100": {`{ residents(first: 100) { nodes { fullName contactDetails { value } } } }`, 1},
		"by edges":    {`{ residents { edges { cursor node { contactDetails { value } } } } }`, 1},
		"by edges and nodes": {
			`{ residents { edges { node { uprn } } nodes { contactDetails { value } } } }`, 1,
		},
		"details under two names": {
			`{ residents { nodes { a: contactDetails(types: [PHONE]) { value }
				b: contactDetails(includeEnded: true) { value } } } }`, 1,
		},
		"from the end, by name, filtered": {
			`{ residents(last: 100, orderBy: NAME, filter: { lastName: "o", postcode: "E8" }) {
				nodes { fullName contactDetails { value } mosaic { legacyId } } } }`, 1,
		},
		"with a count": {
			`{ residents(first: 100) { nodes { contactDetails { value } } totalCount { value } } }`, 2,
		},
		"with the freshness of each one's source": {
			`{ residents(first: 100) { nodes { source { title freshness { asOf } } } } }`, 2,
		},
		"one": {
			`{ resident(id: "mosaic:1000001") {` + strings.Join(everyField(), " ") + `} }`, 2,
		},
		"fifty by id": {`{ ` + lookups + ` }`, 1},
		"two kinds by id": {
			`{ a: resident(id: "mosaic:1000001") { fullName }
			   b: resident(id: "mosaic:1000001") { uprn } }`, 2,
		},
		"nobody":          {`{ residents(filter: { sourceId: "7" }) { nodes { id } } }`, 2},
		"nothing of them": {`{ residents { pageInfo { hasNextPage } } }`, 1},
		"no resident":     {`{ sources { name title } __schema { types { name } } }`, 0},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
			g, _ := newGraph(t, database)
			var answer map[string]any
			ask(t, g, tt.query, &answer)
			if got := counter.Statements(); len(got) != tt.want {
				t.Errorf("got %d statements, want %d:\n%s", len(got), tt.want, strings.Join(got, "\n"))
			}
		})
	}
}

// No column is read that nobody asked for: at most it is looked at, to see whether an address is
// one.
func TestColumns(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		selection string
		unread    []string
	}{
		"only the id": {"id", []string{
			"full_name", "title", "first_name", "last_name", "date_of", "gender", "nhs_id", "context_flag",
			"nationality", "email_address", "legacy", "dm_addresses", "dm_telephone",
		}},
		"only a name": {"lastName", []string{
			"full_name", "first_name", "date_of", "nhs_id", "dm_addresses", "dm_telephone",
		}},
		"only the property": {"uprn", []string{
			"'a', a.address", "'p', a.post_code", "dm_telephone", "email_address",
		}},
		"only phones": {
			"contactDetails(types: [PHONE]) { value }", []string{"dm_addresses", "email_address"},
		},
		"only e-mail": {
			"contactDetails(types: [EMAIL]) { value }", []string{"dm_addresses", "dm_telephone"},
		},
		"skipped": {"id nhsNumber @skip(if: true)", []string{"nhs_id"}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
			g, _ := newGraph(t, database)
			var answer map[string]any
			ask(t, g, `{ residents { nodes { `+tt.selection+` } } }`, &answer)
			got := strings.Join(counter.Statements(), "\n")
			for _, column := range tt.unread {
				if strings.Contains(got, column) {
					t.Errorf("%s was read:\n%s", column, got)
				}
			}
		})
	}
}
