package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// What a caller can mend is told with the argument that is at fault, and all of it at once.
func TestBadInput(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		arguments string
		want      []string // the arguments at fault, in order
	}{
		"page of none":         {"first: 0", []string{"first"}},
		"page too large":       {"first: 101", []string{"first"}},
		"negative page":        {"last: -1", []string{"last"}},
		"both ends":            {"first: 1, last: 1", []string{"last"}},
		"empty filter":         {"filter: {}", []string{"filter"}},
		"filter of nothing":    {"filter: { firstName: null, includeEnded: true }", []string{"filter"}},
		"blank part":           {`filter: { firstName: "" }`, []string{"filter.firstName"}},
		"part of blanks":       {`filter: { address: " \t" }`, []string{"filter.address"}},
		"nothing to search by": {`filter: { lastName: "-'" }`, []string{"filter.lastName"}},
		"zero":                 {`filter: { lastName: "\u0000" }`, []string{"filter.lastName"}},
		"too long a part": {
			`filter: { lastName: "` + strings.Repeat("a", 501) + `" }`, []string{"filter.lastName"},
		},
		"no postcode":       {`filter: { postcode: "N1 6" }`, []string{"filter.postcode"}},
		"no date":           {`filter: { dateOfBirth: "1/2/1990" }`, []string{"filter.dateOfBirth"}},
		"date that is none": {`filter: { dateOfBirth: "2023-02-29" }`, []string{"filter.dateOfBirth"}},
		"date as a number":  {`filter: { dateOfBirth: 1990 }`, []string{"filter.dateOfBirth"}},
		"no property":       {`filter: { uprn: "x" }`, []string{"filter.uprn"}},
		"half a phone":      {`filter: { phone: "0123" }`, []string{"filter.phone"}},
		"half an e-mail":    {`filter: { email: "ada" }`, []string{"filter.email"}},
		"no NHS number":     {`filter: { nhsNumber: "943 476 591" }`, []string{"filter.nhsNumber"}},
		"no sources":        {"sources: []", []string{"sources"}},
		"several faults": {
			`first: 0, filter: { firstName: "", postcode: "x", phone: "y" }`,
			[]string{"filter.firstName", "filter.phone", "filter.postcode", "first"},
		},
	}
	database := newSample(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, reported := newGraph(t, database)
			response := g.Execute(t.Context(), graph.Request{
				Query: `{ residents(` + tt.arguments + `) { nodes { id } } }`,
			})
			var got []string
			for _, err := range response.Errors {
				got = append(got, fmt.Sprint(err.Extensions["argument"]))
				if err.Extensions["code"] != resident.BadInput {
					t.Errorf("got code %v, want %s", err.Extensions["code"], resident.BadInput)
				}
				if err.Path.String() != "residents" {
					t.Errorf("got path %s, want that of the field", err.Path)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(tt.want) {
				t.Errorf("got faults of %v, want %v", got, tt.want)
			}
			if reported.String() != "" {
				t.Errorf("what callers do is no error of ours: %s", reported)
			}
		})
	}
}

