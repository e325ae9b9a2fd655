package mapping_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// sound is a description without fault.
func sound() *mapping.Mapping {
	return &mapping.Mapping{
		Source: "PARKING", Title: "Parking", FreshFor: time.Hour, Current: "it is loaded each hour",
		Tables: []mapping.Table{{
			Database: "live", Owner: "dbo", From: "PERMIT", Name: "permit",
			Key: []string{"owner_id", "permit_no"}, Follows: true,
			Columns: []mapping.Column{
				{From: "NOTE", Type: "nvarchar(max)", Limit: 4_096},
				{From: "PERMIT_NO", Type: "int", NotNull: true},
				{From: "OWNER_ID", Type: "numeric(16,0)", As: "bigint", NotNull: true},
				{From: "BEAT_AT", Type: "datetime2(3)"},
				{From: "isActive", Type: "bit", Name: "isActive"},
			},
			Indexes: []string{"permit_by_owner"},
			Never:   map[string]string{"DISABILITY": "it is data about health"},
		}, {
			Owner: "dbo", From: "ZONE", Name: "zone", Rows: []string{"code"},
			Columns: []mapping.Column{{From: "CODE", Type: "char(3)"}},
		}},
		Heartbeat: &mapping.Heartbeat{Table: "permit", Column: "beat_at"},
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(m *mapping.Mapping, t *mapping.Table, c *mapping.Column)
		want  string
	}{
		"no name": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Source = ""
		}, "no name"},
		"no tables": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables, m.Heartbeat = nil, nil
		}, "no tables"},
		"never current": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.FreshFor = 0
		}, "what current means"},
		"current without a reason": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Current = ""
		}, "what current means"},
		"heartbeat of no table": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Heartbeat.Table = "beat"
		}, "in no table"},
		"heartbeat of no column": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Heartbeat.Column = "beat"
		}, "in no table"},
		"heartbeat that is not followed": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Follows = false
		}, "heartbeat is no datetime2"},
		"heartbeat that is no time": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Column("beat_at").Type = "int"
		}, "heartbeat is no datetime2"},
		"a table twice": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Name = "permit"
		}, "table permit stands there twice"},
		"a table for two": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Database, m.Tables[1].From = "LIVE", "permit"
		}, "table zone is taken from where another is"},
		"an index twice": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Indexes = []string{"permit_by_owner"}
		}, "index permit_by_owner stands there twice"},
		"a table without a name": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.From = ""
		}, "lacks a name"},
		"a table of nobody": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Owner = ""
		}, "lacks a name, an owner"},
		"a table without columns": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Columns = nil
		}, "owner or columns"},
		"no key and no rule": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Rows = nil
		}, "no key, and no other rule"},
		"followed without a key": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Follows = true
		}, "followed without a key"},
		"a key that is not taken": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Key = append(t.Key, "PERMIT_NO") // its name here is in lower case
		}, "column PERMIT_NO names its rows, and is not taken"},
		"a rule that is not taken": {func(m *mapping.Mapping, _ *mapping.Table, _ *mapping.Column) {
			m.Tables[1].Rows = []string{"letter"}
		}, "column letter names its rows, and is not taken"},
		"a column twice": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Columns = append(t.Columns, mapping.Column{From: "Permit_No", Type: "int"})
		}, "column permit_no stands there twice"},
		"a table of no database's name": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Database = "live; DROP"
		}, `"live; DROP" is no name`},
		"a table with a wildcard": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.From = "PER%"
		}, `"PER%" is no name`},
		"an index with a quote": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Indexes = []string{`a"b`}
		}, "is no name"},
		"a name that is too long": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Owner = strings.Repeat("a", 64)
		}, "is no name"},
		"a column without a name": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.From, c.Name = "", "note"
		}, "column note: it has no name"},
		"a column with a blank": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Name = "a note"
		}, "column a note: it has no name"},
		"no type": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Type = "varchar(9000)"
		}, `column note: mapping: "varchar(9000)" is no type`},
		"a type that cannot be taken": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Type = "sql_variant"
		}, "is no type"},
		"a time of day": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Type = "time(3)"
		}, "cannot be taken"},
		"what must never be taken": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.From = "disability"
		}, "must never be taken: it is data about health"},
		"large without a limit": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Limit = 0
		}, "large, and has no limit"},
		"a limit of what is not large": {func(_ *mapping.Mapping, _ *mapping.Table, c *mapping.Column) {
			c.Type = "varchar(30)"
		}, "a length of its own, and a limit"},
		"a large key": {func(_ *mapping.Mapping, t *mapping.Table, c *mapping.Column) {
			t.Key, c.NotNull = []string{"note"}, true
		}, "which its type cannot be"},
		"a key of floating point": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			*t.Column("permit_no") = mapping.Column{From: "PERMIT_NO", Type: "float", NotNull: true}
		}, "which its type cannot be"},
		"a key that may be null": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Column("owner_id").NotNull = false
		}, "column owner_id: it is in the key, and may be null"},
		"here of another kind": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Column("owner_id").As = "date"
		}, "date does not hold every numeric(16,0)"},
		"here too small": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Column("owner_id").As = "integer"
		}, "integer does not hold every numeric(16,0)"},
		"here in no words": {func(_ *mapping.Mapping, t *mapping.Table, _ *mapping.Column) {
			t.Column("owner_id").As = "int8"
		}, "int8 does not hold"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := sound()
			tt.spoil(m, &m.Tables[0], m.Tables[0].Column("note"))
			err := m.Check()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got %v, want an error with %q", err, tt.want)
			}
			if !strings.HasPrefix(err.Error(), "mapping of "+string(m.Source)+": ") {
				t.Errorf("got %q, which does not say of what", err)
			}
		})
	}
	if err := sound().Check(); err != nil {
		t.Errorf("got %v of one without fault", err)
	}
}

// All that is wrong is told at once.
func TestCheckTellsAll(t *testing.T) {
	t.Parallel()
	m := sound()
	m.Current, m.Tables[1].Rows, m.Tables[0].Columns[0].Limit = "", nil, 0
	err := m.Check()
	for _, want := range []string{"current means", "no other rule", "no limit"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestMapping(t *testing.T) {
	t.Parallel()
	m := sound()
	if got := m.Schema(); got != "parking" {
		t.Errorf("got the schema %q", got)
	}
	if got := m.Databases(); !slices.Equal(got, []string{"live", ""}) {
		t.Errorf("got the databases %q", got)
	}
	if m.Table("PERMIT") != nil || m.Table("zone") != &m.Tables[1] {
		t.Error("a table goes by its name here, and by no other")
	}
	permit := m.Table("permit")
	if permit.Column("isactive") != nil || permit.Column("isActive") == nil {
		t.Error("a column goes by its name here, and by no other")
	}
	var ordered []string
	for _, c := range permit.Ordered() {
		ordered = append(ordered, c.Named())
	}
	want := []string{"owner_id", "permit_no", "note", "beat_at", "isActive"}
	if !slices.Equal(ordered, want) {
		t.Errorf("got %q, want %q", ordered, want)
	}
	if got := permit.Column("owner_id").Target(); got != "bigint" {
		t.Errorf("got %q, want what As says", got)
	}
	if got := permit.Column("note").Target(); got != "text" {
		t.Errorf("got %q, want text", got)
	}
	if got := (&mapping.Column{Type: "nothing"}).Parsed(); got != (mapping.Type{}) {
		t.Errorf("got %+v of no type", got)
	}
}
