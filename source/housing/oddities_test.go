package housing_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
)

// Ada is a member of a household with a tenancy, and nothing more is known of her.
const (
	ada = `INSERT INTO housing.member VALUES
		('0001234', 2, 'Ms', 'Ada', 'Okafor', '1990-01-31', 'QQ123456C')`
	tenancy = `INSERT INTO housing.tenagree VALUES
		('0001234/01', '0001234', 'SEC', false, '2010-05-03', '1900-01-01')`

	adaID = "0001234-2"
)

// read returns a resident of a database, who must be there.
func read(t *testing.T, database *sqlx.DB, id string) *resident.Resident {
	t.Helper()
	residents, err := housing.New(database, today).ResidentsByID(
		t.Context(), []string{id}, source.Everything())
	if err != nil {
		t.Fatal(err)
	}
	if residents[0] == nil {
		t.Fatalf("%s is not there", id)
	}
	return residents[0]
}

// list returns the ids of those who match.
func list(t *testing.T, database *sqlx.DB, filter resident.Filter) []string {
	t.Helper()
	page, err := housing.New(database, today).ListResidents(t.Context(),
		source.Query{Filter: filter, Order: source.ByID, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, r := range page.Residents {
		ids = append(ids, r.SourceID)
	}
	return ids
}

func said(s *string) string {
	if s == nil {
		return "nil"
	}
	return *s
}

func day(d *resident.Date) string {
	if d == nil {
		return "nil"
	}
	return d.String()
}

// details returns one line for each detail.
func details(t *testing.T, r *resident.Resident) string {
	t.Helper()
	all, err := r.ContactDetails(nil, true)
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(all))
	for i, d := range all {
		line := string(d.Type) + " " + said(d.Value)
		if d.Use != resident.OtherUse && d.Type == resident.Phone {
			line += " " + strings.ToLower(string(d.Use))
		}
		if d.Preferred {
			line += " preferred"
		}
		if d.ContactAllowed != nil {
			line += map[bool]string{true: " allowed", false: " not allowed"}[*d.ContactAllowed]
		}
		if !d.Current {
			line += " not current"
		}
		if d.ValidFrom != nil {
			line += " from " + d.ValidFrom.String()
		}
		if d.ValidTo != nil {
			line += " to " + d.ValidTo.String()
		}
		if d.Phone != nil && d.Phone.Note != nil {
			line += " note " + *d.Phone.Note
		}
		lines[i] = line
	}
	return strings.Join(lines, "\n")
}

func record(t *testing.T, r *resident.Resident) *housing.Record {
	t.Helper()
	told, err := housing.ResidentResolver{}.Housing(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return told
}

func TestFacts(t *testing.T) {
	t.Parallel()
	birth := func(r *resident.Resident) string { return day(r.DateOfBirth) }
	first := func(r *resident.Resident) string { return said(r.FirstName) }
	last := func(r *resident.Resident) string { return said(r.LastName) }
	called := func(r *resident.Resident) string { return said(r.Title) }
	ni := func(r *resident.Resident) string { return said(record(t, r).NINumber) }
	tests := map[string]struct {
		set  string // SQL
		read func(*resident.Resident) string
		want string
	}{
		"birth":                   {"dob = '1990-01-31'", birth, "1990-01-31"},
		"birth with a time":       {"dob = '1990-01-31 23:59'", birth, "1990-01-31"},
		"birth that nobody knows": {"dob = '1900-01-01'", birth, "nil"},
		"birth that never comes":  {"dob = 'infinity'", birth, "nil"},
		"birth null":              {"dob = NULL", birth, "nil"},
		"name null":               {"forename = NULL", first, "nil"},
		"name blank":              {"forename = ''", first, "nil"},
		"name a dash":             {"forename = '-'", first, "nil"},
		"name filled":             {"forename = ' Mary Jane'", first, "Mary Jane"},
		"first name as long as may": {
			"forename = 'Oluwaseunfunmilayomibolaj'::char(24)", first, "Oluwaseunfunmilayomibola",
		},
		"last name as long as may": {
			"surname = 'Featherstonehaugh-Cholmondeley'::char(20)", last, "Featherstonehaugh-Ch",
		},
		"last name with accents":      {"surname = 'Muñoz'", last, "Muñoz"},
		"title filled":                {"title = 'Ms'", called, "Ms"},
		"title blank":                 {"title = ''", called, "nil"},
		"NI number":                   {"ni_no = 'QQ123456C'", ni, "QQ123456C"},
		"NI number in small parts":    {"ni_no = 'qq 123456 c'", ni, "QQ123456C"},
		"NI number blank":             {"ni_no = ''", ni, "nil"},
		"NI number null":              {"ni_no = NULL", ni, "nil"},
		"who has neither name at all": {"forename = NULL, surname = ''", last, "nil"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, postgres.Scratch(t, ada, "UPDATE housing.member SET "+tt.set), adaID)
			if got := tt.read(r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// A reference is whole whatever is in it, and no two members have one in common.
func TestReferences(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		house, person string // SQL
		want          string
	}{
		"digits":                  {"'0001234'", "2", "0001234-2"},
		"short":                   {"'1'", "23", "1-23"},
		"with the other's digits": {"'12'", "3", "12-3"},
		"as long as may":          {"'9876543210'", "99", "9876543210-99"},
		"person of two digits":    {"'0001234'", "10", "0001234-10"},
		"person nought":           {"'0001234'", "0", "0001234-0"},
		"letters":                 {"'H00123a'", "1", "H00123a-1"},
		"a hyphen":                {"'12-3'", "4", "12~2d~3-4"},
		"a slash":                 {"'12/3'", "4", "12~2f~3-4"},
		"a tilde":                 {"'~2f~'", "4", "~7e~2f~7e~-4"},
		"blanks before":           {"'  12'", "4", "~20~~20~12-4"},
		"blanks within":           {"'1 2'", "4", "1~20~2-4"},
		"a letter of two bytes":   {"'é1'", "4", "~e9~1-4"},
	}
	insert := make([]string, 0, len(tests))
	all := make([]string, 0, len(tests))
	for _, tt := range tests {
		insert = append(insert, "INSERT INTO housing.member VALUES ("+tt.house+", "+tt.person+")")
		all = append(all, tt.want)
	}
	database := postgres.Scratch(t, insert...)
	if got := list(t, database, resident.Filter{}); len(got) != len(all) {
		t.Errorf("got %d residents, want %d", len(got), len(all))
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if r := read(t, database, tt.want); r.SourceID != tt.want {
				t.Errorf("got %s, want %s", r.SourceID, tt.want)
			}
			if got := list(t, database, resident.Filter{SourceID: tt.want}); !slices.Equal(
				got, []string{tt.want}) {
				t.Errorf("got %q by reference, want %q", got, tt.want)
			}
		})
	}
	for _, id := range []string{
		"0001234", "0001234-", "-2", "0001234-02", "0001234-+2", "0001234-2 ", " 0001234-2",
		"0001234~20~-2", "12-3-4", "12/3-4", "12~2D~3-4", "12~02d~3-4", "12~2d3-4", "~0~-4", "~-4",
		"12~31~-3", "h00123a-1", "0001234-100", "0001234--1", "12~d800~-3", "12~7fffffff~-3",
	} {
		if got := list(t, database, resident.Filter{SourceID: id}); len(got) != 0 {
			t.Errorf("%s: got %q, want nobody", id, got)
		}
	}
}

// Rows without a whole reference are nobody's.
func TestRowsOfNobody(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, `INSERT INTO housing.member VALUES
		(NULL, 1), ('0001234', NULL), ('', 1), (NULL, NULL), ('0001234', -1)`)
	if got := list(t, database, resident.Filter{}); !slices.Equal(got, []string{adaID}) {
		t.Errorf("got %q, want %q", got, adaID)
	}
}

// Who has no tenancy, property, tenure, contact or link is there all the same; who has many of each
// is there once.
func TestEveryoneIsListedOnce(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada,
		`INSERT INTO housing.member VALUES ('0001234', 1), ('7', 1), ('70', 1), ('A7', 1)`, tenancy,
		tenancy,
		`INSERT INTO housing.tenagree VALUES ('0001234/02', '0001234', 'XXX'), ('7/01', '7', NULL)`,
		`INSERT INTO housing.tenure VALUES ('SEC', 'Secure'), ('SEC', 'Secure'), ('INT', 'Intro')`,
		`INSERT INTO housing.property VALUES
			('P1', '0001234', 'A Road', 'E8 3AA', '9', '2020-01-01'),
			('P2', '0001234', 'A Road', 'E8 3AA', '9', '2020-01-01'),
			('P3', '0001234', 'A Road', 'E8 3AA', '9', NULL)`,
		`INSERT INTO housing.contacts VALUES
			(1, '0001234', NULL), (2, '0001234', ''), (3, NULL, '0001234/01')`,
		`INSERT INTO housing."CCContactLink" VALUES
			(5, '0001234/01', '2'), (5, '0001234/01', '2'), (6, '0001234/02', '2'), (5, '0001234/02', '2')`,
		`INSERT INTO housing."CCPhone" VALUES (1, 5, '07700 900123'), (2, 6, '07700 900123'),
			(3, 5, '07700 900456')`,
		`INSERT INTO housing."CCEmailAddress" VALUES
			(1, 5, 'ada@example.com'), (2, 6, 'ada@example.com')`)
	want := []string{"0001234-1", adaID, "7-1", "70-1", "A7-1"}
	if got := list(t, database, resident.Filter{}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, tt := range map[string]struct {
		filter resident.Filter
		want   int
	}{
		"address":  {resident.Filter{Address: "road"}, 2},
		"postcode": {resident.Filter{Postcode: resident.Postcode{Outward: "E8", Inward: "3AA"}}, 2},
		"UPRN":     {resident.Filter{UPRN: "9"}, 2},
		"phone":    {resident.Filter{Phone: "7700900123"}, 1},
		"e-mail":   {resident.Filter{Email: "ada@example.com"}, 1},
	} {
		tt.filter.Leave = resident.FullLeave()
		got, err := housing.New(database, today).CountResidents(t.Context(), &tt.filter, 100)
		if err != nil || got != tt.want {
			t.Errorf("%s: got %d and %v, want %d", name, got, err, tt.want)
		}
		if got := list(t, database, tt.filter); len(got) != tt.want {
			t.Errorf("%s: got %q, want %d", name, got, tt.want)
		}
	}
	const wantDetails = "ADDRESS A Road, E8 3AA preferred\n" +
		"PHONE 07700 900456 preferred\nPHONE 07700 900123\nEMAIL ada@example.com"
	if got := details(t, read(t, database, adaID)); got != wantDetails {
		t.Errorf("got %s\nwant %s", got, wantDetails)
	}
}

// What Universal Housing does not say is nil, and so restricted; it cannot be searched by it.
func TestNotSaid(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada)
	r := read(t, database, adaID)
	if !r.Restricted || r.FullName != nil || r.Gender != nil || r.Nationality != nil ||
		r.NHSNumber != nil || r.AgeGroup != nil || r.Deceased != nil || r.UPRN != nil {
		t.Error("Ada is told to be what nobody said")
	}
	h := housing.New(database, today)
	for part, filter := range map[string]resident.Filter{
		"nhsNumber": {NHSNumber: "9990000018"},
		"ageGroup":  {AgeGroup: resident.Adult},
		"mosaic":    {Own: housing.Filter{ActiveTenanciesOnly: true}, OwnSource: "MOSAIC"},
	} {
		_, listErr := h.ListResidents(t.Context(),
			source.Query{Filter: filter, Order: source.ByID, Limit: 1})
		_, countErr := h.CountResidents(t.Context(), &filter, 1)
		for _, err := range []error{listErr, countErr} {
			if resident.CodeOf(err) != resident.BadInput || !strings.Contains(err.Error(), part) ||
				!strings.Contains(err.Error(), "Universal Housing cannot be searched by") {
				t.Errorf("%s: got %v, want an error of bad input that names it and the source", part, err)
			}
		}
	}
}

