package source_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
)

func TestReadPhone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		number, e164, note string
		ok                 bool
	}{
		"07700 900123":               {"07700 900123", "+447700900123", "", true},
		"+44 (0)20 7946 0123":        {"+44 (0)20 7946 0123", "+442079460123", "", true},
		"0044 20 7946 0123":          {"0044 20 7946 0123", "+442079460123", "", true},
		"+1 212 555 0123":            {"+1 212 555 0123", "+12125550123", "", true},
		"0791121212121 - Daughter":   {"0791121212121", "", "Daughter", true},
		"Mum: 07700900123":           {"07700900123", "+447700900123", "Mum", true},
		"07700 900123 (after 6pm)":   {"07700 900123", "+447700900123", "after 6pm", true},
		"020 7946 0123 ext 5":        {"020 7946 0123", "+442079460123", "ext 5", true},
		"07700 900123/07700 900456":  {"07700 900123", "+447700900123", "07700 900456", true},
		"Son 07700 900123, evenings": {"07700 900123", "+447700900123", "Son evenings", true},
		"4321":                       {"4321", "", "", true},
		"07700 900123 - 2nd phone":   {"07700 900123", "+447700900123", "2nd phone", true},
		"07700900124 - 9am to 5pm":   {"07700900124", "+447700900124", "9am to 5pm", true},
		"020 7946 0123 (24 hrs)":     {"020 7946 0123", "+442079460123", "24 hrs", true},
		"020 7946 0123 24 hrs":       {"020 7946 0123", "+442079460123", "24 hrs", true},
		"Flat 12 020 7946 0131":      {"020 7946 0131", "+442079460131", "Flat 12", true},
		"07700900125 07700 900126":   {"07700900125", "+447700900125", "07700 900126", true},
		"07700 900125 07700 900126":  {"07700 900125", "+447700900125", "07700 900126", true},
		"07700–900127":               {"07700–900127", "+447700900127", "", true},
		"07700\u00a0900127":          {"07700\u00a0900127", "+447700900127", "", true},
		"(+44) (0)20 7946 0123":      {"(+44) (0)20 7946 0123", "+442079460123", "", true},
		"(020) 7946 0123 Mum":        {"(020) 7946 0123", "+442079460123", "Mum", true},
		"+44 7700 900123 5pm":        {"+44 7700 900123", "+447700900123", "5pm", true},
		"020-7946-0123":              {"020-7946-0123", "+442079460123", "", true},
		"2. 07700 900123":            {"07700 900123", "+447700900123", "2.", true},
		"none":                       {"", "", "", false},
		"":                           {"", "", "", false},
	}
	for given, want := range tests {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			number, parts, ok := source.ReadPhone(given)
			if number != want.number || ok != want.ok {
				t.Fatalf("got %q %t, want %q %t", number, ok, want.number, want.ok)
			}
			if !ok {
				return
			}
			if got := said(parts.E164); got != want.e164 {
				t.Errorf("got E.164 %q, want %q", got, want.e164)
			}
			if got := said(parts.Note); got != want.note {
				t.Errorf("got note %q, want %q", got, want.note)
			}
			if parts.AsGiven != given {
				t.Errorf("got as given %q, want %q", parts.AsGiven, given)
			}
		})
	}
}

func said(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// A number is found in a text however both are written, and another is not.
func TestPhoneForm(t *testing.T) {
	t.Parallel()
	asked := []string{
		"07700 900123", "+44 7700 900123", "0044 (0)7700-900123", "447700900123", "(07700) 900123",
		"7700900123", "07700\u00a0900\u2013123",
	}
	stored := map[string]bool{
		"07700900123": true, "+44 (0)7700 900 123": true, "Mum: 07700 900123, after 6": true,
		"07700 900124 / 07700 900123": true, "07700\u2013900123": true,
		"07700 900124": false, "900123": false, "": false,
	}
	for _, number := range asked {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			form := source.PhoneForm(number)
			for text, want := range stored {
				if got := form != "" && strings.Contains(source.Digits(text), form); got != want {
					t.Errorf("in %q: got %t, want %t", text, got, want)
				}
			}
		})
	}
	for _, none := range []string{"", "0", "999", "07700", "0000000000", "1234567890123456", "Ada"} {
		if got := source.PhoneForm(none); got != "" {
			t.Errorf("%q: got %q, want nothing", none, got)
		}
	}
}
