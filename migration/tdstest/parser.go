package tdstest

import (
	"slices"
	"strconv"
	"strings"
)

// parser reads T-SQL and writes the SQL of PostgreSQL that means the same, with the types of SQL
// Server that come of it. What it does not know is an error.
type parser struct {
	tokens []token
	pos    int
	tables *catalogue
	params []param
	used   []param      // by the statement under way, in the order of PostgreSQL's numbers
	scopes [][]relation // from the outermost query inwards
	depth  int
}

// relation is what FROM has, by the name that a statement calls it.
type relation struct {
	alias   string // as PostgreSQL is told it
	columns []column
}

// deeper is to be undone by shallower, and holds how far brackets and the like are in each other.
func (p *parser) deeper() error {
	const deepest = 200
	if p.depth++; p.depth > deepest {
		return errorOf(191, "Some part of your SQL statement is nested too deeply.")
	}
	return nil
}

func (p *parser) shallower() { p.depth-- }

func newParser(sql string, tables *catalogue, params ...param) (*parser, error) {
	all, err := tokens(sql)
	if err != nil {
		return nil, err
	}
	return &parser{tokens: all, tables: tables, params: params}, nil
}

func (p *parser) peek() token { return p.tokens[p.pos] }

func (p *parser) peekAt(n int) token {
	return p.tokens[min(p.pos+n, len(p.tokens)-1)]
}

func (p *parser) next() token {
	t := p.tokens[p.pos]
	if t.kind != tokenEnd {
		p.pos++
	}
	return t
}

// is says whether a token is a keyword or a mark, or with "" the end.
func (t token) is(text string) bool {
	if text == "" {
		return t.kind == tokenEnd
	}
	return (t.kind == tokenWord || t.kind == tokenMark) && t.text == text
}

func (p *parser) at(text string) bool { return p.peek().is(text) }

func (p *parser) accept(words ...string) bool {
	for i, word := range words {
		if !p.peekAt(i).is(word) {
			return false
		}
	}
	p.pos += len(words)
	return true
}

func (p *parser) expect(words ...string) error {
	for _, word := range words {
		if !p.accept(word) {
			return p.unexpected()
		}
	}
	return nil
}

func (p *parser) unexpected() error { return notUnderstood(p.peek().raw) }

// name reads a name: any quoted one, or a word that means nothing else.
func (p *parser) name() (string, error) {
	t := p.peek()
	if t.kind != tokenName && (t.kind != tokenWord || isReserved(t.text)) {
		return "", p.unexpected()
	}
	p.pos++
	if t.text == "" {
		return "", notUnderstood(t.raw)
	}
	return strings.TrimSpace(t.nameText()), nil
}

func (t token) nameText() string {
	if t.kind == tokenWord {
		return t.raw
	}
	return t.text
}

func isReserved(word string) bool {
	return slices.Contains(strings.Fields(`ADD ALL ALTER AND AS ASC BEGIN BETWEEN BY CASE COLUMN
		COMMIT CREATE CROSS DEFAULT DELETE DESC DISTINCT DROP ELSE END EXEC EXECUTE EXISTS FETCH FOR
		FROM FULL GROUP HAVING IF IN INNER INSERT INTERSECT INTO IS JOIN LEFT LIKE MERGE NOT NULL
		OFFSET ON OPTION OR ORDER OUTER OVER PIVOT RIGHT ROLLBACK SELECT SET TABLE THEN TOP TRUNCATE
		UNION UNPIVOT UPDATE USE VALUES WHEN WHERE WHILE WITH EXCEPT DECLARE PRINT RAISERROR THROW
		COLLATE TABLESAMPLE`), word)
}

// alias reads [AS] name, or "".
func (p *parser) alias() (string, error) {
	if p.accept("AS") {
		if t := p.peek(); t.kind == tokenString || t.kind == tokenNational {
			p.pos++
			return t.text, nil
		}
		return p.name()
	}
	t := p.peek()
	if t.kind == tokenName || t.kind == tokenWord && !isReserved(t.text) {
		return p.name()
	}
	return "", nil
}

// ident is a name as PostgreSQL is told it.
func ident(name string) string {
	return `"` + strings.ReplaceAll(strings.ToLower(name), `"`, `""`) + `"`
}

func literal(s string) string {
	if strings.Contains(s, `\`) {
		return ` E'` + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s) + `'`
	}
	return `'` + strings.ReplaceAll(s, `'`, `''`) + `'`
}

// typeName reads a type.
func (p *parser) typeName() (sqlType, error) {
	t := p.next()
	name := strings.ToLower(t.text)
	if t.kind != tokenWord && t.kind != tokenName {
		return sqlType{}, notUnderstood(t.raw)
	}
	var args []int
	if p.accept("(") {
		for {
			n, err := p.typeArgument()
			if err != nil {
				return sqlType{}, err
			}
			args = append(args, n)
			if !p.accept(",") {
				break
			}
		}
		if err := p.expect(")"); err != nil {
			return sqlType{}, err
		}
	}
	typ, ok := sized(name, args)
	if !ok {
		return typ, errorOf(2715, "Cannot find data type %s.", name)
	}
	return typ, nil
}

func (p *parser) typeArgument() (int, error) {
	if p.accept("MAX") {
		return unlimited, nil
	}
	n, err := strconv.Atoi(p.peek().text)
	if p.peek().kind != tokenNumber || err != nil {
		return 0, p.unexpected()
	}
	p.pos++
	return n, nil
}

// tableName reads a name of up to three parts, and finds its table.
func (p *parser) tableName() (*table, error) {
	var parts []string
	for {
		part, err := p.name()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if !p.accept(".") {
			break
		}
	}
	schema := "dbo"
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	found := p.tables.find(schema, parts[len(parts)-1])
	if found == nil || len(parts) > 3 {
		return nil, errorOf(208, "Invalid object name '%s'.", strings.Join(parts, "."))
	}
	return found, nil
}

// parameterNumber is the number by which the statement under way knows a parameter.
func (p *parser) parameterNumber(name string) (int, error) {
	for i, u := range p.used {
		if u.name == name {
			return i + 1, nil
		}
	}
	for _, given := range p.params {
		if given.name == name {
			p.used = append(p.used, given)
			return len(p.used), nil
		}
	}
	return 0, errorOf(137, "Must declare the scalar variable \"%s\".", name)
}

// column finds a column of the relations of a query, and of those around it.
func (p *parser) column(alias, name string) (node, error) {
	for _, scope := range slices.Backward(p.scopes) {
		var found []node
		for _, r := range scope {
			if alias != "" && ident(alias) != r.alias {
				continue
			}
			for _, c := range r.columns {
				if strings.EqualFold(c.Name, name) {
					found = append(found, node{
						sql: r.alias + "." + ident(name), typ: c.typ, name: name,
						column: true, full: !c.Null,
					})
				}
			}
		}
		switch {
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			return node{}, errorOf(209, "Ambiguous column name '%s'.", name)
		}
	}
	if alias != "" {
		return node{}, errorOf(4104, "The multi-part identifier %q could not be bound.",
			alias+"."+name)
	}
	return node{}, errorOf(207, "Invalid column name '%s'.", name)
}
