package drift_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/drift"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func permits() *mapping.Table {
	return &mapping.Table{
		Owner: "dbo", From: "PERMIT", Name: "permit",
		Key: []string{"zone_id", "permit_no"}, Follows: true,
		Columns: []mapping.Column{
			{From: "PERMIT_NO", Type: "int", NotNull: true},
			{From: "ZONE_ID", Type: "numeric(9,0)", As: "bigint", NotNull: true},
			{From: "HOLDER", Type: "varchar(30)"},
		},
		Never: map[string]string{"HEALTH": "it is about health"},
	}
}

// told is what a system says of a table, as it was described.
func told(t *mapping.Table) migration.Catalogue {
	var c migration.Catalogue
	for _, column := range t.Columns {
		c.Columns = append(c.Columns, migration.CatalogueColumn{
			Name: column.From, Type: column.Type, NotNull: column.NotNull,
		})
	}
	if t.Follows {
		for _, name := range t.Key {
			c.Key = append(c.Key, t.Column(name).From)
		}
	}
	return c
}

func check(t *testing.T, name string, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: got %q, want %d", name, got, len(want))
		return
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("%s: got %q, want it to say %q", name, got[i], want[i])
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	type table = mapping.Table
	type system = migration.Catalogue
	add := func(names ...string) func(*table, *system) {
		return func(_ *table, c *system) {
			for _, name := range names {
				c.Columns = append(c.Columns, migration.CatalogueColumn{Name: name, Type: "geography"})
			}
		}
	}
	many := make([]string, 23)
	for i := range many {
		many[i] = fmt.Sprintf("c%02d", i)
	}
	tests := map[string]struct {
		change   func(*table, *system)
		warnings []string
		faults   []string
	}{
		"as described": {func(*table, *system) {}, nil, nil},
		"other letter case, other order": {func(_ *table, c *system) {
			c.Columns[0].Name, c.Columns[2].Name, c.Key[0] = "permit_no", "Holder", "zone_Id"
			c.Columns[2].Type = "VARCHAR(30)"
			slices.Reverse(c.Columns)
		}, nil, nil},
		"names alone": {func(_ *table, c *system) {
			for i := range c.Columns {
				c.Columns[i].Type, c.Columns[i].NotNull, c.Key = "", false, nil
			}
		}, nil, nil},
		"names alone, of which one is missing": {func(_ *table, c *system) {
			*c = system{Columns: []migration.CatalogueColumn{{Name: "permit_no"}, {Name: "zone_id"}}}
		}, nil, []string{"column HOLDER is not on the system"}},
		"types as PostgreSQL has them": {func(_ *table, c *system) {
			c.Columns[0].Type, c.Columns[1].Type = "integer", "bigint"
			c.Columns[2].Type = "character varying(30)"
		}, nil, nil},
		"another type of PostgreSQL": {func(_ *table, c *system) {
			c.Columns[2].Type = "character varying(60)"
		}, nil, []string{"column HOLDER is character varying(60) on the system, which cannot be taken"}},
		"no table": {func(_ *table, c *system) { *c = system{} }, nil, []string{
			"there is no table dbo.PERMIT",
		}},
		"no table that may be missing": {func(t *table, c *system) {
			t.Optional, *c = true, system{}
		}, []string{"there is no table dbo.PERMIT on the system, which may be without it"}, nil},
		"an added column": {add("NICKNAME"), []string{
			"on the system, and not described: NICKNAME",
		}, nil},
		"many added columns":           {add(many...), []string{", c18, c19 and 3 more"}, nil},
		"one that must never be taken": {add("health"), nil, nil},
		"two that differ in letter case": {func(_ *table, c *system) {
			c.Columns = append([]migration.CatalogueColumn{{Name: "holder", Type: "image"}}, c.Columns...)
		}, nil, nil},
		"a missing column": {func(_ *table, c *system) {
			c.Columns = c.Columns[:2]
		}, nil, []string{"column HOLDER is not on the system"}},
		"a renamed column": {func(_ *table, c *system) {
			c.Columns[2].Name = "HOLDERS"
		}, []string{"not described: HOLDERS"}, []string{"column HOLDER is not"}},
		"a key without values": {func(_ *table, c *system) {
			c.Columns[0].NotNull = false
		}, nil, []string{"column PERMIT_NO is in the key, and may be without a value on the system"}},
		"a key without values, of what is loaded whole": {func(t *table, c *system) {
			t.Follows, c.Columns[0].NotNull, c.Key = false, false, nil
		}, []string{"column PERMIT_NO is in the key, and may be without a value"}, nil},
		"another column without values": {func(t *table, _ *system) {
			t.Column("holder").NotNull = true // the catalogue was told before
		}, nil, nil},
		"no primary key": {func(_ *table, c *system) { c.Key = nil }, nil, []string{
			"has no primary key on the system",
		}},
		"no primary key, of what is loaded whole": {func(t *table, c *system) {
			t.Follows, c.Key = false, nil
		}, nil, nil},
		"another primary key": {func(_ *table, c *system) {
			c.Key = []string{"ZONE_ID"}
		}, nil, []string{"is (zone_id), and (zone_id, permit_no) is described"}},
		"a key in another order": {func(_ *table, c *system) { slices.Reverse(c.Key) }, []string{
			"is (permit_no, zone_id), in another order than is described",
		}, nil},
	}
	for name, tt := range tests {
		described := permits()
		c := told(described)
		tt.change(described, &c)
		warnings, faults := drift.Compare(described, c)
		check(t, name+": warnings", warnings, tt.warnings...)
		check(t, name+": faults", faults, tt.faults...)
	}
}

