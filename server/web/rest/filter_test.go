package rest_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

func TestFilter(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	type tests map[string][]string // what is given: the Mosaic IDs of those who are found
	one := func(name string, values tests) {
		for value, want := range values {
			t.Run(name+" "+value, func(t *testing.T) {
				t.Parallel()
				checkFound(t, s, url.Values{name: {value}}, want)
			})
		}
	}
	one("first_name", tests{
		"Ada": {"31"}, "ada": {"31"}, "AD": {"31"}, " ada ": {"31"}, "sean": {"32"}, "Seán": {"32"},
		"Sea\u0301n": {"32"}, "mary jane": {"35"}, "maryjane": {"35"}, "Mary-Jane": {"35"},
		"jane": {"35"}, "a": {"31", "32", "35", "36"}, "<b>": {"41"}, "adam": {},
		"okafor": {}, // is a last name
	})
	one("last_name", tests{
		"De La Cruz": {"35"}, "de la cruz": {"35"}, "delacruz": {"35"}, "la cruz": {"35"},
		"O'Brien": {"32"}, "O’Brien": {"32"}, "obrien": {"32"}, "o brien": {"32"}, "BRIEN": {"32"},
		"okafor": {"31", "36"}, `&amp;"\`: {"41"}, `\`: {"41"}, "'; DROP TABLE mosaic.dm_persons": {},
	})
	// In the first generation these stood for any text and for any letter.
	one("last_name", tests{"_": {"40"}, "e_t": {"40"}, "%": {}, "o%r": {}, "o_afor": {}})
	one("first_name", tests{"%": {"40"}, "100%": {"40"}, "0%": {"40"}, "%a": {}, "_": {}, "*": {}})
	one("date_of_birth", tests{
		"1984-02-29": {"31"}, "1951-07-01": {"32", "36"}, "1990-01-01": {"40"}, "1990-10-01": {"41"},
		"1984-02-28": {},
		"1900-01-01": {}, // which Mosaic writes where it does not know
	})
	one("postcode", tests{
		"E8 1DY": {"31"}, "e81dy": {"31"}, " e8  1dY ": {"31"}, "E8-1DY": {"31"}, "E8": {"31"},
		"e9": {"35"}, "N16 8QR": {"36"}, // but not 31, who has moved from there
		"n16": {"36"}, "N1 6AB": {"40"}, "n16ab": {"40"}, "n1": {"40"}, "E81": {}, "N16 8QS": {},
	})
	one("address", tests{
		"mare street": {"31", "36"}, "14 Mare": {"31", "36"}, "flat 2, 14": {"31"}, "FLAT 2": {"31"},
		"hillman": {"31"}, "amhurst": {}, "nowhere": {}, "14": {"31", "36"}, "%": {}, "_": {},
	})
	one("mosaic_id", tests{
		"31": {"31"}, " 31 ": {"31"}, "3": {}, "031": {}, "%": {}, "x": {}, "mosaic:31": {},
		"99999999999999999999": {},
	})
	one("context_flag", tests{
		"A": {"31", "32", "36", "41"}, "a": {"31", "32", "36", "41"}, "C": {"35"}, "c": {"35"},
	})
}

// Of several parameters each applies. In the first generation the date of birth did not beside an
// address, and of an address and a postcode each could be of another address.
func TestFiltersTogether(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newFixture(t)))
	tests := map[string][]string{
		"last_name=okafor&first_name=grace":                          {"36"},
		"date_of_birth=1951-07-01&address=mare+street":               {"36"},
		"date_of_birth=1951-07-02&address=mare+street":               {},
		"date_of_birth=1951-07-01&postcode=n16":                      {"36"},
		"date_of_birth=1951-07-01&last_name=obrien":                  {"32"},
		"date_of_birth=1984-02-29&postcode=E8&address=mare":          {"31"},
		"postcode=E8+1DY&address=hillman":                            {"31"},
		"postcode=N16&address=hillman":                               {},
		"context_flag=C&postcode=e9":                                 {"35"},
		"context_flag=A&postcode=e9":                                 {},
		"mosaic_id=31&last_name=okafor":                              {"31"},
		"mosaic_id=31&last_name=obrien":                              {},
		"mosaic_id=31&context_flag=C":                                {},
		"first_name=a&last_name=o&context_flag=a&address=14&limit=9": {"31", "36"},
	}
	for query, want := range tests {
		t.Run(query, func(t *testing.T) {
			t.Parallel()
			parameters, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			checkFound(t, s, parameters, want)
		})
	}
}

func checkFound(t *testing.T, s *service, parameters url.Values, want []string) {
	t.Helper()
	// Spaces are written in both of the ways that there are.
	for _, query := range []string{
		parameters.Encode(), strings.ReplaceAll(parameters.Encode(), "+", "%20"),
	} {
		var got page
		s.get(t, "/residents?"+query).want(t, 200, &got)
		if !slices.Equal(got.ids(), want) {
			t.Errorf("%s: got %v, want %v", query, got.ids(), want)
		}
		if got.NextCursor != nil {
			t.Errorf("%s: got a next page", query)
		}
	}
}

// A resident of the sample is found by each thing that is said of them. The first twenty are on the
// first page of any list that they are in.
func TestFilterFindsWhatWasAnswered(t *testing.T) {
	t.Parallel()
	s := newService(t, newGraph(t, newSample(t)))
	var first struct{ Residents []json.RawMessage }
	s.get(t, "/residents?limit=20").want(t, 200, &first)
	for _, raw := range first.Residents {
		checkIsFound(t, s, raw)
	}
}

func checkIsFound(t *testing.T, s *service, raw json.RawMessage) {
	t.Helper()
	var r struct {
		MosaicID                         string
		FirstName, LastName, DateOfBirth string
		AgeContext                       string
		Addresses                        []struct {
			AddressLine1, Postcode string
			DisplayAddressFlag     bool
		}
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	known := map[string]string{
		"mosaic_id": r.MosaicID, "first_name": r.FirstName, "last_name": r.LastName,
		"date_of_birth": r.DateOfBirth, "context_flag": r.AgeContext,
	}
	if len(r.Addresses) > 0 && r.Addresses[0].DisplayAddressFlag {
		known["address"] = r.Addresses[0].AddressLine1
		if _, err := resident.ParsePostcode(r.Addresses[0].Postcode); err == nil {
			known["postcode"] = r.Addresses[0].Postcode
		}
	}
	together := url.Values{}
	for name, value := range known {
		if value == "" {
			continue
		}
		together.Set(name, value)
		var alone page
		s.get(t, "/residents?"+url.Values{name: {value}}.Encode()).want(t, 200, &alone)
		if !slices.Contains(alone.ids(), r.MosaicID) {
			t.Errorf("%s is not found by their %s", r.MosaicID, name)
		}
	}
	checkFound(t, s, together, []string{r.MosaicID})
}
