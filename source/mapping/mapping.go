// Package mapping describes what is taken from a system of record: which tables, which of their
// columns, by what key, and what must never be taken. A source's folder holds its description, and
// all that moves data is made from it and from nothing else: what AWS DMS is told, what our own
// loader reads, what is proved afterwards, what is documented. It moves nothing itself. Read
// Mapping first, then type.go.
package mapping

import (
	"slices"
	"strings"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// A Mapping is what is taken from one system of record, into the PostgreSQL schema of its source.
type Mapping struct {
	Source resident.SourceName
	Title  string // the name that people know it by
	Tables []Table

	// FreshFor is how far the data may be behind the system and still be called current.
	FreshFor time.Duration
	// Current says in words what FreshFor rests on.
	Current string
	// Heartbeat is the table whose one row the system writes at least once a minute, so that silence
	// can be told from health. Nil where the system cannot carry one.
	Heartbeat *Heartbeat
}

// A Heartbeat is a table of one row on the system, which somebody of the system keeps writing the
// time to.
type Heartbeat struct {
	Table  string // its name here; it is one of Tables
	Column string // the moment, in UTC
}

// A Table is one that is taken.
type Table struct {
	Database string // on the system, such as uhtlive; blank where the system has but one
	Owner    string // the schema there, such as dbo
	From     string // the table's name there
	Name     string // its name here

	// Key is the columns, by their names here, that tell each row from all others in the system, in
	// the order of its key there. Without it, Rows must say how rows are named.
	Key []string
	// Rows is, for a table without a key, the columns that tell a person which rows are meant. They
	// hold references and no personal data.
	Rows []string
	// Follows is whether the system has Key as a primary key, so that changes can be followed. A
	// table that cannot be followed is loaded whole, on a schedule.
	Follows bool
	// Optional is whether the system may be without the table, which is then passed over.
	Optional bool

	Columns []Column

	// Indexes are the names of those here that the queries need, beside the one of Key: a table with
	// a key has a unique index of it, whatever that is called.
	Indexes []string

	// Never is columns of the system that must not be taken, with the reason. A mapping that takes
	// one is a fault, whoever asks for it.
	Never map[string]string
}

// A Column is one that is taken.
type Column struct {
	From string // its name on the system
	Type string // its type there, in the words of SQL Server: numeric(16,0), varchar(30), datetime
	// As is its type here, in the words of PostgreSQL, where that is not what Type becomes of itself.
	As string
	// Name is its name here, where that is not From in lower case.
	Name string
	// NotNull is whether the system has a value in every row.
	NotNull bool
	// Limit is the most that a value of a large type may hold, in bytes. A longer one is an error, and
	// never cut. A large type must have one, and no other may.
	Limit int
}

// Named is the column's name here.
func (c *Column) Named() string {
	if c.Name != "" {
		return c.Name
	}
	return strings.ToLower(c.From)
}

// Schema is the PostgreSQL schema of the source.
func (m *Mapping) Schema() string { return strings.ToLower(string(m.Source)) }

// Table returns the table of that name here, or nil.
func (m *Mapping) Table(name string) *Table {
	for i := range m.Tables {
		if m.Tables[i].Name == name {
			return &m.Tables[i]
		}
	}
	return nil
}

// Databases are those of the system, in the order in which Tables names them.
func (m *Mapping) Databases() []string {
	var all []string
	for i := range m.Tables {
		if !slices.Contains(all, m.Tables[i].Database) {
			all = append(all, m.Tables[i].Database)
		}
	}
	return all
}

// Column returns the column of that name here, or nil.
func (t *Table) Column(name string) *Column {
	for i := range t.Columns {
		if t.Columns[i].Named() == name {
			return &t.Columns[i]
		}
	}
	return nil
}

// Ordered are the columns as rows are written everywhere: those of the key first, in its order.
func (t *Table) Ordered() []*Column {
	all := make([]*Column, 0, len(t.Columns))
	for _, name := range t.Key {
		all = append(all, t.Column(name))
	}
	for i := range t.Columns {
		if !slices.Contains(t.Key, t.Columns[i].Named()) {
			all = append(all, &t.Columns[i])
		}
	}
	return all
}
