package academy_test

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/academy"
)

// Ada is on a claim and liable for council tax: two residents.
const (
	ada = `INSERT INTO academy.hbmember (claim_id, house_id, member_id, person_ref, forename, surname)
		VALUES (1234567, 1, 1, 2, 'Ada', 'Okafor')`
	claim = `INSERT INTO academy.hbclaim VALUES (1234567, 'X', 1)`
	payer = `INSERT INTO academy.ctaccount VALUES
		(12345678, 'Y', 'OKAFOR ADA', 'Ms', 'Ada', 'Okafor')`

	onClaim = "benefits-1234567X-2"
	onBill  = "council-tax-12345678Y"
	forever = "2099-12-31 00:00:00.0000000"
)

// read returns a resident of a database, who must be there.
func read(t *testing.T, database *sqlx.DB, id string) *resident.Resident {
	t.Helper()
	residents, err := academy.New(database, today).ResidentsByID(
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
	page, err := academy.New(database, today).ListResidents(t.Context(),
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

func said[T any](value *T) string {
	switch v := any(value).(type) {
	case *string:
		if v != nil {
			return *v
		}
	case *bool:
		if v != nil {
			return strconv.FormatBool(*v)
		}
	case *resident.Date:
		if v != nil {
			return v.String()
		}
	}
	return "nil"
}

// details returns one line for each detail.
func details(t *testing.T, r *resident.Resident) string {
	t.Helper()
	all, err := r.ContactDetails(nil, true)
	if err != nil {
		t.Fatal(err)
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
		if d.ValidTo != nil {
			line += " to " + d.ValidTo.String()
		}
		if d.Phone != nil && d.Phone.Note != nil {
			line += " note " + *d.Phone.Note
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

func TestFactsOfMembers(t *testing.T) {
	t.Parallel()
	birth := func(r *resident.Resident) string { return said(r.DateOfBirth) }
	deceased := func(r *resident.Resident) string { return said(r.Deceased) }
	first := func(r *resident.Resident) string { return said(r.FirstName) }
	ni := func(r *resident.Resident) string { return said(r.Record.(*academy.Record).NINumber) }
	tests := map[string]struct {
		set  string // SQL
		read func(*resident.Resident) string
		want string
	}{
		"birth as DMS brings it":   {"birth_date = '1990-01-31 00:00:00.0000000'", birth, "1990-01-31"},
		"birth without a time":     {"birth_date = ' 1990-01-31 '", birth, "1990-01-31"},
		"birth with an offset":     {"birth_date = '1990-01-31 00:00:00 +00:00'", birth, "1990-01-31"},
		"birth on a leap day":      {"birth_date = '2000-02-29'", birth, "2000-02-29"},
		"birth on no leap day":     {"birth_date = '1900-02-29'", birth, "nil"},
		"birth on no day":          {"birth_date = '1990-02-30 00:00:00.0000000'", birth, "nil"},
		"birth in no month":        {"birth_date = '1990-13-01'", birth, "nil"},
		"birth in no year":         {"birth_date = '0000-01-01'", birth, "nil"},
		"birth, the other way":     {"birth_date = '31/01/1990'", birth, "nil"},
		"birth with words":         {"birth_date = '1990-01-31 or so'", birth, "nil"},
		"birth that nobody knows":  {"birth_date = '1900-01-01 00:00:00.0000000'", birth, "nil"},
		"birth blank":              {"birth_date = ''", birth, "nil"},
		"not dead":                 {"deceased_date = NULL", deceased, "false"},
		"dead":                     {"deceased_date = '2020-05-01'", deceased, "true"},
		"never dead":               {"deceased_date = '" + forever + "'", deceased, "false"},
		"dead on no day":           {"deceased_date = 'no'", deceased, "false"},
		"name null":                {"forename = NULL", first, "nil"},
		"name blank":               {"forename = '  '", first, "nil"},
		"name a dash":              {"forename = '-'", first, "nil"},
		"name with blanks":         {"forename = ' Mary Jane  '", first, "Mary Jane"},
		"NI number":                {"nino = 'QQ123456C'", ni, "QQ123456C"},
		"NI number in small parts": {"nino = 'qq123456 c'", ni, "QQ123456C"},
		"NI number blank":          {"nino = ' '", ni, "nil"},
		"NI number null":           {"nino = NULL", ni, "nil"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := read(t, postgres.Scratch(t, ada, claim, "UPDATE academy.hbmember SET "+tt.set), onClaim)
			if got := tt.read(r); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	live, status, other := true, 1, 7
	notLive := false
	tests := map[string]struct {
		statement, id string
		want          academy.Record
	}{
		"a live claim": {claim, onClaim, academy.Record{BenefitClaim: &academy.BenefitClaim{
			Number: "1234567X", PersonRef: 2, IsLive: &live, StatusIndicator: &status,
		}}},
		"a claim in another state": {
			`INSERT INTO academy.hbclaim VALUES (1234567, 'X', 7)`, onClaim,
			academy.Record{BenefitClaim: &academy.BenefitClaim{
				Number: "1234567X", PersonRef: 2, IsLive: &notLive, StatusIndicator: &other,
			}},
		},
		"a claim in no state": {
			`INSERT INTO academy.hbclaim VALUES (1234567, 'X', NULL)`, onClaim,
			academy.Record{BenefitClaim: &academy.BenefitClaim{Number: "1234567X", PersonRef: 2}},
		},
		"a claim without a row": {
			`SELECT`, "benefits-1234567_-2",
			academy.Record{BenefitClaim: &academy.BenefitClaim{Number: "1234567", PersonRef: 2}},
		},
		"a claim with a letter that is none": {
			`INSERT INTO academy.hbclaim VALUES (1234567, '/', NULL)`, "benefits-1234567_-2",
			academy.Record{BenefitClaim: &academy.BenefitClaim{Number: "1234567", PersonRef: 2}},
		},
		"an account": {`SELECT`, onBill, academy.Record{
			CouncilTaxAccount: &academy.CouncilTaxAccount{Number: "12345678Y"},
		}},
		"an account without a letter": {
			`UPDATE academy.ctaccount SET account_cd = NULL`, "council-tax-12345678_",
			academy.Record{CouncilTaxAccount: &academy.CouncilTaxAccount{Number: "12345678"}},
		},
		"numbers that are short": {
			`INSERT INTO academy.ctaccount VALUES (12, 'K')`, "council-tax-00000012K",
			academy.Record{CouncilTaxAccount: &academy.CouncilTaxAccount{Number: "00000012K"}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := postgres.Scratch(t, ada, payer, tt.statement)
			r := read(t, database, tt.id)
			if !reflect.DeepEqual(r.Record, &tt.want) {
				t.Errorf("got %+v, want %+v", r.Record, tt.want)
			}
			if got := list(t, database, resident.Filter{SourceID: tt.id}); len(got) != 1 {
				t.Errorf("got %q by reference, want one", got)
			}
			told, err := academy.ResidentResolver{}.Academy(t.Context(), r)
			if err != nil || told != r.Record {
				t.Errorf("the resolver tells %+v and %v", told, err)
			}
		})
	}
}

// A member at several addresses is one resident, in the words of the last, whichever row that is;
// and whoever has no name, address, claim or phone is one too.
func TestEveryoneIsListedOnce(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, claim, `
		INSERT INTO academy.hbmember (claim_id, house_id, member_id, person_ref, surname) VALUES
			(1234567, 1, 1, 1, 'Maiden'), (1234567, 2, 2, 1, 'Married'), (1234567, 2, 3, 1, 'Married'),
			(1234567, 1, 2, 2, 'Left'), (1234567, 2, 9, NULL, 'Nobody'), (7, 1, 1, 1, NULL)`,
		`INSERT INTO academy.ctaccount VALUES
			(12345678, 'Y', NULL), (9, NULL, 'BELLO FEMI')`)
	want := []string{
		"benefits-0000007_-1", "benefits-1234567X-1", "benefits-1234567X-2", "council-tax-00000009_",
		"council-tax-12345678Y",
	}
	if got := list(t, database, resident.Filter{}); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, want := range map[string]int{"maiden": 0, "married": 1, "left": 1, "nobody": 0} {
		if got := list(t, database, resident.Filter{LastName: name}); len(got) != want {
			t.Errorf("%s: got %q, want %d", name, got, want)
		}
	}
	if r := read(t, database, "council-tax-00000009_"); said(r.FullName) != "BELLO FEMI" {
		t.Errorf("got %s, want the whole name", said(r.FullName))
	}
}

// What Academy does not say is nil, and so restricted.
func TestNotSaid(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, payer, claim)
	for _, id := range []string{onClaim, onBill} {
		r := read(t, database, id)
		if !r.Restricted || r.Gender != nil || r.Nationality != nil || r.NHSNumber != nil ||
			r.AgeGroup != nil || r.UPRN != nil || id == onBill && r.Deceased != nil {
			t.Errorf("%s is told to be what nobody said", id)
		}
	}
	a := academy.New(database, today)
	for part, filter := range map[string]resident.Filter{
		"nhsNumber": {NHSNumber: "9990000018"}, "ageGroup": {AgeGroup: resident.Adult},
	} {
		_, listErr := a.ListResidents(t.Context(),
			source.Query{Filter: filter, Order: source.ByID, Limit: 1})
		_, countErr := a.CountResidents(t.Context(), &filter, 1)
		for _, err := range []error{listErr, countErr} {
			if resident.CodeOf(err) != resident.BadInput || !strings.Contains(err.Error(), part) ||
				!strings.Contains(err.Error(), "Academy") {
				t.Errorf("%s: got %v, want an error of bad input that names it and Academy", part, err)
			}
		}
	}
}

// A reference is written in one way, and whoever writes it in another finds nobody.
func TestReferencesAreExact(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t, ada, payer, claim)
	for _, id := range []string{
		"benefits-1234567Y-2", "benefits-1234567x-2", "benefits-01234567X-2", "benefits-1234567X-02",
		"benefits-1234567X-+2", "benefits-1234567X", "council-tax-012345678Y", "council-tax-12345678",
		"council-tax-12345678_", "council-tax-12345678Y-0", "1234567X-2",
	} {
		if got := list(t, database, resident.Filter{SourceID: id}); len(got) != 0 {
			t.Errorf("%s: got %q, want nobody", id, got)
		}
	}
}
