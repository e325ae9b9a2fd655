package tdstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/jmoiron/sqlx"
)

// column is a Column whose type is understood.
type column struct {
	Column

	typ sqlType
}

func typed(name string, t sqlType, null bool) column {
	return column{Column{Name: name, Type: t.String(), Null: null}, t}
}

// table is a Table, and where PostgreSQL has it.
type table struct {
	Table

	id       int
	postgres string
	columns  []column
}

func (t *table) keyColumns() []column {
	var keys []column
	for _, name := range t.Key {
		for _, c := range t.columns {
			if strings.EqualFold(c.Name, name) {
				keys = append(keys, c)
			}
		}
	}
	return keys
}

// side is where the changes of a table are kept: one row for each key that was changed.
func (t *table) side() string { return "tds." + ident("changes of "+t.Schema+"."+t.Name) }

// catalogue are the tables that there are. It is read for every statement, and written by those
// that change a table.
type catalogue struct {
	mu     sync.RWMutex
	tables map[string]*table
}

func (c *catalogue) find(schema, name string) *table {
	if c == nil {
		return nil
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.tables[strings.ToLower(schema+"."+name)]
}

func (c *catalogue) put(t *table) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tables[strings.ToLower(t.Schema+"."+t.Name)] = t
}

// newCatalogue knows INFORMATION_SCHEMA alone.
func newCatalogue() *catalogue {
	c := &catalogue{tables: map[string]*table{}}
	wide := nvarchar(128)
	number := plain("int")
	view := func(name string, columns ...column) {
		c.put(&table{
			Table:    Table{Schema: "INFORMATION_SCHEMA", Name: name},
			postgres: "tds." + ident(name), columns: columns,
		})
	}
	place := []column{
		typed("TABLE_CATALOG", wide, true), typed("TABLE_SCHEMA", wide, true),
		typed("TABLE_NAME", wide, false),
	}
	constraint := append([]column{
		typed("CONSTRAINT_CATALOG", wide, true), typed("CONSTRAINT_SCHEMA", wide, true),
		typed("CONSTRAINT_NAME", wide, false),
	}, place...)
	view("TABLES", append(slices.Clone(place), typed("TABLE_TYPE", wide, true))...)
	view("COLUMNS", append(slices.Clone(place),
		typed("COLUMN_NAME", wide, true), typed("ORDINAL_POSITION", number, false),
		typed("COLUMN_DEFAULT", nvarchar(4000), true),
		typed("IS_NULLABLE", sqlType{name: "varchar", size: 3}, true),
		typed("DATA_TYPE", wide, true), typed("CHARACTER_MAXIMUM_LENGTH", number, true),
		typed("CHARACTER_OCTET_LENGTH", number, true),
		typed("NUMERIC_PRECISION", plain("tinyint"), true), typed("NUMERIC_SCALE", number, true),
		typed("DATETIME_PRECISION", plain("smallint"), true), typed("COLLATION_NAME", wide, true))...)
	view("TABLE_CONSTRAINTS", append(slices.Clone(constraint),
		typed("CONSTRAINT_TYPE", sqlType{name: "varchar", size: 11}, true))...)
	view("KEY_COLUMN_USAGE", append(slices.Clone(constraint),
		typed("COLUMN_NAME", wide, true), typed("ORDINAL_POSITION", number, false))...)
	return c
}

// understood is a Table whose types are read and whose names are found.
func understood(given Table) (*table, error) {
	t := &table{Table: given}
	if t.Schema == "" {
		t.Schema = "dbo"
	}
	t.postgres = ident(t.Schema) + "." + ident(t.Name)
	for _, c := range given.Columns {
		typ, err := parseType(c.Type)
		if err != nil {
			return nil, err
		}
		t.columns = append(t.columns, typed(c.Name, typ, c.Null))
	}
	if len(t.keyColumns()) != len(t.Key) {
		return nil, fmt.Errorf("tdstest: table %s: its key is not among its columns", t.Name)
	}
	if t.Tracked && len(t.Key) == 0 {
		return nil, fmt.Errorf("tdstest: table %s: what is tracked has a key", t.Name)
	}
	return t, nil
}

// load reads the tables that the database has from an endpoint before this one.
func (c *catalogue) load(ctx context.Context, db *sqlx.DB) error {
	var objects []struct {
		ID      int
		Schema  string `db:"table_schema"`
		Name    string `db:"table_name"`
		Tracked bool
	}
	const all = `SELECT id, table_schema, table_name, tracked FROM tds.objects`
	if err := db.SelectContext(ctx, &objects, all); err != nil {
		return err
	}
	for _, o := range objects {
		given := Table{Schema: o.Schema, Name: o.Name, Tracked: o.Tracked}
		if err := db.SelectContext(ctx, &given.Columns, `
			SELECT column_name AS name, declared AS type, is_nullable = 'YES' AS null
			FROM   tds.columns
			WHERE  table_schema = $1 AND table_name = $2
			ORDER  BY ordinal_position`, o.Schema, o.Name); err != nil {
			return err
		}
		if err := db.SelectContext(ctx, &given.Key, `
			SELECT column_name
			FROM   tds.key_column_usage
			WHERE  table_schema = $1 AND table_name = $2
			ORDER  BY ordinal_position`, o.Schema, o.Name); err != nil {
			return err
		}
		t, err := understood(given)
		if err != nil {
			return err
		}
		t.id = o.ID
		c.put(t)
	}
	return nil
}
