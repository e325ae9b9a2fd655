package mapping_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// types are all that can be taken, and what becomes of each.
func types() map[string]struct {
	want   mapping.Type
	target string
} {
	type row = struct {
		want   mapping.Type
		target string
	}
	return map[string]row{
		"tinyint":   {mapping.Type{Name: "tinyint", Kind: mapping.Integer}, "smallint"},
		"smallint":  {mapping.Type{Name: "smallint", Kind: mapping.Integer}, "smallint"},
		"int":       {mapping.Type{Name: "int", Kind: mapping.Integer}, "integer"},
		"bigint":    {mapping.Type{Name: "bigint", Kind: mapping.Integer}, "bigint"},
		"bit":       {mapping.Type{Name: "bit", Kind: mapping.Boolean}, "boolean"},
		"real":      {mapping.Type{Name: "real", Kind: mapping.Float}, "real"},
		"float":     {mapping.Type{Name: "float", Kind: mapping.Float}, "double precision"},
		"float(53)": {mapping.Type{Name: "float", Kind: mapping.Float}, "double precision"},
		"float(25)": {mapping.Type{Name: "float", Kind: mapping.Float}, "double precision"},
		"float(24)": {mapping.Type{Name: "real", Kind: mapping.Float}, "real"},
		"date":      {mapping.Type{Name: "date", Kind: mapping.Date}, "date"},
		"uniqueidentifier": {
			mapping.Type{Name: "uniqueidentifier", Kind: mapping.UUID}, "character varying(36)",
		},
		"numeric": {
			mapping.Type{Name: "numeric", Precision: 18, Kind: mapping.Integer}, "numeric(18,0)",
		},
		"NUMERIC(16,0)": {
			mapping.Type{Name: "numeric", Precision: 16, Kind: mapping.Integer}, "numeric(16,0)",
		},
		"decimal(19)": {
			mapping.Type{Name: "decimal", Precision: 19, Kind: mapping.Decimal}, "numeric(19,0)",
		},
		"decimal(9, 2)": {
			mapping.Type{Name: "decimal", Precision: 9, Scale: 2, Kind: mapping.Decimal}, "numeric(9,2)",
		},
		"money": {
			mapping.Type{Name: "money", Precision: 19, Scale: 4, Kind: mapping.Decimal}, "numeric(19,4)",
		},
		"smallmoney": {
			mapping.Type{Name: "smallmoney", Precision: 10, Scale: 4, Kind: mapping.Decimal},
			"numeric(10,4)",
		},
		"datetime": {
			mapping.Type{Name: "datetime", Scale: 3, Kind: mapping.Ticks}, "timestamp without time zone",
		},
		"smalldatetime": {
			mapping.Type{Name: "smalldatetime", Kind: mapping.Timestamp}, "timestamp without time zone",
		},
		"datetime2(6)": {
			mapping.Type{Name: "datetime2", Scale: 6, Kind: mapping.Timestamp},
			"timestamp without time zone",
		},
		"datetime2(0)": {
			mapping.Type{Name: "datetime2", Kind: mapping.Timestamp}, "timestamp without time zone",
		},
		"datetime2": {
			mapping.Type{Name: "datetime2", Scale: 7, Kind: mapping.Moment}, "character varying(37)",
		},
		"varchar": {
			mapping.Type{Name: "varchar", Length: 1, Kind: mapping.Text}, "character varying(1)",
		},
		"varchar(8000)": {
			mapping.Type{Name: "varchar", Length: 8000, Kind: mapping.Text}, "character varying(8000)",
		},
		"nvarchar(30)": {
			mapping.Type{Name: "nvarchar", Length: 30, Kind: mapping.Text}, "character varying(30)",
		},
		"varchar(max)": {
			mapping.Type{Name: "varchar", Length: -1, Kind: mapping.Text, Large: true}, "text",
		},
		"nvarchar(max)": {
			mapping.Type{Name: "nvarchar", Length: -1, Kind: mapping.Text, Large: true}, "text",
		},
		"text":  {mapping.Type{Name: "text", Length: -1, Kind: mapping.Text, Large: true}, "text"},
		"ntext": {mapping.Type{Name: "ntext", Length: -1, Kind: mapping.Text, Large: true}, "text"},
		"xml":   {mapping.Type{Name: "xml", Length: -1, Kind: mapping.Text, Large: true}, "text"},
		"char(10)": {
			mapping.Type{Name: "char", Length: 10, Kind: mapping.Padded}, "character(10)",
		},
		"nchar": {mapping.Type{Name: "nchar", Length: 1, Kind: mapping.Padded}, "character(1)"},
		"binary(8)": {
			mapping.Type{Name: "binary", Length: 8, Kind: mapping.Bytes}, "bytea",
		},
		"varbinary(max)": {
			mapping.Type{Name: "varbinary", Length: -1, Kind: mapping.Bytes, Large: true}, "bytea",
		},
		"image": {
			mapping.Type{Name: "image", Length: -1, Kind: mapping.Bytes, Large: true}, "bytea",
		},
		"rowversion": {mapping.Type{Name: "rowversion", Length: 8, Kind: mapping.Bytes}, "bytea"},
		"timestamp":  {mapping.Type{Name: "timestamp", Length: 8, Kind: mapping.Bytes}, "bytea"},
	}
}

