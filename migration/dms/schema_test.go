package dms_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const (
	mappingSchema  = "table-mapping.schema.json"
	settingsSchema = "task-settings.schema.json"
)

// described are the descriptions of all sources that have one, and the made-up one.
func described() []*mapping.Mapping {
	all := []*mapping.Mapping{madeUp()}
	for _, p := range catalogue.Sources() {
		if p.Mapping != nil {
			all = append(all, p.Mapping)
		}
	}
	return all
}

func compiled(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	root, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(name, root); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(document)
}

// What is written is in the formats that DMS documents.
func TestDocumentsAreOfTheirSchemas(t *testing.T) {
	t.Parallel()
	mappings, settings := compiled(t, mappingSchema), compiled(t, settingsSchema)
	for _, m := range described() {
		tasks, err := dms.Tasks(m)
		if err != nil {
			t.Fatal(err)
		}
		for i := range tasks {
			task := &tasks[i]
			if err := validate(t, mappings, task.Mapping); err != nil {
				t.Errorf("%s: the table mapping: %v", task.Identifier, err)
			}
			if err := validate(t, settings, task.Settings); err != nil {
				t.Errorf("%s: the settings: %v", task.Identifier, err)
			}
		}
	}
}

// The schema of table mappings refuses what DMS does.
func TestSchemaOfMappingsRefuses(t *testing.T) {
	t.Parallel()
	first := func(t *testing.T, doc object) object {
		t.Helper()
		return ruleOf(t, doc, "select-dbo-PERMIT")
	}
	tests := map[string]func(t *testing.T, doc object){
		"no rules":       func(_ *testing.T, doc object) { doc["rules"] = list{} },
		"no selection":   func(t *testing.T, doc object) { drop(t, doc, "select-dbo-PERMIT") },
		"what is beside": func(_ *testing.T, doc object) { doc["more"] = true },
		"an unknown type": func(t *testing.T, doc object) {
			first(t, doc)["rule-type"] = "select"
		},
		"an unknown action": func(t *testing.T, doc object) { first(t, doc)["rule-action"] = "take" },
		"a number that is one": func(t *testing.T, doc object) {
			first(t, doc)["rule-id"] = 1
		},
		"a number with letters": func(t *testing.T, doc object) { first(t, doc)["rule-id"] = "1a" },
		"no number":             func(t *testing.T, doc object) { delete(first(t, doc), "rule-id") },
		"no locator": func(t *testing.T, doc object) {
			delete(first(t, doc), "object-locator")
		},
		"an explicit wildcard": func(t *testing.T, doc object) {
			first(t, doc)["object-locator"] = locator("dbo", "P%")
		},
		"a column that is selected": func(t *testing.T, doc object) {
			first(t, doc)["object-locator"] = locator("dbo", "PERMIT", "ISSUED")
		},
		"a misspelled key": func(t *testing.T, doc object) { first(t, doc)["rule_action"] = "include" },
		"a rename to nothing": func(t *testing.T, doc object) {
			delete(ruleOf(t, doc, "rename-dbo"), "value")
		},
		"a schema with a table": func(t *testing.T, doc object) {
			ruleOf(t, doc, "rename-dbo")["object-locator"] = locator("dbo", "PERMIT")
		},
		"no target": func(t *testing.T, doc object) {
			delete(ruleOf(t, doc, "rename-dbo"), "rule-target")
		},
		"a removal of a table": func(_ *testing.T, doc object) {
			add(doc, transformation("remove-column", "table", locator("dbo", "PERMIT")))
		},
		"an inclusion of no column": func(_ *testing.T, doc object) {
			add(doc, transformation("include-column", "column", locator("dbo", "PERMIT")))
		},
		"another type, of nothing": func(_ *testing.T, doc object) {
			add(doc, transformation("change-data-type", "column", locator("dbo", "PERMIT", "ISSUED")))
		},
		"a type of PostgreSQL": func(_ *testing.T, doc object) {
			r := transformation("change-data-type", "column", locator("dbo", "PERMIT", "ISSUED"))
			r["data-type"] = object{"type": "bigint"}
			add(doc, r)
		},
		"settings of all tables": func(_ *testing.T, doc object) {
			add(doc, object{
				"rule-type": "table-settings", "rule-id": "7", "rule-name": "all",
				"object-locator": locator("dbo", "%"), "lob-settings": object{"bulk-max-size": "1"},
			})
		},
		"settings of nothing": func(_ *testing.T, doc object) {
			add(doc, object{
				"rule-type": "table-settings", "rule-id": "7", "rule-name": "none",
				"object-locator": locator("dbo", "PERMIT"),
			})
		},
		"a validation without functions": func(t *testing.T, doc object) {
			r := ruleOf(t, doc, "compare-dbo-PERMIT-CHANGED")
			delete(r, "source-function")
			delete(r, "target-function")
		},
	}
	schema, task := compiled(t, mappingSchema), tasksOf(t, madeUp())[follow]
	for name, edit := range tests {
		if err := validate(t, schema, edited(t, task.Mapping, edit)); err == nil {
			t.Errorf("%s: it is not refused", name)
		}
	}
}

// The schema of settings refuses a setting that is missing, of another type, or not known: each.
func TestSchemaOfSettingsRefuses(t *testing.T) {
	t.Parallel()
	schema, task := compiled(t, settingsSchema), tasksOf(t, madeUp())[follow]
	var whole object
	if err := json.Unmarshal(task.Settings, &whole); err != nil {
		t.Fatal(err)
	}
	refused := func(what string, edit func(doc object)) {
		t.Helper()
		text := edited(t, task.Settings, func(_ *testing.T, doc object) { edit(doc) })
		if err := validate(t, schema, text); err == nil {
			t.Errorf("%s: it is not refused", what)
		}
	}
	settings := 0
	for section, within := range whole {
		refused("no "+section, func(doc object) { delete(doc, section) })
		refused(section+" is null", func(doc object) { doc[section] = nil })
		named, ok := within.(object)
		if !ok {
			continue
		}
		refused("more in "+section, func(doc object) { doc[section].(object)["More"] = true })
		for setting := range named {
			settings++
			name := section + "." + setting
			if setting != "EnableLogContext" { // which came later, and may be left out
				refused("no "+name, func(doc object) { delete(doc[section].(object), setting) })
			}
			refused(name+" is null", func(doc object) { doc[section].(object)[setting] = nil })
			refused(name+" is a list of lists", func(doc object) {
				doc[section].(object)[setting] = list{list{}}
			})
		}
	}
	if settings < 80 {
		t.Errorf("got %d settings", settings)
	}
	refused("a log group", func(doc object) {
		doc["Logging"].(object)["CloudWatchLogGroup"] = "dms-tasks"
	})
	refused("both modes for large values", func(doc object) {
		doc["TargetMetadata"].(object)["FullLobMode"] = true
	})
	refused("an unknown policy", func(doc object) {
		doc["ErrorBehavior"].(object)["ApplyErrorInsertPolicy"] = "UPDATE_RECORD"
	})
	refused("an unknown component", func(doc object) {
		doc["Logging"].(object)["LogComponents"].(list)[0].(object)["Id"] = "ALL"
	})
}
