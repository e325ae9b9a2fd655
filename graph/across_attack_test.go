package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What asks too much of several sources at once, or of what there is not, is refused before any of
// them is asked, and nothing that was sent comes back.
func TestAcrossAttacks(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	listers := a.listers()
	listed := func(text string, n int) string {
		return strings.TrimSuffix(strings.Repeat(text+", ", n), ", ")
	}
	const ofVariable = `query q($s: [SourceName!]) { residents(sources: $s) { nodes { id } } }`
	const invalid = "GRAPHQL_VALIDATION_FAILED"
	tests := map[string]struct {
		query   string
		sources any
		want    any // a code; nil where it is answered
	}{
		"50 lists of all": {
			`{ ` + numbered(`a%d: residents(first: 1) { nodes { id } } `, 50) + ` }`, nil,
			graph.CodeTooComplex,
		},
		"29 lists of one": {
			`{ ` + numbered(`a%d: residents(first: 1, sources: [`+listers[0]+`]) { nodes { id } } `, 29) +
				` }`, nil, nil,
		},
		"30 lists of one": {
			`{ ` + numbered(`a%d: residents(first: 1, sources: [`+listers[0]+`]) { nodes { id } } `, 30) +
				` }`, nil, graph.CodeTooComplex,
		},
		"as many counts as lists of all": {
			`{ ` + numbered(`a%d: residents(first: 1) { totalCount { value } } `,
				30/2/len(listers)+1) + ` }`, nil, graph.CodeTooComplex,
		},
		"one source 100 times": {
			`{ residents(sources: [` + listed(listers[0], 100) + `]) { nodes { id } } }`, nil, nil,
		},
		"one source 100 times, by a variable": {
			ofVariable, anys(slices.Repeat(listers[:1], 100)), nil,
		},
		"one source 101 times": {
			`{ residents(sources: [` + listed(listers[0], 101) + `]) { nodes { id } } }`, nil,
			graph.CodeTooComplex,
		},
		"one source 101 times, by a variable": {
			ofVariable, anys(slices.Repeat(listers[:1], 101)), graph.CodeTooComplex,
		},
		"a source that there is not": {
			`{ residents(sources: [SECRET]) { nodes { id } } }`, nil, invalid,
		},
		"a source that there is not, by a variable": {ofVariable, []any{"SECRET"}, invalid},
		"a source in small letters, by a variable":  {ofVariable, []any{"secret"}, invalid},
		"a source that is a number":                 {ofVariable, []any{json.Number("7")}, invalid},
		"no source, in a list":                      {ofVariable, []any{nil}, invalid},
		"no sources":                                {ofVariable, []any{}, resident.BadInput},
		"a source that lists nobody":                {ofVariable, []any{"QLIK"}, resident.BadInput},
		"beside one that does": {
			ofVariable, []any{listers[0], "QLIK"}, resident.BadInput,
		},
		"sources that are null": {ofVariable, nil, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a.statements()
			request := graph.Request{Query: tt.query}
			if tt.query == ofVariable {
				request.Variables = map[string]any{"s": tt.sources}
			}
			response := a.Execute(t.Context(), request)
			_, counts := a.statements()
			if tt.want == nil {
				if len(response.Errors) > 0 || len(counts) != 1 {
					t.Errorf("got %v, and statements %v", response.Errors, counts)
				}
				return
			}
			if len(response.Errors) != 1 || len(counts) > 0 ||
				fmt.Sprint(response.Errors[0].Extensions["code"]) != fmt.Sprint(tt.want) {
				t.Fatalf("got %v, and statements %v", response.Errors, counts)
			}
			if tt.sources != nil && strings.Contains(strings.ToLower(response.Errors[0].Message), "secret") {
				t.Errorf("got %s", response.Errors[0].Message)
			}
		})
	}
	// A search costs as much for each source that is asked, however often it is named.
	for _, n := range []int{1, len(listers)} {
		response := a.Execute(t.Context(), graph.Request{WantCost: true, Query: `{ residents(first: 1,
			sources: [` + strings.Join(listers[:n], ", ") + `]) { nodes { id } } }`})
		if got := response.Extensions.Cost.Requested; got != n*1_000+3 {
			t.Errorf("a search of %d sources costs %d", n, got)
		}
	}
}

// Whichever sources are asked, an answer that must not tell by its time whom it does not hold ends
// with a step.
func TestAcrossEvenTimes(t *testing.T) {
	t.Parallel()
	const step = 10 * time.Millisecond
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	blind := a.as(but("restricted:read")...)
	sources := append(a.listers(), strings.Join(a.listers(), ", "))
	for _, asked := range sources {
		for _, filter := range []string{`postcode: "E8"`, `uprn: "1"`, `phone: "020 7946 0033"`} {
			for selection, searches := range map[string]int{"nodes { id }": 1, "totalCount { value }": 2} {
				began := time.Now()
				response := blind.Execute(t.Context(), graph.Request{Query: `{ residents(sources: [` +
					asked + `], filter: { ` + filter + ` }) { ` + selection + ` } }`})
				took, least := time.Since(began), step*time.Duration(searches)
				if len(response.Errors) > 0 || took < least {
					t.Errorf("%s, %s: after %v, want %v at least", asked, filter, took, least)
				}
			}
		}
	}
}

