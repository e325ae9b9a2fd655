// Package dms writes what AWS DMS is told, from the description of what is taken and from nothing
// else: for each task its table mapping, its settings and what its endpoints are given. It talks to
// nobody, and nothing here can run DMS. What is written is held to the documentation of DMS, as of
// November 2026, by Check and by the tests; deploy/dms/README.md says what that cannot show. Read
// Tasks first, then rule.go.
package dms

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A MigrationType is what a task does, in the words of DMS.
type MigrationType string

// The migration types.
const (
	// FullLoad loads tables whole, each time that the task is started, into the landing schema. A load
	// that meets an error stops: it is of use as a whole, or not at all.
	FullLoad MigrationType = "full-load"
	// Follow loads tables into the schema of the source, and applies changes to them from then on. A
	// table that meets an error is suspended, and the others go on.
	Follow MigrationType = "full-load-and-cdc"
)

// A Task is one of DMS: the tables of one database of a system that are moved in one way.
type Task struct {
	// Identifier names the task in DMS. It is of the source, the database and the way, so that it
	// stays as it is whatever is taken.
	Identifier string
	Type       MigrationType
	Database   string // on the system; blank where it has but one
	Schema     string // of PostgreSQL, which DMS writes to
	// SourceAttributes are the extra connection attributes of the endpoint that is read.
	SourceAttributes string
	Mapping          []byte // the table mapping: JSON
	Settings         []byte // the task settings: JSON

	tables  []*mapping.Table
	control string // the schema of the control tables
}

// LandingSchema is the schema of PostgreSQL that DMS loads a source's tables into which it cannot
// follow.
func LandingSchema(m *mapping.Mapping) string { return m.Schema() + "_landing" }

// ControlSchema is the schema of PostgreSQL in which DMS tells how it gets on with a source.
func ControlSchema(m *mapping.Mapping) string { return "awsdms_" + m.Schema() }

// Tasks returns what DMS is told to bring a source here: one task for each database and way, in the
// order in which the description names them. Each has passed Check. It fails for a description with
// faults, and for what DMS cannot be told: a name with a wildcard, a large column by another name.
func Tasks(m *mapping.Mapping) ([]Task, error) {
	if err := m.Check(); err != nil {
		return nil, err
	}
	var tasks []Task
	for _, database := range m.Databases() {
		for _, way := range []MigrationType{Follow, FullLoad} {
			tables := tablesOf(m, database, way)
			if len(tables) == 0 {
				continue
			}
			task, err := newTask(m, database, way, tables)
			if err != nil {
				return nil, fmt.Errorf("dms: %s: %w", task.Identifier, err)
			}
			tasks = append(tasks, task)
		}
	}
	return tasks, nil
}

func newTask(
	m *mapping.Mapping, database string, way MigrationType, tables []*mapping.Table,
) (Task, error) {
	task := Task{
		Identifier: identifier(m, database, way), Type: way, Database: database,
		Schema: m.Schema(), SourceAttributes: sourceAttributes(way),
		tables: tables, control: ControlSchema(m),
	}
	if way == FullLoad {
		task.Schema = LandingSchema(m)
	}
	rules, err := rulesOf(task.Schema, tables)
	if err != nil {
		return task, err
	}
	if task.Mapping, err = document(tableMapping{rules}); err != nil {
		return task, err
	}
	if task.Settings, err = document(settingsOf(&task)); err != nil {
		return task, err
	}
	return task, task.Check()
}

func tablesOf(m *mapping.Mapping, database string, way MigrationType) []*mapping.Table {
	var tables []*mapping.Table
	for i := range m.Tables {
		if t := &m.Tables[i]; t.Database == database && t.Follows == (way == Follow) {
			tables = append(tables, t)
		}
	}
	return tables
}

func identifier(m *mapping.Mapping, database string, way MigrationType) string {
	parts := []string{m.Schema()}
	if database != "" {
		parts = append(parts, strings.ToLower(database))
	}
	if way == Follow {
		parts = append(parts, "follow")
	} else {
		parts = append(parts, "load")
	}
	return strings.ReplaceAll(strings.Join(parts, "-"), "_", "-")
}

// An identifier is a letter, then letters, digits and single hyphens. It is the end of the task's
// ARN too, by which the control tables name the task, and there are at most 31 of it.
const (
	identifierForm    = `^[a-z][a-z0-9]*(-[a-z0-9]+)*$`
	longestIdentifier = 31
)

func checkIdentifier(name string) error {
	if len(name) > longestIdentifier || !regexp.MustCompile(identifierForm).MatchString(name) {
		return fmt.Errorf("%q is no identifier of a task: at most %d letters, digits and single hyphens",
			name, longestIdentifier)
	}
	return nil
}

// largest is the greatest limit of a large column of the tables, in KB, rounded up; 0 where there
// is no such column.
func largest(tables ...*mapping.Table) int {
	limit := 0
	for _, t := range tables {
		for i := range t.Columns {
			limit = max(limit, t.Columns[i].Limit)
		}
	}
	return (limit + 1023) / 1024
}
