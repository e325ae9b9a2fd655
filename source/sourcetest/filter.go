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
		filter := drawFilter(rt, s, population)
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
			about := s.About()
			if filter.MatchesEveryone() || about.CheckFilter(&filter) != nil {
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

// An oracle says what one input field of a filter means.
type oracle struct {
	// draw sets the field to what a resident has, or to a piece of it. It leaves the field alone where
	// they have nothing.
	draw func(d *drawing)
	// resident reports whether a resident matches; nil for a field about contact details.
	resident func(r *resident.Resident, f *resident.Filter) bool
	// detail reports whether a contact detail of the type on matches. Fields on one type must match
	// one and the same detail.
	detail func(d *resident.ContactDetail, f *resident.Filter) bool
	on     resident.ContactType
}

// A drawing is a filter that is made of what one resident has.
type drawing struct {
	*rapid.T

	filter  *resident.Filter
	of      *resident.Resident
	details []*resident.ContactDetail
}

// each calls do with every contact detail of a type.
func (d *drawing) each(of resident.ContactType, do func(*resident.ContactDetail)) {
	for _, detail := range d.details {
		if detail.Type == of {
			do(detail)
		}
	}
}

// oracles returns the oracle of every input field that all sources share.
func oracles() map[resident.FilterField]oracle {
	return map[resident.FilterField]oracle{
		resident.FilterSourceID: {
			draw: func(d *drawing) { d.filter.SourceID = d.of.SourceID },
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return r.SourceID == f.SourceID
			},
		},
		resident.FilterFirstName: {
			draw: func(d *drawing) {
				d.filter.FirstName = piece(d.T, source.NameForm(said(d.of.FirstName)))
			},
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return strings.Contains(source.NameForm(said(r.FirstName)), f.FirstName)
			},
		},
		resident.FilterLastName: {
			draw: func(d *drawing) {
				d.filter.LastName = piece(d.T, source.NameForm(said(d.of.LastName)))
			},
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return strings.Contains(source.NameForm(said(r.LastName)), f.LastName)
			},
		},
		resident.FilterDateOfBirth: {
			draw: func(d *drawing) { d.filter.DateOfBirth = d.of.DateOfBirth },
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return r.DateOfBirth != nil && *r.DateOfBirth == *f.DateOfBirth
			},
		},
		resident.FilterAgeGroup: {
			draw: func(d *drawing) {
				if d.of.AgeGroup != nil {
					d.filter.AgeGroup = *d.of.AgeGroup
				}
			},
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return r.AgeGroup != nil && *r.AgeGroup == f.AgeGroup
			},
		},
		resident.FilterNHSNumber: {
			draw: func(d *drawing) { d.filter.NHSNumber = said(d.of.NHSNumber) },
			resident: func(r *resident.Resident, f *resident.Filter) bool {
				return said(r.NHSNumber) == f.NHSNumber
			},
		},
		resident.FilterEmail: {
			draw: func(d *drawing) {
				d.each(resident.Email, func(email *resident.ContactDetail) {
					d.filter.Email = source.EmailForm(said(email.Value))
				})
			},
			on: resident.Email,
			detail: func(d *resident.ContactDetail, f *resident.Filter) bool {
				return source.EmailForm(said(d.Value)) == f.Email
			},
		},
		resident.FilterPhone: {
			draw: func(d *drawing) {
				d.each(resident.Phone, func(phone *resident.ContactDetail) {
					d.filter.Phone = source.PhoneForm(phone.Phone.AsGiven)
				})
			},
			on: resident.Phone,
			detail: func(d *resident.ContactDetail, f *resident.Filter) bool {
				return strings.Contains(source.Digits(d.Phone.AsGiven), f.Phone)
			},
		},
		resident.FilterAddress: {
			draw: func(d *drawing) { d.each(resident.Address, d.word) },
			on:   resident.Address,
			detail: func(d *resident.ContactDetail, f *resident.Filter) bool {
				return strings.Contains(source.AddressForm(strings.Join(d.Address.Lines, " ")), f.Address)
			},
		},
		resident.FilterPostcode: {
			draw: func(d *drawing) { d.each(resident.Address, d.postcode) },
			on:   resident.Address,
			detail: func(d *resident.ContactDetail, f *resident.Filter) bool {
				read, err := resident.ParsePostcode(said(d.Address.Postcode))
				return err == nil && read.Outward == f.Postcode.Outward &&
					(f.Postcode.Inward == "" || read.Inward == f.Postcode.Inward)
			},
		},
		resident.FilterUPRN: {
			draw: func(d *drawing) {
				d.each(resident.Address, func(a *resident.ContactDetail) {
					d.filter.UPRN = said(a.Address.UPRN)
				})
			},
			on: resident.Address,
			detail: func(d *resident.ContactDetail, f *resident.Filter) bool {
				return said(d.Address.UPRN) == f.UPRN
			},
		},
	}
}

