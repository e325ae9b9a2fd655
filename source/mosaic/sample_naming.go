package mosaic

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// The widths of the columns that names are cut to.
const (
	samplePartWidth = 30
	sampleFullWidth = 62
)

// sampleNames draws a first name and a last name.
func sampleNames(d *sampleDice, family *sampleFamily, female bool) (first, last string) {
	given := &family.male
	if female {
		given = &family.female
	}
	first, last = given.pick(d), sampleFeminine(family.last.pick(d), female)
	if d.odd(sampleSecondFirstName) {
		first += " " + given.pick(d)
	}
	if d.odd(sampleLongName) {
		for utf8.RuneCountInString(first) <= samplePartWidth {
			first += sampleOneOf(d, " ", "-") + given.pick(d)
		}
		for utf8.RuneCountInString(last) <= samplePartWidth {
			last += sampleOneOf(d, " ", "-", " de ") + family.last.pick(d)
		}
	}
	return first, last
}

// sampleFeminine gives a Polish last name the ending that a woman's has.
func sampleFeminine(last string, female bool) string {
	if stem, ok := strings.CutSuffix(last, "ski"); ok && female {
		return stem + "ska"
	}
	return last
}

// setNames writes the names of a human into a record, well or badly.
func (m *sampleMaker) setNames(p *SamplePerson, t sampleTruth) {
	d := m.dice
	first, last := t.first, t.last
	if d.odd(sampleUpperCaseName) {
		first, last = strings.ToUpper(first), strings.ToUpper(last)
		p.Oddities |= SampleNameUpperCase
	}
	full := last + ", " + first
	if d.odd(sampleForwardsName) {
		full = first + " " + last
		p.Oddities |= SampleNameForwards
	}
	if d.odd(sampleBlanksRoundNames) {
		first, last, full = sampleBlanks(d, first), sampleBlanks(d, last), full+"  "
		p.Oddities |= SampleUntrimmed
	}
	p.FirstName = new(sampleCut(first, samplePartWidth))
	p.LastName = new(sampleCut(last, samplePartWidth))
	p.FullName = new(sampleCut(full, sampleFullWidth))
	if *p.FirstName != first || *p.LastName != last || *p.FullName != full {
		p.Oddities |= SampleNameCut
	}
	m.loseNames(p)
	if sampleHasApostrophe(p.FirstName) || sampleHasApostrophe(p.LastName) {
		p.Oddities |= SampleNameApostrophe
	}
}

// loseNames takes away what nobody typed.
func (m *sampleMaker) loseNames(p *SamplePerson) {
	d := m.dice
	noFirst, noLast := d.odd(sampleNoFirstName), d.odd(sampleNoLastName)
	noFull, none := d.odd(sampleBlankFullName), d.odd(sampleNoNameAtAll)
	if noFirst || none {
		p.FirstName = nil
		p.Oddities |= SampleFirstNameMissing
	}
	if noLast || none {
		p.LastName = nil
		p.Oddities |= SampleLastNameMissing
	}
	if noFull || none {
		p.FullName = new(sampleOneOf(d, "", " ", "  "))
		p.Oddities |= SampleFullNameBlank
	}
	if p.Oddities.Has(SampleFirstNameMissing | SampleLastNameMissing | SampleFullNameBlank) {
		p.Oddities |= SampleNameMissing
	}
}

func sampleHasApostrophe(name *string) bool {
	return name != nil && strings.ContainsAny(*name, "'’")
}

// sampleCut cuts text to the characters that a column takes.
func sampleCut(text string, width int) string {
	if len(text) <= width {
		return text
	}
	for i := range text {
		if width == 0 {
			return text[:i]
		}
		width--
	}
	return text
}

// sampleBlanks puts blanks before or after a text.
func sampleBlanks(d *sampleDice, text string) string {
	return sampleOneOf(d, " "+text, text+" ", text+"   ", " "+text+" ")
}

// setEmail writes an e-mail, always at a domain that is kept for examples.
func (m *sampleMaker) setEmail(p *SamplePerson, t sampleTruth) {
	d := m.dice
	first, last, number := sampleLetters(t.first), sampleLetters(t.last), d.n(1_000)
	name := first + "." + last
	switch d.n(10) {
	case 0, 1, 2:
		name += strconv.Itoa(t.born.Year() % 100)
	case 3, 4:
		name = first[:1] + last + strconv.Itoa(number)
	case 5:
		name = first + "_" + last
	case 6:
		name = last + "." + first + strconv.Itoa(number)
	}
	email := name + "@example.com"
	messy := d.odd(sampleMessyEmail)
	if d.odd(sampleNoEmail) {
		p.Oddities |= SampleEmailMissing
		return
	}
	if messy {
		email = sampleOneOf(d, strings.ToUpper(email), strings.ToUpper(email[:1])+email[1:],
			" "+email, email+" ", email+"   ")
		p.Oddities |= SampleEmailMessy
	}
	p.EmailAddress = &email
}

// sampleLetters keeps the letters of a name that an e-mail may have, in lower case.
func sampleLetters(name string) string {
	const (
		accented = "áàâãäăçćčđèéêëęğíìîïıłńñóòôõöớøřśşšúùûüưżźž"
		plain    = "aaaaaacccdeeeeegiiiiilnnooooooorsssuuuuuzzz"
	)
	letters := make([]byte, 0, len(name))
	for _, r := range strings.ToLower(name) {
		switch {
		case 'a' <= r && r <= 'z':
			letters = append(letters, byte(r))
		case r > 127:
			if at := strings.IndexRune(accented, r); at >= 0 {
				letters = append(letters, plain[utf8.RuneCountInString(accented[:at])])
			}
		}
	}
	if len(letters) == 0 {
		return "resident"
	}
	return string(letters)
}
