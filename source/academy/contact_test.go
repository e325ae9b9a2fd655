package academy_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/academy"
	academysample "github.com/LBHackney-IT/resident-gateway/source/academy/sample"
)

func TestClaimAddresses(t *testing.T) {
	t.Parallel()
	const never = "'" + forever + "'"
	// Today is 2026-03-14.
	tests := map[string]struct {
		values     string // SQL: house, from, to, first line, postcode, UPRN; Ada is at houses 1 and 2
		want, uprn string
	}{
		"never ends": {
			"(1, '2020-01-01', " + never + ", '1 Mare Street', 'e83aa', '100')",
			"ADDRESS 1 Mare Street, E8 3AA preferred", "100",
		},
		"ends today": {
			"(1, NULL, '2026-03-14', 'A Road', NULL, '9')", "ADDRESS A Road preferred to 2026-03-14",
			"9",
		},
		"ended": {
			"(1, NULL, '2026-03-13', 'A Road', NULL, '9')", "ADDRESS A Road not current to 2026-03-13",
			"nil",
		},
		"ends some day": {
			"(1, NULL, '2030-01-01', 'A Road', NULL, '9')", "ADDRESS A Road preferred to 2030-01-01",
			"9",
		},
		"end not said": {
			"(1, NULL, NULL, 'A Road', NULL, '9')", "ADDRESS A Road not current",
			"nil",
		},
		"end no date": {
			"(1, NULL, '31/12/2099', 'A Road', NULL, '9')", "ADDRESS A Road not current",
			"nil",
		},
		"end on no day": {
			"(1, NULL, '2099-02-30', 'A Road', NULL, '9')", "ADDRESS A Road not current",
			"nil",
		},
		"end not known": {
			"(1, NULL, '1900-01-01', 'A Road', NULL, '9')", "ADDRESS A Road not current",
			"nil",
		},
		"later than all": {
			"(1, NULL, '9999-12-31', 'A Road', NULL, '9')", "ADDRESS A Road preferred to 9999-12-31",
			"9",
		},
		"yet to begin": {
			"(1, '2026-03-15', " + never + ", 'A Road', NULL, '9')", "ADDRESS A Road not current",
			"nil",
		},
		"the current one before a later number": {
			"(2, '2019-01-01', '2020-01-01', 'B Road', NULL, '8'), " +
				"(1, NULL, " + never + ", 'A Road', NULL, '9')",
			"ADDRESS A Road preferred\nADDRESS B Road not current to 2020-01-01", "9",
		},
		"two that hold: the latest start": {
			"(1, '2021-01-01', " + never + ", 'A Road', NULL, '9'), " +
				"(2, '2020-01-01', " + never + ", 'B Road', NULL, '8')",
			"ADDRESS A Road preferred\nADDRESS B Road", "9",
		},
		"where others of the claim live": {
			"(3, NULL, " + never + ", 'A Road', NULL, '9')", "",
			"nil",
		},
		"UPRN filled with zeros and blanks": {
			"(1, NULL, " + never + ", 'A Road', NULL, '0100021 ')", "ADDRESS A Road preferred", "100021",
		},
		"UPRN that is none": {
			"(1, NULL, " + never + ", 'A Road', NULL, 'N/A')", "ADDRESS A Road preferred",
			"nil",
		},
		"UPRN zero": {
			"(1, NULL, " + never + ", 'A Road', NULL, '0')", "ADDRESS A Road preferred",
			"nil",
		},
		"postcode in the line": {
			"(1, NULL, " + never + ", 'e8  3aa', 'E8 3AA', '9')", "ADDRESS E8 3AA preferred",
			"9",
		},
		"postcode that is none": {
			"(1, NULL, " + never + ", 'A  Road ', 'TBC', '9')", "ADDRESS A Road, TBC preferred", "9",
		},
		"nothing said": {"(1, NULL, " + never + ", ' - ', '', ' ')", "", "nil"},
		"the same twice": {
			"(1, NULL, " + never + ", 'A Road', NULL, '9'), (2, NULL, " + never + ", 'A  ROAD', NULL, '09')",
			"ADDRESS A ROAD preferred", "9",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, claim,
				`INSERT INTO academy.hbmember (claim_id, house_id, member_id, person_ref, surname)
				 VALUES (1234567, 2, 1, 2, 'Okafor'), (1234567, 3, 1, 3, 'Okafor')`,
				`INSERT INTO academy.hbhousehold
				 	(claim_id, house_id, from_date, to_date, addr1, post_code, uprn)
				 SELECT 1234567, v.* FROM (VALUES `+tt.values+`) v`)
			r := read(t, database, onClaim)
			if got := details(t, r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := said(r.UPRN); got != tt.uprn {
				t.Errorf("got UPRN %s, want %s", got, tt.uprn)
			}
		})
	}
}

