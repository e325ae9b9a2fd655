package source_test

import (
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
