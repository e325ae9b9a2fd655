package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// refusals are the errors of an answer: where, and for want of which scope.
func refusals(t *testing.T, response *graph.Response) []string {
	t.Helper()
	var all []string
	for _, err := range response.Errors {
		if err.Extensions["code"] != resident.Forbidden {
			t.Errorf("got %v, which is no refusal", err)
		}
		where := slashed(err.Path)
		if argument := err.Extensions["argument"]; argument != nil {
			where += fmt.Sprintf("(%v)", argument)
		}
		all = append(all, fmt.Sprintf("%s %v", where, err.Extensions["requiredScope"]))
	}
	slices.Sort(all)
	return all
}

// A refusal is told once for each place in the document, names what is at fault and what is needed,
// and leaves the rest of the answer whole.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const needsContacts, needsNHS = " contact-details:read", " nhs-numbers:read"
	tests := map[string]struct {
		scopes []string
		query  string
		want   []string // where, and what is needed
		data   string   // that the answer holds
	}{
		"a field, for a hundred residents": {
			names(), `{ residents(first: 100) { nodes { id uprn } } }`,
			[]string{"residents.nodes.0.uprn" + needsContacts}, `{"id":"mosaic:1000006","uprn":null}`,
		},
		"a field in two places": {
			names(), `{ residents(first: 100) { nodes { nhsNumber } edges { node { nhsNumber } } } }`,
			[]string{
				"residents.edges.0.node.nhsNumber" + needsNHS, "residents.nodes.0.nhsNumber" + needsNHS,
			},
			`{"nhsNumber":null}`,
		},
		"a field under two names": {
			names(), `{ residents(first: 100) { nodes { a: nhsNumber b: nhsNumber lastName } } }`,
			[]string{"residents.nodes.0.a" + needsNHS, "residents.nodes.0.b" + needsNHS}, `"lastName":"`,
		},
		"a whole type": {
			names(), `{ resident(id: "mosaic:1000001") { contactDetails { id } id } }`,
			[]string{"resident.contactDetails" + needsContacts},
			`{"resident":{"contactDetails":null,"id":"mosaic:1000001"}}`,
		},
		"no more of a type than its name": {
			names(), `{ resident(id: "mosaic:1000001") { contactDetails { __typename } } }`,
			[]string{"resident.contactDetails" + needsContacts}, `{"resident":{"contactDetails":null}}`,
		},
		"a part of the filter": {
			names(), `{ residents(filter: { email: "a@b.example" }) { nodes { id } } sources { name } }`,
			[]string{"residents(filter.email)" + needsContacts},
			`{"residents":null,"sources":[{"name":"MOSAIC"}]}`,
		},
		"a part of the filter, before what is wrong with it": {
			names(), `{ residents(filter: { nhsNumber: "x", lastName: "" }, first: 0) { nodes { id } } }`,
			[]string{"residents(filter.nhsNumber)" + needsNHS}, `{"residents":null}`,
		},
		"a part of the filter that is null": {
			names(), `{ residents(filter: { nhsNumber: null, lastName: "zzz" }) { nodes { id } } }`,
			nil, `{"residents":{"nodes":[]}}`,
		},
		"a source": {
			but("mosaic:read"), `{ residents(sources: [MOSAIC]) { nodes { id } } sources { name } }`,
			[]string{"residents(sources) mosaic:read"}, `{"residents":null,"sources":[]}`,
		},
		"a source that is not named": {
			but("mosaic:read"), `{ residents { nodes { id } } }`, []string{"residents mosaic:read"},
			`{"residents":null}`,
		},
		"a source, by id": {
			but("mosaic:read"), `{ resident(id: "mosaic:1000001") { id } }`,
			[]string{"resident mosaic:read"}, `{"resident":null}`,
		},
		"a source, by reference": {
			but("mosaic:read"), `{ residentBySourceId(source: MOSAIC, sourceId: "7") { id } }`,
			[]string{"residentBySourceId mosaic:read"}, `{"residentBySourceId":null}`,
		},
		"a source that there is not": {
			but("mosaic:read"), `{ resident(id: "other:7") { id } }`, nil, `{"resident":null}`,
		},
		"residents": {
			but("residents:read"), `{ residents { totalCount { value } } resident(id: "mosaic:7") { id } }`,
			[]string{"resident residents:read", "residents residents:read"},
			`{"residents":null,"resident":null}`,
		},
		"residents, and only where the page stands": {
			but("residents:read"), `{ residents { pageInfo { endCursor } edges { cursor } __typename } }`,
			[]string{"residents residents:read"}, `{"residents":null}`,
		},
		"everything": {
			nil, `{ residents { nodes { id } } resident(id: "x") { id } sources { name } __typename }`,
			[]string{"resident residents:read", "residents residents:read"},
			`{"residents":null,"resident":null,"sources":[],"__typename":"Query"}`,
		},
		"scopes that are none": {
			[]string{"residents", "*", "mosaic:write", "RESIDENTS:READ", ""},
			`{ residents { nodes { id } } }`, []string{"residents residents:read"}, `{"residents":null}`,
		},
	}
	database := newSample(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, reported := newGraph(t, database)
			response := g.as(tt.scopes...).Execute(t.Context(), graph.Request{Query: tt.query})
			if got := refusals(t, response); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if !strings.Contains(string(response.Data), tt.data) {
				t.Errorf("got %.500s, which has no %s", response.Data, tt.data)
			}
			if reported.String() != "" {
				t.Errorf("it is no error of ours: %s", reported)
			}
		})
	}
}