func TestAccountAddresses(t *testing.T) {
	t.Parallel()
	const never = "'" + forever + "'"
	tests := map[string]struct {
		values string // SQL: property, vacation; there are P1 at A Road and P2 at B Road
		want   string
	}{
		"never vacated": {"('P1', " + never + ")", "ADDRESS A Road preferred"},
		"to be vacated": {"('P1', '2027-01-01')", "ADDRESS A Road preferred to 2027-01-01"},
		"vacated": {
			"('P1', '2026-03-13')",
			"ADDRESS A Road not current to 2026-03-13",
		},
		"vacated on no day":  {"('P1', 'never')", "ADDRESS A Road not current"},
		"vacation not said":  {"('P1', NULL)", "ADDRESS A Road not current"},
		"no occupation":      {"('P9', NULL)", ""},
		"a property missing": {"('P9', " + never + ")", ""},
		"the last one's property missing": {
			"('P9', " + never + "), ('P1', '2028-01-01')", "ADDRESS A Road not current to 2028-01-01",
		},
		"of two the greatest": {
			"('P1', '2024-01-01'), ('P2', " + never + ")",
			"ADDRESS B Road preferred\nADDRESS A Road not current to 2024-01-01",
		},
		"of two the greatest, whatever is no date": {
			"('P1', " + never + "), ('P2', 'zzz')", "ADDRESS A Road preferred\nADDRESS B Road not current",
		},
		"of two to come the greatest": {
			"('P1', '2027-01-01'), ('P2', '2027-01-02')",
			"ADDRESS B Road preferred to 2027-01-02\nADDRESS A Road not current to 2027-01-01",
		},
		"one row twice": {
			"('P1', " + never + "), ('P1', " + never + ")",
			"ADDRESS A Road preferred",
		},
		"one property three times": {
			"('P1', '2010-01-01'), ('P2', '2015-01-01'), ('P1', '2012-01-01'), ('P1', " + never + ")",
			"ADDRESS A Road preferred\nADDRESS B Road not current to 2015-01-01\n" +
				"ADDRESS A Road not current to 2012-01-01\nADDRESS A Road not current to 2010-01-01",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, payer,
				`INSERT INTO academy.ctproperty (property_ref, addr1, uprn)
				 VALUES ('P1', 'A Road', '9'), ('P2', 'B Road', '8')`,
				`INSERT INTO academy.ctoccupation SELECT 12345678, v.* FROM (VALUES `+tt.values+`) v`)
			r := read(t, database, onBill)
			if got := details(t, r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if (r.UPRN != nil) != strings.Contains(tt.want, "preferred") {
				t.Errorf("got UPRN %s", said(r.UPRN))
			}
			for _, ended := range []bool{false, true} {
				filter := resident.Filter{
					Address: "road", IncludeEnded: ended, Leave: resident.FullLeave(),
				}
				want := strings.Contains(tt.want, "preferred") || ended && tt.want != ""
				if got := list(t, database, filter); (len(got) == 1) != want {
					t.Errorf("ended %t: got %q, want one: %t", ended, got, want)
				}
			}
		})
	}
}

