package mapping_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

func parsed(t *testing.T, words string) mapping.Type {
	t.Helper()
	got, err := mapping.ParseType(words)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestHolds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		of   string
		want bool
	}{
		"bigint":            {"numeric(18,0)", true},
		"integer":           {"numeric(9,0)", true},
		"smallint":          {"tinyint", true},
		"numeric":           {"money", true},
		"numeric(9,2)":      {"numeric(9,2)", true},
		"numeric(10,2)":     {"numeric(9,0)", false},
		"numeric(11,2)":     {"numeric(9,0)", true},
		"numeric(5)":        {"numeric(5,0)", false}, // the catalogue says numeric(5,0)
		"bigint(8)":         {"bigint", false},
		"real":              {"float", false},
		"double precision":  {"real", true},
		"boolean":           {"bit", true},
		"date":              {"datetime", false},
		"uuid":              {"uniqueidentifier", true},
		"bytea":             {"varbinary(max)", true},
		"text":              {"varchar(30)", true},
		"character(10)":     {"char(10)", true},
		"character(9)":      {"char(10)", false},
		"character(40)":     {"varchar(40)", false}, // blanks at the end would be lost
		"character varying": {"varchar(30)", false}, // it has no length, and is text
		"interval":          {"int", false},
		"":                  {"int", false},

		"character varying(30)": {"varchar(30)", true},
		"character varying(29)": {"varchar(30)", false},
		"character varying(5)":  {"bit", true},
		"character varying(4)":  {"bit", false},
		"character varying(36)": {"uniqueidentifier", true},
		"character varying(27)": {"datetime2(7)", true},
		"character varying(26)": {"datetime2(7)", false},
		"character varying(99)": {"varchar(max)", false},
		"character varying(98)": {"int", false},

		"timestamp without time zone":               {"datetime", true},
		"timestamp with time zone":                  {"datetime", false},
		"character varying(9999999999999999999999)": {"varchar(30)", false},
	}
	for target, tt := range tests {
		if got := mapping.Holds(target, parsed(t, tt.of)); got != tt.want {
			t.Errorf("%s holds every %s: got %v, want %v", target, tt.of, got, tt.want)
		}
	}
	for target, of := range map[string]string{
		"bigint": "numeric(19,0)", "integer": "numeric(10,0)", "smallint": "numeric(5,0)",
		"numeric(19,4)": "numeric(20,4)", "numeric(38,3)": "money", "real": "float(53)",
	} {
		if mapping.Holds(target, parsed(t, of)) {
			t.Errorf("%s does not hold every %s", target, of)
		}
	}
	if mapping.Holds("timestamp without time zone", parsed(t, "datetime2(7)")) {
		t.Error("a timestamp does not hold 100 ns")
	}
}

func TestWithin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		narrow, wide string
		both         bool // whether each is within the other
		neither      bool
	}{
		"tinyint, int":                {narrow: "tinyint", wide: "int"},
		"tinyint, two digits":         {narrow: "tinyint", wide: "numeric(2,0)", neither: true},
		"nine digits, int":            {narrow: "numeric(9,0)", wide: "int"},
		"int, ten digits":             {narrow: "int", wide: "numeric(10,0)"},
		"bigint, nineteen digits":     {narrow: "bigint", wide: "decimal(19,0)"},
		"decimal, numeric":            {narrow: "decimal(5,1)", wide: "numeric(5,1)", both: true},
		"more after the point":        {narrow: "numeric(9,0)", wide: "numeric(9,2)", neither: true},
		"smallmoney, money":           {narrow: "smallmoney", wide: "money"},
		"number, text":                {narrow: "int", wide: "varchar(30)", neither: true},
		"lengths":                     {narrow: "varchar(30)", wide: "varchar(60)"},
		"length, max":                 {narrow: "varchar(30)", wide: "varchar(max)"},
		"text, varchar(max)":          {narrow: "text", wide: "varchar(max)", both: true},
		"characters of more scripts":  {narrow: "varchar(30)", wide: "nvarchar(30)"},
		"scripts and lengths":         {narrow: "varchar(60)", wide: "nvarchar(30)", neither: true},
		"padded and not":              {narrow: "char(10)", wide: "varchar(10)", neither: true},
		"padded lengths":              {narrow: "char(10)", wide: "char(11)"},
		"minutes, seconds":            {narrow: "smalldatetime", wide: "datetime2(0)"},
		"thousandths, microseconds":   {narrow: "datetime2(3)", wide: "datetime2(6)"},
		"microseconds, 100 ns":        {narrow: "datetime2(6)", wide: "datetime2(7)", neither: true},
		"ticks, thousandths":          {narrow: "datetime", wide: "datetime2(3)", neither: true},
		"date, moment":                {narrow: "date", wide: "datetime", neither: true},
		"real, float":                 {narrow: "real", wide: "float", neither: true},
		"bytes":                       {narrow: "varbinary(8)", wide: "varbinary(max)"},
		"image":                       {narrow: "image", wide: "varbinary(max)", both: true},
		"filled with zero bytes":      {narrow: "binary(8)", wide: "varbinary(8)", neither: true},
		"rowversion by its old name":  {narrow: "rowversion", wide: "timestamp", both: true},
		"truth, number":               {narrow: "bit", wide: "tinyint", neither: true},
		"uniqueidentifier and itself": {narrow: "uniqueidentifier", wide: "uniqueidentifier", both: true},
	}
	for name, tt := range tests {
		narrow, wide := parsed(t, tt.narrow), parsed(t, tt.wide)
		if got := narrow.Within(wide); got == tt.neither {
			t.Errorf("%s: %s within %s: got %v", name, tt.narrow, tt.wide, got)
		}
		if got := wide.Within(narrow); got != tt.both {
			t.Errorf("%s: %s within %s: got %v", name, tt.wide, tt.narrow, got)
		}
	}
}
