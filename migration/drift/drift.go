// Package drift compares what a system of record says of a table of its own with what is described
// of it, before the table is read and each day. It knows no values: it tells names, types and
// numbers. Read Compare.
package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// mostNames is how many columns one warning names.
const mostNames = 20

// Compare returns what a table on the system differs in from its description, in words for an
// operator. With warnings, it can be read as it is. With a fault it must not be: rows would be
// lost, refused or changed on the way, so what was loaded before is left as it is.
//
// A column that was added is a warning, unless it is one that must never be taken. One that holds
// more than is described is a warning where a value that is too large is refused, and a fault where
// it would be changed without a word. A column that is missing, holds less or is of another type is
// a fault, as is a key that is not the primary key of a table that is followed. Letter case does
// not count. Nor does what is not told: of columns without types, as those of a file, names alone
// are compared; a type of PostgreSQL is taken where it is the one here.
func Compare(t *mapping.Table, c migration.Catalogue) (warnings, faults []string) {
	if len(c.Columns) == 0 {
		name := t.Owner + "." + t.From
		if t.Optional {
			return []string{"there is no table " + name + " on the system, which may be without it"}, nil
		}
		return nil, []string{"there is no table " + name + " on the system"}
	}
	d := &difference{table: t, there: c}
	for i := range t.Columns {
		d.column(&t.Columns[i])
	}
	d.added()
	d.key()
	return d.warnings, d.faults
}

type difference struct {
	table            *mapping.Table
	there            migration.Catalogue
	warnings, faults []string
}

func (d *difference) warn(format string, args ...any) {
	d.warnings = append(d.warnings, fmt.Sprintf(format, args...))
}

func (d *difference) fault(format string, args ...any) {
	d.faults = append(d.faults, fmt.Sprintf(format, args...))
}

// find returns the column of a name, by the very name where two differ in letter case alone.
func (d *difference) find(name string) *migration.CatalogueColumn {
	var found *migration.CatalogueColumn
	for i := range d.there.Columns {
		c := &d.there.Columns[i]
		if c.Name == name {
			return c
		}
		if found == nil && strings.EqualFold(c.Name, name) {
			found = c
		}
	}
	return found
}

func (d *difference) column(c *mapping.Column) {
	there := d.find(c.From)
	if there == nil {
		d.fault("column %s is not on the system", c.From)
		return
	}
	if there.Type == "" {
		return
	}
	d.typeOf(c, there.Type)
	if c.NotNull && !there.NotNull && slices.Contains(d.table.Key, c.Named()) {
		const may = "column %s is in the key, and may be without a value on the system"
		if d.table.Follows {
			d.fault(may, c.From)
			return
		}
		d.warn(may+": such a row cannot be told from others", c.From)
	}
}

// typeOf compares the type of a column, which PostgreSQL tells in words of its own.
func (d *difference) typeOf(c *mapping.Column, words string) {
	if words == c.Target() {
		return
	}
	was := c.Parsed()
	is, err := mapping.ParseType(words)
	if err != nil {
		d.fault("column %s is %s on the system, which cannot be taken; %s is described",
			c.From, words, c.Type)
		return
	}
	change := fmt.Sprintf("column %s is %s on the system, and %s is described",
		c.From, words, c.Type)
	isWider, isNarrower := was.Within(is), is.Within(was)
	switch {
	case isWider && isNarrower:
	case !isWider && isNarrower:
		d.fault("%s: it holds less than it did", change)
	case !isWider:
		d.fault("%s: it is another type", change)
	case is.Large && !was.Large:
		d.fault("%s: it has no length any more, and no limit is described", change)
	case mapping.Holds(c.Target(), is):
		d.warn("%s: every value fits here all the same", change)
	case is.Scale > was.Scale:
		d.fault("%s: digits after the point would be lost here", change)
	case is.Kind == mapping.Text || is.Kind == mapping.Padded:
		d.warn("%s: a value longer than %d characters stops the table, for here it is %s",
			change, was.Length, c.Target())
	default:
		d.warn("%s: a value that does not fit stops the table, for here it is %s",
			change, c.Target())
	}
}

// added warns of what is not described, in one line: a table may have hundreds of columns.
func (d *difference) added() {
	var names []string
	for i := range d.there.Columns {
		if name := d.there.Columns[i].Name; !d.isKnown(name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return
	}
	slices.Sort(names)
	more := ""
	if len(names) > mostNames {
		more = fmt.Sprintf(" and %d more", len(names)-mostNames)
		names = names[:mostNames]
	}
	d.warn("on the system, and not described: %s%s", strings.Join(names, ", "), more)
}

func (d *difference) isKnown(name string) bool {
	for i := range d.table.Columns {
		if strings.EqualFold(d.table.Columns[i].From, name) {
			return true
		}
	}
	for never := range d.table.Never {
		if strings.EqualFold(never, name) {
			return true
		}
	}
	return false
}

// key compares the key of a table that is followed. That of another is not the system's own.
func (d *difference) key() {
	isTold := slices.ContainsFunc(d.there.Columns, func(c migration.CatalogueColumn) bool {
		return c.Type != ""
	})
	if !d.table.Follows || !isTold {
		return
	}
	described := make([]string, len(d.table.Key))
	for i, name := range d.table.Key {
		described[i] = strings.ToLower(d.table.Column(name).From)
	}
	there := make([]string, len(d.there.Key))
	for i, name := range d.there.Key {
		there[i] = strings.ToLower(name)
	}
	switch {
	case len(there) == 0:
		d.fault("the table has no primary key on the system, so its changes cannot be followed")
	case slices.Equal(described, there):
	case slices.Equal(slices.Sorted(slices.Values(described)), slices.Sorted(slices.Values(there))):
		d.warn("the primary key on the system is (%s), in another order than is described",
			strings.Join(there, ", "))
	default:
		d.fault("the primary key on the system is (%s), and (%s) is described",
			strings.Join(there, ", "), strings.Join(described, ", "))
	}
}
