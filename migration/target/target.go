// Package target checks that the tables here are what is described of them: before something is
// loaded into them, and whenever an operator asks. It changes nothing and reads no row. Read Check
// first; catalogue.go is what PostgreSQL says of itself.
package target

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Fault is what a table here differs in from its description, or would lose or refuse rows by.
type Fault struct {
	Table  string
	Column string // blank where it is of the table as a whole
	What   string // in words for an operator; it holds no value of any row
}

// String is the fault in one line.
func (f Fault) String() string {
	if f.Column == "" {
		return fmt.Sprintf("table %s: %s", f.Table, f.What)
	}
	return fmt.Sprintf("table %s, column %s: %s", f.Table, f.Column, f.What)
}

// Check returns what the tables in a schema differ in from their mapping, by table and column; none
// where every row that is described can come to stand there, and no query can read anything else:
//
//   - each table is there, is an ordinary one, survives a crash, and hides no rows;
//   - it has each column that is described, of the type that is described, and no other;
//   - a valid unique index has the key; each of Indexes is there and valid;
//   - nothing refuses, changes or adds to what is written: no foreign keys, triggers or rules;
//   - no other table is in the schema.
//
// It sees one state of the database throughout. The error is that of the database alone.
func Check(
	ctx context.Context, db sqlx.QueryerContext, m *mapping.Mapping, schema string,
) ([]Fault, error) {
	there, err := read(ctx, db, schema)
	if err != nil {
		return nil, fmt.Errorf("target: schema %s: %w", schema, err)
	}
	var faults []Fault
	for i := range m.Tables {
		t := &m.Tables[i]
		found := there[t.Name]
		if found == nil {
			faults = append(faults, Fault{Table: t.Name, What: "it is not there"})
			continue
		}
		c := checked{described: t, there: found}
		c.kind()
		c.columns()
		c.key()
		c.indexes()
		c.extras()
		faults = append(faults, c.faults...)
	}
	for name := range there {
		if m.Table(name) == nil {
			faults = append(faults, Fault{Table: name, What: "it is not described, and can be read"})
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(strings.Compare(a.Table, b.Table), strings.Compare(a.Column, b.Column))
	})
	return faults, nil
}

type checked struct {
	described *mapping.Table
	there     *relation
	faults    []Fault
}

func (c *checked) fault(column, format string, args ...any) {
	c.faults = append(c.faults, Fault{c.described.Name, column, fmt.Sprintf(format, args...)})
}

func (c *checked) kind() {
	if c.there.Kind != "r" {
		c.fault("", "it is no ordinary table")
	}
	if c.there.Persistence != "p" {
		c.fault("", "it is not logged: a crash would empty it")
	}
	if c.there.Hides {
		c.fault("", "it has row security, which may hide rows")
	}
}

func (c *checked) columns() {
	for i := range c.described.Columns {
		described := &c.described.Columns[i]
		name := described.Named()
		at := slices.IndexFunc(c.there.Columns, func(x attribute) bool { return x.Name == name })
		if at < 0 {
			c.fault(name, "it is not there")
			continue
		}
		there := c.there.Columns[at]
		if there.Type != described.Target() {
			c.fault(name, "it is %s, and %s is described", there.Type, described.Target())
		}
		if there.NotNull && !described.NotNull {
			c.fault(name, "it must have a value here, and may be without one on the system")
		}
		if there.Generated {
			c.fault(name, "it is generated here, so that nothing can be loaded into it")
		}
	}
	for _, there := range c.there.Columns {
		if c.described.Column(there.Name) == nil {
			c.fault(there.Name, "it is not described, and can be read")
		}
	}
}

// key looks for an index that lets no two rows have one key, in whatever order it has the columns.
func (c *checked) key() {
	if len(c.described.Key) == 0 {
		return
	}
	want := slices.Sorted(slices.Values(c.described.Key))
	for i := range c.there.Indexes {
		x := &c.there.Indexes[i]
		if x.IsKey && x.Valid && slices.Equal(slices.Sorted(slices.Values(x.Columns)), want) {
			return
		}
	}
	c.fault("", "no valid unique index has the key (%s)", strings.Join(c.described.Key, ", "))
}

func (c *checked) indexes() {
	for _, name := range c.described.Indexes {
		at := slices.IndexFunc(c.there.Indexes, func(x index) bool { return x.Name == name })
		switch {
		case at < 0:
			c.fault("", "the index %s is not there", name)
		case !c.there.Indexes[at].Valid:
			c.fault("", "the index %s is not valid: it was not built to its end", name)
		}
	}
}

func (c *checked) extras() {
	for _, name := range c.there.Foreign {
		c.fault("", "it has the foreign key %s, and rows arrive in any order", name)
	}
	for _, name := range c.there.Referring {
		c.fault("", "the foreign key %s refers to it, and rows arrive in any order", name)
	}
	for _, name := range c.there.Triggers {
		c.fault("", "it has the trigger %s, which may change what is written", name)
	}
	for _, name := range c.there.Rules {
		c.fault("", "it has the rule %s, which may change what is written", name)
	}
}