// Without leave, nothing that locates is told, and nobody is found by it.
func TestWithoutLeave(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, tenancy,
		`INSERT INTO housing.property VALUES ('P1', '0001234', 'A Road', 'E8 3AA', '9')`,
		`INSERT INTO housing."CCContactLink" VALUES (5, '0001234/01', '2')`,
		`INSERT INTO housing."CCPhone" VALUES (1, 5, '07700 900123')`,
		`INSERT INTO housing."CCEmailAddress" VALUES (1, 5, 'ada@example.com')`)
	for name, filter := range map[string]resident.Filter{
		"address": {Address: "road"}, "postcode": {Postcode: resident.Postcode{Outward: "E8"}},
		"UPRN": {UPRN: "9"}, "phone": {Phone: "7700900123"}, "e-mail": {Email: "ada@example.com"},
	} {
		if got := list(t, database, filter); len(got) != 0 {
			t.Errorf("%s: got %q, want nobody", name, got)
		}
		filter.Leave.Restricted = true
		if got := list(t, database, filter); len(got) != 1 {
			t.Errorf("%s, with leave: got %q, want one", name, got)
		}
	}
	wanted := source.Everything()
	wanted.Leave = resident.Leave{ExDirectory: true}
	got, err := housing.New(database, today).ResidentsByID(t.Context(), []string{adaID}, wanted)
	if err != nil {
		t.Fatal(err)
	}
	if !got[0].WhereaboutsWithheld() || got[0].UPRN != nil || details(t, got[0]) != "" {
		t.Error("the whereabouts are told without leave")
	}
}

