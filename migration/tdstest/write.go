package tdstest

import (
	"strings"
)

// target is a column that is written to.
func target(t *table, name string) (column, error) {
	for _, c := range t.columns {
		if !strings.EqualFold(c.Name, name) {
			continue
		}
		if c.typ.name == "rowversion" {
			return c, errorOf(273, "Cannot insert an explicit value into a timestamp column.")
		}
		return c, nil
	}
	return column{}, errorOf(207, "Invalid column name '%s'.", name)
}

// insert reads what follows INSERT.
func (p *parser) insert() (*statement, error) {
	p.accept("INTO")
	t, err := p.writable()
	if err != nil {
		return nil, err
	}
	columns, err := p.insertColumns(t)
	if err != nil {
		return nil, err
	}
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	sql := "INSERT INTO " + t.postgres + " (" + idents(names) + ") "
	if p.accept("SELECT") {
		return p.insertSelect(sql, columns)
	}
	if err := p.expect("VALUES"); err != nil {
		return nil, err
	}
	var rows []string
	for {
		row, err := p.insertRow(columns)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
		if !p.accept(",") {
			break
		}
	}
	return &statement{sql: sql + "VALUES " + strings.Join(rows, ", "), command: doneInsert}, nil
}

func (p *parser) insertColumns(t *table) ([]column, error) {
	var columns []column
	if !p.accept("(") {
		for _, c := range t.columns {
			if c.typ.name != "rowversion" {
				columns = append(columns, c)
			}
		}
		return columns, nil
	}
	for {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		c, err := target(t, name)
		if err != nil {
			return nil, err
		}
		columns = append(columns, c)
		if !p.accept(",") {
			return columns, p.expect(")")
		}
	}
}

func (p *parser) insertRow(columns []column) (string, error) {
	if err := p.expect("("); err != nil {
		return "", err
	}
	var values []string
	for {
		value := "DEFAULT"
		if !p.accept("DEFAULT") {
			n, err := p.scalar()
			if err != nil {
				return "", err
			}
			if len(values) < len(columns) {
				if value, err = assign(n, columns[len(values)]); err != nil {
					return "", err
				}
			}
		}
		values = append(values, value)
		if !p.accept(",") {
			break
		}
	}
	if len(values) != len(columns) {
		return "", errorOf(109, "There are more or fewer columns in the INSERT statement than values.")
	}
	return "(" + strings.Join(values, ", ") + ")", p.expect(")")
}

func assign(n node, to column) (string, error) {
	sql, err := coerce(n, to.typ)
	switch {
	case err != nil:
		return "", err
	case n.typ.name != "" && to.typ.name == "bit": // anything but 0 is 1
		return "CAST((" + sql + ") <> 0 AS integer)", nil
	case isWhole(to.typ) && n.typ.family() == number && !isWhole(n.typ):
		return "trunc(CAST(" + sql + " AS numeric))", nil // the rest is cut off, not rounded
	}
	return sql, nil
}

func (p *parser) insertSelect(sql string, columns []column) (*statement, error) {
	s, err := p.selection()
	if err != nil {
		return nil, err
	}
	if len(s.cols) != len(columns) {
		return nil, errorOf(120, "The select list has more or fewer items than the insert list.")
	}
	parts, names := make([]string, len(columns)), make([]string, len(columns))
	for i, c := range columns {
		names[i] = ident("from " + c.Name)
		if parts[i], err = assign(node{sql: names[i], typ: s.cols[i].typ}, c); err != nil {
			return nil, err
		}
	}
	sql += "SELECT " + strings.Join(parts, ", ") + " FROM (" + s.sql + ") AS s (" +
		strings.Join(names, ", ") + ")"
	return &statement{sql: sql, command: doneInsert}, nil
}

// update reads what follows UPDATE.
func (p *parser) update() (*statement, error) {
	t, err := p.writable()
	if err != nil {
		return nil, err
	}
	if err := p.hints(); err != nil {
		return nil, err
	}
	p.scopes = [][]relation{nil}
	p.enter(t.Name, t.columns)
	if err := p.expect("SET"); err != nil {
		return nil, err
	}
	var parts []string
	for {
		name, err := p.name()
		if err != nil {
			return nil, err
		}
		to, err := target(t, name)
		if err != nil {
			return nil, err
		}
		if err := p.expect("="); err != nil {
			return nil, err
		}
		n, err := p.scalar()
		if err != nil {
			return nil, err
		}
		value, err := assign(n, to)
		if err != nil {
			return nil, err
		}
		parts = append(parts, ident(to.Name)+" = "+value)
		if !p.accept(",") {
			break
		}
	}
	where, err := p.where()
	return &statement{
		sql: "UPDATE " + t.postgres + " AS " + ident(t.Name) + " SET " + strings.Join(parts, ", ") +
			where,
		command: doneUpdate,
	}, err
}

func (p *parser) where() (string, error) {
	defer func() { p.scopes = nil }()
	if !p.accept("WHERE") {
		return "", nil
	}
	n, err := p.condition()
	return " WHERE " + n.sql, err
}

// delete reads what follows DELETE.
func (p *parser) delete() (*statement, error) {
	p.accept("FROM")
	t, err := p.writable()
	if err != nil {
		return nil, err
	}
	if err := p.hints(); err != nil {
		return nil, err
	}
	p.scopes = [][]relation{nil}
	p.enter(t.Name, t.columns)
	where, err := p.where()
	return &statement{
		sql:     "DELETE FROM " + t.postgres + " AS " + ident(t.Name) + where,
		command: doneDelete,
	}, err
}
