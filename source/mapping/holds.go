package mapping

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// targetForm is a type in the words of PostgreSQL's catalogue, with what stands after it.
var targetForm = regexp.MustCompile(`^([a-z ]+)(?:\(([0-9]+)(?:,([0-9]+))?\))?$`)

// Holds is whether a column of PostgreSQL of the type target, in the words of its catalogue, holds
// every value of t as it is: none is refused, rounded or cut.
func Holds(target string, t Type) bool {
	parts := targetForm.FindStringSubmatch(target)
	if parts == nil {
		return false
	}
	length, err := strconv.Atoi(parts[2])
	if parts[2] == "" || err != nil {
		length = -1
	}
	switch parts[1] {
	case "smallint", "integer", "bigint", "numeric":
		room, known := targetSpan(parts[1], parts[2], parts[3])
		return known && t.isNumber() && t.span().within(room)
	case "real":
		return t.Name == "real"
	case "double precision":
		return t.Kind == Float
	case "boolean":
		return t.Kind == Boolean
	case "date":
		return t.Kind == Date
	case "timestamp without time zone":
		return t.Kind == Ticks || t.Kind == Timestamp
	case "uuid":
		return t.Kind == UUID
	case "bytea":
		return t.Kind == Bytes
	case "text":
		return t.Kind == Text || t.Kind == Padded
	case "character":
		return t.Kind == Padded && t.Length <= length
	case "character varying":
		return t.longest() > 0 && t.longest() <= length
	}
	return false
}

// longest is how many characters a value of t may have as text; 0 where it is not kept as text, or
// has no length.
func (t Type) longest() int {
	switch t.Kind {
	case Text, Padded:
		return max(t.Length, 0)
	case UUID:
		return len("6f9619ff-8b86-d011-b42d-00c04fc964ff")
	case Moment:
		return len("2026-03-14 09:26:53.1234567")
	case Boolean:
		return len("false")
	default:
		return 0
	}
}

// Within is whether every value of t is one of other too, and is written in the same form. Types of
// another family never are: a char is no varchar, for blanks at its end count for nothing.
func (t Type) Within(other Type) bool {
	if t.family() != other.family() {
		return false
	}
	switch t.Kind {
	case Integer, Decimal:
		return t.span().within(other.span())
	case Timestamp:
		return t.fraction() <= other.fraction()
	case Text, Padded, Bytes:
		isLonger := other.Length >= 0 && (t.Length < 0 || t.Length > other.Length)
		return !isLonger && (!t.isUnicode() || other.isUnicode())
	default:
		return true
	}
}

func (t Type) family() string {
	switch {
	case t.isNumber():
		return "number"
	case t.Kind == Float:
		return t.Name
	case t.Name == "image":
		return "varbinary"
	case t.Name == "rowversion":
		return "timestamp"
	case t.Kind == Bytes:
		return t.Name
	}
	return "kind " + strconv.Itoa(int(t.Kind))
}

func (t Type) isNumber() bool { return t.Kind == Integer || t.Kind == Decimal }

func (t Type) isUnicode() bool { return strings.HasPrefix(t.Name, "n") || t.Name == "xml" }

// fraction is to how many digits after the second a moment is told; of minutes it is -1.
func (t Type) fraction() int {
	if t.Name == "smalldatetime" {
		return -1
	}
	return t.Scale
}

// A span is the numbers between two, neither of which is one of them, with so many digits after the
// point.
type span struct {
	above, below float64
	scale        int
}

func (s span) within(other span) bool {
	return s.above >= other.above && s.below <= other.below && s.scale <= other.scale
}

// around is the span of numbers whose size is less than most.
func around(most float64, scale int) span { return span{-most, most, scale} }

func (t Type) span() span {
	switch t.Name {
	case "tinyint":
		return span{-1, 256, 0}
	case "smallint", "int", "bigint":
		room, _ := targetSpan(t.Target(), "", "")
		return room
	case "money":
		return around(math.Exp2(63)/1e4, 4)
	case "smallmoney":
		return around(math.Exp2(31)/1e4, 4)
	}
	return around(math.Pow10(t.Precision-t.Scale), t.Scale)
}

// targetSpan is the numbers that a type of PostgreSQL holds.
func targetSpan(name, precision, scale string) (span, bool) {
	switch name {
	case "smallint":
		return around(math.Exp2(15), 0), precision == ""
	case "integer":
		return around(math.Exp2(31), 0), precision == ""
	case "bigint":
		return around(math.Exp2(63), 0), precision == ""
	}
	if precision == "" {
		return around(math.Inf(1), math.MaxInt), true
	}
	digits, _ := strconv.Atoi(precision) // a number of the form
	after, err := strconv.Atoi(scale)
	return around(math.Pow10(digits-after), after), err == nil
}
