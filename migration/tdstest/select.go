package tdstest

import (
	"slices"
	"strconv"
	"strings"
)

// selection is a SELECT, as PostgreSQL is to be asked it.
type selection struct {
	sql  string
	cols []column
}

// subquery reads (SELECT ..).
func (p *parser) subquery() (selection, error) {
	if err := p.deeper(); err != nil {
		return selection{}, err
	}
	defer p.shallower()
	if err := p.expect("(", "SELECT"); err != nil {
		return selection{}, err
	}
	s, err := p.selection()
	if err != nil {
		return s, err
	}
	return s, p.expect(")")
}

// clauses are the parts of a SELECT in the order in which PostgreSQL wants them.
type clauses struct {
	distinct, from, where, group, having, order, limit, offset string
	items                                                      []node
}

// selection reads what follows SELECT. What is selected is read after FROM, which says what names
// mean.
func (p *parser) selection() (selection, error) {
	var c clauses
	if p.accept("DISTINCT") {
		c.distinct = "DISTINCT "
	} else {
		p.accept("ALL")
	}
	if p.accept("TOP") {
		if err := p.top(&c); err != nil {
			return selection{}, err
		}
	}
	listed := p.pos
	p.skipList()
	p.scopes = append(p.scopes, nil)
	defer func() { p.scopes = p.scopes[:len(p.scopes)-1] }()
	if p.accept("FROM") {
		if err := p.from(&c); err != nil {
			return selection{}, err
		}
	}
	after := p.pos
	p.pos = listed
	if err := p.list(&c); err != nil {
		return selection{}, err
	}
	if !p.at("FROM") && p.pos != after {
		return selection{}, p.unexpected()
	}
	p.pos = after
	if err := p.rest(&c); err != nil {
		return selection{}, err
	}
	return c.selection(), nil
}

func (p *parser) top(c *clauses) error {
	var n node
	var err error
	switch {
	case p.accept("("):
		if n, err = p.scalar(); err == nil {
			err = p.expect(")")
		}
	case p.peek().kind == tokenNumber:
		n, err = numberNode(p.next().text)
	default:
		err = p.unexpected()
	}
	if err == nil && n.typ.family() != number {
		err = errorOf(1060, "The number of rows provided for a TOP clause must be an integer.")
	}
	if p.at("PERCENT") || p.at("WITH") {
		err = p.unexpected()
	}
	c.limit = " LIMIT " + n.sql
	return err
}

// skipList goes to the end of what is selected.
func (p *parser) skipList() {
	for depth := 0; ; p.pos++ {
		t := p.peek()
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth--
		}
		if t.is("") || depth < 0 || depth == 0 && (t.is(";") || endsList(t)) {
			return
		}
	}
}

func endsList(t token) bool {
	return t.kind == tokenWord && slices.Contains(strings.Fields(
		"FROM WHERE GROUP ORDER UNION SELECT INSERT UPDATE DELETE SET INTO OPTION FOR"), t.text)
}

func (p *parser) list(c *clauses) error {
	for {
		switch {
		case p.accept("*"):
			c.items = append(c.items, p.all("")...)
		case p.peekAt(1).is(".") && p.peekAt(2).is("*"):
			alias := p.next().nameText()
			p.pos += 2
			c.items = append(c.items, p.all(alias)...)
		default:
			n, err := p.item()
			if err != nil {
				return err
			}
			c.items = append(c.items, n)
		}
		if !p.accept(",") {
			break
		}
	}
	if len(c.items) == 0 {
		return p.unexpected()
	}
	return nil
}

// all is every column that FROM has, or that one of its relations has.
func (p *parser) all(alias string) []node {
	var nodes []node
	for _, r := range p.scopes[len(p.scopes)-1] {
		for _, c := range r.columns {
			if alias == "" || ident(alias) == r.alias {
				nodes = append(nodes, node{
					sql: r.alias + "." + ident(c.Name), typ: c.typ, name: c.Name,
					column: true, full: !c.Null,
				})
			}
		}
	}
	return nodes
}

func (p *parser) item() (node, error) {
	name := ""
	if p.peekAt(1).is("=") && p.peek().kind != tokenParam {
		var err error
		if name, err = p.name(); err != nil {
			return node{}, err
		}
		p.pos++
	}
	n, err := p.scalar()
	if err != nil {
		return n, err
	}
	alias, err := p.alias()
	if alias != "" {
		name = alias
	}
	if name != "" {
		n.name = name
	}
	return n, err
}

