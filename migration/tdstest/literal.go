package tdstest

import (
	"strconv"
	"strings"
)

func stringNode(t token) node {
	if t.kind == tokenNational {
		return node{
			sql: "CAST(" + literal(t.text) + " AS text)",
			typ: nvarchar(lengthFor(utf16Length(t.text)/2, 4000)),
		}
	}
	kept := from1252(append1252(nil, t.text)) // with ? for what varchar does not have
	return node{
		sql: "CAST(" + literal(kept) + " AS text)",
		typ: sqlType{name: "varchar", size: lengthFor(len([]rune(kept)), 8000)},
	}
}

func lengthFor(n, most int) int {
	if n > most {
		return unlimited
	}
	return max(1, n)
}

func numberNode(digits string) (node, error) {
	if strings.ContainsAny(digits, "eE") {
		return node{sql: "CAST(" + digits + " AS double precision)", typ: plain("float")}, nil
	}
	before, after, _ := strings.Cut(digits, ".")
	before = strings.TrimLeft(before, "0")
	if len(before)+len(after) > 38 {
		return node{}, errorOf(1007, "The number '%s' is out of range.", digits)
	}
	if n, err := strconv.ParseInt(digits, 10, 32); err == nil {
		return node{sql: strconv.FormatInt(n, 10), typ: plain("int")}, nil
	}
	prec := max(1, len(before)+len(after))
	return node{
		sql: "CAST(" + digits + " AS numeric)",
		typ: sqlType{name: "numeric", prec: prec, scale: len(after)},
	}, nil
}

func globals(name string) (node, bool) {
	switch name {
	case "@@version":
		return node{sql: "CAST('" + productName + "' AS text)", typ: nvarchar(300)}, true
	case "@@servername":
		return node{sql: "CAST('" + programName + "' AS text)", typ: nvarchar(128)}, true
	}
	return node{}, false
}
