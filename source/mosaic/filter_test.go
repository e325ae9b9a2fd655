package mosaic_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

func TestNamesMatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stored, asked string
		want          bool
	}{
		"spaces in both":                     {"De La Cruz", "de la cruz", true},
		"spaces in one":                      {"De La Cruz", "delacruz", true},
		"a part, over a space":               {"De La Cruz", "ac", true},
		"apostrophe in one":                  {"O'Brien", "obrien", true},
		"apostrophe in the other":            {"OBrien", "O'Brien", true},
		"apostrophes of two kinds":           {"O’Brien", "O'Brien", true},
		"hyphen":                             {"Smith-Jones", "smith jones", true},
		"accent in one":                      {"Gómez", "gomez", true},
		"accent in the other":                {"Gomez", "GÓMEZ", true},
		"letter that is more than an accent": {"Łukasz", "lukasz", true},
		"dotless i":                          {"Yıldız", "yildiz", true},
		"percent sign":                       {"Okafor", "O%r", false},
		"underscore":                         {"Okafor", "Okafo_", false},
		"percent sign that is there":         {"100%", "0%", true},
		"underscore that is there":           {"a_b", "a_b", true},
		"backslash that is there":            {`a\b`, `a\b`, true},
		"not there":                          {"Okafor", "okofar", false},
		"Greek, in another letter case":      {"ΠΑΠΑΔΟΠΟΥΛΟΣ", "Παπαδόπουλος", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t)
			const add = `INSERT INTO mosaic.dm_persons (person_id, last_name, first_name)
				VALUES (31, $1, $1)`
			if _, err := database.ExecContext(t.Context(), add, tt.stored); err != nil {
				t.Fatal(err)
			}
			for part, filter := range map[string]resident.Filter{
				"first": {FirstName: source.NameForm(tt.asked)},
				"last":  {LastName: source.NameForm(tt.asked)},
			} {
				n, err := mosaic.New(database, today).CountResidents(t.Context(), &filter, 10)
				if err != nil {
					t.Fatal(err)
				}
				if (n == 1) != tt.want {
					t.Errorf("%s name: got %t, want %t", part, n == 1, tt.want)
				}
			}
		})
	}
}

func TestPostcodesMatch(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		stored, asked string
		want          bool
	}{
		"as it is":                         {"E8 1DY", "E8 1DY", true},
		"without its space":                {"E8 1DY", "e81dy", true},
		"stored without its space":         {"e81dy", "E8 1DY", true},
		"stored with blanks":               {" E8  1DY ", "E8 1DY", true},
		"outward part":                     {"N16 8QR", "N16", true},
		"outward part of another":          {"N1 6QR", "N16", false},
		"outward part, shorter":            {"N16 8QR", "N1", false},
		"outward part, stored alone":       {"N16", "N16", true},
		"whole, where only half is stored": {"N16", "N16 8QR", false},
		"half written, stored":             {"N1 6", "N16", false},
		"rubbish stored":                   {"none", "N16", false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada)
			const add = `INSERT INTO mosaic.dm_addresses (ref_addresses_people_id, person_id, post_code)
				VALUES (1, 31, $1)`
			if _, err := database.ExecContext(t.Context(), add, tt.stored); err != nil {
				t.Fatal(err)
			}
			postcode, err := resident.ParsePostcode(tt.asked)
			if err != nil {
				t.Fatal(err)
			}
			n, err := mosaic.New(database, today).CountResidents(
				t.Context(), &resident.Filter{Postcode: postcode}, 10)
			if err != nil {
				t.Fatal(err)
			}
			if (n == 1) != tt.want {
				t.Errorf("got %t, want %t", n == 1, tt.want)
			}
		})
	}
}

// Parts about an address must match one and the same address; ended ones only if asked for.
func TestAddressFilters(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, `
		INSERT INTO mosaic.dm_addresses
			(ref_addresses_people_id, person_id, address, post_code, end_date, unique_id)
		VALUES (1, 31, '1 Mare Street', 'E8 1AA', NULL, 8), (2, 31, '2 Amhurst Road', 'N16 8AA', NULL, 9),
		       (3, 31, '3 Old Street', 'EC1V 9AA', '2020-01-01', 7)`)
	born := resident.Date{Year: 1990, Month: 1, Day: 1}
	mare, old := resident.Postcode{Outward: "E8"}, resident.Postcode{Outward: "EC1V"}
	tests := map[string]struct {
		filter resident.Filter
		want   int
	}{
		"both of one address":           {resident.Filter{Address: "mare street", Postcode: mare}, 1},
		"each of another":               {resident.Filter{Address: "amhurst", Postcode: mare}, 0},
		"three of one":                  {resident.Filter{Address: "mare", Postcode: mare, UPRN: "8"}, 1},
		"ended":                         {resident.Filter{Postcode: old}, 0},
		"ended, asked for":              {resident.Filter{Postcode: old, IncludeEnded: true}, 1},
		"name too":                      {resident.Filter{Postcode: mare, LastName: "okafor"}, 1},
		"another name":                  {resident.Filter{Postcode: mare, LastName: "smith"}, 0},
		"another birth":                 {resident.Filter{Postcode: mare, DateOfBirth: &born}, 0},
		"house number at its right end": {resident.Filter{Address: "1 mare"}, 1},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n, err := mosaic.New(database, today).CountResidents(t.Context(), &tt.filter, 10)
			if err != nil {
				t.Fatal(err)
			}
			if n != tt.want {
				t.Errorf("got %d, want %d", n, tt.want)
			}
		})
	}
}
