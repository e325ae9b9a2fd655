package sample_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source/housing"
	"github.com/LBHackney-IT/resident-gateway/source/housing/sample"
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

// rowsOf returns all rows of the first households, as text.
func rowsOf(t *testing.T, database *sqlx.DB, s sample.Sample) string {
	t.Helper()
	var houses []string
	for id := range s.Truth() {
		house, _, _ := strings.Cut(strings.ReplaceAll(id, "~2f~", "/"), "-")
		houses = append(houses, house)
	}
	// The last household may be a part of a larger one.
	last := houses[len(houses)-1]
	var all bytes.Buffer
	const tags = `(
		SELECT tag_ref FROM housing.tenagree WHERE house_ref = ANY ($1) AND house_ref <> $2)`
	const contacts = `(SELECT "ContactNo" FROM housing."CCContactLink" WHERE "Key1" IN ` + tags + `)`
	for _, query := range []string{
		`member x WHERE house_ref = ANY ($1) AND house_ref <> $2`,
		`property x WHERE house_ref = ANY ($1) AND house_ref <> $2`,
		`tenagree x WHERE house_ref = ANY ($1) AND house_ref <> $2`,
		`contacts x WHERE con_ref = ANY ($1) AND con_ref <> $2`,
		`tenure x WHERE cardinality($1::text[]) > 0 AND $2 <> ''`,
		`"CCContactLink" x WHERE "Key1" IN ` + tags,
		`"CCPhone" x WHERE "ContactNo" IN ` + contacts,
		`"CCEmailAddress" x WHERE "ContactNo" IN ` + contacts,
	} {
		var rows []string
		if err := database.SelectContext(t.Context(), &rows,
			`SELECT x::text FROM housing.`+query+` ORDER BY 1`, "{"+strings.Join(houses, ",")+"}", last,
		); err != nil {
			t.Fatal(err)
		}
		all.WriteString(strings.Join(rows, "\n") + "\n\n")
	}
	return all.String()
}

// The sample keeps to what every source's does.
func TestSample(t *testing.T) {
	t.Parallel()
	const resident = `INSERT INTO housing.member (house_ref, person_no, surname)
		VALUES ('0001234', 2, 'Okafor')`
	sourcetest.RunSample(t, sourcetest.SampleHarness{
		Schema: "housing",
		New:    postgres.New,
		Open:   func(database *sqlx.DB) sourcetest.Source { return housing.New(database, today) },
		Now:    today,
		Sample: func(residents int, seed uint64, day time.Time) sourcetest.Sample {
			return sample.Sample{Residents: residents, Seed: seed, Today: day}
		},
		First: "0100001-1",
		Rows: func(t *testing.T, database *sqlx.DB) string {
			return rowsOf(t, database, sampleOf(300))
		},
		Resident: resident, Other: resident, Row: `INSERT INTO housing."CCPhone" VALUES (1)`,
	})
}