// otherWhereabouts makes of a database one that differs from it in where those in Academy are, how
// they are reached, and what leads to other records of theirs, and in nothing else.
const otherWhereabouts = `
	UPDATE academy.hbhousehold SET addr1 = '9 Elsewhere Road', addr2 = NULL, post_code = 'N1 7GG',
	       uprn = '100029999999' WHERE claim_id % 2 = 0;
	UPDATE academy.hbhousehold SET to_date = '2001-01-01' WHERE claim_id % 3 = 0;
	UPDATE academy.ctproperty SET addr1 = '9 Elsewhere Road', postcode = 'N1 7GG',
	       uprn = '100029999998';
	DELETE FROM academy.ctoccupation WHERE account_ref % 3 = 0;
	UPDATE academy.hbclaim SET status_ind = 3 - status_ind;
	UPDATE academy.hbmember SET nino = 'QQ' || lpad(claim_id::text, 6, '7') || 'D';
	UPDATE academy.syphone SET phonenum1 = '020 7946 0999';
	UPDATE academy.syemail SET email_addr = 'elsewhere@example.com';`

// Who may not know where those in Academy are learns nothing of it: two databases that differ in
// that alone answer alike, in every byte, with the same statements and the same record.
func TestAcrossAttacker(t *testing.T) {
	t.Parallel()
	one, two := ownAcross(t), ownAcross(t)
	dbtest.Execute(t, two, otherWhereabouts)
	inOne := newAcrossGraph(t, one, acrossLimits())
	inTwo := newAcrossGraph(t, two, acrossLimits())
	var parts []partOf
	for _, a := range []across{inOne, inTwo} {
		for i, p := range partsAcross(t, a) {
			if p.from.Source.Name == "ACADEMY" && i%47 == 0 {
				parts = append(parts, p)
			}
		}
	}
	parts = append(parts, partOf{"postcode", "N1 7GG", node{}}, partOf{"phone", "02079460999", node{}},
		partOf{"email", "elsewhere@example.com", node{}}, partOf{"uprn", "100029999999", node{}},
		partOf{"address", "9 Elsewhere", node{}}, partOf{"address", "else", node{}})
	all := everyFieldAcross("Resident")
	var questions []graph.Request
	for i, p := range parts {
		variables := map[string]any{
			"filter":  map[string]any{p.name: p.value, "includeEnded": i%2 == 0},
			"orderBy": []string{"ID", "NAME"}[i%2], "first": 1 + i%50,
		}
		if i%3 == 0 {
			variables["sources"] = []any{"ACADEMY"}
		}
		selection := []string{
			`nodes { id isRestricted } totalCount { value isExact } pageInfo { endCursor hasNextPage }`,
			`edges { cursor node { ` + all + ` } } unavailable { name }`,
		}[i%2]
		questions = append(questions, graph.Request{Variables: variables, Query: `query q(
			$filter: ResidentFilter, $sources: [SourceName!], $first: Int, $orderBy: ResidentOrder! = ID
		) { residents(filter: $filter, sources: $sources, first: $first, orderBy: $orderBy) { ` +
			selection + ` } }`})
	}
	ones, _ := oneOfEach(t, inOne)
	for _, id := range []string{ones["ACADEMY"].ID, "academy:benefits-7"} {
		questions = append(questions,
			graph.Request{Query: fmt.Sprintf(`{ resident(id: %q) { %s } }`, id, all)},
			graph.Request{Query: entitiesOf("Resident", id, all)})
	}
	questions = append(questions, graph.Request{Query: entitiesOf("ContactDetail",
		ones["ACADEMY"].Detail, `value address { household { asOf } }`)})
	differ := 0
	for _, q := range questions {
		blind := but("restricted:read")
		if got, want := inTwo.as(blind...).look(t, q), inOne.as(blind...).look(t, q); got != want {
			t.Errorf("%s %v:\ngot\n%.2000s\nwant\n%.2000s", q.Query, q.Variables, got, want)
		}
		if inTwo.look(t, q) != inOne.look(t, q) {
			differ++
		}
	}
	t.Logf("%d questions, of which %d tell one from the other with leave", len(questions), differ)
	if len(questions) < 60 || differ < len(questions)/5 {
		t.Error("they prove little")
	}
}

// look asks, and returns all that there is to see.
func (a across) look(t *testing.T, request graph.Request) string {
	t.Helper()
	a.statements()
	a.records.take()
	request.WantCost = true
	response, err := json.Marshal(a.Execute(t.Context(), request))
	if err != nil {
		t.Fatal(err)
	}
	records, err := json.Marshal(a.records.take())
	if err != nil {
		t.Fatal(err)
	}
	texts, _ := a.statements()
	return fmt.Sprintf("%s\n%s\n%s\n%s", response, records, strings.Join(texts, "\n"), a.log)
}
