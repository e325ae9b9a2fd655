package tdstest

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// family is what types have in common that are compared with each other as they are kept.
type family uint8

const (
	unknown family = iota // NULL
	number
	text
	moment // kept as a timestamp or a date
	exact  // kept as text: datetime2, with all 7 digits of a second
	zoned  // kept as text: datetimeoffset
	clock  // kept as text: time
	guid
	binaryData
	condition // what WHERE takes, and SELECT does not
)

// sqlType is a type of T-SQL.
type sqlType struct {
	name  string // such as varchar; "" for what NULL is of
	size  int    // letters or bytes; -1 for max
	prec  int
	scale int
}

// Bytes of TYPE_INFO.
const (
	wireNull     = 0x1f
	wireGUID     = 0x24
	wireInt      = 0x26
	wireDate     = 0x28
	wireTime     = 0x29
	wireExact    = 0x2a
	wireZoned    = 0x2b
	wireBit      = 0x68
	wireDecimal  = 0x6a
	wireNumeric  = 0x6c
	wireFloat    = 0x6d
	wireMoney    = 0x6e
	wireDatetime = 0x6f
	wireVarbin   = 0xa5
	wireVarchar  = 0xa7
	wireBinary   = 0xad
	wireChar     = 0xaf
	wireNvarchar = 0xe7
	wireNchar    = 0xef
)

const unlimited = -1

// fact is what there is to know of a type by its name.
type fact struct {
	family   family
	wire     byte
	size     int    // on the wire, where it is fixed
	postgres string // "" where it is of a length or a precision
	prec     int    // as INFORMATION_SCHEMA has it
	scale    int
}

func factOf(name string) (fact, bool) {
	switch name {
	case "tinyint":
		return fact{number, wireInt, 1, "smallint", 3, 0}, true
	case "smallint":
		return fact{number, wireInt, 2, "smallint", 5, 0}, true
	case "int":
		return fact{number, wireInt, 4, "integer", 10, 0}, true
	case "bigint":
		return fact{number, wireInt, 8, "bigint", 19, 0}, true
	case "bit":
		return fact{number, wireBit, 1, "smallint", 0, 0}, true
	case "real":
		return fact{number, wireFloat, 4, "real", 24, 0}, true
	case "float":
		return fact{number, wireFloat, 8, "double precision", 53, 0}, true
	case "decimal":
		return fact{number, wireDecimal, 0, "", 18, 0}, true
	case "numeric":
		return fact{number, wireNumeric, 0, "", 18, 0}, true
	case "money":
		return fact{number, wireMoney, 8, "numeric(19,4)", 19, 4}, true
	case "smallmoney":
		return fact{number, wireMoney, 4, "numeric(10,4)", 10, 4}, true
	case "date":
		return fact{moment, wireDate, 3, "date", 0, 0}, true
	case "datetime":
		return fact{moment, wireDatetime, 8, "timestamp(3)", 0, 3}, true
	case "smalldatetime":
		return fact{moment, wireDatetime, 4, "timestamp(0)", 0, 0}, true
	case "time":
		return fact{clock, wireTime, 0, `text COLLATE "C"`, 0, 7}, true
	case "datetime2":
		return fact{exact, wireExact, 0, `text COLLATE "C"`, 0, 7}, true
	case "datetimeoffset":
		return fact{zoned, wireZoned, 0, `text COLLATE "C"`, 0, 7}, true
	case "char":
		return fact{text, wireChar, 0, "", 0, 0}, true
	case "varchar":
		return fact{text, wireVarchar, 0, "", 0, 0}, true
	case "nchar":
		return fact{text, wireNchar, 0, "", 0, 0}, true
	case "nvarchar":
		return fact{text, wireNvarchar, 0, "", 0, 0}, true
	case "binary":
		return fact{binaryData, wireBinary, 0, "bytea", 0, 0}, true
	case "varbinary":
		return fact{binaryData, wireVarbin, 0, "bytea", 0, 0}, true
	case "rowversion":
		return fact{binaryData, wireBinary, 8, "bytea", 0, 0}, true
	case "uniqueidentifier":
		return fact{guid, wireGUID, 16, "uuid", 0, 0}, true
	}
	return fact{}, false
}

func plain(name string) sqlType {
	f, _ := factOf(name)
	return sqlType{name: name, prec: f.prec, scale: f.scale}
}

func nvarchar(size int) sqlType { return sqlType{name: "nvarchar", size: size} }

func (t sqlType) fact() fact {
	f, _ := factOf(t.name)
	return f
}

func (t sqlType) family() family {
	if t.name == "condition" {
		return condition
	}
	return t.fact().family
}

// parseType reads what a table is declared with, such as "numeric(16,0)".
func parseType(declared string) (sqlType, error) {
	p, err := newParser(declared, nil)
	if err != nil {
		return sqlType{}, err
	}
	t, err := p.typeName()
	if err == nil && !p.at("") {
		err = p.unexpected()
	}
	if err != nil {
		return sqlType{}, fmt.Errorf("tdstest: type %q: %w", declared, err)
	}
	return t, nil
}

