package source_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
)

func TestSaid(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		column *string
		want   string
	}{
		"null":                {nil, ""},
		"blank":               {new(" \t"), ""},
		"a dash":              {new("-"), ""},
		"dashes and blanks":   {new(" -- - "), ""},
		"a name":              {new("Ada"), "Ada"},
		"blanks round a name": {new(" Mary Jane \r\n"), "Mary Jane"},
		"a dash in a name":    {new("Smith-"), "Smith-"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := source.Said(tt.column); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := source.Fact(tt.column); source.Or(got) != tt.want || (got == nil) != (tt.want == "") {
				t.Errorf("got %v, want %q", got, tt.want)
			}
		})
	}
}

func TestColumnsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for column, want := range map[string]string{
		"e83aa": "E8 3AA", " E8 3AA ": "E8 3AA", "TBC ": "TBC", "-": "", "": "",
	} {
		if got := source.Or(source.Postcode(&column)); got != want {
			t.Errorf("postcode %q: got %q, want %q", column, got, want)
		}
	}
	for column, want := range map[string]string{
		"2026-02-28": "2026-02-28", "2026-02-30": "", "infinity": "", "": "",
	} {
		got := ""
		if day := source.Date(&column); day != nil {
			got = day.String()
		}
		if got != want {
			t.Errorf("day %q: got %q, want %q", column, got, want)
		}
	}
}

func TestCutPostcode(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		address, postcode string
		rest              string
		cut               bool
	}{
		"at the end":             {"1 Mare Street, E8 1DY", "E8 1DY", "1 Mare Street, ", true},
		"in another spelling":    {"1 Mare Street e81d y.", "E8 1DY", "1 Mare Street ", true},
		"all there is":           {"E8 1DY", "E8 1DY", "", true},
		"another":                {"1 Mare Street, E8 2DY", "E8 1DY", "", false},
		"not there":              {"1 Mare Street.", "E8 1DY", "", false},
		"at the end of a word":   {"1 MareE8 1DY", "E8 1DY", "", false},
		"shorter than it":        {"1DY", "E8 1DY", "", false},
		"none to take off":       {"1 Mare Street,", "", "", false},
		"nothing to take it off": {"", "E8 1DY", "", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rest, cut := source.CutPostcode(tt.address, tt.postcode)
			if rest != tt.rest || cut != tt.cut {
				t.Errorf("got %q, %t, want %q, %t", rest, cut, tt.rest, tt.cut)
			}
		})
	}
}
