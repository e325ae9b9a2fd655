package tdstest

// from reads the relations of a query, and puts them into its scope.
func (p *parser) from(c *clauses) error {
	sql, err := p.relation()
	if err != nil {
		return err
	}
	for {
		join, conditional, ok := p.join()
		if !ok {
			break
		}
		right, err := p.relation()
		if err != nil {
			return err
		}
		sql += join + right
		if conditional {
			if err := p.expect("ON"); err != nil {
				return err
			}
			on, err := p.condition()
			if err != nil {
				return err
			}
			sql += " ON " + on.sql
		}
	}
	c.from = " FROM " + sql
	return nil
}

// join reads what stands between two relations, which may want a condition.
func (p *parser) join() (sql string, conditional, ok bool) {
	for _, kind := range []string{"LEFT", "RIGHT", "FULL"} {
		if p.accept(kind, "OUTER", "JOIN") || p.accept(kind, "JOIN") {
			return " " + kind + " JOIN ", true, true
		}
	}
	switch {
	case p.accept("INNER", "JOIN"), p.accept("JOIN"):
		return " JOIN ", true, true
	case p.accept("CROSS", "JOIN"), p.accept(","):
		return " CROSS JOIN ", false, true
	}
	return "", false, false
}

func (p *parser) relation() (string, error) {
	switch {
	case p.at("(") && p.peekAt(1).is("SELECT"):
		return p.derived()
	case p.at("CHANGETABLE"):
		return p.changes()
	}
	t, err := p.tableName()
	if err != nil {
		return "", err
	}
	alias, err := p.hinted()
	if err != nil {
		return "", err
	}
	if alias == "" {
		alias = t.Name
	}
	p.enter(alias, t.columns)
	return t.postgres + " AS " + ident(alias), nil
}

// hinted reads an alias, and hints on how to lock before or after it.
func (p *parser) hinted() (string, error) {
	if err := p.hints(); err != nil {
		return "", err
	}
	alias, err := p.alias()
	if err != nil {
		return "", err
	}
	return alias, p.hints()
}

func (p *parser) hints() error {
	if p.at("WITH") && p.peekAt(1).is("(") {
		p.pos++
		return p.skipBrackets()
	}
	if p.at("(") && p.peekAt(1).is("NOLOCK") {
		return p.skipBrackets()
	}
	return nil
}

func (p *parser) enter(alias string, columns []column) {
	scope := &p.scopes[len(p.scopes)-1]
	*scope = append(*scope, relation{alias: ident(alias), columns: columns})
}

func (p *parser) derived() (string, error) {
	outer := p.scopes
	p.scopes = p.scopes[: len(p.scopes)-1 : len(p.scopes)-1] // it does not see what stands beside it
	s, err := p.subquery()
	p.scopes = outer
	if err != nil {
		return "", err
	}
	alias, err := p.alias()
	if err == nil && alias == "" {
		err = p.unexpected()
	}
	if err != nil {
		return "", err
	}
	p.enter(alias, s.cols)
	return "(" + s.sql + ") AS " + ident(alias), nil
}

// changes reads CHANGETABLE(CHANGES t, version) AS alias.
func (p *parser) changes() (string, error) {
	p.pos++
	if err := p.expect("(", "CHANGES"); err != nil {
		return "", err
	}
	t, err := p.tableName()
	if err != nil {
		return "", err
	}
	if err := p.expect(","); err != nil {
		return "", err
	}
	since, err := p.scalar()
	if err != nil {
		return "", err
	}
	if err := p.expect(")"); err != nil {
		return "", err
	}
	if !t.Tracked {
		return "", errorOf(22105, "Change tracking is not enabled on table '%s'.", t.Name)
	}
	if f := since.typ.family(); f != number && f != unknown {
		return "", clash(since.typ, plain("bigint"))
	}
	alias, err := p.alias()
	if err == nil && alias == "" {
		err = p.unexpected()
	}
	if err != nil {
		return "", err
	}
	columns := []column{
		typed("SYS_CHANGE_VERSION", plain("bigint"), true),
		typed("SYS_CHANGE_CREATION_VERSION", plain("bigint"), true),
		typed("SYS_CHANGE_OPERATION", sqlType{name: "nchar", size: 1}, true),
		typed("SYS_CHANGE_COLUMNS", sqlType{name: "varbinary", size: 4100}, true),
		typed("SYS_CHANGE_CONTEXT", sqlType{name: "varbinary", size: 128}, true),
	}
	columns = append(columns, t.keyColumns()...)
	p.enter(alias, columns)
	version := "COALESCE(CAST(" + since.sql + " AS bigint), -1)"
	return `(SELECT sys_change_version, sys_change_creation_version,
		CASE WHEN sys_change_deleted THEN 'D'
		     WHEN sys_change_creation_version > ` + version + ` THEN 'I' ELSE 'U' END
			AS sys_change_operation,
		CAST(NULL AS bytea) AS sys_change_columns,
		CAST(NULL AS bytea) AS sys_change_context, ` + idents(t.Key) +
		` FROM ` + t.side() + ` WHERE sys_change_version > ` + version + `) AS ` + ident(alias), nil
}
