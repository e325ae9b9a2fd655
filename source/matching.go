package source

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The rules of matching stand twice: here, for what callers ask, and in SQL (db/schema/
// 00001_matching.sql), for what is stored. A test holds the two together.

// noName is the NameKey of residents who have no name: after every other.
const noName = "\U0010FFFF"

// fold returns t in lower case, without accents and apostrophes, with a space for every hyphen,
// white space, full stop and comma.
func fold(t string) string {
	var b strings.Builder
	b.Grow(len(t))
	ascii := true
	for i := range len(t) {
		if t[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if !ascii {
		t = norm.NFKD.String(t)
	}
	for _, r := range t {
		switch {
		case r >= 'a' && r <= 'z':
			b.WriteRune(r)
		case r >= 'A' && r <= 'Z':
			b.WriteRune(r + 'a' - 'A')
		case isDropped(r):
		case isSpace(r):
			b.WriteByte(' ')
		default:
			b.WriteString(foldLetter(r))
		}
	}
	return b.String()
}

// isDropped is whether r says nothing of its own: accents, apostrophes, marks without width, and
// the zero that PostgreSQL has in no text.
func isDropped(r rune) bool {
	switch {
	case r == 0, r == '\'', r == '`', r == '\u2032', r == '\u00ad', r == '\ufeff',
		r >= '\u0300' && r <= '\u036f',
		r >= '\u02b9' && r <= '\u02bf',
		r >= '\u2018' && r <= '\u201b',
		r >= '\u200b' && r <= '\u200f':
		return true
	}
	return false
}

func isSpace(r rune) bool {
	switch {
	case r == ' ', r == '-', r == '.', r == ',',
		r >= '\t' && r <= '\r', r == '\u0085', r == '\u1680',
		r >= '\u2010' && r <= '\u2015',
		r == '\u2028', r == '\u2029', r == '\u2043', r == '\u2212', r == '\u3001':
		return true
	}
	return false
}

// foldLetter returns the lower case of the letters that people in Hackney's systems are named with
// beyond A to Z: those of Latin that are not a letter with an accent, Greek, Cyrillic.
func foldLetter(r rune) string {
	switch r {
	case 'ß', 'ẞ':
		return "ss"
	case 'æ', 'Æ':
		return "ae"
	case 'œ', 'Œ':
		return "oe"
	case 'þ', 'Þ':
		return "th"
	case 'Ø', 'ø':
		return "o"
	case 'Ł', 'ł':
		return "l"
	case 'Đ', 'đ', 'Ð', 'ð':
		return "d"
	case 'Ħ', 'ħ':
		return "h"
	case 'ı':
		return "i"
	case 'Ŋ', 'ŋ':
		return "n"
	case 'Ŧ', 'ŧ':
		return "t"
	case 'ς':
		return "σ"
	case 'Є', 'І', 'Ђ', 'Ј', 'Љ', 'Њ', 'Ћ', 'Џ':
		return string(r + 0x50)
	}
	if r >= 'Α' && r <= 'Ω' || r >= 'А' && r <= 'Я' {
		return string(r + 0x20)
	}
	return string(r)
}

// Trigram is the length of the shortest part of a text that an index can find it by.
const Trigram = 3

// NameForm is what a name is searched by: `de la cruz`, `O'Brien` and `obrien` need not be told
// apart. It is blank for a text that has nothing to search by.
func NameForm(t string) string { return strings.ReplaceAll(fold(t), " ", "") }

// AddressForm is what an address is searched by: its words, one space apart.
func AddressForm(t string) string { return strings.Join(strings.Fields(fold(t)), " ") }

// EmailForm is what an e-mail address is searched by.
func EmailForm(t string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 0: // PostgreSQL has it in no text
			return -1
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return r
	}, strings.Trim(t, " \t\n\v\f\r"))
}

// NameKey is what residents are put in order by name by, compared byte by byte: the last name, then
// the first; the whole name where there are no parts. Who has no name comes last.
func NameKey(last, first, full string) string {
	last, first, full = NameForm(last), NameForm(first), NameForm(full)
	switch {
	case last != "" || first != "":
		return last + " " + first
	case full != "":
		return full + " "
	}
	return noName
}

// LikePart returns the LIKE pattern that matches text with form anywhere in it: `%` and `_` are
// characters.
func LikePart(form string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(form) + "%"
}
