package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// No request takes long, nor gets a long answer to what it may not ask. The tests that are parallel
// wait for this one: it measures the whole process.
func TestAttacks(t *testing.T) { //nolint:paralleltest // as above
	database := newSample(t)
	g, reported := newGraph(t, database)
	for name, request := range attacks() {
		t.Run(name, func(t *testing.T) {
			response, took := executeTimed(t, g, request)
			for attempts := 1; took > maxAttackTime && attempts < 3; attempts++ {
				again, _ := newGraph(t, database) // it has not read the document yet
				_, took = executeTimed(t, again, request)
			}
			if took > maxAttackTime && !racing {
				t.Errorf("took %s of the processor", took)
			}
			answer, err := json.Marshal(response)
			if err != nil {
				t.Fatal(err)
			}
			most := 300 << 10
			if len(response.Errors) > 0 {
				most = 8 << 10
			}
			if len(answer) > most {
				t.Errorf("got %d bytes in answer", len(answer))
			}
			if len(response.Errors) > graph.MaxErrors+1 {
				t.Errorf("got %d errors", len(response.Errors))
			}
			for _, err := range response.Errors {
				if len(err.Message) > graph.MaxMessage {
					t.Errorf("got a message of %d bytes", len(err.Message))
				}
				if err.Extensions["code"] == resident.Internal {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	if reported.String() != "" {
		t.Errorf("what callers do is no error of ours: %s", reported)
	}
}

// maxAttackTime is how much of the processor an attack may use, in one of three attempts: other work
// of the machine can slow any of them.
const maxAttackTime = 250 * time.Millisecond

// executeTimed answers a request, and returns how much of the processor that used.
func executeTimed(
	t *testing.T, g gateway, request graph.Request,
) (*graph.Response, time.Duration) {
	t.Helper()
	before := processorTime(t)
	response := g.Execute(t.Context(), request)
	return response, processorTime(t) - before
}

// processorTime returns how much of the processor this program has used.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A document that has as much of something as is allowed is read; with one more it is refused, and
// told why.
func TestLimits(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text func(n int) string
		most int
		what string
	}{
		"text": {func(n int) string {
			const document = "{ __typename }"
			return document + strings.Repeat(" ", n-len(document))
		}, graph.MaxText, "bytes"},
		"tokens": {func(n int) string {
			return strings.Repeat("#\n", n-3) + "{ __typename }"
		}, graph.MaxTokens, "tokens"},
		"brackets": {func(n int) string {
			return `query($a: Int = ` + nested("[", n, "", "]") + `) { __typename }`
		}, graph.MaxDepth, "levels of brackets"},
		"fields by fragments": {func(n int) string {
			return "{ __schema { types { ...A } } }" +
				" fragment A on __Type { " + nested("ofType { ", n-11, "...B", " }") + " }" +
				" fragment B on __Type { " + nested("ofType { ", 8, "name", " }") + " }"
		}, graph.MaxDepth, "levels of fields"},
		"name": {func(n int) string {
			return "query " + strings.Repeat("a", n) + " { __typename }"
		}, graph.MaxName, "letters in a name"},
		"string": {func(n int) string {
			return `{ __type(name: "` + strings.Repeat("a", n) + `") { name } }`
		}, graph.MaxString, "bytes in a string"},
		"block": {func(n int) string {
			return `{ __type(name: """` + strings.Repeat("a", n) + `""") { name } }`
		}, graph.MaxString, "bytes in a string"},
		"operations": {func(n int) string {
			return numbered("query Q%d { __typename } ", n)
		}, graph.MaxOperations, "operations"},
		"fragments": {func(n int) string {
			return "{ sources { " + numbered("...F%d ", n) + "} }" +
				numbered(" fragment F%d on Source { name }", n)
		}, graph.MaxFragments, "fragments"},
		"spreads": {func(n int) string {
			return "{ sources { " + strings.Repeat("...F ", n) + "} } fragment F on Source { name }"
		}, graph.MaxSpreads, "spreads of fragments"},
		"variables": {func(n int) string {
			return "query(" + numbered("$a%d: Int ", n) + ") { " +
				numbered("a%[1]d: residents(first: $a%[1]d) { pageInfo { hasNextPage } } ", n) + "}"
		}, graph.MaxVariables, "variables in an operation"},
		"fields": {func(n int) string { // G has 140, and 2949 are there before those that H is for
			return "{ sources { " + strings.Repeat("...G ", 20) + strings.Repeat("...H ", n-2949) + "} }" +
				" fragment F on Source { name title description freshness { state asOf note } }" +
				" fragment G on Source { " + strings.Repeat("...F ", 20) + "}" +
				" fragment H on Source { name }"
		}, graph.MaxFields, "fields"},
		"fields at the top": {func(n int) string {
			return "{ " + numbered("a%d: __typename ", n-1) + "...F } fragment F on Query { __typename }"
		}, graph.MaxRootFields, "fields at the top"},
		"aliases": {func(n int) string {
			return "{ sources { " + numbered("a%d: name ", n) + "} }"
		}, graph.MaxAliases, "aliases"},
		"repeated": {func(n int) string {
			return "{ sources { name " + strings.Repeat("name ", n-1) + "... { name } } }"
		}, graph.MaxRepeated, "fields that repeat one beside them"},
		"directives": {func(n int) string {
			return "{ sources { " + numbered("a%d: name @skip(if: true) ", n) + "} }"
		}, graph.MaxDirectives, "directives"},
		"directives in one place": {func(n int) string {
			return "{ __typename " + strings.Repeat("@skip(if: true) ", n) + "}"
		}, graph.MaxDirectivesAtOne, "directives in one place"},
		"list by default": {func(n int) string {
			return "query($s: [SourceName!] = [" + strings.Repeat("MOSAIC ", n) +
				"]) { residents(sources: $s) { nodes { id } } }"
		}, graph.MaxList, "values in a list"},
		"list": {func(n int) string {
			return "{ residents(sources: [" + strings.Repeat("MOSAIC ", n) + "]) { nodes { id } } }"
		}, graph.MaxList, "values in a list"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, faults := graph.Read(tt.text(tt.most), nil)
			for _, fault := range faults {
				if fault.Extensions["code"] == graph.TooComplex {
					t.Errorf("with %d: got %v", tt.most, fault)
				}
			}
			_, _, faults = graph.Read(tt.text(tt.most+1), nil)
			want := fmt.Sprintf("The document is too complex: it has %d %s, and %d are allowed",
				tt.most+1, tt.what, tt.most)
			if len(faults) != 1 || faults[0].Message != want ||
				faults[0].Extensions["code"] != graph.TooComplex {
				t.Errorf("with %d: got %v, want %s", tt.most+1, faults, want)
			}
		})
	}
}

// What cannot be counted to its end is refused all the same, and so is what is hidden behind
// another fragment of its name, or goes round in a circle.
func TestFragmentsAreMeasured(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"4 to the 48": {
			`{ resident(id: "") { ...F0 } }` + numbered(" fragment F%d on Resident { ", 1) +
				fourfold(48) + "}", "it has 1073741824 fields",
		},
		"first of two": {
			`{ resident(id: "") { ` + strings.Repeat("...F ", 100) + `} }
				fragment F on Resident { ` + numbered("a%d: id ", 40) + `}
				fragment F on Resident { id }`, "fields, and 3000 are allowed",
		},
		"circle": {
			`{ resident(id: "") { ...A } } fragment A on Resident { ...B }
				fragment B on Resident { id ...A }`, "A fragment may not be spread within itself",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, faults := graph.Read(tt.text, nil)
			if len(faults) != 1 || !strings.Contains(faults[0].Message, tt.want) {
				t.Errorf("got %v, want one that says %q", faults, tt.want)
			}
		})
	}
}

// fourfold returns the inside of a fragment F0, and fragments of which each spreads the next four
// times.
func fourfold(fragments int) string {
	var b strings.Builder
	for i := range fragments {
		fmt.Fprintf(&b, "...F%d ...F%[1]d ...F%[1]d ...F%[1]d } fragment F%[1]d on Resident { ", i+1)
	}
	b.WriteString("id ")
	return b.String()
}

// A message is cut, however long the names in it are.
func TestMessagesAreShort(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	a := strings.Repeat("a", graph.MaxName) + ": "
	response := g.Execute(t.Context(), graph.Request{
		Query: "{ " + a + "sources { " + a + "name } " + a + "sources { " + a + "title } }",
	})
	if len(response.Errors) != 1 || len(response.Errors[0].Message) != graph.MaxMessage {
		t.Errorf("got %v, want one of %d bytes", response.Errors, graph.MaxMessage)
	}
}

// What tools ask of a schema is within the limits, and answered.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	var answer struct {
		Schema struct{ Types []any } `json:"__schema"`
	}
	ask(t, g, "query IntrospectionQuery { __schema { ...S } }"+introspectionOf("S"), &answer)
	if len(answer.Schema.Types) < 20 {
		t.Errorf("got %d types", len(answer.Schema.Types))
	}
}

