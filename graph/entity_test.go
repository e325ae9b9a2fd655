package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// maxRepresentations is how many _entities answers at once, as the schema says.
const maxRepresentations = 100

// entities returns a request for what representations refer to, as a router makes it.
func entities(selection string, representations ...any) graph.Request {
	return graph.Request{
		Query: `query ($these: [_Any!]!) {
			_entities(representations: $these) { __typename ` + selection + ` } }`,
		Variables: map[string]any{"these": representations},
	}
}

// representation returns what refers to a resident, or to a contact detail, by its id.
func representation(id string) any {
	name := "Resident"
	if strings.Count(id, ":") > 1 {
		name = "ContactDetail"
	}
	return map[string]any{"__typename": name, "id": id}
}

func representations(ids ...string) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = representation(id)
	}
	return all
}

const (
	anyID     = `... on Resident { id } ... on ContactDetail { id }`
	addressOf = "mosaic:31:address:501"
	phoneOf   = "mosaic:31:phone:701"
)

// What is referred to is answered in the order of the representations, and null where there is
// none.
func TestEntities(t *testing.T) {
	t.Parallel()
	database := newResidents(t)
	hundred := make([]string, maxRepresentations)
	for i := range hundred {
		hundred[i] = []string{"mosaic:31", "mosaic:32", phoneOf, "mosaic:7"}[i%4]
	}
	tests := map[string]struct {
		ids    []string
		absent []int
	}{
		"one":                         {[]string{"mosaic:31"}, nil},
		"in no order of the source's": {[]string{"mosaic:33", "mosaic:31", "mosaic:34"}, nil},
		"twice":                       {[]string{"mosaic:31", "mosaic:33", "mosaic:31"}, nil},
		"nobody":                      {[]string{"mosaic:31", "mosaic:7", "mosaic:32"}, []int{1}},
		"a source that there is not":  {[]string{"zebedee:31", "mosaic:32"}, []int{0}},
		"what is no reference there":  {[]string{"mosaic:Zebedee", "mosaic:32"}, []int{0}},
		"none at all":                 {[]string{}, nil},
		"a contact detail":            {[]string{phoneOf}, nil},
		"contact details of several": {
			[]string{"mosaic:32:phone:712", phoneOf, "mosaic:33:address:503", addressOf}, nil,
		},
		"a contact detail twice":       {[]string{phoneOf, addressOf, phoneOf}, nil},
		"one that has ended":           {[]string{"mosaic:33:address:513"}, nil},
		"another resident's":           {[]string{"mosaic:31:address:502", addressOf}, []int{0}},
		"one of nobody":                {[]string{"mosaic:7:address:501"}, []int{0}},
		"one that there is not":        {[]string{"mosaic:31:fax:701", phoneOf}, []int{0}},
		"both types, mixed":            {[]string{phoneOf, "mosaic:33", "mosaic:31", addressOf}, nil},
		"both types, some missing":     {[]string{"mosaic:7", phoneOf, "mosaic:7:a:1"}, []int{0, 2}},
		"as many as there may be":      {hundred, nil},
		"a contact detail of a source": {[]string{"zebedee:31:phone:701"}, []int{0}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, reported := newGraph(t, database)
			response := g.Execute(t.Context(), entities(anyID, representations(tt.ids...)...))
			want := make([]string, len(tt.ids))
			for i, id := range tt.ids {
				one, _ := representation(id).(map[string]any)
				want[i] = fmt.Sprintf(`{"__typename":"%s","id":"%s"}`, one["__typename"], id)
				if slices.Contains(tt.absent, i) || id == "mosaic:7" {
					want[i] = "null"
				}
			}
			wantData := `{"_entities":[` + strings.Join(want, ",") + `]}`
			if string(response.Data) != wantData || len(response.Errors) > 0 {
				t.Errorf("got %s with %v, want %s", response.Data, response.Errors, wantData)
			}
			if reported.String() != "" {
				t.Errorf("got reports: %s", reported)
			}
		})
	}
}

