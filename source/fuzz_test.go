package source_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
)

// What a number is searched by is found in any text that has the number as a person wrote it; and
// no text is taken apart into more than it holds.
func FuzzPhone(f *testing.F) {
	for _, text := range []string{
		"", " ", "020 7946 0123", "+44 (0)20 7946 0123", "0044 20 7946 0123", "07700 900123 - Daughter",
		"0791121212121 - Daughter", "020 7946 0123 / 07700 900123", "Ex-directory", "+", "((((", "0",
		"(020) 7946 0123 ext 12", "+1 202 555 0143", "٠٢٠", "\x00", "\xff", "1471", "+44", "++4420",
		"- - - -", "do not ring", "no phone (deaf)", "07700\u00a0900\u2013123",
		strings.Repeat("0", 1_000), strings.Repeat("(0)", 300), strings.Repeat("1 ", 300),
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		form := source.PhoneForm(text)
		if form != "" && !strings.Contains(source.Digits(text), form) {
			t.Errorf("%q is searched by %q, which it does not hold", text, form)
		}
		number, parts, ok := source.ReadPhone(text)
		if ok != (source.Digits(text) != "") {
			t.Fatalf("%q: got %t", text, ok)
		}
		if !ok {
			return
		}
		if !strings.Contains(parts.AsGiven, number) {
			t.Errorf("%q: got the number %q, which is not in it", text, number)
		}
		if parts.E164 != nil && (len(*parts.E164) < 2 || len(*parts.E164) > 18 ||
			strings.Trim((*parts.E164)[1:], "0123456789") != "" || (*parts.E164)[0] != '+') {
			t.Errorf("%q: got %q", text, *parts.E164)
		}
	})
}