// Strings are read as the specification of 2021 and its draft say: by letters, and not by halves.
func TestEscapes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		written string
		want    string // blank where it is refused
	}{
		"letters":                   {`"é😀"`, "é😀"},
		"escape":                    {`"\u00e9"`, "é"},
		"pair":                      {`"\ud83d\uDE00"`, "😀"},
		"braces":                    {`"\u{1F600}"`, "😀"},
		"replacement":               {`"\ufffd"`, "\ufffd"},
		"pair beside a replacement": {`"\ud83d\uDE00\ufffd"`, "😀\ufffd"},
		"replacement itself":        {`"\ufffd�"`, "\ufffd\ufffd"},
		"after a backslash":         {`"\\ud800"`, `\ud800`},
		"in a block":                {`"""\ud800"""`, `\ud800`},
		"first half":                {`"\ud83d"`, ""},
		"first half, then é":        {`"é\ud83dé"`, ""},
		"second half":               {`"\uDE00"`, ""},
		"halves the other way":      {`"\uDE00\ud83d"`, ""},
		"two first halves":          {`"\ud83d\ud83d\uDE00"`, ""},
		"half and braces":           {`"\ud83d\u{DE00}"`, ""},
		"half in braces":            {`"\u{D83D}"`, ""},
		"beyond letters":            {`"\u{110000}"`, ""},
		"pair, then a half":         {`"\ud83d\uDE00\ud83d"`, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := `query($s: String = ` + tt.written + `) # é
				{ residents(after: $s) { nodes { id } } }`
			got, _, faults := graph.Read(text, nil)
			if tt.want == "" {
				if len(faults) != 1 || faults[0].Extensions["code"] != "GRAPHQL_PARSE_FAILED" {
					t.Errorf("got %v and %v, want one error", got, faults)
				}
				return
			}
			if len(faults) > 0 || got["s"] != tt.want {
				t.Errorf("got %q and %v, want %q", got["s"], faults, tt.want)
			}
		})
	}
}

// What was read before is kept, up to a number and a weight; what was refused is not.
func TestDocumentsAreKept(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	execute := func(text string) { g.Execute(t.Context(), graph.Request{Query: text}) }
	for range 3 {
		execute("{ __typename }")
		execute("{ refused }")
	}
	if documents, _ := g.Kept(); documents != 1 {
		t.Errorf("got %d documents, want 1", documents)
	}
	for i := range graph.CachedDocuments + 10 {
		execute(fmt.Sprintf("query Q%d { __typename }", i))
		execute("{ __typename }")
	}
	if !g.Keeps("{ __typename }") || g.Keeps("query Q0 { __typename }") {
		t.Error("what is asked for all the time was given up for others")
	}
	if documents, _ := g.Kept(); documents != graph.CachedDocuments {
		t.Errorf("got %d documents, want %d", documents, graph.CachedDocuments)
	}
	for i := range 200 {
		execute(fmt.Sprintf("query Q%d { __typename } #", i) + strings.Repeat(" ", 200_000))
	}
	if documents, weight := g.Kept(); documents < 100 || weight > graph.CachedWeight {
		t.Errorf("got %d documents of %d bytes, want at most %d bytes",
			documents, weight, graph.CachedWeight)
	}
}
