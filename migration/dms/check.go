package dms

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// mostBytes is the largest table mapping that DMS takes.
const mostBytes = 2 << 20

// Check fails for documents that DMS would take and that do something else than the description
// says: a table or a column too many or too few, a name that is a wildcard, two rules for one
// column, an error that is passed over, a table that DMS may drop. It tells all that is wrong. What
// the formats of DMS allow is held by the tests, to their schemas.
func (t *Task) Check() error {
	l := &lint{task: t}
	l.add(checkIdentifier(t.Identifier))
	l.checkMapping()
	l.checkSettings()
	return errors.Join(l.faults...)
}

// A lint collects what is wrong with the documents of a task.
type lint struct {
	task   *Task
	faults []error
}

func (l *lint) add(err error) {
	if err != nil {
		l.faults = append(l.faults, err)
	}
}

func (l *lint) fault(format string, args ...any) { l.add(fmt.Errorf(format, args...)) }

// strictly reads a document that has nothing in it but what v has, and no null.
func strictly(text []byte, v any) error {
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		return fmt.Errorf("is no JSON: %w", err)
	}
	if hasNull(whole) {
		return errors.New("has a null in it")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(v)
}

func hasNull(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(v, hasNull)
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(v)), hasNull)
	}
	return false
}

func (l *lint) checkMapping() {
	var doc tableMapping
	if err := strictly(l.task.Mapping, &doc); err != nil {
		l.fault("the table mapping: %w", err)
		return
	}
	if len(l.task.Mapping) > mostBytes {
		l.fault("the table mapping has %d bytes, and DMS takes %d", len(l.task.Mapping), mostBytes)
	}
	l.checkNames(doc.Rules)
	l.checkSelection(doc.Rules)
	l.checkSchemas(doc.Rules)
	l.checkTablePatterns()
	for _, t := range l.task.tables {
		l.checkTable(t, doc.Rules)
	}
}

// checkNames holds each rule to a number and a name of its own, to names without wildcards, and to
// a table that is selected; and each object to one transformation.
func (l *lint) checkNames(rules []rule) {
	ids, names := map[string]bool{}, map[string]bool{}
	transformed := map[string]bool{}
	for i := range rules {
		r := &rules[i]
		if _, err := strconv.ParseUint(r.ID, 10, 32); err != nil {
			l.fault("rule %s: its rule-id %q is no number", r.Name, r.ID)
		}
		if ids[r.ID] || names[r.Name] || r.Name == "" {
			l.fault("rule %s: its rule-id or rule-name is blank, or another's", r.Name)
		}
		ids[r.ID], names[r.Name] = true, true
		for _, name := range []string{r.Locator.Schema, r.Locator.Table, r.Locator.Column, r.Value} {
			if name != "" && !isPlain(name) {
				l.fault("rule %s: %q is a wildcard, or no plain name", r.Name, name)
			}
		}
		if !l.isSelected(r) {
			l.fault("rule %s: it is about what is not taken", r.Name)
		}
		if r.Type != transformation {
			continue
		}
		if object := r.Target + " " + r.Locator.path(); transformed[object] {
			l.fault("rule %s: DMS applies one transformation to the %s, and this is another", r.Name, object)
		} else {
			transformed[object] = true
		}
	}
}

func (at locator) path() string { return at.Schema + "." + at.Table + "." + at.Column }

// isSelected is whether the rule is about a table of the task, or about the schema of one.
func (l *lint) isSelected(r *rule) bool {
	return slices.ContainsFunc(l.task.tables, func(t *mapping.Table) bool {
		return t.Owner == r.Locator.Schema && (t.From == r.Locator.Table ||
			r.Locator.Table == "" && r.Target == ofSchema)
	})
}

// checkSelection holds what is selected to what is described: each table by its own name, once.
func (l *lint) checkSelection(rules []rule) {
	selected := map[locator]int{}
	for i := range rules {
		r := &rules[i]
		switch {
		case r.Type != selection:
		case r.Action != explicit:
			l.fault("rule %s: it selects by %q, and not by an explicit name", r.Name, r.Action)
		default:
			selected[r.Locator]++
		}
	}
	for _, t := range l.task.tables {
		if n := selected[locator{Schema: t.Owner, Table: t.From}]; n != 1 {
			l.fault("table %s is selected %d times", t.From, n)
		}
	}
	if len(selected) > len(l.task.tables) {
		l.fault("%d tables are selected, and %d are taken", len(selected), len(l.task.tables))
	}
}

// checkSchemas holds every schema of the system to the one that the task writes to.
func (l *lint) checkSchemas(rules []rule) {
	for _, t := range l.task.tables {
		if !slices.ContainsFunc(rules, func(r rule) bool {
			return r.Type == transformation && r.Target == ofSchema && r.Action == rename &&
				r.Locator == locator{Schema: t.Owner} && r.Value == l.task.Schema
		}) {
			l.fault("table %s does not come into the schema %s", t.From, l.task.Schema)
		}
	}
}

