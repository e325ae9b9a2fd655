package mapping

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Check fails for a description that cannot be worked from, with all that is wrong with it: a table
// without a key and without another rule, a large column without a limit, a column that must never
// be taken, a type that nobody can take.
func (m *Mapping) Check() error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if m.Source == "" || len(m.Tables) == 0 {
		fault("it has no name, or no tables")
	}
	if m.FreshFor <= 0 || m.Current == "" {
		fault("it does not say what current means")
	}
	if err := m.checkHeartbeat(); err != nil {
		faults = append(faults, err)
	}
	names, there, indexes := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for i := range m.Tables {
		t := &m.Tables[i]
		if names[t.Name] {
			fault("table %s stands there twice", t.Name)
		}
		names[t.Name] = true
		from := strings.ToLower(t.Database + "." + t.Owner + "." + t.From)
		if there[from] {
			fault("table %s is taken from where another is", t.Name)
		}
		there[from] = true
		for _, index := range t.Indexes {
			if indexes[index] {
				fault("table %s: index %s stands there twice", t.Name, index)
			}
			indexes[index] = true
		}
		for _, err := range t.faults() {
			fault("table %s: %w", t.Name, err)
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("mapping of %s: %w", m.Source, err)
	}
	return nil
}

func (m *Mapping) checkHeartbeat() error {
	if m.Heartbeat == nil {
		return nil
	}
	t := m.Table(m.Heartbeat.Table)
	if t == nil || t.Column(m.Heartbeat.Column) == nil {
		return errors.New("the heartbeat is in no table that is taken")
	}
	if !t.Follows || t.Column(m.Heartbeat.Column).Parsed().Kind != Timestamp {
		return errors.New("the heartbeat is no datetime2 of a table that is followed")
	}
	return nil
}

// A name goes into the SQL of two systems and into the rules of DMS, quoted and not.
var nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)

func isName(name string) bool { return nameForm.MatchString(name) }

func (t *Table) faults() []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }
	if t.Name == "" || t.From == "" || t.Owner == "" || len(t.Columns) == 0 {
		fault("it lacks a name, an owner or columns")
	}
	if len(t.Key) == 0 && len(t.Rows) == 0 {
		fault("it has no key, and no other rule to name its rows by")
	}
	if t.Follows && len(t.Key) == 0 {
		fault("it cannot be followed without a key")
	}
	for _, name := range slices.Concat(t.Key, t.Rows) {
		if t.Column(name) == nil {
			fault("column %s names its rows, and is not taken", name)
		}
	}
	names := map[string]bool{}
	for _, name := range append([]string{t.Database, t.Owner, t.From, t.Name}, t.Indexes...) {
		if name != "" && !isName(name) {
			fault("%q is no name that can be worked with", name)
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if names[c.Named()] {
			fault("column %s stands there twice", c.Named())
		}
		names[c.Named()] = true
		if err := t.checkColumn(c); err != nil {
			fault("column %s: %w", c.Named(), err)
		}
	}
	return faults
}

func (t *Table) checkColumn(c *Column) error {
	if !isName(c.From) || !isName(c.Named()) {
		return errors.New("it has no name that can be worked with")
	}
	parsed, err := ParseType(c.Type)
	if err != nil {
		return err
	}
	for never := range t.Never {
		if strings.EqualFold(never, c.From) {
			return errors.New("it must never be taken: " + t.Never[never])
		}
	}
	switch {
	case parsed.Large && c.Limit <= 0:
		return errors.New("it is large, and has no limit")
	case !parsed.Large && c.Limit != 0:
		return errors.New("it has a length of its own, and a limit")
	case slices.Contains(t.Key, c.Named()) && !parsed.canBeKey():
		return errors.New("it is in the key, which its type cannot be")
	case slices.Contains(t.Key, c.Named()) && !c.NotNull:
		return errors.New("it is in the key, and may be null")
	case !Holds(c.Target(), parsed):
		return fmt.Errorf("%s does not hold every %s", c.Target(), c.Type)
	}
	return nil
}