// However a router asks, it is answered, and has seen, the same.
func TestEntitiesHoweverAsked(t *testing.T) {
	t.Parallel()
	const (
		one   = `{ __typename: "Resident", id: "mosaic:31" }`
		list  = `_entities(representations: [` + one + `])`
		shown = `{ ... on Resident { fullName uprn } }`
	)
	given := representation("mosaic:31")
	tests := map[string]struct {
		query     string
		variables map[string]any
	}{
		"literal":                {query: `{ e: ` + list + shown + ` }`},
		"literal, not in a list": {query: `{ e: _entities(representations: ` + one + `)` + shown + ` }`},
		"variable": {
			`query ($v: [_Any!]!) { e: _entities(representations: $v) ` + shown + ` }`,
			map[string]any{"v": []any{given}},
		},
		"variable, not in a list": {
			`query ($v: [_Any!]!) { e: _entities(representations: $v) ` + shown + ` }`,
			map[string]any{"v": given},
		},
		"variable in a list": {
			`query ($v: _Any!) { e: _entities(representations: [$v]) ` + shown + ` }`,
			map[string]any{"v": given},
		},
		"variable in a representation": {
			`query ($v: ID!) { e: _entities(representations: [{ __typename: "Resident", id: $v }]) ` +
				shown + ` }`, map[string]any{"v": "mosaic:31"},
		},
		"default": {query: `query ($v: [_Any!]! = [` + one + `]) {
			e: _entities(representations: $v) ` + shown + ` }`},
		"more fields than the key's": {query: `{ e: _entities(representations: [
			{ __typename: "Resident", id: "mosaic:31", fullName: "Zebedee", n: 1 }]) ` + shown + ` }`},
		"fragment": {query: `{ e: ` + list + ` { ...f } } fragment f on Resident { fullName uprn }`},
		"fragment on what may be referred to": {
			query: `{ e: ` + list + ` { ...f } } fragment f on _Entity { ...g }
				fragment g on Resident { ... on _Entity { ... on Resident { fullName uprn } } }`,
		},
		"inline fragments": {query: `{ e: ` + list + ` { ... on _Entity { ... {
			... on Resident { fullName } } } ... on Resident { uprn } } }`},
		"beside those of the other type": {
			query: `{ e: ` + list + ` { ... on ContactDetail { value }
				... on Resident { fullName uprn } } }`,
		},
		"what is left out": {query: `{ e: ` + list + ` { ... on Resident { fullName uprn
			nhsNumber @skip(if: true) } ... on Resident @include(if: false) { gender } } }`},
		"below a fragment of the query": {query: `{ ... on Query { e: ` + list + shown + ` } }`},
	}
	database := newResidents(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			response := g.Execute(t.Context(), graph.Request{Query: tt.query, Variables: tt.variables})
			const want = `{"e":[{"fullName":"Okafor, Ada","uprn":"100021000031"}]}`
			if string(response.Data) != want || len(response.Errors) > 0 {
				t.Fatalf("got %s with %v, want %s", response.Data, response.Errors, want)
			}
			got := g.records.take()
			if len(got) != 1 || len(got[0].Seen) != 1 || !slices.Equal(got[0].Seen[0].Shown,
				[]string{"Resident.fullName", "Resident.uprn"}) {
				t.Errorf("got the record %+v", got)
			}
		})
	}
}

// Other names of aliases stand in the answer, and the two types may have different fields.
func TestEntitiesByAliases(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newResidents(t))
	response := g.Execute(t.Context(), graph.Request{
		Query: `query ($r: [_Any!]!, $d: [_Any!]!) {
			a: _entities(representations: $r) { ... on Resident { name: fullName } }
			b: _entities(representations: $d) { ... on ContactDetail { name: value } } }`,
		Variables: map[string]any{
			"r": representations("mosaic:32", "mosaic:31"), "d": representations(phoneOf, addressOf),
		},
	})
	const want = `{"a":[{"name":"O’Brien, Seán"},{"name":"Okafor, Ada"}],` +
		`"b":[{"name":"020 7946 0031"},{"name":"31 Mare Street, E8 1DA"}]}`
	if string(response.Data) != want || len(response.Errors) > 0 {
		t.Errorf("got %s with %v, want %s", response.Data, response.Errors, want)
	}
}