// Nothing that a caller wrote comes back in an error, nor goes into the log.
func TestErrorsRepeatNothing(t *testing.T) {
	t.Parallel()
	const secret = "Zebedee"
	tests := map[string]graph.Request{
		"string for a number": {Query: `{ residents(first: "Zebedee") { nodes { id } } }`},
		"enum for a string": {
			Query: `{ residents(filter: { lastName: Zebedee }) { nodes { id } } }`,
		},
		"string for an enum":   {Query: `{ residents(orderBy: "Zebedee") { nodes { id } } }`},
		"no such value":        {Query: `{ residents(orderBy: Zebedee) { nodes { id } } }`},
		"string for an object": {Query: `{ residents(filter: "Zebedee") { nodes { id } } }`},
		"list for a string":    {Query: `{ resident(id: ["Zebedee"]) { id } }`},
		"object for an id":     {Query: `{ resident(id: {a: "Zebedee"}) { id } }`},
		"broken after a string": {
			Query: `{ residents(filter: { lastName: "Zebedee" "Zebedee" }`,
		},
		"string that does not end": {Query: `{ resident(id: "Zebedee`},
		"escape that is none":      {Query: `{ resident(id: "\qZebedee") { id } }`},
		"code point that is none":  {Query: `{ resident(id: "\uZebedee") { id } }`},
		"number that is none":      {Query: `{ residents(first: 1Zebedee) { nodes { id } } }`},
		"bad date": {
			Query: `{ residents(filter: { dateOfBirth: "Zebedee" }) { nodes { id } } }`,
		},
		"bad postcode": {
			Query: `{ residents(filter: { postcode: "Zebedee" }) { nodes { id } } }`,
		},
		"bad phone": {
			Query: `{ residents(filter: { phone: "Zebedee" }) { nodes { id } } }`,
		},
		"bad cursor": {Query: `{ residents(after: "Zebedee") { nodes { id } } }`},
		"bad id":     {Query: `{ resident(id: "Zebedee") { id } }`},
		"no such operation": {
			Query:         `query A { __typename } query B { __typename }`,
			OperationName: secret,
		},
		"variable of another type": {
			Query:     `query ($n: Int) { residents(first: $n) { nodes { id } } }`,
			Variables: map[string]any{"n": secret},
		},
		"variable that is no number": {
			Query:     `query ($n: Int) { residents(first: $n) { nodes { id } } }`,
			Variables: map[string]any{"n": json.Number("1" + secret)},
		},
		"variable with no such value": {
			Query:     `query ($s: [SourceName!]) { residents(sources: $s) { nodes { id } } }`,
			Variables: map[string]any{"s": []any{secret}},
		},
		"variable with a field that is not known": {
			Query:     `query ($f: ResidentFilter) { residents(filter: $f) { nodes { id } } }`,
			Variables: map[string]any{"f": map[string]any{"lastName": map[string]any{"a": secret}}},
		},
		"variable list for an object": {
			Query:     `query ($f: ResidentFilter) { residents(filter: $f) { nodes { id } } }`,
			Variables: map[string]any{"f": []any{secret}},
		},
		"variable with a value in other letters": {
			Query:     `query ($o: ResidentOrder! = ID) { residents(orderBy: $o) { nodes { id } } }`,
			Variables: map[string]any{"o": secret},
		},
		"variable with a field of that name": {
			Query:     `query ($f: ResidentFilter) { residents(filter: $f) { nodes { id } } }`,
			Variables: map[string]any{"f": map[string]any{secret: 1}},
		},
		"variable in a list": {
			Query:     `query ($s: [SourceName!]) { residents(sources: $s) { nodes { id } } }`,
			Variables: map[string]any{"s": []any{"MOSAIC", []any{secret}}},
		},
		"variable list for an id": {
			Query:     `query ($i: ID!) { resident(id: $i) { id } }`,
			Variables: map[string]any{"i": []any{secret}},
		},
		"variable object for a date": {
			Query:     `query ($d: Date) { residents(filter: { dateOfBirth: $d }) { nodes { id } } }`,
			Variables: map[string]any{"d": map[string]any{"a": secret}},
		},
		"long string": {
			Query: `{ resident(id: "` + strings.Repeat(secret, 2_000) + `") { id } }`,
		},
		"half a surrogate pair": {Query: `{ resident(id: "Zebedee\ud800") { id } }`},
		"block for a number":    {Query: `{ residents(first: """Zebedee""") { nodes { id } } }`},
		"comment and no end":    {Query: "# Zebedee\n{ resident"},
		"string in a directive": {Query: `{ __typename @skip(if: "Zebedee") }`},
		"string for a default": {
			Query: `query ($n: Int = "Zebedee") { residents(first: $n) { nodes { id } } }`,
		},
		"string in a list twice": {
			Query: `{ residents(sources: [["Zebedee"]]) { nodes { id } } }`,
		},
		"null where it may not be, for all its default": {
			Query:     `query ($v: Boolean = false) { __typename @skip(if: $v) }`,
			Variables: map[string]any{"v": nil},
		},
		"variable date": {
			Query:     `query ($d: Date) { residents(filter: { dateOfBirth: $d }) { nodes { id } } }`,
			Variables: map[string]any{"d": secret},
		},
		"variable property": {
			Query:     `query ($u: UPRN) { residents(filter: { uprn: $u }) { nodes { id } } }`,
			Variables: map[string]any{"u": secret},
		},
	}
	database := newSample(t)
	for name, request := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, reported := newGraph(t, database)
			response := g.Execute(t.Context(), request)
			if len(response.Errors) == 0 {
				t.Fatal("got no error")
			}
			for _, err := range response.Errors {
				if len(err.Message) < 10 || err.Extensions["code"] == nil {
					t.Errorf("got an error that helps nobody: %+v", err)
				}
				if err.Extensions["code"] == resident.Internal {
					t.Errorf("got %v for what the caller did", err)
				}
			}
			whole, err := json.Marshal(response)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(whole), secret) {
				t.Errorf("the answer repeats it: %s", whole)
			}
			if strings.Contains(reported.String(), secret) {
				t.Errorf("the log has it: %s", reported)
			}
		})
	}
}