func TestPhones(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		rows  []string // SQL: application, kind, reference, up to four numbers
		want  string
		finds bool // by 07700 900123
	}{
		"one": {
			[]string{"'CT', 'A', '12345678', '07700 900123'"}, "PHONE 07700 900123", true,
		},
		"reference filled": {
			[]string{"'CT', 'A', ' 012345678 ', '07700900123'"}, "PHONE 07700900123", true,
		},
		"of another system":  {[]string{"'HB', 'A', '12345678', '07700900123'"}, "", false},
		"of another kind":    {[]string{"'CT', 'P', '12345678', '07700900123'"}, "", false},
		"of no application":  {[]string{"NULL, 'A', '12345678', '07700900123'"}, "", false},
		"reference of words": {[]string{"'CT', 'A', '12345678Y', '07700900123'"}, "", false},
		"reference too long": {[]string{"'CT', 'A', '1234567812345678', '07700900123'"}, "", false},
		"without digits":     {[]string{"'CT', 'A', '12345678', 'X-DIR'"}, "", false},
		"nothing":            {[]string{"'CT', 'A', '12345678', NULL"}, "", false},
		"with a note": {
			[]string{"'CT', 'A', '12345678', '07700900123(Mum)'"}, "PHONE 07700900123 note Mum", true,
		},
		"two rows, one number": {
			[]string{
				"'CT', 'A', '12345678', '07700900123'", "'CT', 'A', '12345678', '+44 7700 900123'",
			}, "PHONE +44 7700 900123", true,
		},
		"digits of two, in a row": {
			[]string{"'CT', 'A', '12345678', '07700', '900123'"}, "PHONE 07700\nPHONE 900123", false,
		},
		"four": {
			[]string{"'CT', 'A', '12345678', NULL, '4321', '07700900123', '4322'"},
			"PHONE 4321\nPHONE 07700900123\nPHONE 4322", true,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			statements := []string{payer, ada}
			for _, row := range tt.rows {
				statements = append(statements, "INSERT INTO academy.syphone VALUES ("+row+")")
			}
			database := postgres.Scratch(t, statements...)
			if got := details(t, read(t, database, onBill)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			filter := resident.Filter{
				Phone: source.PhoneForm("07700 900123"), Leave: resident.FullLeave(),
			}
			if got := list(t, database, filter); (len(got) == 1) != tt.finds {
				t.Errorf("got %q, want one: %t", got, tt.finds)
			}
		})
	}
}