// Who has had several tenancies is several residents, and one human.
func TestSampleTruth(t *testing.T) {
	t.Parallel()
	times := make(map[int]int)
	for _, human := range sampleOf(10_000).Truth() {
		times[human]++
	}
	several := 10_000 - len(times)
	if several < 200 || several > 2_000 {
		t.Errorf("got %d of 10,000 who are somebody else too", several)
	}
	count := 0
	for range sampleOf(10_000).Truth() {
		if count++; count == 10 {
			break
		}
	}
	if count != 10 {
		t.Errorf("got %d, and wanted no more than 10", count)
	}
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
		"reference short":        {`member WHERE house_ref ~ '^[0-9]{1,5} *$'`, 500, 2_000},
		"reference long":         {`member WHERE house_ref ~ '^[0-9]{9,} *$'`, 100, 800},
		"reference with letters": {`member WHERE house_ref ~ '^[A-Z]'`, 60, 600},
		"reference with a slash": {`member WHERE house_ref ~ '/'`, 5, 200},
		"person of ten or more":  {`member WHERE person_no >= 10`, 100, 1_000},
		"first name missing":     {`member WHERE forename !~ '[[:alpha:]]' OR forename IS NULL`, 20, 200},
		"last name missing":      {`member WHERE surname = '' OR surname IS NULL`, 10, 150},
		"first name cut":         {`member WHERE length(forename) = 24`, 10, 800},
		"last name cut":          {`member WHERE length(surname) = 20`, 20, 1_000},
		"capitals":               {`member WHERE surname = upper(surname)`, 1_500, 5_000},
		"blanks round names":     {`member WHERE forename LIKE ' %'`, 20, 300},
		"birth not known":        {`member WHERE dob = '1900-01-01'`, 300, 1_000},
		"NI number spaced":       {`member WHERE ni_no LIKE 'qq% %_'`, 50, 500},
		"NI number missing":      {`member WHERE ni_no = '' OR ni_no IS NULL`, 1_000, 5_000},
		"property missing": {`member m WHERE NOT EXISTS (
			SELECT FROM housing.property p WHERE p.house_ref = m.house_ref)`, 50, 500},
		"tenancy missing": {`member m WHERE NOT EXISTS (
			SELECT FROM housing.tenagree t WHERE t.house_ref = m.house_ref)`, 80, 700},
		"two properties": {`member m WHERE 1 < (
			SELECT count(*) FROM housing.property p WHERE p.house_ref = m.house_ref)`, 200, 1_200},
		"two tenancies": {`member m WHERE 1 < (
			SELECT count(*) FROM housing.tenagree t WHERE t.house_ref = m.house_ref)`, 500, 3_000},
		"property of nobody": {`property p WHERE NOT EXISTS (
			SELECT FROM housing.member m WHERE m.house_ref = p.house_ref)`, 3, 60},
		"change not dated": {`property WHERE dtstamp IS NULL`, 10, 200},
		"UPRN missing":     {`property WHERE u_llpg_ref !~ '[1-9]' OR u_llpg_ref IS NULL`, 60, 500},
		"UPRN filled":      {`property WHERE u_llpg_ref ~ '^[0 ].*[1-9]'`, 30, 400},
		"postcode unusual": {
			`property WHERE post_code !~ '^[A-Z0-9]+ [A-Z0-9]{3} *$' OR post_code IS NULL`, 150, 900,
		},
		"postcode in a line": {
			`property WHERE gateway.address_form(address1) LIKE '% ' || lower(post_code::text)`, 50, 600,
		},
		"lines between blanks": {`property WHERE address1 ~ '[^ ]  +[^ ]'`, 300, 4_000},
		"address missing": {
			`property WHERE address1 !~ '[[:alnum:]]' OR address1 IS NULL`, 10, 150,
		},
		"tenure unknown": {
			`tenagree t WHERE NOT EXISTS (
				SELECT FROM housing.tenure y WHERE y.ten_type = t.tenure)`, 30, 400,
		},
		"ended":            {`tenagree WHERE terminated AND eot < '2026-03-14'`, 500, 3_000},
		"open-ended":       {`tenagree WHERE eot = '1900-01-01'`, 2_000, 7_000},
		"ended, not dated": {`tenagree WHERE terminated AND eot = '1900-01-01'`, 5, 150},
		"ends some day":    {`tenagree WHERE terminated AND eot >= '2026-03-14'`, 5, 150},
		"past its end": {
			`tenagree WHERE NOT terminated AND eot BETWEEN '1901-01-01' AND '2026-03-13'`, 5, 150,
		},
		"termination not said": {`tenagree WHERE terminated IS NULL`, 5, 150},
		"start not known":      {`tenagree WHERE cot = '1900-01-01' OR cot IS NULL`, 20, 300},
		"yet to begin":         {`tenagree WHERE cot > '2026-03-14'`, 5, 150},
		"key by tenancy": {
			`contacts WHERE con_ref IS NULL AND tag_ref IS NOT NULL`, 200, 1_500,
		},
		"link without keys":  {`"CCContactLink" WHERE "Key1" IS NULL AND "Key2" IS NULL`, 10, 150},
		"link to no tenancy": {`"CCContactLink" WHERE "Key1" LIKE '9000000%'`, 3, 60},
		"link filled":        {`"CCContactLink" WHERE "Key2" ~ '^(0| .*[0-9])'`, 40, 300},
		"phone refused":      {`"CCPhone" WHERE "OKToCall" = 'N'`, 400, 2_000},
		"permission not said": {
			`"CCPhone" WHERE coalesce("OKToCall", ' ') NOT IN ('Y', 'N')`, 800, 4_000,
		},
		"phone type unknown": {
			`"CCPhone" WHERE "PhoneType" = 'X' OR "PhoneType" IS NULL`, 150, 1_200,
		},
		"fax":               {`"CCPhone" WHERE "PhoneType" = 'F'`, 50, 800},
		"phone nonsense":    {`"CCPhone" WHERE "PhoneNo" !~ '[0-9]'`, 30, 400},
		"phone with a note": {`"CCPhone" WHERE "PhoneNo" ~ '[0-9].*[a-z]'`, 100, 800},
		"phone of nobody": {`"CCPhone" c WHERE NOT EXISTS (
			SELECT FROM housing."CCContactLink" l WHERE l."ContactNo" = c."ContactNo")`, 10, 150},
		"e-mail refused":         {`"CCEmailAddress" WHERE "OKToEmail" = 'N'`, 150, 1_200},
		"e-mail not the default": {`"CCEmailAddress" WHERE coalesce("Defualt", 'N') <> 'Y'`, 150, 2_000},
		"e-mail none":            {`"CCEmailAddress" WHERE "Email" !~ '@'`, 15, 200},
	} {
		var got int
		err := database.GetContext(t.Context(), &got, `SELECT count(*) FROM housing.`+tt.query)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got < tt.least || got > tt.most {
			t.Errorf("%s: got %d, want %d to %d", name, got, tt.least, tt.most)
		}
	}
	twice := map[string]string{
		"link":           `"CCContactLink" x WHERE "Key1" IS NOT NULL GROUP BY x`,
		"several e-mail": `"CCEmailAddress" GROUP BY "ContactNo"`,
		"several phones": `"CCPhone" GROUP BY "ContactNo"`,
		"key":            `contacts WHERE con_ref IS NOT NULL GROUP BY con_ref`,
	}
	for name, from := range twice {
		var got int
		query := fmt.Sprintf(`SELECT count(*) FROM (SELECT FROM housing.%s HAVING count(*) > 1) t`, from)
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
