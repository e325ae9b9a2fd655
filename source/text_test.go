package source_test

import (
	"strings"
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

func TestAddressLines(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		address, postcode string
		want              string // lines, with | between them
	}{
		"the postcode at the end": {"1 Mare Street, E8 1DY", "E8 1DY", "1 Mare Street"},
		"in another spelling":     {"1 Mare Street e81d y.", "E8 1DY", "1 Mare Street"},
		"all there is":            {"E8 1DY", "E8 1DY", ""},
		"another":                 {"1 Mare Street, E8 2DY", "E8 1DY", "1 Mare Street|E8 2DY"},
		"in the middle": {
			"1 Mare Street, E8 1DY, London", "E8 1DY", "1 Mare Street|London",
		},
		"at the end of a word":    {"1 MareE8 1DY", "E8 1DY", "1 MareE8 1DY"},
		"shorter than it":         {"1DY", "E8 1DY", "1DY"},
		"no postcode":             {"1 Mare Street,", "", "1 Mare Street"},
		"a postcode that is none": {"1 Mare Street, London", "LONDON", "1 Mare Street|London"},
		"nothing":                 {"", "E8 1DY", ""},
		"line ends and tabs": {
			"1 Mare Street\r\nHackney\tLondon", "", "1 Mare Street|Hackney|London",
		},
		"blanks": {
			"Flat 2  Mare House \u00a0 London", "", "Flat 2|Mare House|London",
		},
		"a number by itself":          {"12, Mare Street", "", "12 Mare Street"},
		"a number with a letter":      {"12A\nMare Street", "", "12A Mare Street"},
		"numbers":                     {"12-14, Mare Street", "", "12-14 Mare Street"},
		"two numbers":                 {"Flat, 3, 12, Mare Street", "", "Flat|3 12|Mare Street"},
		"nothing but a number":        {"12", "", "12"},
		"a reference and no number":   {"123456789, Mare Street", "", "123456789|Mare Street"},
		"dashes in the place of text": {"-, 1 Mare Street, --, .", "", "1 Mare Street"},
	}
	for name, tt := range tests {
		if got := strings.Join(source.AddressLines(tt.postcode, &tt.address), "|"); got != tt.want {
			t.Errorf("%s: got %q, want %q", name, got, tt.want)
		}
	}
	columns := []string{"12", " Mare  Street ", "London E8 1DY"}
	got := strings.Join(source.AddressLines("E8 1DY", &columns[0], nil, &columns[1], &columns[2]), "|")
	if want := "12 Mare Street|London"; got != want {
		t.Errorf("columns: got %q, want %q", got, want)
	}
}
