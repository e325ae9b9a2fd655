package catalogue_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

var update = flag.Bool("update", false, "write the page instead of comparing with it")

// The page of the reference is what the sources describe. Where it is stale,
// `go test ./source/catalogue -update` writes it anew.
func TestPage(t *testing.T) {
	t.Parallel()
	const file = "../../docs/reference/what-is-taken.md"
	got := page()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what the sources describe: go test ./source/catalogue -update", file)
	}
}

const intro = `# What is taken from the systems of record

For each source: which of its system's tables are taken, which of their columns, what must never be
taken and why, how they are kept up to date, and what current means. All that moves data and all
that proves it is made from the same descriptions, ''source/<name>/mapping.go'': what is not on this
page is not in the database, and a query that reads anything else fails a test. This page is written
from them by ''go test ./source/catalogue -update''.

- **Followed** is a table that AWS DMS loads whole once, and then changes as it changes on the
  system. The system has its key as a primary key.
- **Loaded whole** is a table that is read from beginning to end, on a schedule. Queries go on in
  what was loaded before, until all of it is here and was compared.
- **Key** is the columns that tell each row from all others. A table without one is compared as a
  whole, and people are shown the columns after *rows are named by*.
- A type here is PostgreSQL's, in which every value of the system's type stands as it was.
`

type writer struct{ strings.Builder }

func (w *writer) say(format string, args ...any) {
	_, _ = fmt.Fprintf(w, format+"\n", args...) // a text in memory takes all
}

func page() string {
	var w writer
	w.WriteString(strings.ReplaceAll(intro, "''", "`"))
	for _, p := range catalogue.Sources() {
		w.say("\n## %s", about(p).Title)
		if p.Mapping == nil {
			w.say("\nNothing is taken from its system: it is loaded from a file that people export"+
				" (`load %s FILE`), whose every line is checked.", strings.ToLower(string(p.Name)))
			continue
		}
		w.source(p.Mapping)
	}
	return w.String()
}

func (w *writer) source(m *mapping.Mapping) {
	w.say("\nCurrent is what is at most %s behind: %s.", inWords(m.FreshFor), m.Current)
	if h := m.Heartbeat; h != nil {
		w.say("\nThe system writes the time to `%s` of `%s` at least once a minute, so that silence can"+
			" be told from health.", m.Table(h.Table).Column(h.Column).From, m.Table(h.Table).From)
	}
	w.say("\n| table of the system | here | key | kept up to date |\n| --- | --- | --- | --- |")
	for i := range m.Tables {
		t := &m.Tables[i]
		w.say("| `%s` | `%s.%s` | %s | %s |", there(t), m.Schema(), t.Name, key(t), kept(t))
	}
	for i := range m.Tables {
		w.table(m, &m.Tables[i])
	}
}

func (w *writer) table(m *mapping.Mapping, t *mapping.Table) {
	w.say("\n### %s.%s\n", m.Schema(), t.Name)
	w.say("| column of the system | its type | here | its type here |\n| --- | --- | --- | --- |")
	for i := range t.Columns {
		c := &t.Columns[i]
		limit := ""
		if c.Limit > 0 {
			limit = fmt.Sprintf(", at most %d bytes", c.Limit)
		}
		w.say("| `%s` | %s%s | `%s` | %s |", c.From, c.Type, limit, c.Named(), c.Target())
	}
	if len(t.Never) == 0 {
		return
	}
	why := map[string][]string{}
	for name, reason := range t.Never {
		why[reason] = append(why[reason], name)
	}
	w.say("\nNever taken:\n")
	for _, reason := range slices.Sorted(maps.Keys(why)) {
		w.say("- %s: %s.", quoted(slices.Sorted(slices.Values(why[reason]))), reason)
	}
}

// there is what a table is called on the system.
func there(t *mapping.Table) string {
	if t.Database == "" {
		return t.Owner + "." + t.From
	}
	return t.Database + "." + t.Owner + "." + t.From
}

func key(t *mapping.Table) string {
	if len(t.Key) > 0 {
		return quoted(t.Key)
	}
	return "none; rows are named by " + quoted(t.Rows)
}

func kept(t *mapping.Table) string {
	how := "loaded whole"
	if t.Follows {
		how = "followed"
	}
	if t.Optional {
		how += ", where the system has it"
	}
	return how
}

func quoted(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

func inWords(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("%d hours", d/time.Hour)
	}
	return fmt.Sprintf("%d minutes", d/time.Minute)
}
