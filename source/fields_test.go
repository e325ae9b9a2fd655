package source_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
)

func TestFields(t *testing.T) {
	t.Parallel()
	a, b := source.FieldsOf("A.b", "A.a", "A.b"), source.FieldsOf("A.c")
	tests := map[string]struct{ got, want bool }{
		"one of them":     {a.Has("A.b"), true},
		"another":         {a.Has("A.c"), false},
		"a part of one":   {a.Has("A"), false},
		"of none":         {source.Fields("").Has(""), false},
		"of all":          {source.AllFields.Has("A.c"), true},
		"the same":        {a == source.FieldsOf("A.a", "A.b"), true},
		"either":          {a.And(b) == source.FieldsOf("A.c", "A.a", "A.b"), true},
		"all, and some":   {source.AllFields.And(a) == source.AllFields, true},
		"some, and all":   {a.And(source.AllFields) == source.AllFields, true},
		"none, and some":  {source.Fields("").And(a) == a, true},
		"none, of itself": {source.FieldsOf() == "", true},
	}
	for name, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s: got %t, want %t", name, tt.got, tt.want)
		}
	}
}
