package sample

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Misspell writes a name as somebody else would.
func Misspell(d *Dice, name string) string {
	switch d.N(6) {
	case 0:
		return strings.ToLower(name)
	case 1:
		return strings.ToUpper(name)
	case 2:
		return strings.NewReplacer("'", "", "’", "", "-", " ").Replace(name)
	case 3:
		return strings.NewReplacer("'", "’", "’", "'", " ", "-", "ph", "f", "ie", "y").Replace(name)
	case 4:
		return strings.ReplaceAll(name, " ", "")
	}
	letters := []rune(name)
	if len(letters) < 4 {
		return name
	}
	at := d.Between(1, len(letters)-2)
	return string(letters[:at]) + string(letters[at+1:])
}

// Cut cuts text to the characters that a column takes.
func Cut(text string, width int) string {
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

// Blanks puts blanks before or after a text.
func Blanks(d *Dice, text string) string {
	return OneOf(d, " "+text, text+" ", text+"   ", " "+text+" ")
}

// UnusualPostcode writes a postcode in a way that can be read all the same. One that a column does
// not take is written without a blank.
func UnusualPostcode(d *Dice, postcode string, width int) string {
	first, second, _ := strings.Cut(postcode, " ")
	spelled := OneOf(d, first+second, strings.ToLower(postcode), strings.ToLower(first+second),
		first+"  "+second, " "+postcode, postcode+" ", strings.ToLower(first)+" "+second)
	if len(spelled) > width {
		return first + second
	}
	return spelled
}

// RubbishPostcode is what stands where a postcode should.
func RubbishPostcode(d *Dice) string {
	return OneOf(d, "TBC", "UNKNOWN", "N/A", "LONDON", "XX1 1XX", "0", "?")
}

// Outward is the first half of a postcode.
func Outward(postcode string) string {
	first, _, _ := strings.Cut(postcode, " ")
	return first
}

// UnknownDay is what systems write for a day that nobody knows.
func UnknownDay() time.Time { return time.Date(1900, time.January, 1, 0, 0, 0, 0, time.UTC) }

// Email is the e-mail of a human, as their name is spelled. It is at a domain that is kept for
// examples, as that of [Human.OtherEmail] is.
func (h *Human) Email() string { return h.email(scatter(uint64(h.Index))) }

// OtherEmail draws another e-mail of a human.
func (h *Human) OtherEmail(d *Dice) string { return h.email(d.rand.Uint64()) }

func (h *Human) email(chance uint64) string {
	first, last := lettersOf(h.First), lettersOf(h.Last)
	number := strconv.Itoa(int(chance >> 32 % 1_000))
	switch chance % 10 {
	case 0, 1, 2:
		last += strconv.Itoa(h.Born.Year() % 100)
	case 3, 4:
		return first[:1] + last + number + "@example.com"
	case 5:
		return first + "_" + last + "@example.com"
	case 6:
		return last + "." + first + number + "@example.com"
	}
	return first + "." + last + "@example.com"
}

// MessyEmail writes an e-mail in mixed case, or with blanks round it.
func MessyEmail(d *Dice, email string) string {
	return OneOf(d, strings.ToUpper(email), strings.ToUpper(email[:1])+email[1:], " "+email,
		email+" ", email+"   ")
}

// lettersOf keeps the letters of a name that an e-mail may have, in lower case.
func lettersOf(name string) string {
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
