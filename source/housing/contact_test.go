package housing_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
)

func TestTenancies(t *testing.T) {
	t.Parallel()
	// Today is 2026-03-14. Each has the reference T1, T2 and so on; where there is a property, it is
	// current while any is active, or there is none.
	tests := map[string]struct {
		values  string // SQL: tenure, terminated, start, end
		want    string
		address string // what is said of it
	}{
		"none": {"", "", "preferred"},
		"open-ended": {
			"('SEC', false, '2010-05-03', '1900-01-01')", "T1 SEC Secure active from 2010-05-03",
			"preferred from 2010-05-03",
		},
		"end null": {
			"('SEC', false, '2010-05-03', NULL)", "T1 SEC Secure active from 2010-05-03",
			"preferred from 2010-05-03",
		},
		"start not known": {
			"('SEC', false, '1900-01-01', '1900-01-01')", "T1 SEC Secure active", "preferred",
		},
		"start null": {"('SEC', false, NULL, NULL)", "T1 SEC Secure active", "preferred"},
		"yet to begin": {
			"(NULL, false, '2026-03-15', NULL)", "T1 active from 2026-03-15", "preferred from 2026-03-15",
		},
		"tenure not known":   {"('ZZZ', false, NULL, NULL)", "T1 ZZZ active", "preferred"},
		"tenure of one word": {"('S5', false, NULL, NULL)", "T1 S5 Short active", "preferred"},
		"tenure null":        {"(NULL, false, NULL, NULL)", "T1 active", "preferred"},
		"tenure blank":       {"('', false, NULL, NULL)", "T1 active", "preferred"},
		"ended": {
			"('SEC', true, '2010-05-03', '2026-03-13')", "T1 SEC Secure from 2010-05-03 to 2026-03-13",
			"not current from 2010-05-03 to 2026-03-13",
		},
		"ends today": {
			"('SEC', true, '2010-05-03', '2026-03-14 09:00')",
			"T1 SEC Secure active from 2010-05-03 to 2026-03-14",
			"preferred from 2010-05-03 to 2026-03-14",
		},
		"ended, nobody knows when": {
			"('SEC', true, '2010-05-03', '1900-01-01')", "T1 SEC Secure from 2010-05-03",
			"not current from 2010-05-03",
		},
		"not terminated, past its end": {
			"('SEC', false, '2010-05-03', '2020-01-01')",
			"T1 SEC Secure active from 2010-05-03 to 2020-01-01", "preferred from 2010-05-03",
		},
		"termination not said, past its end": {
			"('SEC', NULL, NULL, '2020-01-01')", "T1 SEC Secure to 2020-01-01", "not current to 2020-01-01",
		},
		"termination not said, no end": {
			"('SEC', NULL, NULL, NULL)", "T1 SEC Secure active", "preferred",
		},
		"one that ended, one that has not": {
			"('INT', true, '2010-01-01', '2011-01-01'), ('SEC', false, '2011-01-02', NULL)",
			"T2 SEC Secure active from 2011-01-02\nT1 INT from 2010-01-01 to 2011-01-01",
			"preferred from 2011-01-02",
		},
		"two that ended": {
			"('INT', true, '2010-01-01', '2011-01-01'), ('SEC', true, '2011-01-02', '2020-01-01')",
			"T2 SEC Secure from 2011-01-02 to 2020-01-01\nT1 INT from 2010-01-01 to 2011-01-01",
			"not current to 2020-01-01",
		},
		"two that ended, of one nobody knows when": {
			"('INT', true, '2010-01-01', NULL), ('SEC', true, '2011-01-02', '2020-01-01')",
			"T2 SEC Secure from 2011-01-02 to 2020-01-01\nT1 INT from 2010-01-01", "not current",
		},
		"two that have not": {
			"('SEC', false, '2010-01-01', NULL), ('TGA', false, '2012-01-01', NULL)",
			"T2 TGA active from 2012-01-01\nT1 SEC Secure active from 2010-01-01", "preferred",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			insert := `SELECT`
			if tt.values != "" {
				insert = `INSERT INTO housing.tenagree
					SELECT 'T' || row_number() OVER (), '0001234', v.a, v.b::boolean, v.c::timestamp,
					       v.d::timestamp
					FROM (VALUES ` + tt.values + `) v (a, b, c, d)`
			}
			database := postgres.Scratch(t, ada, insert,
				`INSERT INTO housing.tenure VALUES ('SEC', 'Secure'), ('S5', 'Short')`,
				`INSERT INTO housing.tenagree VALUES ('', '0001234'), (NULL, '0001234'), ('X', '0001235')`,
				`INSERT INTO housing.property VALUES ('P1', '0001234', 'A Road', 'E8 3AA', '9')`)
			r := read(t, database, adaID)
			active := false
			var lines []string
			for _, got := range record(t, r).Tenancies {
				line := got.Reference
				for _, part := range []*string{got.TenureCode, got.TenureDescription} {
					if part != nil {
						line += " " + *part
					}
				}
				active = active || got.IsActive
				if got.IsActive {
					line += " active"
				}
				if got.Start != nil {
					line += " from " + got.Start.String()
				}
				if got.End != nil {
					line += " to " + got.End.String()
				}
				lines = append(lines, line)
			}
			if got := strings.Join(lines, "\n"); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got, want := details(t, r), "ADDRESS A Road, E8 3AA "+tt.address; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			current := strings.HasPrefix(tt.address, "preferred")
			for what, is := range map[string]bool{"UPRN": r.UPRN != nil, "found": len(list(t, database,
				resident.Filter{UPRN: "9", Leave: resident.FullLeave()})) == 1} {
				if is != current {
					t.Errorf("%s: got %t, want %t", what, is, current)
				}
			}
			own := resident.Filter{
				Own: housing.Filter{ActiveTenanciesOnly: true}, OwnSource: housing.Name,
				Leave: resident.FullLeave(),
			}
			if got := list(t, database, own); (len(got) == 1) != active {
				t.Errorf("got %q with active tenancies, want one: %t", got, active)
			}
			own.Own = housing.Filter{}
			if got := list(t, database, own); len(got) != 1 {
				t.Errorf("got %q, want one whatever the tenancies", got)
			}
			own.Leave = resident.Leave{}
			if got := list(t, database, own); len(got) > 0 {
				t.Errorf("got %q without leave, want nobody", got)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values     string // SQL: property, address, postcode, UPRN, changed
		want, uprn string
	}{
		"one": {
			"('P1', '1 Mare Street', 'e83aa', '100021', '2020-01-01')",
			"ADDRESS 1 Mare Street, E8 3AA preferred", "100021",
		},
		"of two the one changed last": {
			"('P1', 'A Road', NULL, '9', '2021-01-01'), ('P2', 'B Road', NULL, '8', '2020-01-01')",
			"ADDRESS A Road preferred\nADDRESS B Road not current", "9",
		},
		"of two changed at once the greatest": {
			"('P1', 'A Road', NULL, '9', '2021-01-01'), ('P2', 'B Road', NULL, '8', '2021-01-01')",
			"ADDRESS B Road preferred\nADDRESS A Road not current", "8",
		},
		"of two the one that says when": {
			"('P1', 'A Road', NULL, '9', '2021-01-01'), ('P2', 'B Road', NULL, '8', NULL)",
			"ADDRESS A Road preferred\nADDRESS B Road not current", "9",
		},
		"of two the one that says where": {
			"('P1', 'A Road', NULL, '9', '2020-01-01'), ('P2', ' - ', '', '0', '2021-01-01')",
			"ADDRESS A Road preferred", "9",
		},
		"the same twice": {
			"('P1', 'A Road', NULL, '9', '2020-01-01'), ('P2', 'A  ROAD', NULL, '09', '2021-01-01')",
			"ADDRESS A, ROAD preferred", "9",
		},
		"lines between commas": {
			"('P1', 'Flat 2, 14 Mare Street,London', 'E8 3AA', NULL, NULL)",
			"ADDRESS Flat 2, 14 Mare Street, London, E8 3AA preferred", "nil",
		},
		"lines between blanks": {
			"('P1', 'Flat 2   14 Mare Street', 'E8 3AA', NULL, NULL)",
			"ADDRESS Flat 2, 14 Mare Street, E8 3AA preferred", "nil",
		},
		"number apart": {
			"('P1', '14, Mare Street', 'E8 3AA', NULL, NULL)",
			"ADDRESS 14 Mare Street, E8 3AA preferred", "nil",
		},
		"postcode in a line": {
			"('P1', '14 Mare Street, e8  3aa', 'E8 3AA', NULL, NULL)",
			"ADDRESS 14 Mare Street, E8 3AA preferred", "nil",
		},
		"postcode at the end of one": {
			"('P1', '14 Mare Street London E8 3AA', 'E8 3AA', NULL, NULL)",
			"ADDRESS 14 Mare Street London, E8 3AA preferred", "nil",
		},
		"another postcode at the end": {
			"('P1', '14 Mare Street E8 3AB', 'E8 3AA', NULL, NULL)",
			"ADDRESS 14 Mare Street E8 3AB, E8 3AA preferred", "nil",
		},
		"postcode junk": {
			"('P1', 'A Road', 'junk', NULL, NULL)", "ADDRESS A Road, junk preferred", "nil",
		},
		"postcode half": {
			"('P1', 'A Road', 'E8', NULL, NULL)", "ADDRESS A Road, E8 preferred", "nil",
		},
		"only a property": {"('P1', NULL, NULL, '9', NULL)", "ADDRESS nil preferred", "9"},
		"UPRN filled": {
			"('P1', 'A Road', NULL, '0000100021   ', NULL)", "ADDRESS A Road preferred", "100021",
		},
		"UPRN of no digits": {"('P1', 'A Road', NULL, 'N/A', NULL)", "ADDRESS A Road preferred", "nil"},
		"UPRN zero":         {"('P1', 'A Road', NULL, '0', NULL)", "ADDRESS A Road preferred", "nil"},
		"UPRN too long": {
			"('P1', 'A Road', NULL, '1234567890123456', NULL)", "ADDRESS A Road preferred", "nil",
		},
		"property without id": {"(NULL, 'A Road', NULL, '9', NULL)", "", "nil"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, `INSERT INTO housing.property
				SELECT v.a, '0001234', v.b, v.c, v.d, v.e::timestamp
				FROM (VALUES `+tt.values+`) v (a, b, c, d, e)`)
			r := read(t, database, adaID)
			if got := details(t, r); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			if got := said(r.UPRN); got != tt.uprn {
				t.Errorf("got UPRN %s, want %s", got, tt.uprn)
			}
			for uprn, property := range map[string]string{"9": "9", "8": "8", "100021": "100021"} {
				got := list(t, database, resident.Filter{UPRN: property, Leave: resident.FullLeave()})
				if (len(got) == 1) != (tt.uprn == uprn) {
					t.Errorf("got %q at %s, want one: %t", got, uprn, tt.uprn == uprn)
				}
			}
		})
	}
}