// Where nobody is known to ask, nothing is told.
func TestNobodyAsks(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	for name, ctx := range map[string]context.Context{
		"no caller":       t.Context(),
		"the zero caller": access.WithCaller(t.Context(), &access.Caller{}),
	} {
		response := g.Graph.Execute(ctx, graph.Request{
			Query: `{ residents { nodes { id } } resident(id: "mosaic:1000001") { id } sources { name } }`,
		})
		const want = `{"residents":null,"resident":null,"sources":[]}`
		if string(response.Data) != want || len(refusals(t, response)) != 2 {
			t.Errorf("%s: got %s and %v", name, response.Data, response.Errors)
		}
		if got := g.records.take(); len(got) != 0 {
			t.Errorf("%s: got a record %+v", name, got)
		}
	}
}

// Who lacks the scope for the schema is told nothing of it: whatever operation of the document is
// run, and however it asks.
func TestSchemaIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]graph.Request{
		"types":    {Query: `{ __schema { types { name } } }`},
		"a type":   {Query: `{ __type(name: "Resident") { name } }`},
		"aliased":  {Query: `{ __typename x: __schema { queryType { name } } sources { name } }`},
		"fragment": {Query: `{ ...f } fragment f on Query { __type(name: "Resident") { name } }`},
		"inline":   {Query: `{ ... { ... on Query { __schema { queryType { name } } } } }`},
		"skipped":  {Query: `{ __typename __schema @skip(if: true) { queryType { name } } }`},
		"the other operation": {
			Query:         `query a { sources { name } } query b { __schema { queryType { name } } }`,
			OperationName: "a",
		},
	}
	database := newSample(t)
	for name, request := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			if response := g.Execute(t.Context(), request); len(response.Errors) > 0 {
				t.Fatalf("with the scope: got %v", response.Errors)
			}
			for range 2 { // read for another, and kept
				response := g.as(but("schema:read")...).Execute(t.Context(), request)
				got := refusals(t, response)
				if response.Data != nil || !slices.Equal(got, []string{"- schema:read"}) {
					t.Errorf("got %s and %v", response.Data, response.Errors)
				}
			}
			open := newGraphWith(t, database, func(o *graph.Options) { o.OpenSchema = true })
			if response := open.as().Execute(t.Context(), request); len(refusals(t, response)) > 0 {
				t.Errorf("open to all: got %v", response.Errors)
			}
		})
	}
	g, _ := newGraph(t, database)
	for _, query := range []string{`{ __typename }`, `{ sources { __typename } }`} {
		response := g.as().Execute(t.Context(), graph.Request{Query: query})
		if len(response.Errors) > 0 {
			t.Errorf("%s: the name of a type that was asked for is no secret: %v", query, response.Errors)
		}
	}
}

