package resident_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

// absurd are texts that attacks are made of, and that a person might write by mistake.
func absurd() []string {
	return []string{
		"", " ", "mosaic:31", "mosaic:", ":31", "MOSAIC:31", "mosaic:mosaic:31", "mosaic:31\x00",
		"E8 1DY", "e8  1dy", "N1 6XX", "N16", "GIR 0AA", "ZZ99 3VZ", "^A|B$", "junk E8 1DY", "E8 1DYjunk",
		"\u00a0", "\ufeffE8 1DY", "\xff\xfe", "E8%", "E8_1DY", "' OR 1=1 --", "١٢٣", "９９９", "ẞ8 1DY",
		"ı1 1AA", "mosaıc:31",
		"943 476 5919", "9434765919", "0000000000", "10008232162", "000000000001", "999999999999",
		"-1", "1e9", "0x10", "2026-03-14", "2026-02-30", "0000-01-01", "9999-12-31", "1900-01-01",
		strings.Repeat("9", 1_000), strings.Repeat("E", 1_000), strings.Repeat(" ", 1_000),
	}
}

// told fails unless an error is one for the person who asked, that repeats nothing.
func told(t *testing.T, text string, err error) {
	t.Helper()
	if resident.CodeOf(err) != resident.BadInput {
		t.Errorf("%q: got %v", text, err)
	}
	if len(text) > 10 && strings.Contains(err.Error(), text) {
		t.Errorf("%q comes back: %v", text, err)
	}
}

// A text that is read is in the one form that it is compared by: read again, it is the same.
func FuzzReadText(f *testing.F) {
	for _, text := range absurd() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if postcode, err := resident.ParsePostcode(text); err != nil {
			told(t, text, err)
		} else {
			again, err := resident.ParsePostcode(postcode.String())
			if err != nil || again != postcode {
				t.Errorf("%q: got %v, and then %v, %v", text, postcode, again, err)
			}
		}
		for name, parse := range map[string]func(string) (string, error){
			"UPRN": resident.ParseUPRN, "NHS number": resident.ParseNHSNumber,
		} {
			value, err := parse(text)
			if err != nil {
				told(t, text, err)
				continue
			}
			if again, err := parse(value); err != nil || again != value || len(value) > 12 {
				t.Errorf("%s %q: got %q, and then %q, %v", name, text, value, again, err)
			}
		}
		if date, err := resident.ParseDate(text); err != nil {
			told(t, text, err)
		} else if date.String() != text {
			t.Errorf("%q: got %v", text, date)
		}
	})
}

// An id that can be split is one that was joined, of the same parts.
func FuzzSplitID(f *testing.F) {
	for _, text := range absurd() {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, id string) {
		source, sourceID, ok := resident.SplitID(id)
		if ok && (resident.JoinID(source, sourceID) != id || source == "" || sourceID == "") {
			t.Errorf("%q: got %q and %q, which are of %q", id, source, sourceID,
				resident.JoinID(source, sourceID))
		}
	})
}
