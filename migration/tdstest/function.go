package tdstest

import (
	"strconv"
	"strings"
)

// call reads name(..).
func (p *parser) call() (node, error) {
	name := p.next().text
	p.pos++ // the bracket
	switch name {
	case "COUNT", "COUNT_BIG":
		return p.count(name)
	case "CAST", "TRY_CAST":
		return p.cast(name)
	case "CONVERT":
		return p.convert()
	}
	if p.at("DISTINCT") {
		return node{}, p.unexpected()
	}
	args, err := p.arguments()
	if err != nil {
		return node{}, err
	}
	return function(name, args)
}

func (p *parser) arguments() ([]node, error) {
	if p.accept(")") {
		return nil, nil
	}
	var args []node
	for {
		n, err := p.scalar()
		if err != nil {
			return nil, err
		}
		args = append(args, n)
		if !p.accept(",") {
			return args, p.expect(")")
		}
	}
}

func (p *parser) count(name string) (node, error) {
	typ := plain("int")
	if name == "COUNT_BIG" {
		typ = plain("bigint")
	}
	if p.accept("*", ")") {
		return node{sql: "count(*)", typ: typ}, nil
	}
	distinct := ""
	if p.accept("DISTINCT") {
		distinct = "DISTINCT "
	}
	n, err := p.scalar()
	if err != nil {
		return n, err
	}
	return node{sql: "count(" + distinct + n.sql + ")", typ: typ}, p.expect(")")
}

func (p *parser) cast(name string) (node, error) {
	if name != "CAST" {
		return node{}, notUnderstood(name)
	}
	n, err := p.scalar()
	if err != nil {
		return n, err
	}
	if err := p.expect("AS"); err != nil {
		return n, err
	}
	to, err := p.typeName()
	if err != nil {
		return n, err
	}
	if err := p.expect(")"); err != nil {
		return n, err
	}
	return castTo(n, to)
}

func (p *parser) convert() (node, error) {
	to, err := p.typeName()
	if err != nil {
		return node{}, err
	}
	if err := p.expect(","); err != nil {
		return node{}, err
	}
	n, err := p.scalar()
	if err != nil {
		return n, err
	}
	if err := p.expect(")"); err != nil { // a style is not known
		return n, err
	}
	return castTo(n, to)
}

func castTo(n node, to sqlType) (node, error) {
	sql, err := coerce(n, to)
	if err != nil {
		return n, err
	}
	size := strconv.Itoa(to.size)
	switch f := to.family(); {
	case f == exact, f == zoned, f == clock:
		kind := map[family]string{exact: "exact", zoned: "zoned", clock: "clock"}[f]
		sql = "tds." + kind + "(" + sql + ", " + strconv.Itoa(to.scale) + ")"
	case f == number && isWhole(to) && !isWhole(n.typ) && n.typ.family() == number:
		sql = "CAST(trunc(CAST(" + sql + " AS numeric)) AS " + to.base() + ")"
	case f == number || f == moment:
		sql = "CAST(" + sql + " AS " + to.postgres() + ")"
	case f == text && (to.name == "char" || to.name == "nchar"):
		sql = "rpad(" + sql + ", " + size + ")"
	case (f == text || f == binaryData) && to.size != unlimited:
		sql = "substr(" + sql + ", 1, " + size + ")"
	}
	return node{sql: sql, typ: to}, nil
}

func isWhole(t sqlType) bool {
	switch t.name {
	case "tinyint", "smallint", "int", "bigint", "bit":
		return true
	}
	return false
}

// function is what a function of T-SQL is in PostgreSQL.
func function(name string, args []node) (node, error) {
	switch len(args) {
	case 0:
		return functionOfNone(name)
	case 1:
		return functionOfOne(name, args[0])
	}
	var sql string
	switch {
	case name == "ISNULL" && len(args) == 2:
		if args[0].typ.name == "" {
			args[0].typ = args[1].typ
		}
		second, err := coerce(args[1], args[0].typ)
		if err != nil {
			return node{}, err
		}
		return node{sql: "COALESCE(" + args[0].sql + ", " + second + ")", typ: args[0].typ}, nil
	case name == "COALESCE":
		sql = "COALESCE"
	case name == "NULLIF" && len(args) == 2:
		sql = "NULLIF"
	default:
		return node{}, unknownFunction(name)
	}
	typ, all, err := common(args)
	return node{sql: sql + "(" + strings.Join(all, ", ") + ")", typ: typ}, err
}

func unknownFunction(name string) error { return notUnderstood(name) }

const now = "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '0"

func functionOfNone(name string) (node, error) {
	switch name {
	case "SYSUTCDATETIME", "SYSDATETIME":
		return node{sql: "(" + now + "')", typ: plain("datetime2")}, nil
	case "SYSDATETIMEOFFSET":
		return node{sql: "(" + now + " +00:00')", typ: plain("datetimeoffset")}, nil
	case "GETDATE", "GETUTCDATE", "CURRENT_TIMESTAMP":
		return node{
			sql: "CAST(clock_timestamp() AT TIME ZONE 'UTC' AS timestamp(3))", typ: plain("datetime"),
		}, nil
	case "NEWID":
		return node{sql: "gen_random_uuid()", typ: plain("uniqueidentifier")}, nil
	case "CHANGE_TRACKING_CURRENT_VERSION":
		return node{sql: "tds.current_version()", typ: plain("bigint")}, nil
	case "DB_NAME":
		return node{sql: "CAST(current_database() AS text)", typ: nvarchar(128)}, nil
	}
	return node{}, unknownFunction(name)
}

