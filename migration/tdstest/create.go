package tdstest

import (
	"context"
	_ "embed"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

//go:embed support.sql
var support string

// prepare makes what is not there yet: what the endpoint keeps, and the tables.
func (c *catalogue) prepare(ctx context.Context, db *sqlx.DB, tables []Table) error {
	var there bool
	const known = `SELECT to_regclass('tds.objects') IS NOT NULL`
	if err := db.GetContext(ctx, &there, known); err != nil {
		return fmt.Errorf("tdstest: look for tables: %w", err)
	}
	if !there {
		if _, err := db.ExecContext(ctx, support); err != nil {
			return fmt.Errorf("tdstest: make what is kept beside the tables: %w", err)
		}
	}
	if err := c.load(ctx, db); err != nil {
		return fmt.Errorf("tdstest: read the tables that there are: %w", err)
	}
	for _, given := range tables {
		t, err := understood(given)
		if err != nil {
			return err
		}
		if c.find(t.Schema, t.Name) != nil {
			continue
		}
		if err := t.create(ctx, db); err != nil {
			return fmt.Errorf("tdstest: make table %s: %w", t.Name, err)
		}
		c.put(t)
	}
	return nil
}

func (t *table) create(ctx context.Context, db *sqlx.DB) error {
	parts := make([]string, 0, len(t.columns)+1)
	for _, c := range t.columns {
		parts = append(parts, c.definition())
	}
	if len(t.Key) > 0 {
		parts = append(parts, "PRIMARY KEY ("+idents(t.Key)+")")
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := tx.GetContext(ctx, &t.id, `
		INSERT INTO tds.objects (table_schema, table_name, tracked) VALUES ($1, $2, $3)
		RETURNING id`, t.Schema, t.Name, t.Tracked); err != nil {
		return err
	}
	statements := []string{
		"CREATE SCHEMA IF NOT EXISTS " + ident(t.Schema),
		"CREATE TABLE " + t.postgres + " (" + strings.Join(parts, ", ") + ")",
		t.keeping(),
	}
	if t.Tracked {
		statements = append(statements, t.tracking()...)
	}
	for _, statement := range append(statements, t.described()...) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// definition is a column as CREATE TABLE and ALTER TABLE have it.
func (c column) definition() string {
	sql := ident(c.Name) + " " + c.typ.postgres() + c.check()
	if !c.Null {
		sql += " NOT NULL"
	}
	return sql
}

// check is what PostgreSQL's type does not say of a column, or "".
func (c column) check() string {
	holds := c.typ.check(ident(c.Name))
	if holds == "" {
		return ""
	}
	return " CONSTRAINT " + c.constraint() + holds
}

func (c column) constraint() string { return ident("check " + c.Name) }

func idents(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = ident(name)
	}
	return strings.Join(all, ", ")
}

// keeping is a trigger that brings values into the form in which they are kept.
func (t *table) keeping() string {
	var body strings.Builder
	for _, c := range t.columns {
		name := "NEW." + ident(c.Name)
		kept := map[family]string{exact: "exact", zoned: "zoned", clock: "clock"}[c.typ.family()]
		switch {
		case kept != "":
			fmt.Fprintf(&body, "%s := tds.%s(%s, %d);\n", name, kept, name, c.typ.scale)
		case c.typ.name == "rowversion":
			body.WriteString(name + " := int8send(nextval('tds.rowversion'));\n")
		}
	}
	trigger := ident("keep " + t.Schema + "." + t.Name)
	drop := "DROP TRIGGER IF EXISTS keep ON " + t.postgres + ";\n"
	if body.Len() == 0 {
		return drop
	}
	return drop + "CREATE OR REPLACE FUNCTION tds." + trigger +
		"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN\n" + body.String() + "RETURN NEW; END $$;\n" +
		"CREATE TRIGGER keep BEFORE INSERT OR UPDATE ON " + t.postgres +
		" FOR EACH ROW EXECUTE FUNCTION tds." + trigger + "()"
}

// described is what INFORMATION_SCHEMA says of a table.
func (t *table) described() []string {
	place := literal(t.Schema) + ", " + literal(t.Name)
	where := " WHERE table_schema = " + literal(t.Schema) + " AND table_name = " + literal(t.Name)
	all := make([]string, 0, len(t.columns)+len(t.Key)+6)
	for _, view := range []string{"tables", "columns", "table_constraints", "key_column_usage"} {
		all = append(all, "DELETE FROM tds."+view+where)
	}
	all = append(all, "INSERT INTO tds.tables (table_schema, table_name) VALUES ("+place+")")
	for i, c := range t.columns {
		all = append(all, `INSERT INTO tds.columns (table_schema, table_name, column_name,
			ordinal_position, is_nullable, data_type, character_maximum_length,
			character_octet_length, numeric_precision, numeric_scale, datetime_precision,
			collation_name, declared) VALUES (`+
			place+", "+literal(c.Name)+", "+fmt.Sprint(i+1)+", "+c.described()+")")
	}
	if len(t.Key) == 0 {
		return all
	}
	constraint := literal(t.Schema) + ", " + literal("PK_"+t.Name) + ", " + place
	all = append(all, `INSERT INTO tds.table_constraints
		(constraint_schema, constraint_name, table_schema, table_name) VALUES (`+constraint+")")
	for i, key := range t.keyColumns() {
		all = append(all, `INSERT INTO tds.key_column_usage (constraint_schema, constraint_name,
			table_schema, table_name, column_name, ordinal_position) VALUES (`+
			constraint+", "+literal(key.Name)+", "+fmt.Sprint(i+1)+")")
	}
	return all
}

// described are the values of INFORMATION_SCHEMA.COLUMNS that follow from the type.
func (c column) described() string {
	t, f := c.typ, c.typ.fact()
	null := "'NO'"
	if c.Null {
		null = "'YES'"
	}
	length, octets, prec, scale, fraction, collated := "NULL", "NULL", "NULL", "NULL", "NULL", "NULL"
	name := t.name
	switch {
	case name == "rowversion":
		name = "timestamp"
	case f.family == text || f.family == binaryData:
		length = fmt.Sprint(t.size)
		octets = length
		if t.isWide() && t.size != unlimited {
			octets = fmt.Sprint(2 * t.size)
		}
		if f.family == text {
			collated = "'SQL_Latin1_General_CP1_CI_AS'"
		}
	case t.name == "real" || t.name == "float":
		prec = fmt.Sprint(t.prec)
	case f.family == number && t.name != "bit":
		prec, scale = fmt.Sprint(t.prec), fmt.Sprint(t.scale)
	case f.family == exact || f.family == zoned || f.family == clock || f.family == moment:
		fraction = fmt.Sprint(t.scale)
	}
	return strings.Join([]string{
		null, literal(name), length, octets, prec, scale, fraction, collated, literal(t.String()),
	}, ", ")
}