func (p *parser) rest(c *clauses) error {
	if p.accept("WHERE") {
		n, err := p.condition()
		if err != nil {
			return err
		}
		c.where = " WHERE " + n.sql
	}
	if p.accept("GROUP", "BY") {
		for {
			n, err := p.scalar()
			if err != nil {
				return err
			}
			c.group += ", " + n.sql
			if !p.accept(",") {
				break
			}
		}
		c.group = " GROUP BY " + c.group[2:]
	}
	if p.accept("HAVING") {
		n, err := p.condition()
		if err != nil {
			return err
		}
		c.having = " HAVING " + n.sql
	}
	if p.accept("ORDER", "BY") {
		if err := p.order(c); err != nil {
			return err
		}
	}
	return p.options()
}

// options skips OPTION (..), which is about plans.
func (p *parser) options() error {
	if !p.accept("OPTION") {
		return nil
	}
	return p.skipBrackets()
}

func (p *parser) skipBrackets() error {
	if err := p.expect("("); err != nil {
		return err
	}
	for !p.accept(")") {
		if p.at("") || p.at(";") || p.at("(") {
			return p.unexpected()
		}
		p.pos++
	}
	return nil
}

func (p *parser) order(c *clauses) error {
	for {
		n, err := p.orderTerm(c)
		if err != nil {
			return err
		}
		sql := n.sql
		if n.typ.family() == zoned {
			sql = "tds.instant(" + sql + ")"
		}
		if f := n.typ.family(); f == guid || f == condition {
			return errorOf(102, "An order by %s is not known here.", n.typ) // not that of bytes
		}
		// NULL comes first in SQL Server. Where there is none, an index of PostgreSQL may serve.
		switch {
		case p.accept("DESC"):
			sql += " DESC"
			if !n.full {
				sql += " NULLS LAST"
			}
		default:
			p.accept("ASC")
			if !n.full {
				sql += " NULLS FIRST"
			}
		}
		c.order += ", " + sql
		if !p.accept(",") {
			break
		}
	}
	c.order = " ORDER BY " + c.order[2:]
	return p.page(c)
}

func (p *parser) orderTerm(c *clauses) (node, error) {
	t := p.peek()
	if n, err := strconv.Atoi(t.text); t.kind == tokenNumber && err == nil {
		p.pos++
		if n < 1 || n > len(c.items) {
			return node{}, errorOf(108, "The ORDER BY position number %d is out of range.", n)
		}
		return c.items[n-1], nil
	}
	if !p.peekAt(1).is(".") && !p.peekAt(1).is("(") {
		for _, item := range c.items {
			if strings.EqualFold(item.name, t.nameText()) && t.nameText() != "" {
				p.pos++
				return item, nil
			}
		}
	}
	return p.scalar()
}

// page reads OFFSET n ROWS [FETCH NEXT n ROWS ONLY].
func (p *parser) page(c *clauses) error {
	if !p.accept("OFFSET") {
		return nil
	}
	n, err := p.scalar()
	if err != nil {
		return err
	}
	c.offset = " OFFSET " + n.sql
	if !p.accept("ROWS") && !p.accept("ROW") {
		return p.unexpected()
	}
	if !p.accept("FETCH") {
		return nil
	}
	if !p.accept("NEXT") && !p.accept("FIRST") || c.limit != "" {
		return p.unexpected()
	}
	if n, err = p.scalar(); err != nil {
		return err
	}
	c.limit = " LIMIT " + n.sql
	if !p.accept("ROWS", "ONLY") && !p.accept("ROW", "ONLY") {
		return p.unexpected()
	}
	return nil
}

func (c *clauses) selection() selection {
	var s selection
	var list []string
	for i, item := range c.items {
		as := item.name
		if as == "" {
			as = "column " + strconv.Itoa(i+1)
		}
		list = append(list, item.output()+" AS "+ident(as))
		s.cols = append(s.cols, column{
			Column: Column{Name: item.name, Type: item.typ.String(), Null: !item.full},
			typ:    item.typ,
		})
	}
	s.sql = "SELECT " + c.distinct + strings.Join(list, ", ") + c.from + c.where + c.group +
		c.having + c.order + c.limit + c.offset
	return s
}