func TestEmails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values string // SQL: application, kind, number, address, start, end
		want   string
	}{
		"one": {
			"('CT', 'L', 1, ' Ada@example.com ', NULL, NULL)",
			"EMAIL Ada@example.com preferred",
		},
		"never ends": {
			"('CT', 'L', 1, 'a@x', NULL, '" + forever + "')",
			"EMAIL a@x preferred",
		},
		"ended": {
			"('CT', 'L', 1, 'a@x', NULL, '2026-03-13')",
			"EMAIL a@x not current to 2026-03-13",
		},
		"ends today": {
			"('CT', 'L', 1, 'a@x', NULL, '2026-03-14')",
			"EMAIL a@x preferred to 2026-03-14",
		},
		"ends on no day": {
			"('CT', 'L', 1, 'a@x', NULL, 'soon')",
			"EMAIL a@x preferred",
		},
		"yet to begin": {
			"('CT', 'L', 1, 'a@x', '2026-03-15', NULL)",
			"EMAIL a@x not current",
		},
		"of another application": {"('HB', 'L', 1, 'a@x', NULL, NULL)", ""},
		"of another person":      {"('CT', 'O', 1, 'a@x', NULL, NULL)", ""},
		"none":                   {"('CT', 'L', 1, 'none', NULL, NULL)", ""},
		"blank":                  {"('CT', 'L', 1, '', NULL, NULL)", ""},
		"null":                   {"('CT', 'L', 1, NULL::text, NULL, NULL)", ""},
		"twice": {
			"('CT', 'L', 1, 'a@x', NULL, NULL), ('CT', 'L', 1, 'A@X', NULL, NULL)",
			"EMAIL A@X preferred",
		},
		"two with one number": {
			"('CT', 'L', 1, 'a@x', NULL, NULL), ('CT', 'L', 1, 'b@x', '2020-01-01', NULL)",
			"EMAIL b@x preferred\nEMAIL a@x",
		},
		"one that ended among two": {
			"('CT', 'L', 2, 'a@x', '2020-01-01', '2021-01-01'), ('CT', 'L', 1, 'b@x', NULL, NULL)",
			"EMAIL b@x preferred\nEMAIL a@x not current to 2021-01-01",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, payer, `
				INSERT INTO academy.syemail
				SELECT v.a, 12345678, v.k, v.n, v.e, v.s, v.u FROM (VALUES `+tt.values+`) v (a, k, n, e, s, u)`)
			r := read(t, database, onBill)
			if got := details(t, r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

// Without leave nobody is found by where they are, and nothing of it is even read.
func TestWhereaboutsAreNotRead(t *testing.T) {
	t.Parallel()
	database, counter := postgres.Counting(t, postgres.DSN(t))
	a := academy.New(database, today)
	err := sampleOf(200).Load(t.Context(), database, academysample.Options{Now: today})
	if err != nil {
		t.Fatal(err)
	}
	wanted := source.Everything()
	for _, leave := range []resident.Leave{{}, {ExDirectory: true}, {Restricted: true}} {
		wanted.Leave = leave
		counter.Reset()
		page, err := a.ListResidents(t.Context(),
			source.Query{Order: source.ByName, Limit: 100, Wanted: wanted})
		if err != nil || len(page.Residents) != 100 {
			t.Fatalf("got %d residents and %v", len(page.Residents), err)
		}
		if n := len(counter.Statements()); n != 1 {
			t.Errorf("got %d statements for a page, want 1", n)
		}
		read := regexp.MustCompile(`hbhousehold|ctproperty|ctoccupation|syphone|syemail|uprn`).
			FindString(counter.Statements()[0])
		if (read != "") != leave.Restricted {
			t.Errorf("%+v: got %q in the statement", leave, read)
		}
		ids := make([]string, 0, len(page.Residents))
		for _, r := range page.Residents {
			ids = append(ids, r.SourceID)
		}
		counter.Reset()
		if _, err := a.ResidentsByID(t.Context(), ids, wanted); err != nil {
			t.Fatal(err)
		}
		if n := len(counter.Statements()); n != 1 {
			t.Errorf("got %d statements for 100 references, want 1", n)
		}
		got := list(t, database, resident.Filter{
			Postcode: resident.Postcode{Outward: "E8"}, Leave: leave,
		})
		if (len(got) > 0) != leave.Restricted {
			t.Errorf("%+v: got %d residents by postcode", leave, len(got))
		}
	}
}

// The ids of details are unlike each other, safe in a URL, and the same with the ended and without.
func TestDetailIDs(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, payer,
		`INSERT INTO academy.ctproperty (property_ref, addr1) VALUES ('P 1/2', 'A Road')`,
		`INSERT INTO academy.ctoccupation VALUES (12345678, 'P 1/2', '2020-01-01'),
			(12345678, 'P 1/2', '`+forever+`')`,
		`INSERT INTO academy.syphone VALUES ('CT', 'A', '12345678', '4321', NULL, '4322')`,
		`INSERT INTO academy.syemail VALUES ('CT', 12345678, 'L', 1, 'a@x', '2019-01-01', '2020-01-01'),
			('CT', 12345678, 'L', 1, 'b@x', '2021-01-01', NULL)`)
	all, err := read(t, database, onBill).ContactDetails(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	const id = "academy:" + onBill
	want := []string{
		id + ":address:P~20~1~2f~2.2", id + ":phone:1", id + ":phone:3", id + ":email:1.2",
		id + ":address:P~20~1~2f~2", id + ":email:1",
	}
	var got []string
	for _, d := range all {
		got = append(got, d.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