// However much goes wrong, the answer tells some of it and how much more there is, and so does the
// log.
func TestErrorsAreFew(t *testing.T) {
	t.Parallel()
	database := ownSample(t)
	if _, err := database.ExecContext(t.Context(), "DROP TABLE gateway.load"); err != nil {
		t.Fatal(err)
	}
	g, reported := newGraph(t, database)
	response := g.Execute(t.Context(), graph.Request{
		Query: `{ residents(first: 100) { nodes { source { freshness { asOf } } } } }`,
	})
	if len(response.Errors) != graph.MaxErrors+1 {
		t.Fatalf("got %d errors, want %d", len(response.Errors), graph.MaxErrors+1)
	}
	last := response.Errors[graph.MaxErrors]
	if last.Message != "90 more errors are left out" ||
		last.Extensions["code"] != response.Errors[0].Extensions["code"] {
		t.Errorf("got %v", last)
	}
	if lines := strings.Count(reported.String(), "\n") + 1; lines > graph.MaxErrors {
		t.Errorf("got %d lines in the log", lines)
	}
}

// Nothing of the inside is told: it goes to the log, without what was in the rows.
func TestInside(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		damage string // SQL
		code   resident.Code
	}{
		"column gone": {"ALTER TABLE mosaic.dm_persons DROP COLUMN full_name", resident.Internal},
		"table gone":  {"DROP TABLE mosaic.dm_persons", resident.Unavailable},
		"column of another type": {
			`ALTER TABLE mosaic.dm_persons DROP COLUMN nhs_id;
			 ALTER TABLE mosaic.dm_persons ADD nhs_id text DEFAULT 'Zebedee'`, resident.Internal,
		},
		"not loaded": {"TRUNCATE mosaic.dm_persons; TRUNCATE gateway.load", resident.Unavailable},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := ownSample(t)
			if _, err := database.ExecContext(t.Context(), tt.damage); err != nil {
				t.Fatal(err)
			}
			g, reported := newGraph(t, database)
			response := g.Execute(t.Context(), graph.Request{
				Query: `{ residents { nodes { fullName nhsNumber } } sources { name } }`,
			})
			if len(response.Errors) != 1 || response.Errors[0].Extensions["code"] != tt.code {
				t.Fatalf("got %v, want %s", response.Errors, tt.code)
			}
			whole, err := json.Marshal(response)
			if err != nil {
				t.Fatal(err)
			}
			for _, inside := range []string{"SQL", "pq", "column", "relation", "dm_persons", "Zebedee"} {
				if strings.Contains(string(whole), inside) {
					t.Errorf("the answer tells %q: %s", inside, whole)
				}
			}
			if strings.Contains(reported.String(), "Zebedee") {
				t.Errorf("the log has what was in a row: %s", reported)
			}
			if tt.code == resident.Internal && reported.String() == "" {
				t.Error("nothing was reported")
			}
		})
	}
}

func TestCallerIsGone(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	response := g.Execute(ctx, graph.Request{Query: `{ residents { nodes { id } } }`})
	if len(response.Errors) != 1 || response.Errors[0].Extensions["code"] != resident.Timeout {
		t.Errorf("got %v, want %s", response.Errors, resident.Timeout)
	}
}

// A document that would overflow a stack is refused before it is read.
func TestTooManyTokens(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	response := g.Execute(t.Context(), graph.Request{
		Query: strings.Repeat("{a", 20_000) + strings.Repeat("}", 20_000),
	})
	if len(response.Errors) != 1 || response.Data != nil {
		t.Errorf("got %v, want one error and no data", response.Errors)
	}
}
