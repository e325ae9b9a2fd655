package rest_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The contract that is served is the one that the other tests hold answers to.
func TestContractIsServed(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	served := s.get(t, "/openapi.yaml")
	if served.status != 200 {
		t.Fatalf("got %d", served.status)
	}
	if !reflect.DeepEqual(parseContract(t, served.body).root, s.contract.root) {
		t.Error("got another contract")
	}
}

func TestContractIsOpenAPI(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	if got := c.top("openapi").value; got != "3.1.0" {
		t.Errorf("got OpenAPI %v", got)
	}
	for _, required := range []string{"title", "version"} {
		if c.top("info", required).value == nil {
			t.Errorf("info has no %s", required)
		}
	}
	if got := c.top("servers", "0", "url").value; got != "/api/v1" {
		t.Errorf("got server %v", got)
	}
	c.walk(node{"", c.root}, func(n node) {
		object, _ := n.value.(map[string]any)
		if ref, ok := object["$ref"].(string); ok {
			if c.follow(n).value == nil || !strings.HasPrefix(ref, "#/components/") {
				t.Errorf("%s: %s leads nowhere", n.pointer, ref)
			}
		}
	})
	operations := map[string]bool{}
	for _, path := range c.top("paths").keys() {
		for _, method := range c.top("paths", path).keys() {
			operation := c.top("paths", path, method)
			id, _ := c.at(operation, "operationId").value.(string)
			if id == "" || operations[id] {
				t.Errorf("%s: got operationId %q", operation.pointer, id)
			}
			operations[id] = true
			c.checkOperation(t, operation)
		}
	}
}

// walk visits every node under n, references as they stand.
func (c *contract) walk(n node, visit func(node)) {
	visit(n)
	switch value := n.value.(type) {
	case map[string]any:
		for key, child := range value {
			c.walk(node{n.pointer + "/" + escape(key), child}, visit)
		}
	case []any:
		for _, child := range value {
			c.walk(node{n.pointer + "/-", child}, visit)
		}
	}
}

// checkOperation sees that everything in an operation has a description and a schema that compiles,
// and that each example is one.
func (c *contract) checkOperation(t *testing.T, operation node) {
	t.Helper()
	if c.at(operation, "summary").value == nil {
		t.Errorf("%s: there is no summary", operation.pointer)
	}
	parameters, _ := c.at(operation, "parameters").value.([]any)
	for i := range parameters {
		parameter := c.at(operation, "parameters", strconv.Itoa(i))
		c.checkSchema(t, parameter)
		if c.at(parameter, "description").value == nil {
			t.Errorf("%s: there is no description", parameter.pointer)
		}
		if c.at(parameter, "in").value == "path" && c.at(parameter, "required").value != true {
			t.Errorf("%s: it is in the path, and not required", parameter.pointer)
		}
	}
	statuses := c.at(operation, "responses").keys()
	if !slices.Contains(statuses, "200") || !slices.Contains(statuses, "405") {
		t.Errorf("%s: got %v", operation.pointer, statuses)
	}
	for _, status := range statuses {
		response := c.at(operation, "responses", status)
		if c.at(response, "description").value == nil {
			t.Errorf("%s: there is no description", response.pointer)
		}
		for _, header := range c.at(response, "headers").keys() {
			c.checkSchema(t, c.at(response, "headers", header))
		}
		kinds := c.at(response, "content").keys()
		if len(kinds) != 1 || status >= "400" && kinds[0] != "application/problem+json" {
			t.Errorf("%s: got %v", response.pointer, kinds)
		}
		for _, kind := range kinds {
			c.checkSchema(t, c.at(response, "content", kind))
		}
	}
}

// checkSchema compiles the schema of a parameter, a header or a content, and holds its examples to
// it.
func (c *contract) checkSchema(t *testing.T, of node) {
	t.Helper()
	schema := c.at(of, "schema")
	if schema.value == nil {
		t.Errorf("%s: there is no schema", of.pointer)
		return
	}
	if _, err := c.compile(schema); err != nil {
		t.Errorf("%s: %v", schema.pointer, err)
		return
	}
	if example := c.at(of, "example"); example.value != nil {
		if err := c.validate(schema, example.value); err != nil {
			t.Errorf("%s: %v", example.pointer, err)
		}
	}
	for _, name := range c.at(of, "examples").keys() {
		example := c.at(of, "examples", name, "value")
		if err := c.validate(schema, example.value); err != nil {
			t.Errorf("%s: %v", example.pointer, err)
		}
	}
}

