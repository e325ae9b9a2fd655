package dms_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func TestTasks(t *testing.T) {
	t.Parallel()
	tasks, err := dms.Tasks(madeUp())
	if err != nil {
		t.Fatal(err)
	}
	want := []dms.Task{
		{
			Identifier: "parking-park-live-follow", Type: dms.Follow,
			Database: "Park_Live", Schema: "parking",
		},
		{
			Identifier: "parking-park-live-load", Type: dms.FullLoad,
			Database: "Park_Live", Schema: "parking_landing",
		},
		{
			Identifier: "parking-archive-follow", Type: dms.Follow,
			Database: "archive", Schema: "parking",
		},
		{
			Identifier: "parking-archive-load", Type: dms.FullLoad,
			Database: "archive", Schema: "parking_landing",
		},
	}
	if len(tasks) != len(want) {
		t.Fatalf("got %d tasks, want %d", len(tasks), len(want))
	}
	for i := range want {
		got, want := &tasks[i], &want[i]
		if got.Identifier != want.Identifier || got.Type != want.Type ||
			got.Database != want.Database || got.Schema != want.Schema {
			t.Errorf("got %s, %s, %q to %s; want %s, %s, %q to %s", got.Identifier, got.Type,
				got.Database, got.Schema, want.Identifier, want.Type, want.Database, want.Schema)
		}
		follows := strings.Contains(got.SourceAttributes,
			";fatalOnSimpleModel=true;safeguardPolicy=RELY_ON_SQL_SERVER_REPLICATION_AGENT;"+
				"activateSafeguard=true")
		if follows != (want.Type == dms.Follow) {
			t.Errorf("%s: the source is given %s", got.Identifier, got.SourceAttributes)
		}
		if !strings.HasPrefix(got.SourceAttributes, "setUpMsCdcForTables=false;") {
			t.Errorf("%s: DMS may set up the source: %s", got.Identifier, got.SourceAttributes)
		}
	}
}

// rules are those of a task, each in words.
func rules(t *testing.T, task *dms.Task) []string {
	t.Helper()
	var doc struct {
		Rules []map[string]any `json:"rules"`
	}
	if err := json.Unmarshal(task.Mapping, &doc); err != nil {
		t.Fatal(err)
	}
	text := func(v any) string {
		s, _ := v.(string)
		return s
	}
	var all []string
	for _, r := range doc.Rules {
		at := r["object-locator"].(map[string]any)
		words := []string{text(r["rule-type"]), text(r["rule-action"])}
		for _, key := range []string{"schema-name", "table-name", "column-name"} {
			words = append(words, text(at[key]))
		}
		if large, ok := r["lob-settings"].(map[string]any); ok {
			words = append(words, text(large["mode"]), text(large["bulk-max-size"]))
		}
		all = append(all, strings.Join(strings.Fields(strings.Join(append(words, text(r["value"])), " ")),
			" "))
	}
	return all
}

func TestRules(t *testing.T) {
	t.Parallel()
	tests := map[string][]string{
		"parking-park-live-follow": {
			"selection explicit dbo PERMIT",
			"transformation rename dbo parking",
			"transformation rename dbo PERMIT permit",
			"transformation rename dbo PERMIT PERMIT_ID id",
			"transformation rename dbo PERMIT ISSUED issued",
			"transformation rename dbo PERMIT CHANGED changed",
			"transformation remove-column dbo PERMIT DISABILITY",
			// ISSUED is in the key, for which DMS takes no function.
			"validation override-validation-function dbo PERMIT CHANGED",
		},
		"parking-archive-follow": {
			"selection explicit dbo CCLetter",
			"transformation rename dbo parking",
			"transformation remove-column dbo CCLetter Author",
			"table-settings dbo CCLetter limited 1954", // 2,000,001 bytes
		},
		"parking-archive-load": {
			"selection explicit dbo zone",
			"transformation rename dbo parking_landing",
			"transformation include-column dbo zone code",
			"transformation include-column dbo zone since",
		},
	}
	tasks := tasksOf(t, madeUp())
	for name, want := range tests {
		task := tasks[name]
		if got := rules(t, &task); !slices.Equal(got, want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// A rule's number does not change with what else is taken, or a task would be changed as a whole
// each time.
func TestRulesAreStable(t *testing.T) {
	t.Parallel()
	fewer := madeUp()
	fewer.Tables[0].Columns = slices.Delete(fewer.Tables[0].Columns, 2, 3)
	fewer.Tables[0].Never = nil
	was := tasksOf(t, madeUp())["parking-park-live-follow"]
	is := tasksOf(t, fewer)["parking-park-live-follow"]
	type numbered struct {
		Rules []struct {
			ID   string `json:"rule-id"`
			Name string `json:"rule-name"`
		} `json:"rules"`
	}
	var before, after numbered
	if err := errors.Join(
		json.Unmarshal(was.Mapping, &before), json.Unmarshal(is.Mapping, &after),
	); err != nil {
		t.Fatal(err)
	}
	if len(after.Rules) != len(before.Rules)-3 {
		t.Fatalf("got %d rules of %d", len(after.Rules), len(before.Rules))
	}
	for _, r := range after.Rules {
		if !slices.Contains(before.Rules, r) {
			t.Errorf("rule %s was another before", r.Name)
		}
	}
}

func TestTasksAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		edit func(permit *mapping.Table)
		want string
	}{
		"a description with faults": {
			func(p *mapping.Table) { p.Key = nil }, "without a key",
		},
		"a column with a wildcard": {
			func(p *mapping.Table) { p.Columns[2].From, p.Columns[2].Name = "CHANGED%", "changed" },
			"name",
		},
		"a set of characters": {
			func(p *mapping.Table) { p.From = "PERMIT[S]" }, `"PERMIT[S]"`,
		},
		"a table with a quotation mark": {
			func(p *mapping.Table) { p.From = `PER"MIT` }, `"PER\"MIT"`,
		},
		"an owner with a wildcard": {
			func(p *mapping.Table) { p.Owner = "%" }, `"%"`,
		},
		"a name here with a quotation mark": {
			func(p *mapping.Table) { p.Name = "per'mit" }, `"per'mit"`,
		},
		"a column that is never taken, with a wildcard": {
			func(p *mapping.Table) { p.Never = map[string]string{"D%": "special"} }, `"D%"`,
		},
		"a large column by another name": {
			func(p *mapping.Table) { p.Columns[2].Type, p.Columns[2].Limit = "text", 1 },
			"CHANGED of PERMIT is large",
		},
		"a large column that is too large": {
			func(p *mapping.Table) {
				p.Columns[2] = mapping.Column{From: "notes", Type: "text", Limit: 102_400<<10 + 1}
			},
			"no more than DMS takes",
		},
		"a _ that stands for another letter": {
			func(p *mapping.Table) { p.Never = map[string]string{"PERMITXID": "not needed"} },
			"a rule for PERMIT_ID is one for PERMITXID too",
		},
		"a database that makes no identifier": {
			func(p *mapping.Table) { p.Database = "park live" }, "park live",
		},
		"a database with a long name": {
			func(p *mapping.Table) { p.Database = strings.Repeat("a", 20) }, "no identifier",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := madeUp()
			tt.edit(&m.Tables[0])
			_, err := dms.Tasks(m)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}
