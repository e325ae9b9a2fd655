package tdstest

// base is the type of PostgreSQL that an expression of a type is worked out in.
func (t sqlType) base() string {
	switch t.family() {
	case text, exact, zoned, clock:
		return "text"
	case number:
		switch t.name {
		case "decimal", "numeric", "money", "smallmoney":
			return "numeric"
		}
	case moment:
		if t.name != "date" {
			return "timestamp"
		}
	case unknown, condition:
		return "text"
	case guid, binaryData:
	}
	return t.fact().postgres
}

func clash(from, to sqlType) error {
	return errorOf(206, "Operand type clash: %s is incompatible with %s", from, to)
}

// coerce is an expression as one of another type, as SQL Server does where it is not told to.
func coerce(n node, to sqlType) (string, error) {
	from, into := n.typ.family(), to.family()
	switch {
	case from == into || from == unknown:
		return n.sql, nil
	case from == text:
		switch into {
		case number, moment, guid:
			return "CAST(" + n.sql + " AS " + to.base() + ")", nil
		case exact:
			return "tds.exact(" + n.sql + ", 7)", nil
		case zoned:
			return "tds.zoned(" + n.sql + ", 7)", nil
		case clock:
			return "tds.clock(" + n.sql + ", 7)", nil
		case unknown, text, binaryData, condition:
		}
	case from == number && into == text && n.typ.name != "real" && n.typ.name != "float":
		return "CAST(" + n.sql + " AS text)", nil
	case from == guid && into == text:
		return "upper(CAST(" + n.sql + " AS text))", nil
	}
	return coerceTime(n, to)
}

func coerceTime(n node, to sqlType) (string, error) {
	from, into := n.typ.family(), to.family()
	switch {
	case from == moment && into == exact:
		return "tds.precise(" + n.sql + ")", nil
	case from == moment && into == zoned:
		return "(tds.precise(" + n.sql + ") || ' +00:00')", nil
	case from == exact && into == zoned:
		return "(" + n.sql + " || ' +00:00')", nil
	case from == zoned && into == exact:
		return "left(" + n.sql + ", 27)", nil
	case (from == exact || from == zoned) && into == moment:
		return "CAST(left(" + n.sql + ", 26) AS " + to.base() + ")", nil
	}
	return "", clash(n.typ, to)
}

// compare is a condition on two expressions, both as the one of their types that goes before.
func compare(left node, mark string, right node) (node, error) {
	if mark == "!=" {
		mark = "<>"
	}
	if left.typ.family() == condition || right.typ.family() == condition {
		return left, notUnderstood(mark)
	}
	if left.typ.family() == guid && right.typ.family() == guid && mark != "=" && mark != "<>" {
		return left, notUnderstood(mark) // SQL Server has an order of its own for them
	}
	to := left.typ
	if rank(right.typ) > rank(left.typ) {
		to = right.typ
	}
	l, err := coerce(left, to)
	if err != nil {
		return left, err
	}
	r, err := coerce(right, to)
	if err != nil {
		return left, err
	}
	if to.family() == zoned {
		l, r = "tds.instant("+l+")", "tds.instant("+r+")"
	}
	return condOf("(" + l + " " + mark + " " + r + ")"), nil
}

// rank is higher for what others are turned into.
func rank(t sqlType) int {
	switch t.family() {
	case zoned:
		return 8
	case exact:
		return 7
	case moment:
		if t.name == "date" {
			return 5
		}
		return 6
	case clock:
		return 4
	case number:
		return 3
	case guid:
		return 2
	case text:
		return 1
	case unknown, binaryData, condition:
	}
	return 0
}

// output is an expression as a result has it, of exactly the type that the client is told.
func (n node) output() string {
	if n.column || n.typ.name == "" {
		return n.sql
	}
	return "CAST(" + n.sql + " AS " + n.typ.base() + ")"
}

// common is the type that several expressions have together, and they as that.
func common(nodes []node) (sqlType, []string, error) {
	var to sqlType
	for _, n := range nodes {
		switch {
		case to.name == "":
			to = n.typ
		case to.family() == number && n.typ.family() == number:
			to = widest(to, n.typ)
		case to.family() == text && n.typ.family() == text:
			to = wider(to, n.typ)
		case rank(n.typ) > rank(to):
			to = n.typ
		}
	}
	all := make([]string, len(nodes))
	for i, n := range nodes {
		var err error
		if all[i], err = coerce(n, to); err != nil {
			return to, nil, err
		}
	}
	return to, all, nil
}

// wider is a type of text that takes what both do.
func wider(a, b sqlType) sqlType {
	name := "varchar"
	if a.isWide() || b.isWide() {
		name = "nvarchar"
	}
	size := max(a.size, b.size)
	if a.size == unlimited || b.size == unlimited || name == "nvarchar" && size > 4000 {
		size = unlimited
	}
	return sqlType{name: name, size: size}
}