func TestPhones(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values string // SQL: number, type, changed, may be called
		want   string
	}{
		"mobile": {
			"('07700 900123', 'M', NULL, 'Y')", "PHONE 07700 900123 mobile preferred allowed",
		},
		"home": {
			"('020 7946 0123', 'H', NULL, 'Y')", "PHONE 020 7946 0123 home preferred allowed",
		},
		"work": {
			"('020 7946 0123', 'W', NULL, 'Y')", "PHONE 020 7946 0123 work preferred allowed",
		},
		"fax":        {"('020 7946 0123', 'F', NULL, 'Y')", "PHONE 020 7946 0123 fax allowed"},
		"type X":     {"('020 7946 0123', 'X', NULL, 'Y')", "PHONE 020 7946 0123 preferred allowed"},
		"type null":  {"('020 7946 0123', NULL, NULL, 'Y')", "PHONE 020 7946 0123 preferred allowed"},
		"refused":    {"('07700 900123', 'M', NULL, 'N')", "PHONE 07700 900123 mobile not allowed"},
		"not said":   {"('07700 900123', 'M', NULL, NULL)", "PHONE 07700 900123 mobile preferred"},
		"said blank": {"('07700 900123', 'M', NULL, ' ')", "PHONE 07700 900123 mobile preferred"},
		"with a note": {
			"('07700900123 - Mum', 'M', NULL, NULL)", "PHONE 07700900123 mobile preferred note Mum",
		},
		"no digits": {"('none', 'M', NULL, 'Y')", ""},
		"null":      {"(NULL, 'M', NULL, 'Y')", ""},
		"latest first": {
			"('07700 900123', 'M', '2020-01-01', 'Y'), ('07700 900456', 'M', '2021-01-01', 'Y')",
			"PHONE 07700 900456 mobile preferred allowed\nPHONE 07700 900123 mobile allowed",
		},
		"the latest refused": {
			"('07700 900123', 'M', '2020-01-01', 'Y'), ('07700 900456', 'M', '2021-01-01', 'N')",
			"PHONE 07700 900123 mobile preferred allowed\nPHONE 07700 900456 mobile not allowed",
		},
		"one number twice": {
			"('07700 900123', 'M', '2020-01-01', 'Y'), ('+447700900123', 'M', '2021-01-01', NULL)",
			"PHONE +447700900123 mobile preferred allowed",
		},
		"one number twice, refused once": {
			"('07700 900123', 'M', '2020-01-01', 'N'), ('+447700900123', 'M', '2021-01-01', 'Y')",
			"PHONE +447700900123 mobile not allowed",
		},
		"one number of two types, refused once": {
			"('07700 900123', 'M', '2020-01-01', 'N'), ('07700900123', 'H', '2021-01-01', 'Y')",
			"PHONE 07700900123 home not allowed\nPHONE 07700 900123 mobile not allowed",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, tenancy,
				`INSERT INTO housing."CCContactLink" VALUES (5, '0001234/01', '2')`,
				`INSERT INTO housing."CCPhone"
				 SELECT row_number() OVER (), 5, v.a, v.b, v.c::timestamp, v.d
				 FROM (VALUES `+tt.values+`) v (a, b, c, d)`)
			if got := details(t, read(t, database, adaID)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			found := list(t, database, resident.Filter{Phone: "7700900123", Leave: resident.FullLeave()})
			if (len(found) == 1) != strings.Contains(tt.values, "900123") {
				t.Errorf("got %q by 07700 900123", found)
			}
		})
	}
}

