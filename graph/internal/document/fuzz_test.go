package document_test

import (
	"encoding/json"
	"strings"
	"testing"
)

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
		_, faults := read(texts[int(which)%len(texts)], map[string]any{"v": value})
		text, isText := value.(string)
		for _, fault := range faults {
			if isText && len(text) > 20 && strings.Contains(fault.Message, text) {
				t.Errorf("got back what was given: %s", fault.Message)
			}
		}
	})
}
