package document_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// Variables are read as the specification says, whatever gqlparser and gqlgen would let pass.
func TestVariables(t *testing.T) {
	t.Parallel()
	const (
		no     = "It cannot be read as "
		first  = `{ residents(first: $v) { nodes { id } } }`
		after  = `{ residents(after: $v) { nodes { id } } }`
		filter = `{ residents(filter: $v) { nodes { id } } }`
		order  = `{ residents(orderBy: $v) { nodes { id } } }`
		from   = `{ residents(sources: $v) { nodes { id } } }`
		byID   = `{ resident(id: $v) { id } }`
		skip   = `{ __typename @skip(if: $v) }`
		born   = `{ residents(filter: { dateOfBirth: $v }) { nodes { id } } }`
	)
	tests := map[string]struct {
		of, use string // the type, and where it is used
		given   string // in JSON; blank where it is not given
		want    any
		fault   string // blank where there is none
	}{
		"Int":                  {"Int", first, `5`, int64(5), ""},
		"Int, negative":        {"Int", first, `-5`, int64(-5), ""},
		"Int with no fraction": {"Int", first, `5.0`, int64(5), ""},
		"Int with an exponent": {"Int", first, `1e2`, int64(100), ""},
		"largest Int":          {"Int", first, `2147483647`, int64(2147483647), ""},
		"least Int":            {"Int", first, `-2147483648`, int64(-2147483648), ""},
		"Int beyond 32 bits":   {"Int", first, `2147483648`, nil, "$v: " + no + "Int"},
		"Int below 32 bits": {
			"Int", first, `-2147483649`, nil, "$v: " + no + "Int",
		},
		"Int beyond 64 bits": {
			"Int", first, `99999999999999999999`, nil, "$v: " + no + "Int",
		},
		"Int beyond all":             {"Int", first, `1e999`, nil, "$v: " + no + "Int"},
		"fraction for an Int":        {"Int", first, `1.5`, nil, "$v: " + no + "Int"},
		"string for an Int":          {"Int", first, `"1"`, nil, "$v: " + no + "Int"},
		"Boolean for an Int":         {"Int", first, `true`, nil, "$v: " + no + "Int"},
		"list for an Int":            {"Int", first, `[1]`, nil, "$v: " + no + "Int"},
		"object for an Int":          {"Int", first, `{}`, nil, "$v: " + no + "Int"},
		"null":                       {"Int", first, `null`, nil, ""},
		"null for an Int!":           {"Int!", first, `null`, nil, "$v: It may not be null"},
		"no Int!":                    {"Int!", first, ``, nil, "$v: It must be given"},
		"default":                    {"Int = 3", first, ``, int64(3), ""},
		"null in place of a default": {"Int = 3", first, `null`, nil, ""},
		"string":                     {"String", after, `"1"`, "1", ""},
		"number for a string":        {"String", after, `1`, nil, "$v: " + no + "String"},
		"Boolean for a string":       {"String", after, `true`, nil, "$v: " + no + "String"},
		"ID":                         {"ID!", byID, `"a"`, "a", ""},
		"ID of a number":             {"ID!", byID, `1`, "1", ""},
		"ID of a fraction":           {"ID!", byID, `1.5`, nil, "$v: " + no + "ID"},
		"ID of more digits than are exact": {
			"ID!", byID, `1e17`, nil, "$v: " + no + "ID",
		},
		"ID of a Boolean": {"ID!", byID, `true`, nil, "$v: " + no + "ID"},
		"ID by default":   {"ID! = 7", byID, ``, "7", ""},
		"Boolean":         {"Boolean!", skip, `true`, true, ""},
		"string for a Boolean": {
			"Boolean!", skip, `"true"`, nil, "$v: " + no + "Boolean",
		},
		"number for a Boolean":   {"Boolean!", skip, `1`, nil, "$v: " + no + "Boolean"},
		"Boolean with a default": {"Boolean = false", skip, ``, false, ""},
		"null where it may not stand": {
			"Boolean = false", skip, `null`, nil, "$v: It may not be null where it is used",
		},
		"null for another default": {
			"ResidentOrder", order, `null`, nil, "$v: It may not be null where it is used",
		},
		"enum":            {"ResidentOrder!", order, `"NAME"`, "NAME", ""},
		"enum by default": {"ResidentOrder! = NAME", order, ``, "NAME", ""},
		"enum in other letters": {
			"ResidentOrder!", order, `"name"`, nil, "$v: " + no + "ResidentOrder",
		},
		"no such value": {
			"ResidentOrder!", order, `"AGE"`, nil, "$v: " + no + "ResidentOrder",
		},
		"number for an enum": {
			"ResidentOrder!", order, `0`, nil, "$v: " + no + "ResidentOrder",
		},
		"list": {
			"[SourceName!]", from, `["MOSAIC"]`, []any{"MOSAIC"}, "",
		},
		"list of none": {"[SourceName!]", from, `[]`, []any{}, ""},
		"list of one": {
			"[SourceName!]", from, `"MOSAIC"`, []any{"MOSAIC"}, "",
		},
		"list of one by default": {
			"[SourceName!] = MOSAIC", from, ``, []any{"MOSAIC"}, "",
		},
		"null in a list": {
			"[SourceName!]", from, `["MOSAIC", null]`, nil, "$v[1]: It may not be null",
		},
		"list in a list": {
			"[SourceName!]", from, `[["MOSAIC"]]`, nil, "$v[0]: " + no + "SourceName",
		},
		"object": {
			"ResidentFilter", filter, `{"lastName": "a", "uprn": null}`,
			map[string]any{"lastName": "a", "uprn": nil, "includeEnded": false}, "",
		},
		"object by default": {
			`ResidentFilter = {lastName: "a"}`, filter, ``,
			map[string]any{"lastName": "a", "includeEnded": false}, "",
		},
		"string for an object": {
			"ResidentFilter", filter, `"a"`, nil, "$v: " + no + "ResidentFilter",
		},
		"unknown field": {
			"ResidentFilter", filter, `{"age": 1}`, nil, "$v: It has a field that ResidentFilter has not",
		},
		"number in an object": {
			"ResidentFilter", filter, `{"lastName": 1}`, nil, "$v.lastName: " + no + "String",
		},
		"null in an object": {
			"ResidentFilter", filter, `{"includeEnded": null}`, nil, "$v.includeEnded: It may not be null",
		},
		"date":              {"Date", born, `"no date"`, "no date", ""}, // which its own reader refuses
		"number for a date": {"Date", born, `1990`, nil, "$v: " + no + "Date"},
		"object for a date": {"Date", born, `{"a": [1]}`, nil, "$v: " + no + "Date"},
		"number for a property": {
			"ResidentFilter", filter, `{"uprn": 1}`, nil, "$v.uprn: " + no + "UPRN",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, faults := read("query($v: "+tt.of+") "+tt.use, variables(t, tt.given))
			if tt.fault != "" {
				if len(faults) != 1 || faults[0].Message != "Variable "+tt.fault ||
					faults[0].Extensions["code"] != "GRAPHQL_VALIDATION_FAILED" {
					t.Errorf("got %v and %v, want %q", got, faults, tt.fault)
				}
				return
			}
			if len(faults) > 0 || !reflect.DeepEqual(got["v"], tt.want) {
				t.Errorf("got %#v and %v, want %#v", got["v"], faults, tt.want)
			}
		})
	}
}

