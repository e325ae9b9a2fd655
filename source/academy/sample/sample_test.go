package sample_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/academy/sample"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

// sampleOf is a sample of that day.
func sampleOf(residents int) sample.Sample {
	return sample.Sample{Residents: residents, Seed: 1, Today: today()}
}

func load(t testing.TB, database *sqlx.DB, s sample.Sample) {
	t.Helper()
	err := s.Load(t.Context(), database, sample.Options{Now: today, Replace: true})
	if err != nil {
		t.Fatal(err)
	}
}

// rowsOf returns all rows of the first residents, as text.
func rowsOf(t *testing.T, database *sqlx.DB, before int) string {
	t.Helper()
	const members = `m.claim_id < 1000001 + $1`
	const accounts = `account_ref < 10000001 + 3 * $1`
	var all bytes.Buffer
	for _, query := range []string{
		`hbmember m WHERE ` + members, `hbhousehold m WHERE ` + members,
		`hbclaim m WHERE ` + members, `ctaccount m WHERE ` + accounts,
		`ctoccupation m WHERE ` + accounts,
		`ctproperty m WHERE property_ref IN (SELECT property_ref FROM academy.ctoccupation WHERE ` +
			accounts + `)`,
		`syemail m WHERE reference_id < 10000001 + 3 * $1`,
		`syphone m WHERE btrim(ref)::int < 10000001 + 3 * $1`,
	} {
		var rows []string
		err := database.SelectContext(t.Context(), &rows,
			`SELECT m::text FROM academy.`+query+` ORDER BY 1`, before)
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(strings.Join(rows, "\n") + "\n\n")
	}
	return all.String()
}

// The sample keeps to what every source's does.
func TestSample(t *testing.T) {
	t.Parallel()
	sourcetest.RunSample(t, sourcetest.SampleHarness{
		Schema: "academy",
		New:    postgres.New,
		Open:   func(database *sqlx.DB) sourcetest.Source { return academy.New(database, today) },
		Now:    today,
		Sample: func(residents int, seed uint64, day time.Time) sourcetest.Sample {
			return sample.Sample{Residents: residents, Seed: seed, Today: day}
		},
		First: "benefits-1000001X-1",
		Rows: func(t *testing.T, database *sqlx.DB) string {
			return rowsOf(t, database, 200)
		},
		Resident: `INSERT INTO academy.hbmember (claim_id, house_id, member_id, person_ref, surname)
			VALUES (1234567, 1, 1, 2, 'Okafor')`,
		Other: `INSERT INTO academy.ctaccount
			VALUES (12345678, 'Y', 'OKAFOR ADA', 'Ms', 'Ada', 'Okafor')`,
		Row: `INSERT INTO academy.syphone VALUES ('CT')`,
	})
}