// Each schema of an object is closed, and names all that it requires.
func TestContractIsStrict(t *testing.T) {
	t.Parallel()
	c := readContract(t)
	for _, name := range c.top("components", "schemas").keys() {
		c.walk(c.top("components", "schemas", name), func(n node) {
			object, _ := n.value.(map[string]any)
			if object["type"] != "object" {
				return
			}
			if object["additionalProperties"] != false {
				t.Errorf("%s: it is open", n.pointer)
			}
			properties := c.at(n, "properties").keys()
			required, _ := object["required"].([]any)
			for _, property := range required {
				if !slices.Contains(properties, property.(string)) {
					t.Errorf("%s: %s is required and not there", n.pointer, property)
				}
			}
			if !strings.HasPrefix(n.pointer, "/components/schemas/Problem") &&
				len(required) != len(properties) {
				t.Errorf("%s: %d of %d are required", n.pointer, len(required), len(properties))
			}
		})
	}
}

// The examples are what is answered, but for cursors, which nobody can write by hand. Their
// summaries say to what.
func TestExamples(t *testing.T) {
	t.Parallel()
	fixture := newService(t, newGraph(t, newFixture(t)))
	empty := newService(t, newGraph(t, postgres.Scratch(t)))
	examples := fixture.contract.top("components", "examples").keys()
	if len(examples) < 7 {
		t.Errorf("got %v", examples)
	}
	for _, name := range examples {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			example := fixture.contract.top("components", "examples", name)
			summary, _ := fixture.contract.at(example, "summary").value.(string)
			target, isEmpty := strings.CutSuffix(
				strings.TrimPrefix(summary, "GET "), ", before any data was loaded")
			s := fixture
			if isEmpty {
				s = empty
			}
			got := s.get(t, target).body
			want, err := json.Marshal(fixture.contract.at(example, "value").value)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(withoutCursor(t, got), withoutCursor(t, want)) {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func withoutCursor(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var value map[string]any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if cursor, ok := value["nextCursor"].(string); ok && cursor != "" {
		value["nextCursor"] = "there is one"
	}
	return value
}

// Every parameter of a list that is documented is known, and the other way round: the answer to one
// that is not known names those that are.
func TestParametersAreDocumented(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	var refused problem
	s.get(t, "/residents?shoe_size=4").want(t, 400, &refused)
	_, list, _ := strings.Cut(refused.Errors[0].Detail, "known are ")
	known := strings.Split(list, ", ")

	operation := s.contract.top("paths", "/residents", "get")
	var documented []string
	parameters, _ := s.contract.at(operation, "parameters").value.([]any)
	for i := range parameters {
		parameter := s.contract.at(operation, "parameters", strconv.Itoa(i))
		if s.contract.at(parameter, "in").value == "query" { // the header is of all alike
			name, _ := s.contract.at(parameter, "name").value.(string)
			documented = append(documented, name)
		}
	}
	if !slices.Equal(documented, known) {
		t.Errorf("got %v documented, and %v known", documented, known)
	}
	var one page
	s.get(t, "/residents?first_name=ada&last_name=okafor&date_of_birth=1984-02-29&postcode=E8+1DY"+
		"&address=mare+street&mosaic_id=31&context_flag=A&limit=50").want(t, 200, &one)
	if got := one.ids(); !slices.Equal(got, []string{"31"}) {
		t.Errorf("got %v, want Ada by every parameter at once", got)
	}
}

// The bounds of limit are those that are documented.
func TestLimitIsDocumented(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newSample(t)))
	schema := s.contract.top("paths", "/residents", "get", "parameters", "9", "schema")
	bound := func(key string) string {
		number, _ := s.contract.at(schema, key).value.(json.Number)
		return number.String()
	}
	for limit, want := range map[string]int{
		"&limit=" + bound("minimum"): 1, "&limit=" + bound("maximum"): 100, "": 20,
	} {
		var got page
		s.get(t, "/residents?"+strings.TrimPrefix(limit, "&")).want(t, 200, &got)
		if len(got.Residents) != want || got.NextCursor == nil {
			t.Errorf("%q: got %d residents, want %d and a next page", limit, len(got.Residents), want)
		}
	}
	if bound("minimum") != "1" || bound("maximum") != "100" || bound("default") != "20" {
		t.Errorf("got %v", schema.value)
	}
}