func TestCompareTypes(t *testing.T) {
	t.Parallel()
	const less, other = "it holds less than it did", "it is another type"
	tests := map[string]struct {
		described mapping.Column
		is        string
		warning   string
		fault     string
	}{
		"longer text": {
			described: mapping.Column{Type: "varchar(30)"}, is: "varchar(60)",
			warning: "column C is varchar(60) on the system, and varchar(30) is described: a value" +
				" longer than 30 characters stops the table, for here it is character varying(30)",
		},
		"longer text, which is text here": {
			described: mapping.Column{Type: "varchar(30)", As: "text"}, is: "varchar(60)",
			warning: "every value fits here all the same",
		},
		"longer padded text": {
			described: mapping.Column{Type: "char(10)"}, is: "char(12)",
			warning: "a value longer than 10 characters stops the table, for here it is character(10)",
		},
		"more scripts": {
			described: mapping.Column{Type: "varchar(30)"}, is: "nvarchar(30)",
			warning: "every value fits",
		},
		"fewer scripts": {
			described: mapping.Column{Type: "nvarchar(30)"}, is: "varchar(30)", fault: less,
		},
		"more scripts and shorter": {
			described: mapping.Column{Type: "varchar(30)"}, is: "nvarchar(20)", fault: other,
		},
		"shorter text": {
			described: mapping.Column{Type: "varchar(30)"}, is: "varchar(29)", fault: less,
		},
		"text that became large": {
			described: mapping.Column{Type: "varchar(30)"}, is: "varchar(max)",
			fault: "no length any more, and no limit",
		},
		"large text that did not": {
			described: mapping.Column{Type: "varchar(max)", Limit: 9}, is: "varchar(8000)", fault: less,
		},
		"large text by another name": {
			described: mapping.Column{Type: "varchar(max)", Limit: 9}, is: "text",
		},
		"padded text that is not": {
			described: mapping.Column{Type: "char(10)"}, is: "varchar(10)", fault: other,
		},
		"more digits, which fit": {
			described: mapping.Column{Type: "numeric(9,0)", As: "bigint"}, is: "int",
			warning: "every value fits",
		},
		"more digits, which do not": {
			described: mapping.Column{Type: "numeric(16,0)", As: "bigint"}, is: "numeric(20,0)",
			warning: "a value that does not fit stops the table, for here it is bigint",
		},
		"fewer digits": {described: mapping.Column{Type: "int"}, is: "smallint", fault: less},
		"digits after the point": {
			described: mapping.Column{Type: "numeric(9,2)"}, is: "numeric(11,4)",
			fault: "digits after the point would be lost here",
		},
		"digits after the point, which fit": {
			described: mapping.Column{Type: "numeric(9,2)", As: "numeric"}, is: "numeric(11,4)",
			warning: "every value fits",
		},
		"another size and scale": {
			described: mapping.Column{Type: "numeric(9,2)"}, is: "numeric(9,4)", fault: other,
		},
		"money": {described: mapping.Column{Type: "smallmoney"}, is: "money",
			warning: "a value that does not fit stops the table"},
		"a number that is text": {described: mapping.Column{Type: "int"}, is: "varchar(9)", fault: other},
		"a truth that is a number": {
			described: mapping.Column{Type: "bit"}, is: "tinyint", fault: other,
		},
		"more precise floating point": {
			described: mapping.Column{Type: "real"}, is: "float", fault: other,
		},
		"less precise floating point": {
			described: mapping.Column{Type: "float"}, is: "float(24)", fault: other,
		},
		"more precise time": {
			described: mapping.Column{Type: "datetime2(3)"}, is: "datetime2(6)",
			warning: "every value fits",
		},
		"less precise time": {
			described: mapping.Column{Type: "datetime2(3)"}, is: "smalldatetime", fault: less,
		},
		"time of 100 ns": {
			described: mapping.Column{Type: "datetime2(3)"}, is: "datetime2(7)", fault: other,
		},
		"time that does not count ticks": {
			described: mapping.Column{Type: "datetime"}, is: "datetime2(3)", fault: other,
		},
		"a time that is a day": {
			described: mapping.Column{Type: "datetime"}, is: "date", fault: other,
		},
		"longer bytes": {
			described: mapping.Column{Type: "varbinary(8)"}, is: "varbinary(16)",
			warning: "every value fits",
		},
		"a type that nobody can take": {
			described: mapping.Column{Type: "varchar(30)"}, is: "sql_variant",
			fault: "column C is sql_variant on the system, which cannot be taken; varchar(30) is" +
				" described",
		},
		"the same in other words": {
			described: mapping.Column{Type: "decimal(9,0)"}, is: "numeric(9)",
		},
	}
	for name, tt := range tests {
		tt.described.From = "C"
		described := &mapping.Table{
			Owner: "dbo", From: "T", Name: "t", Rows: []string{"c"},
			Columns: []mapping.Column{tt.described},
		}
		warnings, faults := drift.Compare(described, migration.Catalogue{
			Columns: []migration.CatalogueColumn{{Name: "c", Type: tt.is}},
		})
		var wantWarnings, wantFaults []string
		if tt.warning != "" {
			wantWarnings = []string{tt.warning}
		}
		if tt.fault != "" {
			wantFaults = []string{tt.fault}
		}
		check(t, name+": warnings", warnings, wantWarnings...)
		check(t, name+": faults", faults, wantFaults...)
	}
}

// A system that is as each source describes it has nothing to be told of.
func TestCompareSources(t *testing.T) {
	t.Parallel()
	for _, p := range catalogue.Sources() {
		if p.Mapping == nil {
			continue
		}
		for i := range p.Mapping.Tables {
			described := &p.Mapping.Tables[i]
			warnings, faults := drift.Compare(described, told(described))
			check(t, described.Name+": warnings", warnings)
			check(t, described.Name+": faults", faults)
		}
	}
}