func TestEmails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		values string // SQL: address, changed, may be written to, default
		want   string
	}{
		"default":     {"(' Ada@x.uk ', NULL, 'Y', 'Y')", "EMAIL Ada@x.uk preferred allowed"},
		"not default": {"('ada@x.uk', NULL, 'Y', 'N')", "EMAIL ada@x.uk allowed"},
		"not said":    {"('ada@x.uk', NULL, NULL, NULL)", "EMAIL ada@x.uk"},
		"refused":     {"('ada@x.uk', NULL, 'N', 'Y')", "EMAIL ada@x.uk not allowed"},
		"no address":  {"('none', NULL, 'Y', 'Y')", ""},
		"blank":       {"('', NULL, 'Y', 'Y')", ""},
		"null":        {"(NULL, NULL, 'Y', 'Y')", ""},
		"the default first": {
			"('ada@x.uk', '2020-01-01', NULL, 'Y'), ('o@x.uk', '2021-01-01', NULL, 'N')",
			"EMAIL ada@x.uk preferred\nEMAIL o@x.uk",
		},
		"two defaults": {
			"('ada@x.uk', '2020-01-01', NULL, 'Y'), ('o@x.uk', '2021-01-01', NULL, 'Y')",
			"EMAIL o@x.uk preferred\nEMAIL ada@x.uk",
		},
		"two defaults, the latest refused": {
			"('ada@x.uk', '2020-01-01', NULL, 'Y'), ('o@x.uk', '2021-01-01', 'N', 'Y')",
			"EMAIL ada@x.uk preferred\nEMAIL o@x.uk not allowed",
		},
		"one twice": {
			"('ada@x.uk', '2020-01-01', 'N', 'Y'), ('ADA@X.UK', '2021-01-01', 'Y', 'N')",
			"EMAIL ADA@X.UK not allowed",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, tenancy,
				`INSERT INTO housing."CCContactLink" VALUES (5, '0001234/01', '2')`,
				`INSERT INTO housing."CCEmailAddress"
				 SELECT row_number() OVER (), 5, v.a, NULL, v.b::timestamp, v.c, v.d
				 FROM (VALUES `+tt.values+`) v (a, b, c, d)`)
			if got := details(t, read(t, database, adaID)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
			found := list(t, database, resident.Filter{Email: "ada@x.uk", Leave: resident.FullLeave()})
			if (len(found) == 1) != strings.Contains(strings.ToLower(tt.values), "ada@x.uk") {
				t.Errorf("got %q by ada@x.uk", found)
			}
		})
	}
}
