package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

func TestCost(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		query     string
		variables map[string]any
		want      int
	}{
		"a field":      {query: "{ __typename }", want: 1},
		"one resident": {query: `{ resident(id: "") { id fullName } }`, want: 1 + 2},
		"two by alias": {
			query: `{ a: resident(id: "") { id } b: resident(id: "") { id } }`, want: 4,
		},
		"details": {
			query: `{ resident(id: "") { contactDetails { id } } }`, want: 1 + 1 + 5*1,
		},
		"parts of details": {
			query: `{ resident(id: "") { contactDetails { phone { e164 } } } }`, want: 12,
		},
		"what representations refer to": {
			query: `{ _entities(representations: [{}, {}, {}]) {
				... on Resident { id fullName } ... on ContactDetail { id } } }`, want: 1 + 3*3,
		},
		"what a variable refers to": {
			query:     `query ($v: [_Any!]!) { _entities(representations: $v) { __typename } }`,
			variables: map[string]any{"v": representations("a:1", "a:2")}, want: 1 + 2*1,
		},
		"list of sources": {query: `{ sources { name title } }`, want: 1 + 5*2},
		"page": {
			query: `{ residents(first: 7) { nodes { id } } }`, want: 1_001 + 1 + 7*1,
		},
		"page from the end": {
			query: `{ residents(last: 7) { nodes { id } } }`, want: 1_001 + 1 + 7*1,
		},
		"page as it is": {query: `{ residents { nodes { id } } }`, want: 1_001 + 1 + 20},
		"page of null": {
			query: `{ residents(first: null) { nodes { id } } }`, want: 1_001 + 1 + 20,
		},
		"edges": {
			query: `{ residents(first: 7) { edges { cursor node { id } } } }`, want: 1_001 + 1 + 7*3,
		},
		"edges and nodes": {
			query: `{ residents(first: 7) { edges { cursor } nodes { id } } }`, want: 1_001 + 2 + 7*2,
		},
		"what is once on a page": {
			query: `{ residents(first: 7) { nodes { id } pageInfo { hasNextPage } } }`,
			want:  1_001 + 1 + 7 + 2,
		},
		"count": {
			query: `{ residents(first: 7) { totalCount { value } } }`, want: 1_001 + 1_001 + 1,
		},
		"two letters of an address": {
			query: `{ residents(first: 7, filter: { address: "an" }) { nodes { id } } }`,
			want:  4_001 + 1 + 7,
		},
		"two letters of a name, and how many": {
			query: `{ residents(first: 7, filter: { lastName: "o’ k" }) { totalCount { value } } }`,
			want:  4_001 + 4_001 + 1,
		},
		"two letters in a variable": {
			query:     `query($f: ResidentFilter) { residents(first: 7, filter: $f) { nodes { id } } }`,
			variables: map[string]any{"f": map[string]any{"firstName": "ab"}},
			want:      4_001 + 1 + 7,
		},
		"three letters": {
			query: `{ residents(first: 7, filter: { address: "mar", firstName: "ada" }) { nodes { id } } }`,
			want:  2_001 + 1 + 7,
		},
		"page of a variable": {
			query:     `query($n: Int) { residents(first: $n) { nodes { id } } }`,
			variables: map[string]any{"n": json.Number("30")}, want: 1_001 + 1 + 30,
		},
		"page of a variable that is not given": {
			query: `query($n: Int) { residents(first: $n) { nodes { id } } }`, want: 1_001 + 1 + 20,
		},
		"page of a default": {
			query: `query($n: Int = 40) { residents(first: $n) { nodes { id } } }`, want: 1_001 + 1 + 40,
		},
		"page too large": {
			query: `{ residents(first: 100000) { nodes { id } } }`, want: 1_001 + 1 + 100,
		},
		"no letters that stand together": {
			query: `{ a: residents(filter: { lastName: "%%%" }) { pageInfo { endCursor } }
				b: residents(filter: { address: "a!b" }) { pageInfo { endCursor } }
				c: residents(filter: { lastName: "d'arc" }) { pageInfo { endCursor } } }`,
			want: 4_003 + 4_003 + 1_003,
		},
		"page of none": {query: `{ residents(first: -5) { nodes { id } } }`, want: 1_001 + 1},
		"fragments on a page": {
			query: `{ a: residents(first: 7) { ...P } b: residents(first: 3) { ...P } }
				fragment P on ResidentConnection { nodes { ...R } pageInfo { hasNextPage } }
				fragment R on Resident { id ... { uprn } }`,
			want: 1_001 + 1 + 7*2 + 2 + 1_001 + 1 + 3*2 + 2,
		},
		"left out": {query: `{ __typename @skip(if: true) }`, want: 1},
		"introspection of all types": {
			query: `{ __schema { types { name } } }`, want: 1 + (1+len(graph.Schema().Types))/10,
		},
		"introspection": {query: `{ __type(name: "Resident") { fields { name } } }`, want: 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := graph.Read(tt.query, tt.variables)
			if len(faults) > 0 {
				t.Fatal(faults)
			}
			if want := (graph.Cost{Requested: tt.want, Limit: graph.MaxCost}); got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		})
	}
}

// A page of 100 with everything in it is within the limit, and a second one is not.
func TestCostOfEverything(t *testing.T) {
	t.Parallel()
	everything := `: residents(first: 100) { edges { cursor node { ` +
		strings.Join(everyFieldOf(graph.Schema(), "Resident"), " ") +
		` } } pageInfo { endCursor } totalCount { value } } `
	one, _ := graph.Read("{ a"+everything+"}", nil)
	two, _ := graph.Read("{ a"+everything+" b"+everything+"}", nil)
	if one.Requested == 0 || one.Requested > graph.MaxCost || two.Requested <= graph.MaxCost {
		t.Errorf("one costs %d and two %d, and %d is allowed",
			one.Requested, two.Requested, graph.MaxCost)
	}
}

// What an operation costs is told to who asks, also where it is too much, and the answer holds
// nothing else for it.
func TestCostIsTold(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		request graph.Request
		want    string
	}{
		"asked": {
			graph.Request{Query: "{ __typename }", WantCost: true},
			`{"data":{"__typename":"Query"},"extensions":{"cost":{"requested":1,"limit":30000}}}`,
		},
		"not asked": {
			graph.Request{Query: "{ __typename }"}, `{"data":{"__typename":"Query"}}`,
		},
		"too much": {
			graph.Request{
				Query:    "{ " + numbered("a%d: residents { pageInfo { endCursor } } ", 30) + "}",
				WantCost: true,
			},
			`{"errors":[{"message":"The operation costs 30090, and 30000 is allowed: ask for fewer ` +
				`residents, or for less of each","extensions":{"code":"TOO_COMPLEX"}}],` +
				`"extensions":{"cost":{"requested":30090,"limit":30000}}}`,
		},
		"not known": {
			graph.Request{Query: "", WantCost: true},
			`{"errors":[{"message":"The document has no operation",` +
				`"extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}`,
		},
	}
	database := newSample(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			got, err := json.Marshal(g.Execute(t.Context(), tt.request))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}