// What is wrong with a document is told without names of the schema to those who may not read it.
func TestNoSuggestions(t *testing.T) {
	t.Parallel()
	tests := map[string]graph.Request{
		"field":          {Query: `{ residens { nodes { id } } }`},
		"field below":    {Query: `{ residents { nodes { fullNam } } }`},
		"argument":       {Query: `{ residents(firs: 1) { nodes { id } } }`},
		"type":           {Query: `{ ... on Quer { __typename } }`},
		"variable type":  {Query: `query ($f: ResidentFilte) { residents(filter: $f) { nodes { id } } }`},
		"fragment type":  {Query: `{ ...f } fragment f on Quer { __typename }`},
		"value":          {Query: `{ residents(orderBy: NAM) { nodes { id } } }`},
		"part of filter": {Query: `{ residents(filter: { lastNam: "a" }) { nodes { id } } }`},
		"part in a variable": {
			Query:     `query ($f: ResidentFilter) { residents(filter: $f) { nodes { id } } }`,
			Variables: map[string]any{"f": map[string]any{"lastNam": "a"}},
		},
		"value in a variable": {
			Query:     `query ($o: ResidentOrder! = ID) { residents(orderBy: $o) { nodes { id } } }`,
			Variables: map[string]any{"o": "NAM"},
		},
		"no selection": {Query: `{ residents }`},
		"directive":    {Query: `{ __typename @ski(if: true) }`},
	}
	database := newSample(t)
	suggested := 0
	for name, request := range tests {
		g, _ := newGraph(t, database)
		without := messages(g.as(but("schema:read")...).Execute(t.Context(), request))
		if len(without) == 0 {
			t.Errorf("%s: got no error", name)
		}
		for _, told := range []string{"Did you mean", "fullName", "residents", "lastName", "NAME"} {
			// The message names the field that was asked for, which is no suggestion.
			if strings.Contains(without, told) && !strings.Contains(request.Query, told) {
				t.Errorf("%s: it tells %q: %s", name, told, without)
			}
		}
		if with := messages(g.Execute(t.Context(), request)); strings.Contains(with, "Did you mean") {
			suggested++
		}
		open := newGraphWith(t, database, func(o *graph.Options) { o.OpenSchema = true })
		inOpen := messages(open.as().Execute(t.Context(), request))
		if inOpen != messages(g.Execute(t.Context(), request)) {
			t.Errorf("%s: an open schema tells otherwise than the scope does", name)
		}
	}
	if suggested < 5 {
		t.Errorf("got %d suggestions with the scope: the test proves nothing", suggested)
	}
}

func messages(response *graph.Response) string {
	var b strings.Builder
	for _, err := range response.Errors {
		b.WriteString(err.Message + "\n")
	}
	return b.String()
}

// Who has had enough is told so, and nothing is run.
func TestCharge(t *testing.T) {
	t.Parallel()
	database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
	var charged []int
	enough := false
	g := newGraphWith(t, database, func(o *graph.Options) {
		o.Charge = func(_ context.Context, cost int) error {
			charged = append(charged, cost)
			if enough {
				return &resident.Error{
					Code: resident.RateLimited, Message: "That is enough", RetryAfter: 1500 * time.Millisecond,
				}
			}
			return nil
		}
	})
	request := graph.Request{Query: `{ residents(first: 7) { nodes { id } } }`, WantCost: true}
	if response := g.Execute(t.Context(), request); len(response.Errors) > 0 || len(charged) != 1 ||
		charged[0] != response.Extensions.Cost.Requested {
		t.Errorf("got %v, charged %v", response.Errors, charged)
	}
	enough = true
	counter.Reset()
	g.records.take()
	response := g.Execute(t.Context(), request)
	if response.Data != nil || messages(response) != "That is enough\n" {
		t.Fatalf("got %s and %v", response.Data, response.Errors)
	}
	told := response.Errors[0].Extensions
	if told["code"] != resident.RateLimited || told["retryAfter"] != 2 {
		t.Errorf("got %v", told)
	}
	if ran, seen := counter.Statements(), g.records.take(); len(ran)+len(seen) > 0 {
		t.Errorf("it was run: %v %v", ran, seen)
	}
	// What is not run is not charged either.
	charged = nil
	for _, query := range []string{`{`, `{ nothing }`, `{ a b }`} {
		g.Execute(t.Context(), graph.Request{Query: query})
	}
	g.as().Execute(t.Context(), graph.Request{Query: `{ __schema { queryType { name } } }`})
	if len(charged) > 0 {
		t.Errorf("charged %v for nothing", charged)
	}
}

// newGraphWith is newGraph with other options.
func newGraphWith(t *testing.T, database *sqlx.DB, change func(*graph.Options)) gateway {
	t.Helper()
	set, err := source.NewSet(unwatched(), mosaic.New(database, today))
	if err != nil {
		t.Fatal(err)
	}
	var reported log
	g := gateway{
		caller:  &access.Caller{Kind: access.Service, Name: "test", Scopes: graph.Scopes()},
		records: new(records),
	}
	options := graph.Options{
		Sources: set, CursorKey: bytes.Repeat([]byte("key"), 11), Record: g.records.record,
		Now: today, Report: reported.report,
	}
	change(&options)
	if g.Graph, err = graph.New(options); err != nil {
		t.Fatal(err)
	}
	return g
}
