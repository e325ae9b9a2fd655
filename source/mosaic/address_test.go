package mosaic_test

import (
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

func TestAddresses(t *testing.T) {
	t.Parallel()
	// Today is 2026-03-14.
	tests := map[string]struct {
		values string // SQL: id, start, end, address, postcode, display, UPRN
		want   string
		uprn   string
	}{
		"ends today": {
			"(1, NULL, '2026-03-14', '1 Mare Street', 'E8 1AA', 'Y', 9)",
			"ADDRESS 1 Mare Street, E8 1AA preferred", "9",
		},
		"ended yesterday": {
			"(1, NULL, '2026-03-13', '1 Mare Street', 'E8 1AA', 'Y', 9)",
			"ADDRESS 1 Mare Street, E8 1AA not current", "nil",
		},
		"starts tomorrow": {
			"(1, '2026-03-15', NULL, '1 Mare Street', 'E8 1AA', 'Y', 9)",
			"ADDRESS 1 Mare Street, E8 1AA not current", "nil",
		},
		"displayed before a later start": {
			"(1, '2020-01-01', NULL, 'A Road', NULL, 'Y', 8), " +
				"(2, '2021-01-01', NULL, 'B Road', NULL, 'N', 9)",
			"ADDRESS A Road preferred\nADDRESS B Road", "8",
		},
		"ended, though displayed": {
			"(1, '2020-01-01', '2021-01-01', 'A Road', NULL, 'Y', 8), " +
				"(2, '2019-01-01', NULL, 'B Road', NULL, NULL, 9)",
			"ADDRESS B Road preferred\nADDRESS A Road not current", "9",
		},
		"several displayed: the latest start": {
			"(1, '2020-01-01', NULL, 'A Road', NULL, 'Y', 8), " +
				"(2, '2021-01-01', NULL, 'B Road', NULL, 'Y', 9)",
			"ADDRESS B Road preferred\nADDRESS A Road", "9",
		},
		"several of one start: the greatest id": {
			"(2, '2020-01-01', NULL, 'B Road', NULL, 'Y', 9), " +
				"(1, '2020-01-01', NULL, 'A Road', NULL, 'Y', 8)",
			"ADDRESS B Road preferred\nADDRESS A Road", "9",
		},
		"a start before none": {
			"(2, NULL, NULL, 'B Road', NULL, 'Y', 9), (1, '2020-01-01', NULL, 'A Road', NULL, 'Y', 8)",
			"ADDRESS A Road preferred\nADDRESS B Road", "8",
		},
		"preferred without a property": {
			"(1, NULL, NULL, 'A Road', NULL, 'Y', NULL), (2, NULL, NULL, 'B Road', NULL, 'N', 9)",
			"ADDRESS A Road preferred\nADDRESS B Road", "nil",
		},
		"the same address twice": {
			"(1, '2020-01-01', NULL, '1 Mare Street', 'E8 1AA', 'Y', 9), " +
				"(2, '2019-01-01', NULL, '1, MARE STREET', 'e81aa', 'N', 9)",
			"ADDRESS 1 Mare Street, E8 1AA preferred", "9",
		},
		"the same address in two periods that ended": {
			"(1, '2019-01-01', '2020-01-01', 'A Road', NULL, 'Y', 9), " +
				"(2, '2021-01-01', '2022-01-01', 'A Road', NULL, 'Y', 9)",
			"ADDRESS A Road not current\nADDRESS A Road not current", "nil",
		},
		"several lines, the postcode among them": {
			"(1, NULL, NULL, E'12\nMARE STREET , London,E8 1AA', ' e8  1aa', 'Y', 0)",
			"ADDRESS 12 MARE STREET, London, E8 1AA preferred", "nil",
		},
		"displayed, and blank": {
			"(1, '2021-01-01', NULL, ' ', '-', 'Y', NULL), (2, '2020-01-01', NULL, 'B Road', NULL, 'N', 9)",
			"ADDRESS B Road preferred", "9",
		},
		"ended on the day that nobody knows": {
			"(1, NULL, '1900-01-01', 'A Road', NULL, 'Y', 9)", "ADDRESS A Road preferred", "9",
		},
		"started on the day that nobody knows": {
			"(1, '1900-01-01', NULL, 'A Road', NULL, 'Y', 8)," +
				" (2, '1899-01-01', NULL, 'B Road', NULL, 'Y', 9)",
			"ADDRESS B Road preferred\nADDRESS A Road", "9",
		},
		"starts at no time": {
			"(1, 'infinity', NULL, 'A Road', NULL, 'Y', 9)", "ADDRESS A Road not current", "nil",
		},
		"the postcode at the end of a line": {
			"(1, NULL, NULL, '5 London Road London e8 1dy', 'E8 1DY', 'Y', 9)",
			"ADDRESS 5 London Road London, E8 1DY preferred", "9",
		},
		"a word that ends like the postcode": {
			"(1, NULL, NULL, '5 Road SE81DY', 'E8 1DY', 'Y', 9)",
			"ADDRESS 5 Road SE81DY, E8 1DY preferred", "9",
		},
		"postcode that is none": {
			"(1, NULL, NULL, 'A Road', 'unknown', 'Y', 9)", "ADDRESS A Road, unknown preferred", "9",
		},
		"nothing said":      {"(1, NULL, NULL, ' ', NULL, 'Y', NULL)", "", "nil"},
		"only the property": {"(1, NULL, NULL, NULL, NULL, 'Y', 9)", "ADDRESS nil preferred", "9"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, ada, `
				INSERT INTO mosaic.dm_addresses (person_id, ref_addresses_people_id, start_date, end_date,
					address, post_code, is_display_address, unique_id)
				SELECT 31, v.a, v.b::timestamp, v.c::timestamp, v.d, v.e, v.f, v.g::bigint
				FROM (VALUES `+tt.values+`) v (a, b, c, d, e, f, g)`)
			if got := details(r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := said(r.UPRN); got != tt.uprn {
				t.Errorf("got UPRN %s, want %s", got, tt.uprn)
			}
		})
	}
}

// What an address is for, and until when it holds.
func TestAddressUse(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values  string // SQL: id, display, contact, end
		use     resident.ContactUse
		letters bool
	}{
		"home":              {"(1, 'Y', 'N', NULL)", resident.HomeUse, false},
		"home, for letters": {"(1, 'Y', 'Y', NULL)", resident.HomeUse, true},
		"for letters alone": {"(1, 'N', 'Y', NULL)", resident.CorrespondenceUse, true},
		"one row for each":  {"(1, 'Y', 'N', NULL), (2, 'N', 'Y', NULL)", resident.HomeUse, true},
		"never ends":        {"(1, 'Y', NULL, '2099-12-31')", resident.HomeUse, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, ada, `
				INSERT INTO mosaic.dm_addresses (person_id, address, ref_addresses_people_id,
					is_display_address, is_contact_address, end_date)
				SELECT 31, 'A Road', v.a, v.b, v.c, v.d::timestamp FROM (VALUES `+tt.values+`) v (a, b, c, d)`)
			all, err := r.ContactDetails(nil, true)
			if err != nil {
				t.Fatal(err)
			}
			if len(all) != 1 || all[0].Use != tt.use || all[0].ForCorrespondence != tt.letters ||
				all[0].ValidTo != nil {
				t.Errorf("got %d, the first %+v, want one for %s, letters %t",
					len(all), all[0], tt.use, tt.letters)
			}
		})
	}
}