// What cannot be meant is null, and said to be so at its place; the others are answered. No value
// is repeated.
func TestEntitiesThatCannotBeMeant(t *testing.T) {
	t.Parallel()
	database := newResidents(t)
	tests := map[string]map[string]any{
		"no type":                  {"id": "mosaic:31"},
		"another type":             {"__typename": "Zebedee", "id": "mosaic:31"},
		"a type of ours":           {"__typename": "PostalAddress", "id": "mosaic:31"},
		"a type that is no string": {"__typename": 7, "id": "mosaic:31"},
		"no id":                    {"__typename": "Resident"},
		"an id that is null":       {"__typename": "Resident", "id": nil},
		"an id that is a number":   {"__typename": "Resident", "id": 31},
		"an id that is a list":     {"__typename": "Resident", "id": []any{"mosaic:31"}},
		"a blank id":               {"__typename": "Resident", "id": ""},
		"half an id":               {"__typename": "Resident", "id": "Zebedee"},
		"an id in capitals":        {"__typename": "Resident", "id": "ZEBEDEE:31"},
		"a resident's id":          {"__typename": "ContactDetail", "id": "zebedee:31"},
		"half a detail's id":       {"__typename": "ContactDetail", "id": "zebedee:31:"},
		"a detail of nobody":       {"__typename": "ContactDetail", "id": "zebedee::phone:701"},
		"nothing at all":           {},
	}
	for name, wrong := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, reported := newGraph(t, database)
			response := g.Execute(t.Context(), entities(anyID,
				representation("mosaic:32"), wrong, representation("mosaic:31")))
			const want = `{"_entities":[{"__typename":"Resident","id":"mosaic:32"},null,` +
				`{"__typename":"Resident","id":"mosaic:31"}]}`
			if string(response.Data) != want || len(response.Errors) != 1 {
				t.Fatalf("got %s with %v, want %s", response.Data, response.Errors, want)
			}
			err := response.Errors[0]
			if err.Extensions["code"] != resident.BadInput || slashed(err.Path) != "_entities" ||
				err.Extensions["argument"] != "representations[1]" ||
				strings.Contains(strings.ToLower(err.Message), "zebedee") {
				t.Errorf("got %v with %v", err, err.Extensions)
			}
			if reported.String() != "" {
				t.Errorf("got reports: %s", reported)
			}
		})
	}
}

// A request that has too many, or what are no representations, is refused whole.
func TestEntitiesRefused(t *testing.T) {
	t.Parallel()
	many := representations(slices.Repeat([]string{"mosaic:31"}, maxRepresentations+1)...)
	literal := strings.Repeat(`{ __typename: "Resident", id: "mosaic:31" } `, maxRepresentations+1)
	const fault = "GRAPHQL_VALIDATION_FAILED"
	tests := map[string]struct {
		request graph.Request
		code    any
	}{
		"too many":   {entities(anyID, many...), graph.CodeTooComplex},
		"a text":     {entities(anyID, "Zebedee"), fault},
		"a number":   {entities(anyID, 7), fault},
		"null":       {entities(anyID, nil), fault},
		"a list":     {entities(anyID, representations("mosaic:31")), fault},
		"not given":  {graph.Request{Query: entities(anyID).Query}, fault},
		"none named": {graph.Request{Query: `{ _entities { __typename } }`}, fault},
		"too many, in the document": {
			graph.Request{Query: `{ _entities(representations: [` + literal + `]) { __typename } }`},
			graph.CodeTooComplex,
		},
		"too many, by default": {
			graph.Request{Query: `query ($v: [_Any!]! = [` + literal + `]) {
				_entities(representations: $v) { __typename } }`}, graph.CodeTooComplex,
		},
		"a text, in the document": {
			graph.Request{Query: `{ _entities(representations: ["Zebedee"]) { __typename } }`},
			resident.BadInput,
		},
	}
	database, counter := postgres.Counting(t, postgres.DSNOf(t, newResidents(t)))
	g, _ := newGraph(t, database)
	for name, tt := range tests {
		response := g.Execute(t.Context(), tt.request)
		answered := response.Data != nil && string(response.Data) != `{"_entities":null}`
		if answered || len(response.Errors) != 1 || response.Errors[0].Extensions["code"] != tt.code {
			t.Errorf("%s: got %s with %v, want %v", name, response.Data, response.Errors, tt.code)
		}
		if strings.Contains(response.Errors.Error(), "Zebedee") {
			t.Errorf("%s: the value is repeated: %v", name, response.Errors)
		}
	}
	if got := counter.Statements(); len(got) > 0 {
		t.Errorf("it was read all the same: %v", got)
	}
}

