package graph_test

import (
	"fmt"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// attacks are requests that have brought down, or held up, servers that were not made for them, and
// those that come as near to our limits as they can.
func attacks() map[string]graph.Request {
	requests := variableAttacks()
	for _, texts := range []map[string]string{deepTexts(), repeatedTexts(), longTexts(), wideTexts()} {
		for name, text := range texts {
			requests[name] = graph.Request{Query: text}
		}
	}
	requests["500 kB operation asked for"] = graph.Request{
		Query: "{ __typename }", OperationName: strings.Repeat("a", 500_000),
	}
	return requests
}

// deepTexts have more brackets in each other than a stack may hold.
func deepTexts() map[string]string {
	return map[string]string{
		"12 MB of selections": nested("{a", 4<<20, "", "}"),
		"12 MB of lists":      "{a(b:" + nested("[", 6<<20, "", "]") + ")}",
		"12 MB of objects":    "{a(b:" + nested("{c:", 3<<20, "1", "}") + ")}",
		"12 MB of open lists": "{a(b:" + nested("[", 12<<20, "", ""),
		"12 MB of types":      "query($a:" + nested("[", 6<<20, "Int", "]") + "){a}",
		"selections":          nested("{a", 80_000, "", "}"),
		"lists":               "{a(b:" + nested("[", 125_000, "", "]") + ")}",
		"open lists":          "{a(b:" + nested("[", 250_000, "", ""),
		"types":               "query($a:" + nested("[", 125_000, "Int", "]") + "){a}",
		"lists by default":    "query($a:Int=" + nested("[", 2_400, "", "]") + "){a}",
		"input objects": "{residents(filter:" + nested("{lastName:", 1_000, "1", "}") +
			"){nodes{id}}}",
	}
}

// repeatedTexts make rules of validation, and walks through fragments, look at a thing many times.
func repeatedTexts() map[string]string {
	return map[string]string{
		"one name, 88 kB":             "{" + strings.Repeat("__typename ", 8_000) + "}",
		"one name, within tokens":     "{" + strings.Repeat("__typename ", 4_900) + "}",
		"one name, within limits":     "{" + strings.Repeat("__typename ", 50) + "}",
		"tree of one name":            `{ __type(name: "") ` + tree(9) + " }",
		"tree of one name, smaller":   `{ __type(name: "") ` + tree(5) + " }",
		"22 fragments under __schema": "{ __schema { types { ...F0 } } }" + doublingTypes(22),
		"49 fragments under __schema": "{ __schema { types { ...F0 } } }" + doublingTypes(49),
		"22 fragments on Resident":    `{ resident(id: "") { ...F0 } }` + doublingResidents(22),
		"49 fragments on Resident":    `{ resident(id: "") { ...F0 } }` + doublingResidents(49),
		"fragment in itself": `{ resident(id: "") { ...A } }
			fragment A on Resident { ...A }`,
		"fragments in a circle": `{ __schema { types { ...A } } }
			fragment A on __Type { ofType { ...B ...B } }
			fragment B on __Type { ofType { ...A ...A } }`,
		"fragments spread together": `{ resident(id: "") {` +
			strings.Repeat(numbered("...F%d ", 40), 4) + "} }" +
			numbered(" fragment F%d on Resident { id title mosaic { legacyId } uprn }", 40),
		"fragments in a chain":       `{ resident(id: "") { ...F0 } }` + chain(50, 38),
		"fragments alike":            alike(22, 14),
		"10 directives":              "{ __typename @a @b @c @d @e @f @g @h @i @j }",
		"700 directives":             "{ __typename " + strings.Repeat("@skip(if: false) ", 700) + "}",
		"directives on every field":  "{ " + strings.Repeat("__typename @a ", 50) + "}",
		"unknown fields of 20 times": numbered("query Q%d { a b c d e f g h i j k l m n o p } ", 20),
	}
}

// longTexts have names, strings and gaps of absurd length.
func longTexts() map[string]string {
	name := strings.Repeat("a", 200_000)
	return map[string]string{
		"500 kB field":              "{ " + strings.Repeat("a", 500_000) + " }",
		"200 kB field":              "{ " + name + " }",
		"200 kB operation":          "query " + name + " { __typename }",
		"200 kB variable":           "query ($" + name + ": Int) { __typename }",
		"200 kB type":               "query ($a: " + name + ") { __typename }",
		"200 kB directive":          "{ __typename @" + name + " }",
		"200 kB comment":            "#" + name + "\n{ __typename }",
		"200 kB string":             byID(`"` + name + `"`),
		"200 kB of escapes":         byID(`"` + strings.Repeat(`\u00e9`, 30_000) + `"`),
		"200 kB of half surrogates": byID(`"` + strings.Repeat(`\ud83d`, 30_000) + `"`),
		"200 kB block":              byID(`"""` + strings.Repeat("\n a", 60_000) + `"""`),
		"comments":                  strings.Repeat("#\n", 100_000) + "{ __typename }",
		"blanks":                    strings.Repeat(" ,\n", 80_000) + "{ __typename }",
		"descriptions":              strings.Repeat(`"" `, 80_000) + "{ __typename }",
		"nothing":                   "",
		"zero":                      "\x00",
		"no UTF-8":                  "{ resident(id: \"\xff\xfe\") { id } }",
	}
}

func byID(id string) string { return "{ resident(id: " + id + ") { id } }" }

// wideTexts ask for much at once, or are wrong in many places at once.
func wideTexts() map[string]string {
	everything := " { " + strings.Join(everyField(), " ") + " } "
	return map[string]string{
		"100,000 on a page": `{ residents(first: 100000) { nodes` + everything + ` } }`,
		"pages of 100": `{ ` +
			numbered("a%d: residents(first: 100) { nodes"+everything+"} ", 40) + ` }`,
		"much of each on a page": `{ residents(first: 100) { nodes { ` +
			numbered("a%d: fullName ", 100) + strings.Repeat("lastName ", 49) + ` } } }`,
		"searches": `{ ` +
			numbered(`a%d: residents(filter: { address: "e" }) { nodes { id } } `, 19) + ` }`,
		"counts": `{ ` +
			numbered(`a%d: residents(first: 1) { totalCount { value } } `, 50) + ` }`,
		"everything of 50": `{ ` +
			numbered(`a%d: resident(id: "mosaic:100000%[1]d")`+everything, 50) + ` }`,
		"1,000 aliases": `{ ` + numbered(`a%d: __typename `, 1_000) + ` }`,
		"aliases of details": `{ residents(first: 100) { nodes { ` +
			numbered(`a%d: contactDetails { id type value label use phone { e164 } } `, 100) + ` } } }`,
		"2,000 unknown fields": `{ resident(id: "") { ` +
			numbered(strings.Repeat("fullNam", 17)+"%d ", 1_990) + ` } }`,
		"1,600 unknown arguments": `{ residents(` +
			numbered(strings.Repeat("includeEnd", 10)+"%d: 1 ", 1_600) + `) { nodes { id } } }`,
		"1,200 unknown variables": `{ residents(filter: {` +
			numbered("lastName: $a%d ", 1_200) + `}) { nodes { id } } }`,
		"list of 4,000": `{ resident(id: "") { contactDetails(types: [` +
			strings.Repeat("PHONE ", 4_000) + `]) { id } } }`,
		"numbers beyond 64 bits": `{ residents(filter: {
			dateOfBirth: 99999999999999999999 uprn: 1e999 }) { nodes { id } } }`,
		"introspections": `{ ` + numbered(`a%d: __schema { ...S } `, 3) + ` }` + introspectionOf("S"),
		"introspection in an introspection": `{ __schema { types { ` +
			numbered(`a%d: fields { type { `+numbered(`b%d: fields { name } `, 9)+`} } `, 9) + ` } } }`,
	}
}

func variableAttacks() map[string]graph.Request {
	const filtered = `query($f: ResidentFilter) { residents(filter: $f) { nodes { id } } }`
	const typed = `query($t: [ContactType!]) {
		resident(id: "") { contactDetails(types: $t) { id } } }`
	return map[string]graph.Request{
		"objects in a variable": {
			Query: filtered, Variables: map[string]any{"f": deepObject(100_000)},
		},
		"keys in a variable": {
			Query: filtered, Variables: map[string]any{"f": manyKeys(100_000)},
		},
		"lists in a variable": {
			Query: typed, Variables: map[string]any{"t": deepList(100_000)},
		},
		"long list in a variable": {
			Query: typed, Variables: map[string]any{"t": make([]any, 100_000)},
		},
		"variables nobody asked for": {
			Query: "{ __typename }", Variables: manyKeys(100_000),
		},
		"null for @skip": {
			Query:     `query($v: Boolean = false) { __typename @skip(if: $v) }`,
			Variables: map[string]any{"v": nil},
		},
		"50 bad variables": {
			Query: `query(` + numbered("$a%d: Int! ", 50) + `) { ` +
				numbered("a%[1]d: residents(first: $a%[1]d) { nodes { id } } ", 50) + ` }`,
		},
	}
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

// doublingTypes returns fragments of which each goes twice through the next.
func doublingTypes(fragments int) string {
	var b strings.Builder
	for i := range fragments - 1 {
		fmt.Fprintf(&b, " fragment F%d on __Type { a: ofType { ...F%d } b: ofType { ...F%[2]d } }",
			i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on __Type { name }", fragments-1)
	return b.String()
}

// doublingResidents returns fragments of which each spreads the next twice.
func doublingResidents(fragments int) string {
	var b strings.Builder
	for i := range fragments - 1 {
		fmt.Fprintf(&b, " fragment F%d on Resident { ...F%d ...F%[2]d }", i, i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Resident { id }", fragments-1)
	return b.String()
}

// chain returns fragments of which each spreads the next.
func chain(fragments, fields int) string {
	var b strings.Builder
	for i := range fragments - 1 {
		fmt.Fprintf(&b, " fragment F%d on Resident { %s ...F%d }", i, numbered("f%d ", fields), i+1)
	}
	fmt.Fprintf(&b, " fragment F%d on Resident { id }", fragments-1)
	return b.String()
}

// alike spreads fragments that go through the same fields, at each step down.
func alike(fragments, depth int) string {
	below := "name"
	for range depth {
		below = "kind ofType { " + below + " }"
	}
	var b strings.Builder
	spreads := numbered("...F%d ", fragments)
	b.WriteString("{ __type(name: \"\") { ofType { " + spreads + "} ofType { " + spreads + "} } }")
	for i := range fragments {
		fmt.Fprintf(&b, " fragment F%d on __Type { %s }", i, below)
	}
	return b.String()
}

// tree returns fields of one name, two in each place.
func tree(depth int) string {
	below := "{ name }"
	for range depth {
		below = "{ ofType " + below + " ofType " + below + " }"
	}
	return below
}

func deepObject(depth int) any {
	var value any = "x"
	for range depth {
		value = map[string]any{"lastName": value}
	}
	return value
}

func deepList(depth int) any {
	var value any = "PHONE"
	for range depth {
		value = []any{value}
	}
	return value
}

func manyKeys(n int) map[string]any {
	object := make(map[string]any, n)
	for i := range n {
		object[fmt.Sprintf("key%d", i)] = i
	}
	return object
}

// introspectionOf returns what tools ask of a schema, as a fragment of that name and those that it
// spreads.
func introspectionOf(name string) string {
	reference := "kind name"
	for range 9 {
		reference = "kind name ofType { " + reference + " }"
	}
	return `
		fragment ` + name + ` on __Schema {
			description
			queryType { name kind } mutationType { name kind } subscriptionType { name kind }
			types { ...FullType }
			directives {
				name description isRepeatable locations
				args(includeDeprecated: true) { ...InputValue }
			}
		}
		fragment FullType on __Type {
			kind name description specifiedByURL isOneOf
			fields(includeDeprecated: true) {
				name description isDeprecated deprecationReason
				args(includeDeprecated: true) { ...InputValue }
				type { ...TypeRef }
			}
			inputFields(includeDeprecated: true) { ...InputValue }
			interfaces { ...TypeRef }
			enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
			possibleTypes { ...TypeRef }
		}
		fragment InputValue on __InputValue {
			name description defaultValue isDeprecated deprecationReason
			type { ...TypeRef }
		}
		fragment TypeRef on __Type { ` + reference + ` }`
}
