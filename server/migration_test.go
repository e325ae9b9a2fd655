package main

import (
	"cmp"
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// What the command writes is what deploy/dms holds, for every source that is described.
func TestMigrationDMS(t *testing.T) {
	t.Parallel()
	for _, p := range catalogue.Sources() {
		if p.Mapping == nil {
			continue
		}
		name := pgSchema(p.Name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder, held := filepath.Join(t.TempDir(), "new", name), filepath.Join("../deploy/dms", name)
			var told webtest.Buffer
			err := run(t.Context(), []string{"migration", "dms", name, "--out", folder}, environment(),
				&told, io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadDir(held)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Count(told.String(), "wrote "+folder); got != len(want) {
				t.Errorf("it tells of %d files, want %d: %s", got, len(want), told.String())
			}
			for _, entry := range want {
				got, err := os.ReadFile(filepath.Join(folder, entry.Name()))
				if err != nil {
					t.Error(err)
				}
				text, err := os.ReadFile(filepath.Join(held, entry.Name()))
				if err != nil || !slices.Equal(got, text) {
					t.Errorf("%s is not as %s has it", entry.Name(), held)
				}
			}
		})
	}
}

// What the rules of DMS make of a source's tables is the tables that there are here: names, columns
// and no others. The comparison that DMS is told for a column works on it.
func TestMigrationDMSFillsTheTables(t *testing.T) {
	t.Parallel()
	db := postgres.New(t)
	tables := 0
	for _, p := range catalogue.Sources() {
		if p.Mapping == nil {
			continue
		}
		tasks, err := dms.Tasks(p.Mapping)
		if err != nil {
			t.Fatal(err)
		}
		for i := range tasks {
			brought := broughtBy(t, p.Mapping, tasks[i].Mapping)
			tables += len(brought)
			for table, columns := range brought {
				var want []string
				err := db.SelectContext(t.Context(), &want, `
					SELECT column_name FROM information_schema.columns
					WHERE  table_schema = $1 AND table_name = $2
					ORDER  BY column_name`, p.Mapping.Schema(), table)
				if err != nil {
					t.Fatal(err)
				}
				if got := slices.Sorted(maps.Keys(columns)); !slices.Equal(got, want) {
					t.Errorf("%s: DMS brings %v of %s, and there are %v", tasks[i].Identifier, got, table, want)
				}
				for column, function := range columns {
					quoted := pq.QuoteIdentifier(column)
					_, err := db.ExecContext(t.Context(), "SELECT "+
						strings.ReplaceAll(function, "${column-name}", quoted)+
						" FROM "+pq.QuoteIdentifier(p.Mapping.Schema())+"."+pq.QuoteIdentifier(table))
					if err != nil {
						t.Errorf("%s: %s of %s: %v", tasks[i].Identifier, column, table, err)
					}
				}
			}
		}
	}
	if tables < 3 {
		t.Errorf("got %d tables", tables)
	}
}

// broughtBy is what rules make of all that is known to be on a system: by the tables here, their
// columns with the function that DMS compares each by. It applies one rule to each object, and
// knows nothing of how the rules were made.
func broughtBy(t *testing.T, m *mapping.Mapping, rules []byte) map[string]map[string]string {
	t.Helper()
	var doc struct {
		Rules []struct {
			Type    string `json:"rule-type"`
			Action  string `json:"rule-action"`
			Value   string `json:"value"`
			Locator struct {
				Table  string `json:"table-name"`
				Column string `json:"column-name"`
			} `json:"object-locator"`
			Function string `json:"target-function"`
		} `json:"rules"`
	}
	if err := json.Unmarshal(rules, &doc); err != nil {
		t.Fatal(err)
	}
	type object struct{ table, column string }
	selected, included := map[string]bool{}, map[string]bool{}
	actions, values, functions := map[object]string{}, map[object]string{}, map[object]string{}
	for _, r := range doc.Rules {
		at := object{r.Locator.Table, r.Locator.Column}
		switch r.Type {
		case "selection":
			selected[at.table] = true
		case "transformation":
			actions[at], values[at] = r.Action, r.Value
			if r.Action == "include-column" {
				included[at.table] = true
			}
		case "validation":
			functions[at] = r.Function
		}
	}
	named := func(at object, name string) string {
		if actions[at] == "rename" {
			return values[at]
		}
		return name
	}
	brought := map[string]map[string]string{}
	for i := range m.Tables {
		from := &m.Tables[i]
		if !selected[from.From] {
			continue
		}
		known := slices.Collect(maps.Keys(from.Never))
		for j := range from.Columns {
			known = append(known, from.Columns[j].From)
		}
		columns := map[string]string{}
		for _, name := range known {
			at := object{from.From, name}
			if actions[at] == "remove-column" || included[at.table] && actions[at] != "include-column" {
				continue
			}
			columns[named(at, name)] = cmp.Or(functions[at], "${column-name}")
		}
		brought[named(object{table: from.From}, from.From)] = columns
	}
	return brought
}

func TestMigrationIsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		args []string
		want string
	}{
		"no command": {[]string{"migration"}, "load"},
		"no source":  {[]string{"migration", "dms", "--out", "x"}, "<source>"},
		"no folder":  {[]string{"migration", "dms", "mosaic"}, "--out"},
		"a source of files": {
			[]string{"migration", "dms", "qlik", "--out", "x"}, "<source> must be one",
		},
		"a source that is none": {[]string{"migration", "dms", "other", "--out", "x"}, "mosaic"},
		"a source not in use": {
			[]string{"migration", "dms", "mosaic", "--sources", "qlik", "--out", "x"},
			"<source> must be one",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := run(t.Context(), tt.args, environment(), io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want an error with %q", err, tt.want)
			}
		})
	}
}

// A folder that cannot be made is told.
func TestMigrationDMSIntoAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	err := run(t.Context(), []string{"migration", "dms", "mosaic", "--out", file}, environment(),
		io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v, want an error of %s", err, file)
	}
}
