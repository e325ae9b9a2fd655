package graph_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// No text makes the way to its operation panic, or say more than is to be told.
func FuzzDocument(f *testing.F) {
	for _, request := range attacks() {
		if len(request.Query) < 64<<10 { // the largest are tried by TestAttacks
			f.Add(request.Query)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, cost, faults := graph.Read(text, nil)
		if len(faults) == 0 && cost.Requested < 1 {
			t.Errorf("it costs %d", cost.Requested)
		}
		for _, fault := range faults {
			if fault.Message == "" || fault.Extensions["code"] == nil {
				t.Errorf("got an error that helps nobody: %+v", fault)
			}
		}
	})
}

// No value of a variable makes it panic, or comes back.
func FuzzVariables(f *testing.F) {
	texts := []string{
		`query($v: Int) { residents(first: $v) { nodes { id } } }`,
		`query($v: Int! = 99) { residents(first: $v) { nodes { id } } }`,
		`query($v: String) { residents(after: $v) { nodes { id } } }`,
		`query($v: ID!) { resident(id: $v) { id } }`,
		`query($v: Boolean = false) { __typename @skip(if: $v) }`,
		`query($v: ResidentOrder! = NAME) { residents(orderBy: $v) { nodes { id } } }`,
		`query($v: [SourceName!]) { residents(sources: $v) { nodes { id } } }`,
		`query($v: Date) { residents(filter: { dateOfBirth: $v }) { nodes { id } } }`,
		`query($v: ResidentFilter) { residents(filter: $v) { nodes { id } } }`,
	}
	for _, given := range []string{
		`1`, `null`, `1.5`, `1e999`, `-2147483649`, `"1"`, `""`, `true`, `"MOSAIC"`, `"name"`,
		`["MOSAIC", null]`, `{"lastName": "a", "includeEnded": null}`, `{"lastName": {"lastName": 1}}`,
		`[{"lastName": ["a"]}]`, `"\ud800"`, nested("[", 5_000, "", "]"),
	} {
		for which := range texts {
			f.Add(uint8(which), given)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, given string) {
		decoder := json.NewDecoder(strings.NewReader(given))
		decoder.UseNumber()
		var value any
		if decoder.Decode(&value) != nil {
			t.Skip("it is no JSON")
		}
		_, _, faults := graph.Read(texts[int(which)%len(texts)], map[string]any{"v": value})
		text, isText := value.(string)
		for _, fault := range faults {
			if isText && len(text) > 20 && strings.Contains(fault.Message, text) {
				t.Errorf("got back what was given: %s", fault.Message)
			}
		}
	})
}

// No cursor that was not made here opens, and none makes it panic.
func FuzzCursor(f *testing.F) {
	for _, cursor := range []string{
		"", "A", "AAAA", "====", strings.Repeat("A", 38), strings.Repeat("_-", 1_000), "\x00", "é",
	} {
		f.Add("okafor", cursor)
	}
	secret := bytes.Repeat([]byte("key"), 11)
	f.Fuzz(func(t *testing.T, name, cursor string) {
		if graph.OpenCursor(secret, name, cursor) == nil {
			t.Errorf("it opened: %q", cursor)
		}
	})
}