// checkTable holds the rules of one table to its description.
func (l *lint) checkTable(t *mapping.Table, rules []rule) {
	at := rulesAt{name: t.From}
	for i := range rules {
		if r := &rules[i]; r.Locator.Schema == t.Owner && r.Locator.Table == t.From {
			l.sort(r, &at)
		}
	}
	if t.Name != at.name {
		l.fault("table %s is called %s here, and not %s", t.From, t.Name, at.name)
	}
	size := ""
	if limit := largest(t); limit > 0 {
		size = strconv.Itoa(limit)
	}
	if at.large != size {
		l.fault("table %s: its large values are limited to %q KB, and not to %q", t.From, at.large, size)
	}
	l.checkColumns(t, &at)
	l.checkValidations(t, &at)
	l.checkPatterns(t, &at)
}

// rulesAt is what the rules say of one table.
type rulesAt struct {
	name     string // of the table, here
	included map[string]bool
	removed  map[string]bool
	renamed  map[string]string
	seconds  map[string]bool // which columns are compared to the second
	large    string          // what large values are limited to, in KB
}

func (l *lint) sort(r *rule, at *rulesAt) {
	set := func(m *map[string]bool) {
		if *m == nil {
			*m = map[string]bool{}
		}
		(*m)[r.Locator.Column] = true
	}
	switch what := r.Type + " " + r.Target + " " + r.Action; {
	case r.Type == selection:
	case r.Type == tableSettings && r.Large != nil && r.Large.Mode == "limited":
		at.large = r.Large.BulkMax
	case what == "transformation table rename":
		at.name = r.Value
	case what == "transformation column rename":
		if at.renamed == nil {
			at.renamed = map[string]string{}
		}
		at.renamed[r.Locator.Column] = r.Value
	case what == "transformation column include-column":
		set(&at.included)
	case what == "transformation column remove-column":
		set(&at.removed)
	case what == "validation column override-validation-function" &&
		r.SourceFunction == sourceSeconds && r.TargetFunction == targetSeconds:
		set(&at.seconds)
	default:
		l.fault("rule %s: %s is not among what is done here", r.Name, strings.TrimSpace(what))
	}
}

// checkColumns holds the columns that are taken, and their names here, to those described.
func (l *lint) checkColumns(t *mapping.Table, at *rulesAt) {
	described := map[string]bool{}
	for i := range t.Columns {
		c := &t.Columns[i]
		described[c.From] = true
		name, isRenamed := at.renamed[c.From]
		if !isRenamed {
			name = c.From
		}
		if name != c.Named() {
			l.fault("column %s of %s is called %s here, and not %s", c.From, t.From, c.Named(), name)
		}
		if isRenamed && c.Limit > 0 {
			l.fault("column %s of %s is large, and DMS renames none", c.From, t.From)
		}
		if at.removed[c.From] || at.included != nil && !at.included[c.From] {
			l.fault("column %s of %s is described, and not taken", c.From, t.From)
		}
	}
	for name := range t.Never {
		// Where some are included, all others are left out.
		if at.included[name] || at.included == nil && !at.removed[name] {
			l.fault("column %s of %s must never be taken", name, t.From)
		}
	}
	if at.included == nil && keepsNames(t) {
		l.fault("table %s: which of its columns are taken is not said", t.From)
	}
	for _, name := range slices.Concat(
		slices.Collect(maps.Keys(at.included)), slices.Collect(maps.Keys(at.renamed)),
	) {
		if !described[name] {
			l.fault("column %s of %s is taken, and not described", name, t.From)
		}
	}
}

func (l *lint) checkValidations(t *mapping.Table, at *rulesAt) {
	for i := range t.Columns {
		if c := &t.Columns[i]; comparesSeconds(t, c) != at.seconds[c.From] {
			l.fault("column %s of %s: how it is compared is not what its type needs", c.From, t.From)
		}
	}
}

// checkPatterns finds a rule for a column whose _, which stands for any one character, is another
// column's letter.
func (l *lint) checkPatterns(t *mapping.Table, at *rulesAt) {
	known := slices.Collect(maps.Keys(t.Never))
	for i := range t.Columns {
		known = append(known, t.Columns[i].From)
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(at.included)),
		slices.Collect(maps.Keys(at.removed)), slices.Collect(maps.Keys(at.renamed))) {
		l.checkPattern(name, known)
	}
}

func (l *lint) checkTablePatterns() {
	names := make([]string, len(l.task.tables))
	for i, t := range l.task.tables {
		names[i] = t.From
	}
	for _, name := range names {
		l.checkPattern(name, names)
	}
}

func (l *lint) checkPattern(name string, known []string) {
	if !strings.Contains(name, "_") || !isPlain(name) {
		return
	}
	form := regexp.MustCompile("^" + strings.ReplaceAll(name, "_", ".") + "$")
	for _, other := range known {
		if other != name && form.MatchString(other) {
			l.fault("a rule for %s is one for %s too: _ is a wildcard", name, other)
		}
	}
}
