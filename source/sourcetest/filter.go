package sourcetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Whoever is listed under a filter matches it, and whoever matches is listed: by an oracle that
// reads nothing but what the source tells of everyone.
func testFilters(t *testing.T, h Harness) {
	s := h.Open(t).Source
	population := everyone(t, s, source.ByID)
	matched := 0
	rapid.Check(t, func(rt *rapid.T) {
		filter := drawFilter(rt, population)
		var want []string
		for _, r := range population {
			if matches(r.Resident, &filter) {
				want = append(want, r.SourceID)
			}
		}
		got := idsOf(walk(t, s, source.Query{Filter: filter, Order: source.ByID, Limit: 100}, func() {}))
		if !slices.Equal(got, want) {
			rt.Fatalf("got %d residents, and %d match", len(got), len(want))
		}
		if len(got) > 0 && len(got) < len(population) {
			matched++
		}
	})
	if matched == 0 {
		t.Error("no filter told anyone from anyone else: the data proves nothing")
	}
}

// What has a meaning in SQL is a character here.
func testFiltersAreText(t *testing.T, h Harness) {
	s := h.Open(t).Source
	for _, text := range []string{
		"%", "_", "a%b", `\`, `\%`, `'`, "' or 1=1 --", `"; select 1`, "$1", "$$", "\x00", "zq\x00",
		"{", "*", ".*", "^", strings.Repeat("a", 500),
	} {
		form, words := source.NameForm(text), source.AddressForm(text)
		for field, filter := range map[string]resident.Filter{
			"first name": {FirstName: form},
			"last name":  {LastName: form},
			"address":    {Address: words},
			"e-mail":     {Email: source.EmailForm(text)},
			"reference":  {SourceID: text},
		} {
			if filter == (resident.Filter{}) {
				continue // nothing is left to search by: callers are told so before a source is asked
			}
			filter.Leave = resident.FullLeave()
			page, err := s.ListResidents(t.Context(),
				source.Query{Filter: filter, Order: source.ByID, Limit: 100, Wanted: source.Everything()})
			if err != nil {
				t.Errorf("%s %q: got %v", field, text, err)
			}
			for _, r := range page.Residents {
				if !matches(r.Resident, &filter) {
					t.Errorf("%s %q: got a resident who does not match", field, text)
				}
			}
		}
	}
}

// Work stops when its context does, and says why.
func testEnds(t *testing.T, h Harness) {
	s := h.Open(t).Source
	ask := func(ctx context.Context) map[string]error {
		_, listErr := s.ListResidents(ctx, source.Query{Order: source.ByID, Limit: 1})
		_, getErr := s.ResidentsByID(ctx, []string{everyone(t, s, source.ByID)[0].SourceID},
			source.Wanted{})
		_, countErr := s.CountResidents(ctx, &resident.Filter{}, 10)
		_, freshErr := s.Freshness(ctx)
		return map[string]error{
			"list": listErr, "get": getErr, "count": countErr, "freshness": freshErr,
		}
	}
	checkEnds(t, ask)
}

// checkEnds asks with a context that has been given up, and with one whose time is over.
func checkEnds(t *testing.T, ask func(context.Context) map[string]error) {
	t.Helper()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for asked, err := range ask(gone) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v, want %v", asked, err, context.Canceled)
		}
	}
	late, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	for asked, err := range ask(late) {
		if resident.CodeOf(err) != resident.Timeout {
			t.Errorf("%s: got %v, want %s", asked, err, resident.Timeout)
		}
	}
}

// drawFilter returns a filter made of what one resident of the population has, or of a piece of it:
// the zero filter too.
func drawFilter(rt *rapid.T, population []source.Placed) resident.Filter {
	r := rapid.SampledFrom(population).Draw(rt, "resident").Resident
	f := resident.Filter{
		IncludeEnded: rapid.Bool().Draw(rt, "include ended"),
		Leave: resident.Leave{
			Restricted:  rapid.Bool().Draw(rt, "leave for restricted"),
			ExDirectory: rapid.Bool().Draw(rt, "leave for ex-directory"),
			OptedOut:    rapid.Bool().Draw(rt, "leave for opted out"),
		},
	}
	some := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{
		"id", "first", "last", "birth", "age", "nhs", "email", "phone", "address", "postcode",
		"outward", "uprn",
	}), 0, 3, rapid.ID[string]).Draw(rt, "parts")
	for _, part := range some {
		drawPart(rt, &f, r, part)
	}
	return f
}

func drawPart(rt *rapid.T, f *resident.Filter, r *resident.Resident, part string) {
	details, err := r.ContactDetails(nil, true)
	if err != nil {
		rt.Fatal(err)
	}
	switch part {
	case "id":
		f.SourceID = r.SourceID
	case "first":
		f.FirstName = piece(rt, source.NameForm(said(r.FirstName)))
	case "last":
		f.LastName = piece(rt, source.NameForm(said(r.LastName)))
	case "birth":
		f.DateOfBirth = r.DateOfBirth
	case "age":
		if r.AgeGroup != nil {
			f.AgeGroup = *r.AgeGroup
		}
	case "nhs":
		f.NHSNumber = said(r.NHSNumber)
	}
	for _, d := range details {
		switch {
		case part == "email" && d.Type == resident.Email:
			f.Email = source.EmailForm(said(d.Value))
		case part == "phone" && d.Type == resident.Phone:
			f.Phone = source.PhoneForm(d.Phone.AsGiven)
		case d.Type == resident.Address:
			drawAddressPart(rt, f, d.Address, part)
		}
	}
}

func drawAddressPart(
	rt *rapid.T, f *resident.Filter, address *resident.PostalAddress, part string,
) {
	switch part {
	case "address":
		// A word of letters: what is beside a postcode in one system is within the line in another.
		words := strings.FieldsFunc(strings.Join(address.Lines, " "), func(r rune) bool {
			return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
		})
		words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 4 })
		if len(words) > 0 {
			f.Address = source.AddressForm(rapid.SampledFrom(words).Draw(rt, "word"))
		}
	case "postcode", "outward":
		read, err := resident.ParsePostcode(said(address.Postcode))
		if err != nil {
			return
		}
		if part == "outward" {
			read.Inward = ""
		}
		f.Postcode = read
	case "uprn":
		f.UPRN = said(address.UPRN)
	}
}

// piece returns a part of a text: one letter of it, or more.
func piece(rt *rapid.T, text string) string {
	letters := []rune(text)
	if len(letters) == 0 {
		return ""
	}
	from := rapid.IntRange(0, len(letters)-1).Draw(rt, "from")
	to := rapid.IntRange(from+1, len(letters)).Draw(rt, "to")
	return string(letters[from:to])
}

// matches is what a filter means.
func matches(r *resident.Resident, f *resident.Filter) bool {
	own := (f.SourceID == "" || f.SourceID == r.SourceID) &&
		strings.Contains(source.NameForm(said(r.FirstName)), f.FirstName) &&
		strings.Contains(source.NameForm(said(r.LastName)), f.LastName) &&
		(f.DateOfBirth == nil || r.DateOfBirth != nil && *r.DateOfBirth == *f.DateOfBirth) &&
		(f.AgeGroup == "" || r.AgeGroup != nil && *r.AgeGroup == f.AgeGroup) &&
		(f.NHSNumber == "" || said(r.NHSNumber) == f.NHSNumber)
	if !own || f.Locates() && r.Restricted && !f.Leave.Restricted {
		return false
	}
	details, err := r.ContactDetails(nil, f.IncludeEnded)
	if err != nil {
		panic(err) // everyone reads all there is
	}
	anyDetail := func(match func(*resident.ContactDetail) bool) bool {
		return slices.ContainsFunc(details, match)
	}
	reached := func(by func(*resident.ContactDetail) bool) bool {
		return anyDetail(by) && (f.Leave.OptedOut || !anyDetail(func(d *resident.ContactDetail) bool {
			return by(d) && d.OptedOut()
		})) && (f.Leave.ExDirectory || !anyDetail(func(d *resident.ContactDetail) bool {
			return by(d) && d.ExDirectory
		}))
	}
	return (f.Email == "" || reached(func(d *resident.ContactDetail) bool {
		return d.Type == resident.Email && source.EmailForm(said(d.Value)) == f.Email
	})) && (f.Phone == "" || reached(func(d *resident.ContactDetail) bool {
		return hasDigits(d, f.Phone)
	})) && (!f.OnAddress() || anyDetail(func(d *resident.ContactDetail) bool {
		return d.Type == resident.Address && matchesAddress(d.Address, f)
	}))
}

func hasDigits(d *resident.ContactDetail, digits string) bool {
	return d.Type == resident.Phone && strings.Contains(source.Digits(d.Phone.AsGiven), digits)
}

func matchesAddress(address *resident.PostalAddress, f *resident.Filter) bool {
	if f.UPRN != "" && said(address.UPRN) != f.UPRN {
		return false
	}
	if f.Postcode != (resident.Postcode{}) {
		read, err := resident.ParsePostcode(said(address.Postcode))
		if err != nil || read.Outward != f.Postcode.Outward ||
			f.Postcode.Inward != "" && read.Inward != f.Postcode.Inward {
			return false
		}
	}
	return strings.Contains(source.AddressForm(strings.Join(address.Lines, " ")), f.Address)
}
