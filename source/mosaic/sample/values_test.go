package sample_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

func TestSampleNHSNumbers(t *testing.T) {
	t.Parallel()
	seen := 0
	for _, p := range samplePeople(sampleOf(10_000)) {
		if p.NHSID == nil {
			continue
		}
		seen++
		digits := strconv.FormatInt(*p.NHSID, 10)
		if len(digits) != 10 || !strings.HasPrefix(digits, "999") {
			t.Fatalf("got NHS number %s, want ten digits that begin with 999", digits)
		}
		sum := 0
		for i, c := range digits {
			sum += int(c-'0') * (10 - i)
		}
		// The check digit counts once, so that the whole sum is a multiple of eleven.
		if sum%11 != 0 {
			t.Errorf("NHS number %s has a wrong check digit", digits)
		}
	}
	if seen < 5_000 {
		t.Errorf("got %d NHS numbers, want 5000 or more", seen)
	}
}

// No number may be one that somebody has.
func TestSamplePhoneNumbers(t *testing.T) {
	t.Parallel()
	reserved := regexp.MustCompile(
		`(?:0|44|440)(?:7700900[0-9]{3}|2079460[0-9]{3}|1632960[0-9]{3})`)
	spelling := regexp.MustCompile(`[+0-9(][-+0-9() .]*[0-9]`)
	digit, notDigit := regexp.MustCompile(`[0-9]`), regexp.MustCompile(`[^0-9]`)
	types := map[string]int{}
	spellings := map[string]int{}
	rows := 0
	check := func(row sample.Phone) {
		rows++
		types[row.Type]++
		if row.Number == nil {
			return
		}
		for _, number := range spelling.FindAllString(*row.Number, -1) {
			digits := notDigit.ReplaceAllString(number, "")
			if rest := reserved.ReplaceAllString(digits, ""); len(rest) > 2 {
				t.Errorf("phone %q holds a number outside the ranges for drama", *row.Number)
			}
		}
		spellings[digit.ReplaceAllString(*row.Number, "9")]++
	}
	for _, p := range samplePeople(sampleOf(10_000)) {
		for _, row := range p.Phones {
			check(row)
		}
	}
	_, orphans := sampleOf(10_000).Orphans()
	for _, row := range orphans {
		check(row)
	}
	if rows < 10_000 {
		t.Errorf("got %d phones, want 10000 or more", rows)
	}
	if len(spellings) < 50 {
		t.Errorf("got %d spellings of phone numbers, want 50 or more", len(spellings))
	}
	want := []string{"Fax", "Work", "Pager", "Ex-directory (do not disclose number)",
		"Mobile - Secondary", "Primary", "Home", "Mobile"}
	for _, name := range want {
		if types[name] < 10 {
			t.Errorf("got %d phones of type %s, want 10 or more", types[name], name)
		}
	}
	if len(types) != len(want) {
		t.Errorf("got %d types of phone, want %d", len(types), len(want))
	}
}

func TestSampleEmails(t *testing.T) {
	t.Parallel()
	email := regexp.MustCompile(`^ ?[A-Za-z][A-Za-z0-9._]*@(?i:example\.com) *$`)
	seen := 0
	for _, p := range samplePeople(sampleOf(10_000)) {
		if p.EmailAddress == nil {
			continue
		}
		if seen++; !email.MatchString(*p.EmailAddress) {
			t.Errorf("got e-mail %q, want one of example.com", *p.EmailAddress)
		}
	}
	if seen < 1_000 {
		t.Errorf("got %d e-mails, want 1000 or more", seen)
	}
}

func TestSampleUPRNs(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^(100021[0-9]{6}|10008[0-9]{6})$`)
	postcode := regexp.MustCompile(`^[A-Z]+[0-9]+[A-Z]? [0-9][A-Z]{2}$`)
	postcodes := map[int64]string{}
	shared := 0
	for _, p := range samplePeople(sampleOf(20_000)) {
		for _, a := range p.Addresses {
			if a.UPRN == nil {
				continue
			}
			if uprn := strconv.FormatInt(*a.UPRN, 10); !form.MatchString(uprn) {
				t.Errorf("got UPRN %s, want 100021xxxxxx or 10008xxxxxx", uprn)
			}
			if a.PostCode == nil || !postcode.MatchString(*a.PostCode) ||
				p.Oddities.Has(sample.PostcodeRubbish) {
				continue
			}
			if other, ok := postcodes[*a.UPRN]; ok {
				shared++
				if other != *a.PostCode {
					t.Errorf("UPRN %d has postcodes %s and %s", *a.UPRN, other, *a.PostCode)
				}
			}
			postcodes[*a.UPRN] = *a.PostCode
		}
	}
	if shared < 1_000 {
		t.Errorf("got %d addresses with a UPRN of another, want 1000 or more", shared)
	}
}

func TestSampleFitsItsColumns(t *testing.T) {
	t.Parallel()
	for _, p := range samplePeople(sampleOf(20_000)) {
		type column struct {
			value *string
			width int
		}
		columns := map[string]column{
			"person_id_legacy": {p.PersonIDLegacy, 16},
			"full_name":        {p.FullName, 62},
			"title":            {p.Title, 8},
			"first_name":       {p.FirstName, 30},
			"last_name":        {p.LastName, 30},
			"gender":           {p.Gender, 1},
			"restricted":       {p.Restricted, 1},
			"context_flag":     {p.ContextFlag, 1},
			"nationality":      {p.Nationality, 80},
			"email_address":    {p.EmailAddress, 240},
		}
		for i, a := range p.Addresses {
			columns[fmt.Sprint("address ", i)] = column{a.Address, 464}
			columns[fmt.Sprint("post_code ", i)] = column{a.PostCode, 16}
			columns[fmt.Sprint("is_contact_address ", i)] = column{a.IsContactAddress, 1}
			columns[fmt.Sprint("is_display_address ", i)] = column{a.IsDisplayAddress, 1}
		}
		for i, row := range p.Phones {
			columns[fmt.Sprint("telephone_number ", i)] = column{row.Number, 32}
			columns[fmt.Sprint("telephone_number_type ", i)] = column{&row.Type, 80}
		}
		for name, c := range columns {
			if c.value == nil {
				continue
			}
			if n := utf8.RuneCountInString(*c.value); n > c.width {
				t.Errorf("%s has %d characters, want %d at most", name, n, c.width)
			}
			if !utf8.ValidString(*c.value) {
				t.Errorf("%s is no UTF-8", name)
			}
		}
	}
}