func TestParseType(t *testing.T) {
	t.Parallel()
	for words, tt := range types() {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			got, err := mapping.ParseType(words)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if got.Target() != tt.target {
				t.Errorf("got %s here, want %s", got.Target(), tt.target)
			}
			if !mapping.Holds(got.Target(), got) {
				t.Errorf("%s does not hold every %s", got.Target(), words)
			}
			if !got.Within(got) {
				t.Error("it is not within itself")
			}
		})
	}
}

func TestParseTypeRefuses(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"", " int", "int ", "int(4)", "money(3)", "date(1)", "text(5)", "bit(1)", "real(3)",
		"numeric(0)", "numeric(39)", "numeric(5,6)", "numeric(max)", "numeric(,2)", "numeric(5,2,1)",
		"numeric(5,", "numeric(99999999999999999999)", "float(0)", "float(54)", "float(3,1)",
		"datetime2(8)", "datetime2(3,1)", "varchar(0)", "varchar(8001)", "varchar(5,1)", "varchar(-1)",
		"nvarchar(4001)", "nvarchar(5,1)", "char(max)", "char(5,1)", "nchar(4001)", "nchar(5,1)",
		"varbinary(8001)", "binary(max)", "image(1)", "rowversion(8)", "uniqueidentifier(36)",
		"character varying(30)", "varchar(30) ", "varchar(٣)",
		"time", "time(3)", "datetimeoffset(7)", "sql_variant", "hierarchyid", "geography", "cursor",
		"table", "json", "sysname",
	} {
		if got, err := mapping.ParseType(words); err == nil {
			t.Errorf("%q: got %+v, want an error", words, got)
		} else if !strings.Contains(err.Error(), words) {
			t.Errorf("%q: got %q, which does not say what", words, err)
		}
	}
}

func FuzzParseType(f *testing.F) {
	for words := range types() {
		f.Add(words)
	}
	f.Add("numeric(5,6)")
	f.Add("varchar(999999999999999999999)")
	f.Fuzz(func(t *testing.T, words string) {
		got, err := mapping.ParseType(words)
		if err != nil {
			if got != (mapping.Type{}) {
				t.Errorf("%q: got %+v with an error", words, got)
			}
			return
		}
		if got.Kind == 0 || got.Name == "" || got.Large != (got.Length < 0) {
			t.Errorf("%q: got %+v", words, got)
		}
		if !mapping.Holds(got.Target(), got) || !got.Within(got) {
			t.Errorf("%q: %s does not hold it", words, got.Target())
		}
		if got.Scale > got.Precision && got.Precision > 0 {
			t.Errorf("%q: got %+v", words, got)
		}
		again, err := mapping.ParseType(strings.ToUpper(words))
		if err != nil || again != got {
			t.Errorf("%q: in capitals it is %+v, %v", words, again, err)
		}
	})
}