// Every oddity that tests of reading know is there among 10,000, at about the rate that it has.
func TestSampleOddities(t *testing.T) {
	t.Parallel()
	database := postgres.New(t)
	load(t, database, sampleOf(10_000))
	for name, tt := range map[string]struct {
		query       string // SQL
		least, most int
	}{
		"name missing":       {`hbmember WHERE surname IS NULL AND forename IS NULL`, 5, 100},
		"first name missing": {`hbmember WHERE forename IS NULL AND surname IS NOT NULL`, 15, 150},
		"whole name alone": {
			`ctaccount WHERE lead_liab_surname IS NULL AND lead_liab_name > ' '`, 20, 200,
		},
		"capitals":           {`hbmember WHERE forename = upper(forename)`, 2_000, 5_000},
		"blanks round names": {`hbmember WHERE forename <> btrim(forename)`, 40, 300},
		"apostrophe":         {`hbmember WHERE surname ~ '[''’]'`, 50, 2_000},
		"name cut":           {`hbmember WHERE length(surname) = 32`, 20, 1_000},
		"birth no date": {
			`hbmember WHERE academy.day(birth_date) IS NULL AND birth_date > ''`, 40, 300,
		},
		"birth not known":  {`hbmember WHERE birth_date LIKE '1900-01-01%'`, 5, 100},
		"birth on no day":  {`hbmember WHERE birth_date LIKE '2021-02-30%'`, 5, 100},
		"never dead":       {`hbmember WHERE deceased_date LIKE '2099-12-31%'`, 10, 200},
		"dead":             {`hbmember WHERE deceased_date < '2099'`, 50, 500},
		"NI number spaced": {`hbmember WHERE nino LIKE 'qq% '`, 50, 500},
		"NI number blank":  {`hbmember WHERE nino = ''`, 50, 2_000},
		"member of nobody": {`hbmember WHERE person_ref IS NULL`, 2, 40},
		"claim missing": {
			`hbmember m WHERE NOT EXISTS (
				SELECT FROM academy.hbclaim c WHERE c.claim_id = m.claim_id)`, 10, 200,
		},
		"letter missing": {
			`hbclaim WHERE check_digit !~ '[0-9A-Z]' OR check_digit IS NULL`, 5, 80,
		},
		"state missing": {`hbclaim WHERE status_ind IS NULL`, 10, 120},
		"not live":      {`hbclaim WHERE status_ind <> 1`, 500, 3_000},
		"address missing": {
			`hbmember m WHERE NOT EXISTS (
				SELECT FROM academy.hbhousehold h
				WHERE  h.claim_id = m.claim_id AND h.house_id = m.house_id)`, 10, 200,
		},
		"addresses before": {`hbhousehold WHERE house_id > 1`, 500, 3_000},
		"end no date":      {`hbhousehold WHERE academy.day(to_date) IS NULL`, 10, 150},
		"end to come": {
			`hbhousehold WHERE academy.day(to_date) BETWEEN '2026-03-15' AND '2099-12-30'`, 5, 100,
		},
		"no occupation": {
			`ctaccount a WHERE NOT EXISTS (
				SELECT FROM academy.ctoccupation o WHERE o.account_ref = a.account_ref)`, 10, 150,
		},
		"property missing": {
			`ctoccupation o WHERE NOT EXISTS (
				SELECT FROM academy.ctproperty p WHERE p.property_ref = o.property_ref)`, 5, 120,
		},
		"vacation no date":   {`ctoccupation WHERE academy.day(vacation_date) IS NULL`, 10, 150},
		"UPRN zero":          {`ctproperty WHERE uprn = '0'`, 5, 150},
		"UPRN filled":        {`ctproperty WHERE uprn LIKE '0_%' OR uprn LIKE '% '`, 50, 500},
		"UPRN missing":       {`hbhousehold WHERE uprn IS NULL`, 100, 900},
		"postcode in a line": {`hbhousehold WHERE addr4 = post_code`, 50, 700},
		"postcode unusual": {
			`hbhousehold WHERE post_code !~ '^[A-Z0-9]+ [A-Z0-9]{3}$'`, 200, 1_500,
		},
		"address blank":       {`hbhousehold WHERE addr1 IS NULL`, 5, 150},
		"phone of others":     {`syphone WHERE applic_id = 'HB'`, 200, 1_200},
		"phone of other kind": {`syphone WHERE ref_type = 'P'`, 30, 400},
		"phone ref filled":    {`syphone WHERE ref LIKE '0%' OR ref LIKE '% %'`, 10, 150},
		"phone nonsense":      {`syphone WHERE phonenum1 !~ '[0-9]'`, 10, 200},
		"phone with a note":   {`syphone WHERE phonenum1 ~ '[a-z]'`, 50, 500},
		"e-mail of others":    {`syemail WHERE applic_id = 'HB'`, 200, 1_200},
		"e-mail of an owner":  {`syemail WHERE person_type = 'O'`, 30, 400},
		"e-mail none":         {`syemail WHERE email_addr !~ '@'`, 5, 120},
		"e-mail ended":        {`syemail WHERE academy.day(email_end_date) < '2026-03-14'`, 50, 600},
	} {
		var got int
		err := database.GetContext(t.Context(), &got, `SELECT count(*) FROM academy.`+tt.query)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got < tt.least || got > tt.most {
			t.Errorf("%s: got %d, want %d to %d", name, got, tt.least, tt.most)
		}
	}
	twice := map[string]string{
		"person at one address": `hbmember GROUP BY claim_id, house_id, person_ref`,
		"occupation":            `ctoccupation o GROUP BY o`,
		"e-mail":                `syemail e GROUP BY e`,
	}
	for name, from := range twice {
		var got int
		query := fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM academy.%s HAVING count(*) > 1) t`, from)
		if err := database.GetContext(t.Context(), &got, query); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got < 5 {
			t.Errorf("%s twice: got %d, want 5 or more", name, got)
		}
	}
}

func BenchmarkSampleLoad(b *testing.B) {
	database := postgres.New(b)
	for b.Loop() {
		load(b, database, sampleOf(100_000))
	}
}
