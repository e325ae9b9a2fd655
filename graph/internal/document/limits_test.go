package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
)

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
		}, document.MaxText, "bytes"},
		"tokens": {func(n int) string {
			return strings.Repeat("#\n", n-3) + "{ __typename }"
		}, document.MaxTokens, "tokens"},
		"brackets": {func(n int) string {
			return `query($a: Int = ` + nested("[", n, "", "]") + `) { __typename }`
		}, document.MaxDepth, "levels of brackets"},
		"fields by fragments": {func(n int) string {
			return "{ __schema { types { ...A } } }" +
				" fragment A on __Type { " + nested("ofType { ", n-11, "...B", " }") + " }" +
				" fragment B on __Type { " + nested("ofType { ", 8, "name", " }") + " }"
		}, document.MaxDepth, "levels of fields"},
		"name": {func(n int) string {
			return "query " + strings.Repeat("a", n) + " { __typename }"
		}, document.MaxName, "letters in a name"},
		"string": {func(n int) string {
			return `{ __type(name: "` + strings.Repeat("a", n) + `") { name } }`
		}, document.MaxString, "bytes in a string"},
		"block": {func(n int) string {
			return `{ __type(name: """` + strings.Repeat("a", n) + `""") { name } }`
		}, document.MaxString, "bytes in a string"},
		"operations": {func(n int) string {
			return numbered("query Q%d { __typename } ", n)
		}, document.MaxOperations, "operations"},
		"fragments": {func(n int) string {
			return "{ sources { " + numbered("...F%d ", n) + "} }" +
				numbered(" fragment F%d on Source { name }", n)
		}, document.MaxFragments, "fragments"},
		"spreads": {func(n int) string {
			return "{ sources { " + strings.Repeat("...F ", n) + "} } fragment F on Source { name }"
		}, document.MaxSpreads, "spreads of fragments"},
		"variables": {func(n int) string {
			return "query(" + numbered("$a%d: Int ", n) + ") { " +
				numbered("a%[1]d: residents(first: $a%[1]d) { pageInfo { hasNextPage } } ", n) + "}"
		}, document.MaxVariables, "variables in an operation"},
		"fields": {func(n int) string { // G has 140, and 2949 are there before those that H is for
			return "{ sources { " + strings.Repeat("...G ", 20) + strings.Repeat("...H ", n-2949) + "} }" +
				" fragment F on Source { name title description freshness { state asOf note } }" +
				" fragment G on Source { " + strings.Repeat("...F ", 20) + "}" +
				" fragment H on Source { name }"
		}, document.MaxFields, "fields"},
		"fields at the top": {func(n int) string {
			return "{ " + numbered("a%d: __typename ", n-1) + "...F } fragment F on Query { __typename }"
		}, document.MaxRootFields, "fields at the top"},
		"aliases": {func(n int) string {
			return "{ sources { " + numbered("a%d: name ", n) + "} }"
		}, document.MaxAliases, "aliases"},
		"repeated": {func(n int) string {
			return "{ sources { name " + strings.Repeat("name ", n-1) + "... { name } } }"
		}, document.MaxRepeated, "fields that repeat one beside them"},
		"directives": {func(n int) string {
			return "{ sources { " + numbered("a%d: name @skip(if: true) ", n) + "} }"
		}, document.MaxDirectives, "directives"},
		"directives in one place": {func(n int) string {
			return "{ __typename " + strings.Repeat("@skip(if: true) ", n) + "}"
		}, document.MaxDirectivesAtOne, "directives in one place"},
		"list by default": {func(n int) string {
			return "query($s: [SourceName!] = [" + strings.Repeat("MOSAIC ", n) +
				"]) { residents(sources: $s) { nodes { id } } }"
		}, document.MaxList, "values in a list"},
		"list": {func(n int) string {
			return "{ residents(sources: [" + strings.Repeat("MOSAIC ", n) + "]) { nodes { id } } }"
		}, document.MaxList, "values in a list"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, faults := read(tt.text(tt.most), nil)
			for _, fault := range faults {
				if fault.Extensions["code"] == document.CodeTooComplex {
					t.Errorf("with %d: got %v", tt.most, fault)
				}
			}
			_, faults = read(tt.text(tt.most+1), nil)
			want := fmt.Sprintf("The document is too complex: it has %d %s, and %d are allowed",
				tt.most+1, tt.what, tt.most)
			if len(faults) != 1 || faults[0].Message != want ||
				faults[0].Extensions["code"] != document.CodeTooComplex {
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
			_, faults := read(tt.text, nil)
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

// nested opens something as often as it closes it.
func nested(opening string, times int, inside, closing string) string {
	return strings.Repeat(opening, times) + inside + strings.Repeat(closing, times)
}

// numbered repeats a text with the numbers from 0.
func numbered(format string, times int) string {
	var b strings.Builder
	for i := range times {
		fmt.Fprintf(&b, format, i)
	}
	return b.String()
}