func functionOfOne(name string, n node) (node, error) {
	f := n.typ.family()
	switch {
	case name == "OBJECT_ID" && f == text:
		return node{sql: "tds.object_id(" + n.sql + ")", typ: plain("int")}, nil
	case name == "CHANGE_TRACKING_MIN_VALID_VERSION" && (f == number || f == unknown):
		return node{
			sql: "tds.min_valid_version(CAST(" + n.sql + " AS integer))", typ: plain("bigint"),
		}, nil
	case name == "MIN" || name == "MAX":
		return aggregate(name, n)
	case name == "SUM" && (f == number || f == unknown):
		typ := widest(n.typ, plain("int"))
		return node{sql: "sum(" + n.sql + ")", typ: typ}, nil
	case name == "ABS" && f == number:
		return node{sql: "abs(" + n.sql + ")", typ: n.typ}, nil
	case name == "LEN" && f == text:
		return node{
			sql: "length(rtrim(CAST(" + n.sql + " AS text), ' '))", typ: plain("int"),
		}, nil
	case (name == "UPPER" || name == "LOWER" || name == "LTRIM" || name == "RTRIM") && f == text:
		return node{sql: strings.ToLower(name) + "(CAST(" + n.sql + " AS text))", typ: variable(n.typ)},
			nil
	case name == "DATALENGTH":
		return dataLength(n), nil
	case name == "COALESCE":
		return n, nil
	}
	return node{}, unknownFunction(name)
}

func variable(t sqlType) sqlType {
	t.name = strings.ReplaceAll(strings.ReplaceAll(t.name, "var", ""), "char", "varchar")
	return t
}

func aggregate(name string, n node) (node, error) {
	sql := n.sql
	switch n.typ.family() {
	case guid, binaryData, zoned, condition:
		return node{}, errorOf(8117, "Operand data type %s is invalid for %s operator.",
			n.typ, strings.ToLower(name))
	case unknown, number, text, moment, exact, clock:
	}
	return node{sql: strings.ToLower(name) + "(" + sql + ")", typ: n.typ}, nil
}

// dataLength is how many bytes SQL Server keeps a value in.
func dataLength(n node) node {
	typ := plain("int")
	if n.typ.size == unlimited {
		typ = plain("bigint")
	}
	f := n.typ.fact()
	var size string
	switch {
	case n.typ.name == "char":
		size = strconv.Itoa(n.typ.size)
	case n.typ.name == "nchar":
		size = strconv.Itoa(2 * n.typ.size)
	case n.typ.isWide(): // letters beyond the first 65,536 take two
		return node{sql: "(2 * (length(" + n.sql + ") + length(regexp_replace(" + n.sql +
			", '[^\U00010000-\U0010ffff]', '', 'g'))))", typ: typ}
	case f.family == text:
		return node{sql: "length(" + n.sql + ")", typ: typ}
	case n.typ.name == "binary":
		size = strconv.Itoa(n.typ.size)
	case f.family == binaryData:
		return node{sql: "octet_length(" + n.sql + ")", typ: typ}
	case f.wire == wireDecimal || f.wire == wireNumeric:
		size = strconv.Itoa(decimalSize(n.typ.prec))
	case f.family == clock:
		size = strconv.Itoa(clockSize(n.typ.scale))
	case f.family == exact:
		size = strconv.Itoa(clockSize(n.typ.scale) + 3)
	case f.family == zoned:
		size = strconv.Itoa(clockSize(n.typ.scale) + 5)
	default:
		size = strconv.Itoa(f.size)
	}
	return node{sql: "CASE WHEN " + n.sql + " IS NOT NULL THEN " + size + " END", typ: typ}
}

// caseOf reads what follows CASE: WHEN condition THEN .. or, with a value before, WHEN value THEN.
func (p *parser) caseOf() (node, error) {
	var subject *node
	if !p.at("WHEN") {
		n, err := p.scalar()
		if err != nil {
			return n, err
		}
		subject = &n
	}
	var conditions []string
	var results []node
	for p.accept("WHEN") {
		when, err := p.when(subject)
		if err != nil {
			return when, err
		}
		then, err := p.scalar()
		if err != nil {
			return then, err
		}
		conditions = append(conditions, when.sql)
		results = append(results, then)
	}
	otherwise := node{sql: "NULL"}
	if p.accept("ELSE") {
		var err error
		if otherwise, err = p.scalar(); err != nil {
			return otherwise, err
		}
	}
	if err := p.expect("END"); err != nil || len(conditions) == 0 {
		return otherwise, p.unexpected()
	}
	typ, all, err := common(append(results, otherwise))
	if err != nil {
		return otherwise, err
	}
	var sql strings.Builder
	for i, c := range conditions {
		sql.WriteString(" WHEN " + c + " THEN " + all[i])
	}
	return node{sql: "(CASE" + sql.String() + " ELSE " + all[len(conditions)] + " END)", typ: typ}, nil
}

func (p *parser) when(subject *node) (node, error) {
	var n node
	var err error
	if subject == nil {
		n, err = p.condition()
	} else if n, err = p.scalar(); err == nil {
		n, err = compare(*subject, "=", n)
	}
	if err == nil {
		err = p.expect("THEN")
	}
	return n, err
}