// variables returns the variable v, as the server reads it.
func variables(t *testing.T, given string) map[string]any {
	t.Helper()
	if given == "" {
		return nil
	}
	decoder := json.NewDecoder(strings.NewReader(`{"v": ` + given + `}`))
	decoder.UseNumber()
	var read map[string]any
	if err := decoder.Decode(&read); err != nil {
		t.Fatal(err)
	}
	return read
}

// Callers within the program give numbers of Go.
func TestVariablesOfGo(t *testing.T) {
	t.Parallel()
	for _, given := range []any{5, int64(5), 5.0, json.Number("5")} {
		t.Run(fmt.Sprintf("%T", given), func(t *testing.T) {
			t.Parallel()
			got, faults := read(`query($n: Int!) { residents(first: $n) { nodes { id } } }`,
				map[string]any{"n": given})
			if len(faults) > 0 || got["n"] != int64(5) {
				t.Errorf("got %v and %v, want 5", got["n"], faults)
			}
		})
	}
}

// Each variable at fault is told, and what nobody asked for is let be.
func TestEachVariable(t *testing.T) {
	t.Parallel()
	_, faults := read(
		`query($a: Int, $b: Int!, $c: Int) {
			a: residents(first: $a, last: $b) { nodes { id } } b: residents(first: $c) { nodes { id } } }`,
		map[string]any{"a": "1", "c": 1, "d": "1"})
	if len(faults) != 2 {
		t.Errorf("got %v, want faults of a and b", faults)
	}
}

// Numbers in a document fit an Int as those of variables do.
func TestNumbersFit(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		`{ residents(first: 2147483647) { nodes { id } } }`:                      true,
		`{ residents(first: 2147483648) { nodes { id } } }`:                      false,
		`{ residents(first: -2147483649) { nodes { id } } }`:                     false,
		`{ residents(first: 99999999999999999999) { nodes { id } } }`:            false,
		`query($n: Int = 2147483648) { residents(first: $n) { nodes { id } } }`:  false,
		`{ resident(id: 2147483648) { id } }`:                                    true,
		`{ resident(id: 99999999999999999999) { id } }`:                          false,
		`{ residents(filter: { uprn: 99999999999999999999 }) { nodes { id } } }`: false,
	}
	for text, fits := range tests {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, faults := read(text, nil)
			if fits != (len(faults) == 0) {
				t.Errorf("got %v", faults)
			}
		})
	}
}