// sized is the type of a name and of what stands in brackets behind it.
func sized(name string, args []int) (sqlType, bool) {
	switch name {
	case "timestamp":
		name = "rowversion"
	case "integer":
		name = "int"
	case "dec":
		name = "decimal"
	}
	f, ok := factOf(name)
	t := sqlType{name: name, prec: f.prec, scale: f.scale}
	most := 0 // arguments
	switch {
	case !ok:
		return t, false
	case name == "decimal" || name == "numeric":
		most = 2
		if len(args) > 0 {
			t.prec = args[0]
		}
		if len(args) > 1 {
			t.scale = args[1]
		}
		ok = t.prec >= 1 && t.prec <= 38 && t.scale >= 0 && t.scale <= t.prec
	case f.family == exact || f.family == zoned || f.family == clock:
		most = 1
		if len(args) > 0 {
			t.scale = args[0]
		}
		ok = t.scale >= 0 && t.scale <= 7
	case f.family == text || f.family == binaryData && name != "rowversion":
		most = 1
		t.size = 1
		if len(args) > 0 {
			t.size = args[0]
		}
		ok = t.size == unlimited && strings.HasPrefix(strings.TrimPrefix(name, "n"), "var") ||
			t.size > 0 && t.size <= t.longest()
	case name == "float":
		most = 1
		if len(args) > 0 && args[0] <= 24 {
			t = plain("real")
		}
	case name == "rowversion":
		t.size = 8
	}
	return t, ok && len(args) <= most
}

func (t sqlType) isWide() bool { return t.name == "nchar" || t.name == "nvarchar" }

// longest is how many letters or bytes a value may have that is not of max.
func (t sqlType) longest() int {
	if t.isWide() {
		return 4000
	}
	return 8000
}

// postgres is the type of a column that keeps it.
func (t sqlType) postgres() string {
	switch t.name {
	case "decimal", "numeric":
		return fmt.Sprintf("numeric(%d,%d)", t.prec, t.scale)
	case "char", "nchar":
		return fmt.Sprintf(`char(%d) COLLATE "C"`, t.size)
	case "varchar", "nvarchar":
		if t.size == unlimited {
			return `text COLLATE "C"`
		}
		return fmt.Sprintf(`varchar(%d) COLLATE "C"`, t.size)
	}
	return t.fact().postgres
}

// check is what holds of a column of it that PostgreSQL's type does not hold, or "".
func (t sqlType) check(column string) string {
	switch {
	case t.name == "tinyint":
		return " CHECK (" + column + " BETWEEN 0 AND 255)"
	case t.name == "bit":
		return " CHECK (" + column + " IN (0, 1))"
	case t.family() == binaryData && t.size != unlimited:
		return " CHECK (octet_length(" + column + ") <= " + strconv.Itoa(t.size) + ")"
	}
	return ""
}

// String is the type as T-SQL writes it.
func (t sqlType) String() string {
	size := strconv.Itoa(t.size)
	if t.size == unlimited {
		size = "max"
	}
	switch f := t.fact(); {
	case t.name == "decimal" || t.name == "numeric":
		return fmt.Sprintf("%s(%d,%d)", t.name, t.prec, t.scale)
	case f.family == exact || f.family == zoned || f.family == clock:
		return fmt.Sprintf("%s(%d)", t.name, t.scale)
	case (f.family == text || f.family == binaryData) && t.name != "rowversion":
		return t.name + "(" + size + ")"
	}
	return t.name
}

// decimalSize is how many bytes a decimal of so many digits takes.
func decimalSize(prec int) int {
	switch {
	case prec <= 9:
		return 5
	case prec <= 19:
		return 9
	case prec <= 28:
		return 13
	}
	return 17
}

// appendInfo appends TYPE_INFO.
func (t sqlType) appendInfo(dst []byte) []byte {
	f := t.fact()
	if t.name == "" { // NULL
		return append(dst, wireInt, 4)
	}
	dst = append(dst, f.wire)
	switch f.wire {
	case wireDate:
		return dst
	case wireDecimal, wireNumeric:
		return append(dst, byte(decimalSize(t.prec)), byte(t.prec), byte(t.scale))
	case wireTime, wireExact, wireZoned:
		return append(dst, byte(t.scale))
	case wireChar, wireVarchar, wireNchar, wireNvarchar, wireBinary, wireVarbin:
		size := t.size
		switch {
		case size == unlimited:
			size = 0xffff
		case t.isWide():
			size *= 2
		}
		dst = binary.LittleEndian.AppendUint16(dst, uint16(size))
		if f.family == text {
			dst = append(dst, collation()...)
		}
		return dst
	}
	return append(dst, byte(f.size))
}
