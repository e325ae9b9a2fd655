package tdstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// alter reads what follows ALTER: TABLE t ADD column type, DROP COLUMN or ALTER COLUMN.
func (p *parser) alter() (*statement, error) {
	if err := p.expect("TABLE"); err != nil {
		return nil, err
	}
	old, err := p.writable()
	if err != nil {
		return nil, err
	}
	changed := *old
	changed.columns = slices.Clone(old.columns)
	var sql string
	switch {
	case p.accept("ADD"):
		sql, err = p.addColumn(&changed)
	case p.accept("DROP", "COLUMN"):
		sql, err = p.dropColumn(&changed)
	case p.accept("ALTER", "COLUMN"):
		sql, err = p.alterColumn(&changed)
	default:
		err = p.unexpected()
	}
	if err != nil {
		return nil, err
	}
	return &statement{do: func(ctx context.Context, s *session) error {
		return s.server.alter(ctx, s, &changed, "ALTER TABLE "+changed.postgres+" "+sql)
	}}, nil
}

// alter changes a table, what INFORMATION_SCHEMA says of it, and what statements are read by.
func (s *Server) alter(ctx context.Context, by *session, t *table, sql string) error {
	if by.tx != nil {
		return errorOf(574, "ALTER TABLE cannot be used inside a transaction here.")
	}
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, statement := range append([]string{sql, t.keeping()}, t.described()...) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	s.tables.put(t)
	return nil
}

func (p *parser) addColumn(t *table) (string, error) {
	c, err := p.columnDefinition()
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(t.columns, func(other column) bool {
		return strings.EqualFold(other.Name, c.Name)
	}) {
		return "", errorOf(2705, "Column name '%s' in table '%s' is specified more than once.",
			c.Name, t.Name)
	}
	value := ""
	if p.accept("DEFAULT") {
		n, err := p.scalar()
		if err != nil {
			return "", err
		}
		if value, err = assign(n, c); err != nil {
			return "", err
		}
		value = " DEFAULT " + value
	}
	t.columns = append(t.columns, c)
	return "ADD COLUMN " + c.definition() + value, nil
}

// columnDefinition reads name type [NOT NULL | NULL].
func (p *parser) columnDefinition() (column, error) {
	name, err := p.name()
	if err != nil {
		return column{}, err
	}
	typ, err := p.typeName()
	if err != nil {
		return column{}, err
	}
	null := !p.accept("NOT", "NULL")
	if null {
		p.accept("NULL")
	}
	return typed(name, typ, null), nil
}

func (p *parser) dropColumn(t *table) (string, error) {
	name, err := p.name()
	if err != nil {
		return "", err
	}
	for _, key := range t.Key {
		if strings.EqualFold(key, name) {
			return "", errorOf(5074, "The object 'PK_%s' is dependent on column '%s'.", t.Name, name)
		}
	}
	before := len(t.columns)
	t.columns = slices.DeleteFunc(t.columns, func(c column) bool {
		return strings.EqualFold(c.Name, name)
	})
	if len(t.columns) == before {
		return "", errorOf(4924, "ALTER TABLE DROP COLUMN failed because column '%s' does not exist.",
			name)
	}
	return "DROP COLUMN " + ident(name), nil
}

func (p *parser) alterColumn(t *table) (string, error) {
	c, err := p.columnDefinition()
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(t.columns, func(other column) bool {
		return strings.EqualFold(other.Name, c.Name)
	})
	if i < 0 {
		return "", errorOf(4924, "ALTER TABLE ALTER COLUMN failed because column '%s' does not exist.",
			c.Name)
	}
	from := t.columns[i]
	c.Name = from.Name
	if from.typ.family() != c.typ.family() && c.typ.family() != text {
		return "", clash(from.typ, c.typ)
	}
	t.columns[i] = c
	name := ident(c.Name)
	sql := fmt.Sprintf("ALTER COLUMN %s TYPE %s USING %s::%s", name, c.typ.postgres(), name,
		c.typ.base())
	sql = "DROP CONSTRAINT IF EXISTS " + c.constraint() + ", " + sql
	if check := c.check(); check != "" {
		sql += ", ADD" + check
	}
	if c.Null {
		return sql + ", ALTER COLUMN " + name + " DROP NOT NULL", nil
	}
	return sql + ", ALTER COLUMN " + name + " SET NOT NULL", nil
}
