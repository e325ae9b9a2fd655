// Package engine asks PostgreSQL for every source whose residents are rows of tables. A source
// declares what it has: its tables, keys, columns, contact details and the input fields that it can
// be filtered by. The engine writes every statement, cuts every page and withholds what the caller
// may not see, so a source cannot forget to. It knows no source by name.
//
// Read declaration.go first, then statement.go. In the SQL of a declaration {today} stands for the
// day of the question, and nothing that a caller sends is ever part of the text.
package engine

import (
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Declaration says what a source has. R is the struct that a row is scanned into: it embeds Row
// and has a field with a db tag for each Column, Detail and column of a Key.
type Declaration[R any] struct {
	// Mapping is what is taken from the system of record. It names the source.
	Mapping     *mapping.Mapping
	Description string // what the source knows, in a sentence
	// Tables are those that hold a row for each resident, without the schema. The source counts as
	// loaded while any of them has rows.
	Tables []string

	// Kinds are the kinds of resident, in the order of the list.
	Kinds []Kind

	// Read turns a row into a resident with a SourceID, facts and record, and returns their contact
	// details. A detail's ID only needs to differ from the resident's others, and Preferred marks
	// each that may be tried before others of its type. A nil detail is left out. The engine adds the
	// source, the restriction, the UPRN and whatever else depends on all details together.
	Read func(row *R, wanted *source.Wanted) (*resident.Resident, []*resident.ContactDetail)
}

// A Row is what the engine reads of each row beside what a source declares.
type Row struct {
	Kind           int    `db:"kind"` // the index in Declaration.Kinds
	NameKey        string `db:"name_key"`
	IsUnrestricted bool   `db:"is_unrestricted"`
}

func (r *Row) engineRow() *Row { return r }

// A Kind is one kind of resident of a source, such as a council tax payer.
type Kind struct {
	From  string // a table and its alias
	Where string // true of the one row of each resident; blank for every row

	// Key tells rows of the kind apart, in the order of the list by ID.
	Key []Key
	// Parse reads a reference into the values of Key, and the value of Check where there is one. It
	// returns false for what is not written as the source writes it.
	Parse func(sourceID string) ([]string, bool)
	// Check is an expression that a reference must agree with beside its key, such as a check digit;
	// blank for none.
	Check string

	NameKey string // gateway.name_key(…) COLLATE "C", as its index has it
	// Unrestricted is true of residents who are plainly not restricted. Blank says that the kind
	// cannot tell, so all are restricted.
	Unrestricted string

	Columns []Column
	// Details are read after the page is cut, so only of residents on it. The row of the resident is
	// p, with the columns that Key and Columns name.
	Details []Detail

	// Filters are the input fields that the kind can be filtered by, beside its reference. No resident
	// of the kind matches another one; a source refuses what none of its kinds has.
	Filters map[resident.FilterField]Filter
	// Own returns the condition for the source's own input field. It returns false for a value of
	// another type. Nil says that there is no such field.
	Own func(value any) (condition string, ok bool)
}

// A Key is a column of the key of a kind.
type Key struct {
	Name string // as the row has it
	SQL  string // as indexes have it
	Type string // in PostgreSQL
}

// A Column is read of each row. Where several kinds are one list, each has the same columns in the
// same order.
type Column struct {
	Name string // as the row has it
	SQL  string
	// For is what the column is read for, with its Leave ignored. The zero value means always. A
	// column that is only read for what locates a resident is null for callers who may not know it.
	For source.Wanted
}

// A Detail is an expression on p, the row of a resident on a page. For is as of Column.
type Detail struct {
	Name string // as the row has it
	For  source.Wanted
	SQL  func(wanted *source.Wanted) string
}

// Always is a Detail that does not depend on what is wanted.
func Always(sql string) func(*source.Wanted) string {
	return func(*source.Wanted) string { return sql }
}

// Finite returns the SQL that reads a timestamp column. A moment that never comes is null.
func Finite(column string) string {
	return "CASE WHEN isfinite(" + column + ") THEN " + column + " END"
}