// However many are referred to, those of one type are read by one statement, and no column is read
// that nobody asked for.
func TestEntityStatements(t *testing.T) {
	t.Parallel()
	var residents, details []string
	for i := range maxRepresentations {
		residents = append(residents, fmt.Sprintf("mosaic:%d", 1000001+i))
		details = append(details, fmt.Sprintf("mosaic:%d:address:%d", 1000001+i, 5000001+i))
	}
	mixed := slices.Concat(residents[:50], details[:50])
	const contacts = "dm_addresses dm_telephone email_address"
	tests := map[string]struct {
		ids       []string
		selection string
		want      int
		unread    string
	}{
		"residents": {residents, `... on Resident { fullName contactDetails { value } }`, 1, "nhs_id"},
		"only ids":  {residents, anyID, 1, "name date_of nhs_id legacy context_flag " + contacts},
		"only names": {
			residents, `... on Resident { lastName }`, 1, "full_name first_name nhs_id " + contacts,
		},
		"only phones": {
			residents, `... on Resident { contactDetails(types: [PHONE]) { value } }`, 1,
			"dm_addresses email_address full_name",
		},
		"only the property": {
			residents, `... on Resident { uprn }`, 1, "'a', 'p', dm_telephone email_address",
		},
		"contact details": {details, `... on ContactDetail { value }`, 1, "name nhs_id date_of legacy"},
		"contact details, and names of residents whom there are none": {
			details, `... on ContactDetail { value } ... on Resident { fullName nhsNumber }`, 1,
			"name nhs_id",
		},
		"residents, and values of details that there are none": {
			residents, `... on ContactDetail { value } ... on Resident { fullName }`, 1, contacts,
		},
		"one, as often as there may be": {
			slices.Repeat(residents[:1], maxRepresentations), `... on Resident { fullName }`, 1, contacts,
		},
		"both types":                    {mixed, anyID, 2, "name nhs_id"},
		"none":                          {nil, anyID, 0, ""},
		"of a source that there is not": {[]string{"zebedee:1"}, anyID, 0, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
			g, _ := newGraph(t, database)
			response := g.Execute(t.Context(),
				entities(tt.selection, representations(tt.ids...)...))
			if response.Data == nil || len(response.Errors) > 0 {
				t.Fatalf("got %v", response.Errors)
			}
			if tt.want > 0 && !strings.Contains(string(response.Data), "__typename") {
				t.Error("nobody is there: it proves nothing")
			}
			got := counter.Statements()
			if len(got) != tt.want {
				t.Errorf("got %d statements, want %d:\n%s", len(got), tt.want, strings.Join(got, "\n"))
			}
			for column := range strings.SplitSeq(tt.unread, " ") {
				if column != "" && strings.Contains(strings.Join(got, "\n"), column) {
					t.Errorf("%s was read:\n%s", column, strings.Join(got, "\n"))
				}
			}
		})
	}
}
