package mosaic_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// read returns resident 31 of a database into which these statements put what they put.
func read(t *testing.T, statements ...string) *resident.Resident {
	t.Helper()
	residents, err := mosaic.New(postgres.Scratch(t, statements...), today).ResidentsByID(
		t.Context(), []string{"31"}, source.Everything())
	if err != nil {
		t.Fatal(err)
	}
	if residents[0] == nil {
		t.Fatal("resident 31 is not there")
	}
	return residents[0]
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

// Rows of nobody, and of somebody who is not there, are met by no question and disturb none.
func TestOrphans(t *testing.T) {
	t.Parallel()
	m := mosaic.New(postgres.Scratch(t, ada,
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
	m := mosaic.New(postgres.Scratch(t, ada,
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
