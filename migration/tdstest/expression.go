package tdstest

import (
	"slices"
	"strconv"
	"strings"
)

// node is an expression.
type node struct {
	sql    string // of PostgreSQL
	typ    sqlType
	name   string // that a column of a result has by it
	column bool   // and nothing else
	full   bool   // a column that is never NULL
	param  bool
}

func condOf(sql string) node { return node{sql: sql, typ: sqlType{name: "condition"}} }

// condition reads what WHERE, ON and WHEN take.
func (p *parser) condition() (node, error) {
	n, err := p.expression()
	if err == nil && n.typ.family() != condition {
		return n, errorOf(4145, "An expression of non-boolean type where a condition is expected.")
	}
	return n, err
}

// scalar reads what SELECT takes.
func (p *parser) scalar() (node, error) {
	at := p.peek().raw
	n, err := p.expression()
	if err == nil && n.typ.family() == condition {
		return n, notUnderstood(at)
	}
	return n, err
}

func (p *parser) expression() (node, error) {
	if err := p.deeper(); err != nil {
		return node{}, err
	}
	defer p.shallower()
	return p.joined("OR", func() (node, error) { return p.joined("AND", p.negation) })
}

// joined reads conditions that AND or OR stands between.
func (p *parser) joined(word string, part func() (node, error)) (node, error) {
	left, err := part()
	for err == nil && p.at(word) {
		p.pos++
		var right node
		if right, err = part(); err != nil {
			break
		}
		if left.typ.family() != condition || right.typ.family() != condition {
			return left, notUnderstood(word)
		}
		left = condOf("(" + left.sql + " " + word + " " + right.sql + ")")
	}
	return left, err
}

func (p *parser) negation() (node, error) {
	if !p.accept("NOT") {
		return p.predicate()
	}
	n, err := p.negationOnce()
	if err == nil && n.typ.family() != condition {
		err = notUnderstood("NOT")
	}
	return condOf("(NOT " + n.sql + ")"), err
}

func (p *parser) negationOnce() (node, error) {
	if err := p.deeper(); err != nil {
		return node{}, err
	}
	defer p.shallower()
	return p.negation()
}

func (p *parser) predicate() (node, error) {
	if p.accept("EXISTS") {
		sub, err := p.subquery()
		return condOf("EXISTS (" + sub.sql + ")"), err
	}
	left, err := p.sum()
	if err != nil {
		return left, err
	}
	t := p.peek()
	switch {
	case t.kind == tokenMark && slices.Contains(strings.Fields("= <> != < <= > >="), t.text):
		p.pos++
		right, err := p.sum()
		if err != nil {
			return left, err
		}
		return compare(left, t.text, right)
	case p.accept("IS", "NOT", "NULL"):
		return condOf("(" + left.sql + " IS NOT NULL)"), nil
	case p.accept("IS", "NULL"):
		return condOf("(" + left.sql + " IS NULL)"), nil
	}
	not := ""
	if p.at("NOT") {
		p.pos++
		not = "NOT "
	}
	switch {
	case p.accept("BETWEEN"):
		return p.between(left, not)
	case p.accept("IN"):
		return p.in(left, not)
	case p.accept("LIKE"):
		return p.like(left, not)
	case not != "":
		return left, p.unexpected()
	}
	return left, nil
}

func (p *parser) between(left node, not string) (node, error) {
	low, err := p.sum()
	if err != nil {
		return left, err
	}
	if err := p.expect("AND"); err != nil {
		return left, err
	}
	high, err := p.sum()
	if err != nil {
		return left, err
	}
	from, err := compare(left, ">=", low)
	if err != nil {
		return left, err
	}
	to, err := compare(left, "<=", high)
	return condOf("(" + not + "(" + from.sql + " AND " + to.sql + "))"), err
}

func (p *parser) in(left node, not string) (node, error) {
	if p.peekAt(1).is("SELECT") {
		sub, err := p.subquery()
		if err != nil {
			return left, err
		}
		if len(sub.cols) != 1 || sub.cols[0].typ.family() != left.typ.family() {
			return left, notUnderstood("IN")
		}
		return condOf("(" + left.sql + " " + not + "IN (" + sub.sql + "))"), nil
	}
	if err := p.expect("("); err != nil {
		return left, err
	}
	var parts []string
	for {
		right, err := p.scalar()
		if err != nil {
			return left, err
		}
		same, err := compare(left, "=", right)
		if err != nil {
			return left, err
		}
		parts = append(parts, same.sql)
		if !p.accept(",") {
			break
		}
	}
	return condOf("(" + not + "(" + strings.Join(parts, " OR ") + "))"), p.expect(")")
}

