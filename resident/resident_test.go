package resident_test

import (
	"errors"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/resident"
)

func TestSplitID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		source   resident.SourceName
		sourceID string
		ok       bool
	}{
		"mosaic:31":     {"MOSAIC", "31", true},
		"academy:1:2":   {"ACADEMY", "1:2", true},
		"MOSAIC:31":     {"", "", false},
		"mosaic:":       {"", "", false},
		":31":           {"", "", false},
		"31":            {"", "", false},
		"":              {"", "", false},
		"mosaic:31\x00": {"MOSAIC", "31\x00", true},
	}
	for id, want := range tests {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			source, sourceID, ok := resident.SplitID(id)
			if source != want.source || sourceID != want.sourceID || ok != want.ok {
				t.Fatalf("got %q %q %t, want %+v", source, sourceID, ok, want)
			}
			if ok && resident.JoinID(source, sourceID) != id {
				t.Errorf("joined again it is %q", resident.JoinID(source, sourceID))
			}
		})
	}
}

func TestContactDetails(t *testing.T) {
	t.Parallel()
	var r resident.Resident
	if _, err := r.ContactDetails(nil, true); err == nil {
		t.Error("got no error for details that were never read")
	}
	home := &resident.ContactDetail{Type: resident.Address, Current: true}
	old := &resident.ContactDetail{Type: resident.Address}
	phone := &resident.ContactDetail{Type: resident.Phone, Current: true}
	r.SetContactDetails([]*resident.ContactDetail{home, phone, old})

	tests := map[string]struct {
		types []resident.ContactType
		ended bool
		want  []*resident.ContactDetail
	}{
		"all in use": {nil, false, []*resident.ContactDetail{home, phone}},
		"all":        {nil, true, []*resident.ContactDetail{home, phone, old}},
		"addresses": {
			[]resident.ContactType{resident.Address}, true, []*resident.ContactDetail{home, old},
		},
		"none of these": {[]resident.ContactType{resident.Email}, true, nil},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := r.ContactDetails(tt.types, tt.ended)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(tt.want) {
				t.Fatalf("got %d details, want %d", len(got), len(tt.want))
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("detail %d is another", i)
				}
			}
		})
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"2026-03-14": true, "0001-01-01": true, "2024-02-29": true,
		"2023-02-29": false, "0000-01-01": false, "14/03/2026": false, "2026-3-14": false,
		"2026-03-14T00:00:00Z": false, "": false, " 2026-03-14": false,
	}
	for given, ok := range tests {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			d, err := resident.ParseDate(given)
			if (err == nil) != ok {
				t.Fatalf("got %v", err)
			}
			if ok && d.String() != given {
				t.Errorf("got %s", d)
			}
			if !ok && resident.CodeOf(err) != resident.BadInput {
				t.Errorf("got %v, want %s", err, resident.BadInput)
			}
		})
	}
	late := time.Date(2026, time.June, 1, 23, 30, 0, 0, time.FixedZone("BST", 3600))
	if got := resident.DateOf(late).String(); got != "2026-06-01" {
		t.Errorf("got %s, want the day in the zone of the moment", got)
	}
}

func TestParsePostcode(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // blank where it is refused
		"E8 1DY": "E8 1DY", "e81dy": "E8 1DY", " e8  1dy ": "E8 1DY", "E8-1DY": "E8 1DY",
		"N16": "N16", "n16 8qr": "N16 8QR", "N1 6AB": "N1 6AB", "n16ab": "N1 6AB",
		"EC1V 9AA": "EC1V 9AA", "W1A 1HQ": "W1A 1HQ", "SW1A1AA": "SW1A 1AA", "GIR 0AA": "GIR 0AA",
		"ZZ99 3VZ": "ZZ99 3VZ", "E8\u00a01DY": "E8 1DY", "n 1 6 a b": "N1 6AB",
		"N1 6": "", "E8 1": "", "E": "", "": "", " ": "", "12345": "", "junk E8 1DY": "",
		"GIR 0AAjunk": "", "E8 1DYX": "", "E8 1CI": "", "QQ1 1AA": "", "N16 8Q": "", "%": "",
		"E8 1DY; DROP": "", "Ｅ8 1DY": "",
	}
	for given, want := range tests {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			read, err := resident.ParsePostcode(given)
			if err == nil && read.String() != want || err != nil && want != "" {
				t.Errorf("got %q %v, want %q", read, err, want)
			}
			if err != nil && resident.CodeOf(err) != resident.BadInput {
				t.Errorf("got %v, want %s", err, resident.BadInput)
			}
		})
	}
}

func TestParseNHSNumber(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"9990000018": "9990000018", "999 000 0018": "9990000018", "9990000019": "9990000019",
		"9434765919": "9434765919", "943 476 5919": "9434765919",
		"9434765918": "9434765918", "943476591": "", "94347659190": "", "abcdefghij": "", "": "",
		"٩٤٣٤٧٦٥٩١٩": "",
	}
	for given, want := range tests {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			got, err := resident.ParseNHSNumber(given)
			if got != want || (err == nil) != (want != "") {
				t.Errorf("got %q %v, want %q", got, err, want)
			}
		})
	}
}

func TestParseUPRN(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"100021065786": "100021065786", "00010008234567": "", "010008234567": "10008234567", "1": "1",
		" 1 ": "1", "0": "", "": "", "-1": "", "1e3": "", "1234567890123": "",
	}
	for given, want := range tests {
		t.Run(given, func(t *testing.T) {
			t.Parallel()
			got, err := resident.ParseUPRN(given)
			if got != want || (err == nil) != (want != "") {
				t.Errorf("got %q %v, want %q", got, err, want)
			}
		})
	}
}

func TestCodeOf(t *testing.T) {
	t.Parallel()
	cause := errors.New("cause")
	err := resident.Errorf(resident.Timeout, cause, "too %s", "long")
	if got := resident.CodeOf(errors.Join(errors.New("other"), err)); got != resident.Timeout {
		t.Errorf("got %s, want %s", got, resident.Timeout)
	}
	if got := resident.CodeOf(cause); got != resident.Internal {
		t.Errorf("got %s, want %s", got, resident.Internal)
	}
	if !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}
