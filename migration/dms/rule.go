package dms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A tableMapping is the document of a task's rules.
type tableMapping struct {
	Rules []rule `json:"rules"`
}

// A rule is one of a table mapping, of any of its types.
type rule struct {
	Type    string  `json:"rule-type"`
	ID      string  `json:"rule-id"`
	Name    string  `json:"rule-name"`
	Target  string  `json:"rule-target,omitempty"`
	Locator locator `json:"object-locator"`
	Action  string  `json:"rule-action,omitempty"`
	Value   string  `json:"value,omitempty"`

	SourceFunction string `json:"source-function,omitempty"`
	TargetFunction string `json:"target-function,omitempty"`

	Large *large `json:"lob-settings,omitempty"`
}

// A locator is what a rule is about, by its names on the system.
type locator struct {
	Schema string `json:"schema-name"`
	Table  string `json:"table-name,omitempty"`
	Column string `json:"column-name,omitempty"`
}

// A large is how the large columns of a table are taken.
type large struct {
	Mode    string `json:"mode"`
	BulkMax string `json:"bulk-max-size"` // in KB
}

const (
	selection      = "selection"
	transformation = "transformation"
	tableSettings  = "table-settings"
	validation     = "validation"

	explicit         = "explicit"
	rename           = "rename"
	includeColumn    = "include-column"
	removeColumn     = "remove-column"
	overrideFunction = "override-validation-function"

	ofSchema = "schema"
	ofTable  = "table"
	ofColumn = "column"
)

// SQL Server keeps a datetime to 1/300 s, and which digits stand for that is told differently by
// its drivers, so that DMS's own comparison finds differences that are none. It is told to compare
// whole seconds; migration/verify compares the rest.
const (
	sourceSeconds = "CONVERT(varchar(19), ${column-name}, 120)"
	targetSeconds = "to_char(${column-name}, 'YYYY-MM-DD HH24:MI:SS')"
)

// rulesOf are the rules of a task.
//
// DMS applies one transformation to one object, and where there are more, that with the lowest
// rule-id alone: a column cannot be both included and renamed. So what is taken of a table is said
// in one of two ways. A table whose columns keep their names has a rule include-column for each
// that is taken, and DMS drops all others, whatever they are. A table whose columns change their
// names has a rule rename for those, and remove-column for each that the description says is not
// taken; a column that nobody has described has no place here, and stops the table.
func rulesOf(schema string, tables []*mapping.Table) ([]rule, error) {
	b := &builder{schema: schema, owners: map[string]bool{}}
	for _, t := range tables {
		b.table(t)
	}
	return b.rules, errors.Join(b.faults...)
}

// A builder collects the rules of a task, and what is wrong with the names that they are about.
type builder struct {
	schema string // that the tables come into
	owners map[string]bool
	rules  []rule
	faults []error
}

// add appends a rule, named for what it does to what.
func (b *builder) add(verb string, r rule) {
	r.Name = verb + "-" + r.Locator.Schema
	for _, part := range []string{r.Locator.Table, r.Locator.Column} {
		if part != "" {
			r.Name += "-" + part
		}
	}
	for _, name := range []string{r.Locator.Schema, r.Locator.Table, r.Locator.Column, r.Value} {
		if name != "" && !isPlain(name) {
			b.faults = append(b.faults, fmt.Errorf("the name %q has more in it than letters, digits and _",
				name))
		}
	}
	r.ID = ruleID(r.Name)
	b.rules = append(b.rules, r)
}

func (b *builder) table(t *mapping.Table) {
	at := locator{Schema: t.Owner, Table: t.From}
	b.add("select", rule{Type: selection, Locator: at, Action: explicit})
	if !b.owners[t.Owner] {
		b.owners[t.Owner] = true
		b.transform("rename", ofSchema, rename, locator{Schema: t.Owner}, b.schema)
	}
	if t.Name != t.From {
		b.transform("rename", ofTable, rename, at, t.Name)
	}
	b.columns(t)
	if limit := largest(t); limit > 0 {
		b.add("limit", rule{
			Type: tableSettings, Locator: at, Large: &large{"limited", strconv.Itoa(limit)},
		})
	}
	b.validations(t)
}

func (b *builder) transform(verb, target, action string, at locator, value string) {
	b.add(verb, rule{
		Type: transformation, Target: target, Locator: at, Action: action, Value: value,
	})
}

func (b *builder) columns(t *mapping.Table) {
	byName := keepsNames(t)
	for i := range t.Columns {
		c := &t.Columns[i]
		at := locator{t.Owner, t.From, c.From}
		switch {
		case byName:
			b.transform("take", ofColumn, includeColumn, at, "")
		case c.Named() == c.From:
			// There is nothing to say: it comes as it is.
		case c.Limit > 0:
			b.faults = append(b.faults, fmt.Errorf(
				"column %s of %s is large, and DMS renames none: it must be called the same here",
				c.From, t.From))
		default:
			b.transform("rename", ofColumn, rename, at, c.Named())
		}
	}
	if byName {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(t.Never)) {
		b.transform("leave", ofColumn, removeColumn, locator{t.Owner, t.From, name}, "")
	}
}

// keepsNames is whether DMS can be told which columns of a table to include: not where one changes
// its name, nor where one is large, of which DMS takes no transformation but to drop it.
func keepsNames(t *mapping.Table) bool {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Named() != c.From || c.Limit > 0 {
			return false
		}
	}
	return true
}

// validations are for the columns that DMS compares wrongly. It compares no table without a key,
// and takes no function for a column of one.
func (b *builder) validations(t *mapping.Table) {
	for i := range t.Columns {
		c := &t.Columns[i]
		if !comparesSeconds(t, c) {
			continue
		}
		b.add("compare", rule{
			Type: validation, Target: ofColumn, Locator: locator{t.Owner, t.From, c.From},
			Action: overrideFunction, SourceFunction: sourceSeconds, TargetFunction: targetSeconds,
		})
	}
}

func comparesSeconds(t *mapping.Table, c *mapping.Column) bool {
	return len(t.Key) > 0 && c.Parsed().Kind == mapping.Ticks && !slices.Contains(t.Key, c.Named())
}

// isPlain is whether a name is written in a rule as it is: neither a wildcard, of which DMS knows %
// and [], nor a quotation mark, nor any of the signs that its transformations do not take. The _ is
// a wildcard for one character, which Check sees to.
func isPlain(name string) bool { return regexp.MustCompile(`^[A-Za-z0-9_]+$`).MatchString(name) }

// ruleID is a number that goes with the rule's name, so that no rule changes with another.
func ruleID(name string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // it never fails
	const least, span = 100_000_000, 900_000_000
	return strconv.FormatUint(least+uint64(h.Sum32())%span, 10)
}

// document writes JSON as people read it, and as DMS takes it.
func document(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return text.Bytes(), err
}