func (p *parser) like(left node, not string) (node, error) {
	right, err := p.sum()
	switch {
	case err != nil:
		return left, err
	case left.typ.family() != text || right.typ.family() != text || right.column:
		return left, notUnderstood("LIKE")
	}
	pattern := right.sql // PostgreSQL has no sets of letters in LIKE
	if strings.ContainsAny(pattern, `[\`) || right.param {
		return left, notUnderstood("LIKE")
	}
	return condOf("(" + left.sql + " " + not + "LIKE " + pattern + ")"), nil
}

func (p *parser) sum() (node, error)     { return p.operation("+ -", p.product) }
func (p *parser) product() (node, error) { return p.operation("* / %", p.primary) }

func (p *parser) operation(marks string, part func() (node, error)) (node, error) {
	left, err := part()
	for err == nil {
		t := p.peek()
		if t.kind != tokenMark || !strings.Contains(marks, t.text) {
			break
		}
		p.pos++
		var right node
		if right, err = part(); err == nil {
			left, err = calculate(left, t.text, right)
		}
	}
	return left, err
}

func calculate(left node, mark string, right node) (node, error) {
	l, r := left.typ.family(), right.typ.family()
	if mark == "+" && l == text && r == text {
		typ := sqlType{name: "varchar", size: unlimited}
		if left.typ.isWide() || right.typ.isWide() {
			typ.name = "nvarchar"
		}
		if left.typ.size > 0 && right.typ.size > 0 {
			typ.size = min(left.typ.size+right.typ.size, typ.longest())
		}
		return node{sql: "(" + left.sql + " || " + right.sql + ")", typ: typ}, nil
	}
	if (l != number && l != unknown) || (r != number && r != unknown) {
		return left, errorOf(402, "The data types %s and %s are incompatible in the %s operator.",
			left.typ, right.typ, mark)
	}
	typ := widest(left.typ, right.typ)
	if mark == "*" && typ.name == "decimal" {
		typ.scale = min(left.typ.scale+right.typ.scale, 30)
	}
	if mark == "/" && typ.name == "decimal" {
		typ.scale = max(6, typ.scale)
	}
	return node{sql: "(" + left.sql + " " + mark + " " + right.sql + ")", typ: typ}, nil
}

// widest is the type that two numbers have in common.
func widest(a, b sqlType) sqlType {
	order := []string{
		"", "bit", "tinyint", "smallint", "int", "bigint", "smallmoney", "money", "decimal",
		"numeric", "real", "float",
	}
	rank := func(t sqlType) int {
		for i, name := range order {
			if name == t.name {
				return i
			}
		}
		return 0
	}
	if rank(a) < rank(b) {
		a, b = b, a
	}
	if a.name == "decimal" || a.name == "numeric" {
		return sqlType{name: "decimal", prec: 38, scale: max(a.scale, b.scale)}
	}
	return a
}

func (p *parser) primary() (node, error) {
	t := p.peek()
	switch {
	case t.kind == tokenString || t.kind == tokenNational:
		p.pos++
		return stringNode(t), nil
	case t.kind == tokenNumber:
		p.pos++
		return numberNode(t.text)
	case t.kind == tokenHex:
		p.pos++
		digits := strings.Repeat("0", len(t.text)%2) + t.text
		return node{
			sql: `CAST('\x` + digits + `' AS bytea)`,
			typ: sqlType{name: "varbinary", size: max(1, len(digits)/2)},
		}, nil
	case t.kind == tokenParam:
		return p.parameter()
	case p.accept("NULL"):
		return node{sql: "NULL"}, nil
	case t.is("-"), t.is("+"):
		return p.signed()
	case t.is("("):
		return p.bracketed()
	case p.accept("CASE"):
		return p.caseOf()
	case p.peekAt(1).is("(") && t.kind == tokenWord:
		return p.call()
	}
	return p.columnName()
}

func (p *parser) signed() (node, error) {
	sign := p.next().text
	if err := p.deeper(); err != nil {
		return node{}, err
	}
	defer p.shallower()
	n, err := p.primary()
	if err == nil && n.typ.family() != number && n.typ.family() != unknown {
		err = notUnderstood(sign)
	}
	return node{sql: "(" + sign + " " + n.sql + ")", typ: n.typ}, err
}

func (p *parser) bracketed() (node, error) {
	if p.peekAt(1).is("SELECT") {
		sub, err := p.subquery()
		if err != nil {
			return node{}, err
		}
		if len(sub.cols) != 1 {
			return node{}, notUnderstood("SELECT")
		}
		return node{sql: "(" + sub.sql + ")", typ: sub.cols[0].typ}, nil
	}
	p.pos++
	n, err := p.expression()
	if err != nil {
		return n, err
	}
	n.sql = "(" + n.sql + ")"
	return n, p.expect(")")
}

func (p *parser) parameter() (node, error) {
	name := p.next().text
	if global, ok := globals(name); ok {
		return global, nil
	}
	i, err := p.parameterNumber(name)
	if err != nil {
		return node{}, err
	}
	typ := p.used[i-1].typ
	return node{
		sql: "CAST($" + strconv.Itoa(i) + " AS " + typ.base() + ")", typ: typ, param: true,
	}, nil
}

func (p *parser) columnName() (node, error) {
	first, err := p.name()
	if err != nil {
		return node{}, err
	}
	parts := []string{first}
	for p.accept(".") {
		part, err := p.name()
		if err != nil {
			return node{}, err
		}
		parts = append(parts, part)
	}
	alias := ""
	if len(parts) > 1 {
		alias = parts[len(parts)-2]
	}
	return p.column(alias, parts[len(parts)-1])
}
