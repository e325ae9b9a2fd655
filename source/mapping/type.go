package mapping

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Kind is how values of a type are compared, whatever system holds them.
type Kind int

// The kinds.
const (
	Text      Kind = iota + 1 // every character counts
	Padded                    // blanks at the end count for nothing
	Integer                   // whole numbers of 64 bits
	Decimal                   // numbers to the last digit; how many zeros end them counts for nothing
	Float                     // floating point
	Boolean                   // true or false
	Date                      // a day
	Ticks                     // a day and time, to 1/300 s
	Timestamp                 // a day and time, to the microsecond
	Moment                    // a day and time of 100 ns, kept here as text
	UUID                      // compared in lower case
	Bytes                     // compared byte by byte
)

// A Type is one of SQL Server, read from its words.
type Type struct {
	Name      string // in lower case, without what stands in brackets
	Length    int    // in characters or bytes; -1 for max, 0 where the type has none
	Precision int    // digits in all, of a decimal
	Scale     int    // digits after the point, of a decimal, or of the seconds
	Kind      Kind
	Large     bool // whether it has no length of its own
}

// typeForm is a type with none, one or two numbers after it.
var typeForm = regexp.MustCompile(`^([a-z0-9]+)(?:\((max|[0-9]+)(?:, ?([0-9]+))?\))?$`)

// ParseType reads a type in the words of SQL Server. It fails for what is none there, such as
// varchar(9000), and for types that cannot be taken.
func ParseType(words string) (Type, error) {
	parts := typeForm.FindStringSubmatch(strings.ToLower(words))
	if parts == nil || !takes(parts[1], parts[2], parts[3]) {
		return Type{}, fmt.Errorf("mapping: %q is no type", words)
	}
	t := Type{Name: parts[1]}
	first, _ := strconv.Atoi(parts[2]) // it is none, max, or a small number
	second, _ := strconv.Atoi(parts[3])
	switch t.Name {
	case "tinyint", "smallint", "int", "bigint":
		t.Kind = Integer
	case "decimal", "numeric":
		t.Kind, t.Precision, t.Scale = Decimal, numberOr(parts[2], first, 18), second
		if t.Scale == 0 && t.Precision <= 18 {
			t.Kind = Integer
		}
	case "money":
		t.Kind, t.Precision, t.Scale = Decimal, 19, 4
	case "smallmoney":
		t.Kind, t.Precision, t.Scale = Decimal, 10, 4
	case "real", "float":
		t.Kind = Float
		if numberOr(parts[2], first, 53) <= 24 {
			t.Name = "real" // as SQL Server has it
		}
	case "bit":
		t.Kind = Boolean
	case "date":
		t.Kind = Date
	case "datetime":
		t.Kind, t.Scale = Ticks, 3
	case "smalldatetime":
		t.Kind = Timestamp
	case "datetime2":
		t.Kind, t.Scale = Timestamp, numberOr(parts[2], first, 7)
		if t.Scale > 6 {
			t.Kind = Moment
		}
	case "uniqueidentifier":
		t.Kind = UUID
	case "rowversion", "timestamp":
		t.Kind, t.Length = Bytes, 8
	default:
		return t.ofLength(words, parts[2], first)
	}
	return t, nil
}

// ofLength is t where values of it are of many lengths.
func (t Type) ofLength(words, written string, length int) (Type, error) {
	t.Length = numberOr(written, length, 1)
	switch t.Name {
	case "varchar", "nvarchar":
		t.Kind = Text
	case "char", "nchar":
		t.Kind = Padded
	case "binary", "varbinary":
		t.Kind = Bytes
	case "text", "ntext", "xml":
		t.Kind, t.Length = Text, -1
	case "image":
		t.Kind, t.Length = Bytes, -1
	default:
		return Type{}, fmt.Errorf("mapping: type %q cannot be taken", words)
	}
	if written == "max" {
		t.Length = -1
	}
	t.Large = t.Length < 0
	return t, nil
}

// takes is whether these numbers may stand after a name.
func takes(name, first, second string) bool {
	isIn := func(number string, least, most int) bool {
		n, err := strconv.Atoi(number)
		return number == "" || err == nil && n >= least && n <= most
	}
	switch name {
	case "decimal", "numeric":
		precision, _ := strconv.Atoi(first)
		return isIn(first, 1, 38) && isIn(second, 0, precision)
	case "float":
		return isIn(first, 1, 53) && second == ""
	case "datetime2":
		return isIn(first, 0, 7) && second == ""
	case "varchar", "varbinary":
		return (first == "max" || isIn(first, 1, 8000)) && second == ""
	case "char", "binary":
		return isIn(first, 1, 8000) && second == ""
	case "nvarchar":
		return (first == "max" || isIn(first, 1, 4000)) && second == ""
	case "nchar":
		return isIn(first, 1, 4000) && second == ""
	case "time", "datetimeoffset":
		return true // of no form can they be taken
	}
	return first == ""
}

func numberOr(written string, number, otherwise int) int {
	if written == "" {
		return otherwise
	}
	return number
}

// Target is the type in the words of PostgreSQL that DMS makes of t, and we with it.
func (t Type) Target() string {
	length := strconv.Itoa(t.Length)
	switch t.Name {
	case "tinyint", "smallint":
		return "smallint"
	case "int":
		return "integer"
	case "bigint":
		return "bigint"
	case "bit":
		return "boolean"
	case "real":
		return "real"
	case "float":
		return "double precision"
	case "date":
		return "date"
	case "uniqueidentifier":
		return "character varying(36)"
	}
	switch {
	case t.Precision > 0:
		return fmt.Sprintf("numeric(%d,%d)", t.Precision, t.Scale)
	case t.Kind == Moment:
		return "character varying(37)"
	case t.Kind == Ticks || t.Kind == Timestamp:
		return "timestamp without time zone"
	case t.Kind == Bytes:
		return "bytea"
	case t.Large:
		return "text"
	case t.Kind == Padded:
		return "character(" + length + ")"
	}
	return "character varying(" + length + ")"
}

// Parsed is the column's type on the system. It is the zero Type where that is no type, which Check
// tells.
func (c *Column) Parsed() Type {
	t, _ := ParseType(c.Type)
	return t
}

// Target is the column's type here, in the words of PostgreSQL's catalogue.
func (c *Column) Target() string {
	if c.As != "" {
		return c.As
	}
	return c.Parsed().Target()
}

// canBeKey is whether rows can be looked for by a value of t, as it is written here.
func (t Type) canBeKey() bool {
	switch t.Kind {
	case Integer, Date, Ticks:
		return true
	case Text, Padded:
		return !t.Large
	default:
		return false
	}
}