// word draws a word of letters: what is beside a postcode in one system is within the line in
// another.
func (d *drawing) word(address *resident.ContactDetail) {
	words := strings.FieldsFunc(strings.Join(address.Address.Lines, " "), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	words = slices.DeleteFunc(words, func(w string) bool { return len(w) < 4 })
	if len(words) > 0 {
		d.filter.Address = source.AddressForm(rapid.SampledFrom(words).Draw(d.T, "word"))
	}
}

// postcode draws a postcode, whole or its first half.
func (d *drawing) postcode(address *resident.ContactDetail) {
	read, err := resident.ParsePostcode(said(address.Address.Postcode))
	if err != nil {
		return
	}
	if rapid.Bool().Draw(d.T, "outward") {
		read.Inward = ""
	}
	d.filter.Postcode = read
}

// drawFilter returns a filter that a source answers, made of what one resident of the population
// has, or of a piece of it: the zero filter too.
func drawFilter(rt *rapid.T, s Source, population []source.Placed) resident.Filter {
	r := rapid.SampledFrom(population).Draw(rt, "resident").Resident
	f := resident.Filter{
		IncludeEnded: rapid.Bool().Draw(rt, "include ended"),
		Leave: resident.Leave{
			Restricted:  rapid.Bool().Draw(rt, "leave for restricted"),
			ExDirectory: rapid.Bool().Draw(rt, "leave for ex-directory"),
			OptedOut:    rapid.Bool().Draw(rt, "leave for opted out"),
		},
	}
	details, err := r.ContactDetails(nil, true)
	if err != nil {
		rt.Fatal(err)
	}
	drawing := &drawing{rt, &f, r, details}
	judged := oracles()
	for _, field := range rapid.SliceOfNDistinct(rapid.SampledFrom(s.About().FilterFields), 0, 3,
		rapid.ID[resident.FilterField]).Draw(rt, "fields") {
		if o, ok := judged[field]; ok { // one of the source's own it tests itself
			o.draw(drawing)
		}
	}
	return f
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
	if f.Locates() && r.Restricted && !f.Leave.Restricted {
		return false
	}
	judged := oracles()
	byType := make(map[resident.ContactType][]oracle)
	for _, given := range f.Given() {
		o := judged[given.Field]
		if o.detail != nil {
			byType[o.on] = append(byType[o.on], o)
		} else if !o.resident(r, f) {
			return false
		}
	}
	details, err := r.ContactDetails(nil, f.IncludeEnded)
	if err != nil {
		panic(err) // everyone reads all there is
	}
	for of, conditions := range byType {
		if !isReached(details, of, conditions, f) {
			return false
		}
	}
	return true
}

// isReached reports whether a detail of a type matches all conditions, and none that does is one
// that the caller may not know.
func isReached(
	details []*resident.ContactDetail, of resident.ContactType, conditions []oracle,
	f *resident.Filter,
) bool {
	found := false
	for _, d := range details {
		if d.Type != of || slices.ContainsFunc(conditions, func(o oracle) bool {
			return !o.detail(d, f)
		}) {
			continue
		}
		if d.OptedOut() && !f.Leave.OptedOut || d.ExDirectory && !f.Leave.ExDirectory {
			return false
		}
		found = true
	}
	return found
}