// Nobody is found by the day that stands for one that nobody knows.
func TestFoundByDateOfBirth(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, `INSERT INTO housing.member (house_ref, person_no, dob) VALUES
		('7', 1, '1900-01-01'), ('7', 2, '1990-01-31 23:59'), ('7', 3, '1990-02-01'), ('7', 4, NULL),
		('7', 5, 'infinity')`)
	for date, want := range map[resident.Date][]string{
		{Year: 1990, Month: 1, Day: 31}: {adaID, "7-2"},
		{Year: 1900, Month: 1, Day: 1}:  {},
		{Year: 2000, Month: 1, Day: 1}:  {},
	} {
		if got := list(t, database, resident.Filter{DateOfBirth: &date}); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", date, got, want)
		}
	}
}

// The first resident is one that documents can speak of.
func TestSampleBeginsWithAnOrdinaryResident(t *testing.T) {
	t.Parallel()
	r := read(t, newSample(t), "0100001-1")
	told := details(t, r)
	if r.FirstName == nil || r.LastName == nil || r.Title == nil || r.DateOfBirth == nil ||
		r.UPRN == nil || strings.Count(told, "preferred") != 3 || strings.Contains(told, "not ") {
		t.Errorf("got %s, want one of whom all is known", told)
	}
	known := record(t, r)
	if known.NINumber == nil || known.WaitingListContactKey == nil || len(known.Tenancies) != 1 ||
		!known.Tenancies[0].IsActive || known.Tenancies[0].TenureDescription == nil {
		t.Errorf("got %+v, want a record in which all is known", known)
	}
}
