package mosaic_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// read returns resident 31 of a database into which these statements put what they put.
func read(t *testing.T, statements ...string) *resident.Resident {
	t.Helper()
	residents, err := mosaic.New(with(t, statements...), today).ResidentsByID(
		t.Context(), []string{"31"}, source.Everything())
	if err != nil {
		t.Fatal(err)
	}
	if residents[0] == nil {
		t.Fatal("resident 31 is not there")
	}
	return residents[0]
}

func with(t *testing.T, statements ...string) *sqlx.DB {
	t.Helper()
	database := postgres.New(t)
	for _, statement := range statements {
		if _, err := database.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return database
}

const ada = `INSERT INTO mosaic.dm_persons (person_id, first_name, last_name, gender, restricted)
	VALUES (31, 'Ada', 'Okafor', 'F', 'N')`

func said(s *string) string {
	if s == nil {
		return "nil"
	}
	return *s
}

func TestFacts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		set  string // SQL, of row 31
		read func(*resident.Resident) string
		want string
	}{
		"null first name": {
			"first_name = NULL", func(r *resident.Resident) string { return said(r.FirstName) }, "nil",
		},
		"blank last name": {
			"last_name = '  '", func(r *resident.Resident) string { return said(r.LastName) }, "nil",
		},
		"name with blanks round it": {
			"first_name = ' Mary Jane '",
			func(r *resident.Resident) string { return said(r.FirstName) }, "Mary Jane",
		},
		"birth without a time": {
			"date_of_birth = '1990-01-31 00:00'",
			func(r *resident.Resident) string { return r.DateOfBirth.String() }, "1990-01-31",
		},
		"birth nobody knows": {
			"date_of_birth = '1900-01-01'", func(r *resident.Resident) string {
				if r.DateOfBirth == nil {
					return "nil"
				}
				return r.DateOfBirth.String()
			}, "nil",
		},
		"NHS number that lost its zeros": {
			"nhs_id = 12345678", func(r *resident.Resident) string { return said(r.NHSNumber) },
			"0012345678",
		},
		"NHS number of eleven digits": {
			"nhs_id = 99900000180", func(r *resident.Resident) string { return said(r.NHSNumber) }, "nil",
		},
		"NHS number of nobody": {
			"nhs_id = 0", func(r *resident.Resident) string { return said(r.NHSNumber) }, "nil",
		},
		"adult": {
			"context_flag = 'A'", func(r *resident.Resident) string { return string(*r.AgeGroup) }, "ADULT",
		},
		"child": {
			"context_flag = 'C'", func(r *resident.Resident) string { return string(*r.AgeGroup) }, "CHILD",
		},
		"neither adult nor child": {
			"context_flag = 'B'", func(r *resident.Resident) string {
				if r.AgeGroup == nil {
					return "nil"
				}
				return string(*r.AgeGroup)
			}, "nil",
		},
		"gender that may not be null": {
			"gender = '-'", func(r *resident.Resident) string {
				if r.Gender == nil {
					return "nil"
				}
				return string(*r.Gender)
			}, "nil",
		},
		"gender unknown": {
			"gender = 'U'", func(r *resident.Resident) string { return string(*r.Gender) }, "UNKNOWN",
		},
		"restricted":                      {"restricted = 'Y'", restricted, "true"},
		"not restricted":                  {"restricted = 'N'", restricted, "false"},
		"restricted or not, who knows":    {"restricted = NULL", restricted, "true"},
		"restricted in a word of its own": {"restricted = '?'", restricted, "true"},
		"alive":                           {"date_of_death = NULL", deceased, "false"},
		"deceased":                        {"date_of_death = '2020-05-01'", deceased, "true"},
		"legacy id that is a dash": {
			"person_id_legacy = '-'",
			func(r *resident.Resident) string { return said(r.Record.(*mosaic.Record).LegacyID) }, "nil",
		},
		"legacy id": {
			"person_id_legacy = 'L7'",
			func(r *resident.Resident) string { return said(r.Record.(*mosaic.Record).LegacyID) }, "L7",
		},
		"e-mail": {
			"email_address = ' Ada@example.com '", details, "EMAIL Ada@example.com preferred",
		},
		"born at no time": {
			"date_of_birth = 'infinity'", func(r *resident.Resident) string {
				if r.DateOfBirth == nil {
					return "nil"
				}
				return r.DateOfBirth.String()
			}, "nil",
		},
		"blank e-mail": {"email_address = ' '", details, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, ada, "UPDATE mosaic.dm_persons SET "+tt.set)
			if got := tt.read(r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func restricted(r *resident.Resident) string {
	return map[bool]string{true: "true", false: "false"}[r.Restricted]
}

func deceased(r *resident.Resident) string {
	return map[bool]string{true: "true", false: "false"}[*r.Deceased]
}

// details returns one line for each detail.
func details(r *resident.Resident) string {
	all, err := r.ContactDetails(nil, true)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for _, d := range all {
		line := string(d.Type) + " " + said(d.Value)
		if d.Preferred {
			line += " preferred"
		}
		if !d.Current {
			line += " not current"
		}
		if d.ExDirectory {
			line += " ex-directory"
		}
		if d.Phone != nil && d.Phone.Note != nil {
			line += " note " + *d.Phone.Note
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestPhones(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values string // SQL: id, number, type
		want   string
	}{
		"number with a note": {
			"(1, '07700 900123 - Daughter', 'Mobile')", "PHONE 07700 900123 note Daughter",
		},
		"number too long, with a note": {
			"(1, '0791121212121 - Daughter', 'Mobile')", "PHONE 0791121212121 note Daughter",
		},
		"note before the number": {
			"(1, 'Mum 07700 900123', 'Mobile')", "PHONE 07700 900123 note Mum",
		},
		"note in brackets": {
			"(1, '07700 900123 (after 6pm)', 'Mobile')", "PHONE 07700 900123 note after 6pm",
		},
		"ex-directory": {
			"(1, '020 7946 0123', 'Ex-directory (do not disclose number)')",
			"PHONE 020 7946 0123 ex-directory",
		},
		"ex-directory under another type too": {
			"(1, '020 7946 0123', 'Home'), (2, '+44 20 7946 0123', 'ex directory')",
			"PHONE 020 7946 0123 ex-directory\nPHONE +44 20 7946 0123 ex-directory",
		},
		"primary before others": {
			"(1, '07700 900123', 'Mobile'), (2, '020 7946 0123', 'Primary')",
			"PHONE 020 7946 0123 preferred\nPHONE 07700 900123",
		},
		"two that are primary": {
			"(1, '07700 900123', 'Primary'), (2, '020 7946 0123', 'Primary')",
			"PHONE 07700 900123 preferred\nPHONE 020 7946 0123",
		},
		"the same number twice": {
			"(1, '07700 900123', 'Mobile'), (2, '+44 7700 900 123', 'Mobile')", "PHONE 07700 900123",
		},
		"the same number for two uses": {
			"(1, '07700 900123', 'Mobile'), (2, '07700 900123', 'Work')",
			"PHONE 07700 900123\nPHONE 07700 900123",
		},
		"no number": {"(1, NULL, 'Mobile'), (2, '', 'Home'), (3, 'none', 'Work')", ""},
		"digits, but no number": {
			"(1, '4321', 'Work'), (2, '4322', 'Work')", "PHONE 4321\nPHONE 4322",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, ada, `
				INSERT INTO mosaic.dm_telephone_numbers
					(person_id, telephone_number_id, telephone_number, telephone_number_type)
				SELECT 31, v.* FROM (VALUES `+tt.values+`) v`)
			if got := details(r); got != tt.want {
				t.Errorf("got %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestPhoneParts(t *testing.T) {
	t.Parallel()
	r := read(t, ada, `
		INSERT INTO mosaic.dm_telephone_numbers
			(person_id, telephone_number_id, telephone_number, telephone_number_type)
		VALUES (31, 77, '(020) 7946 0123 - Daughter', 'Mobile - Secondary')`)
	all, err := r.ContactDetails(nil, false)
	if err != nil {
		t.Fatal(err)
	}
	value, label := "(020) 7946 0123", "Mobile - Secondary"
	e164, note := "+442079460123", "Daughter"
	want := []*resident.ContactDetail{{
		ID: "mosaic:31:phone:77", Type: resident.Phone, Value: &value, Label: &label,
		Use: resident.MobileUse, Current: true,
		Phone: &resident.PhoneNumber{
			AsGiven: "(020) 7946 0123 - Daughter", E164: &e164, Note: &note,
		},
	}}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("got %+v, want %+v", all[0], want[0])
	}
}

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
			"(1, '1900-01-01', NULL, 'A Road', NULL, 'Y', 8), (2, '1899-01-01', NULL, 'B Road', NULL, 'Y', 9)",
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

// Rows of nobody, and of somebody who is not there, are met by no question and disturb none.
func TestOrphans(t *testing.T) {
	t.Parallel()
	m := mosaic.New(with(t, ada,
		`INSERT INTO mosaic.dm_addresses
		 	(ref_addresses_people_id, person_id, address, post_code, unique_id)
		 VALUES (1, NULL, 'A Road', 'E8 1AA', 9), (2, 404, 'A Road', 'E8 1AA', 9)`,
		`INSERT INTO mosaic.dm_telephone_numbers VALUES (1, 404, '020 7946 0123', 'Home')`,
	), today)
	for name, filter := range map[string]resident.Filter{
		"address":  {Address: "a road"},
		"postcode": {Postcode: resident.Postcode{Outward: "E8"}},
		"property": {UPRN: "9"},
		"phone":    {Phone: "02079460123"},
	} {
		page, err := m.ListResidents(t.Context(),
			source.Query{Filter: filter, Order: source.ByID, Limit: 10, Wanted: source.Everything()})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Residents) != 0 {
			t.Errorf("%s: got %d residents, want none", name, len(page.Residents))
		}
	}
	page, err := m.ListResidents(t.Context(),
		source.Query{Order: source.ByID, Limit: 10, Wanted: source.Everything()})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Residents) != 1 || details(page.Residents[0].Resident) != "" {
		t.Errorf("got %d residents, want Ada alone, without details", len(page.Residents))
	}
}

// Mosaic lets a person be entered twice: they are two residents here too, until somebody links
// them.
func TestEnteredTwice(t *testing.T) {
	t.Parallel()
	m := mosaic.New(with(t, ada,
		`INSERT INTO mosaic.dm_persons (person_id, first_name, last_name, restricted)
		 VALUES (32, 'ADA', 'Okafor ', 'N')`), today)
	page, err := m.ListResidents(t.Context(), source.Query{
		Filter: resident.Filter{LastName: source.NameForm("okafor")}, Order: source.ByName, Limit: 10,
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, r := range page.Residents {
		ids = append(ids, r.ID())
	}
	if want := []string{"mosaic:31", "mosaic:32"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("got %v, want %v", ids, want)
	}
}
