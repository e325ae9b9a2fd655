package rest_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"mime"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// A contract is openapi.yaml: OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
type contract struct {
	root any

	mu       sync.Mutex // the compiler is for one goroutine at a time
	compiler *jsonschema.Compiler
}

const contractName = "openapi.yaml"

func readContract(t *testing.T) *contract {
	t.Helper()
	text, err := os.ReadFile(contractName)
	if err != nil {
		t.Fatal(err)
	}
	return parseContract(t, text)
}

func parseContract(t *testing.T, text []byte) *contract {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	c := &contract{root: root, compiler: jsonschema.NewCompiler()}
	c.compiler.DefaultDraft(jsonschema.Draft2020)
	c.compiler.AssertFormat()
	if err := c.compiler.AddResource(contractName, root); err != nil {
		t.Fatal(err)
	}
	return c
}

// A node is a place in the contract: its JSON pointer and what is there.
type node struct {
	pointer string
	value   any
}

func escape(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// at returns the node under keys, by way of a $ref where there is one; its value is nil when there
// is none.
func (c *contract) at(from node, keys ...string) node {
	for _, key := range keys {
		switch value := from.value.(type) {
		case map[string]any:
			from = node{from.pointer + "/" + escape(key), value[key]}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(value) {
				return node{}
			}
			from = node{from.pointer + "/" + key, value[i]}
		default:
			return node{}
		}
		from = c.follow(from)
	}
	return from
}

func (c *contract) follow(from node) node {
	object, _ := from.value.(map[string]any)
	ref, ok := object["$ref"].(string)
	if !ok {
		return from
	}
	to := node{"", c.root}
	pointer := strings.TrimPrefix(ref, "#/")
	for key := range strings.SplitSeq(pointer, "/") {
		key = strings.NewReplacer("~1", "/", "~0", "~").Replace(key)
		to = c.at(to, key)
	}
	return to
}

func (c *contract) top(keys ...string) node { return c.at(node{"", c.root}, keys...) }

// keys returns the names in an object, in order.
func (n node) keys() []string {
	object, _ := n.value.(map[string]any)
	return slices.Sorted(maps.Keys(object))
}

// validate returns what is wrong with a value by the schema at a node.
func (c *contract) validate(schema node, value any) error {
	if schema.value == nil {
		return errors.New("there is no schema for it")
	}
	compiled, err := c.compile(schema)
	if err != nil {
		return err
	}
	return compiled.Validate(value)
}

func (c *contract) compile(schema node) (*jsonschema.Schema, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.compiler.Compile(contractName + "#" + schema.pointer)
}

// template returns the path of the contract that a path is of; blank for none.
func template(path string) string {
	switch rest, ok := strings.CutPrefix(path, "/residents/"); {
	case path == "/residents", path == "/openapi.yaml":
		return path
	case ok && rest != "" && !strings.Contains(rest, "/"):
		return "/residents/{id}"
	}
	return ""
}

// check holds an answer to what is documented for its path and status. Of a path that is none,
// there is the problem alone that says so.
func (c *contract) check(t *testing.T, path string, a answer) {
	t.Helper()
	documented := node{"", map[string]any{}}
	if known := template(path); known != "" {
		documented = c.top("paths", known, "get", "responses", strconv.Itoa(a.status))
	} else if a.status == 404 {
		documented = c.top("paths", "/residents/{id}", "get", "responses", "404")
	}
	if documented.value == nil || len(documented.keys()) == 0 {
		t.Errorf("%s: got %d, which is not documented: %s", path, a.status, a.body)
		return
	}
	for _, name := range c.at(documented, "headers").keys() {
		header := c.at(documented, "headers", name, "schema")
		if err := c.validate(header, a.header.Get(name)); err != nil {
			t.Errorf("%s: %d: header %s: %v", path, a.status, name, err)
		}
	}
	kind, parameters, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || parameters["charset"] != "utf-8" {
		t.Errorf("%s: %d: got content type %q", path, a.status, a.header.Get("Content-Type"))
	}
	var body any = string(a.body)
	if kind != "application/yaml" {
		if body, err = jsonschema.UnmarshalJSON(bytes.NewReader(a.body)); err != nil {
			t.Errorf("%s: %d: %v in %s", path, a.status, err, a.body)
			return
		}
	}
	if err := c.validate(c.at(documented, "content", kind, "schema"), body); err != nil {
		t.Errorf("%s: %d %s: %v\n%s", path, a.status, kind, err, a.body)
	}
	if object, _ := body.(map[string]any); a.status >= 400 &&
		fmt.Sprint(object["status"]) != strconv.Itoa(a.status) {
		t.Errorf("%s: got status %v in the body of a %d", path, object["status"], a.status)
	}
}
