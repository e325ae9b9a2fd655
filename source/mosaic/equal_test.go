package mosaic_test

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic/before"
)

// The engine asks and answers what the code before it did. Each difference in the text of a
// statement that was decided on is undone here, so no other one passes.
func TestEqualToBefore(t *testing.T) {
	t.Parallel()
	database := newSample(t)
	was, is := before.New(database, today), mosaic.New(database, today)
	all, err := was.ListResidents(t.Context(), source.Query{
		Order: source.ByName, Limit: 1_000, Wanted: source.Everything(),
	})
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]bool)
	rapid.Check(t, func(rt *rapid.T) {
		query := drawQuery(rt, all.Residents)
		text, args, err := was.PageStatement(&query)
		newText, newArgs, newErr := is.PageStatement(&query)
		if err != nil || newErr != nil {
			rt.Fatal(err, newErr)
		}
		f := &query.Filter
		// Numbers in common have one rule for all sources, and the unknown day is asked for in fewer words.
		isOther := f.Phone != "" && !f.Leave.ExDirectory || f.DateOfBirth != nil && f.DateOfBirth.Year == 1900
		if !isOther {
			texts[text] = true
		}
		text, args = renumbered(text, args)
		newText, newArgs = renumbered(newText, newArgs)
		if a, b := plain(text), plain(newText); a != b && !isOther {
			rt.Fatalf("before\n%s\nafter\n%s", a, b)
		}
		if a, b := jsonOf(t, args), jsonOf(t, newArgs); a != b && !isOther {
			rt.Fatalf("arguments before\n%s\nafter\n%s", a, b)
		}
		page, err := was.ListResidents(t.Context(), query)
		newPage, newErr := is.ListResidents(t.Context(), query)
		if err != nil || newErr != nil {
			rt.Fatal(err, newErr)
		}
		if page.More != newPage.More || len(page.Residents) != len(newPage.Residents) {
			rt.Fatalf("before %d, after %d", len(page.Residents), len(newPage.Residents))
		}
		for i, r := range page.Residents {
			if !query.Wanted.Facts.Has(resident.FactAgeGroup) {
				r.AgeGroup = nil
			}
			if n := newPage.Residents[i]; !reflect.DeepEqual(r, n) {
				a, _ := r.ContactDetails(nil, true)
				b, _ := n.ContactDetails(nil, true)
				rt.Fatalf("resident %d before\n%s %s\nafter\n%s %s", i, jsonOf(t, r.Resident), jsonOf(t, a),
					jsonOf(t, n.Resident), jsonOf(t, b))
			}
		}
	})
	t.Logf("%d different statements", len(texts))
}

func jsonOf(t *testing.T, of any) string {
	t.Helper()
	written, err := json.Marshal(of)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(written), `"`, ``) // a number is sent as text either way
}

// renumbered returns a statement with its parameters in the order in which they stand in it.
func renumbered(text string, args []any) (string, []any) {
	var inOrder []any
	places := make(map[string]string)
	text = regexp.MustCompile(`\$[0-9]+`).ReplaceAllStringFunc(text, func(parameter string) string {
		if places[parameter] == "" {
			n, _ := strconv.Atoi(parameter[1:])
			inOrder = append(inOrder, args[n-1])
			places[parameter] = "$" + strconv.Itoa(len(inOrder))
		}
		return places[parameter]
	})
	return text, inOrder
}

// plain undoes the differences that were decided on.
func plain(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, undo := range []struct{ after, before string }{
		{"( ", "("}, {" )", ")"},
		{"(p.restricted = 'N') IS TRUE AS is_unrestricted", "p.restricted"}, // decided once, in SQL
		{"CASE WHEN p.is_unrestricted THEN", "CASE WHEN p.restricted = 'N' THEN"},
		{"'u', a.unique_id::text", "'u', a.unique_id"}, // read by the rule for UPRNs of every source
		{"p.email_address AS email_address", "p.email_address"},
	} {
		text = strings.ReplaceAll(text, undo.after, undo.before)
	}
	return text
}

func drawQuery(rt *rapid.T, all []source.Placed) source.Query {
	some := func(name string) *source.Placed {
		return &all[rapid.IntRange(0, len(all)-1).Draw(rt, name)]
	}
	leave := resident.Leave{
		Restricted:  rapid.Bool().Draw(rt, "restricted"),
		ExDirectory: rapid.Bool().Draw(rt, "ex-directory"),
	}
	query := source.Query{
		Filter:  resident.Filter{IncludeEnded: rapid.Bool().Draw(rt, "match ended"), Leave: leave},
		Order:   rapid.SampledFrom([]source.Order{source.ByID, source.ByName}).Draw(rt, "order"),
		Limit:   rapid.IntRange(1, 30).Draw(rt, "limit"),
		FromEnd: rapid.Bool().Draw(rt, "from the end"),
		Wanted: source.Wanted{
			Facts:        resident.Facts(rapid.Uint16().Draw(rt, "facts")) & resident.AllFacts,
			Contacts:     resident.ContactTypes(rapid.IntRange(0, 7).Draw(rt, "contacts")),
			IncludeEnded: rapid.Bool().Draw(rt, "ended"),
			Record:       rapid.Bool().Draw(rt, "record"),
			Leave:        leave,
		},
	}
	for _, end := range []**source.Bound{&query.After, &query.Before} {
		if rapid.IntRange(0, 3).Draw(rt, "bound") == 0 {
			*end = &source.Bound{Position: some("end").At, Inclusive: rapid.Bool().Draw(rt, "inclusive")}
		}
	}
	r := some("resident")
	details, err := r.ContactDetails(nil, true)
	if err != nil {
		rt.Fatal(err)
	}
	set := func(name string, put func()) {
		if rapid.IntRange(0, 5).Draw(rt, name) == 0 {
			put()
		}
	}
	f := &query.Filter
	set("source id", func() {
		f.SourceID = rapid.SampledFrom([]string{r.SourceID, "0", "x"}).Draw(rt, "id")
	})
	set("first", func() { f.FirstName = source.NameForm(source.Or(r.FirstName)) })
	set("last", func() { f.LastName = source.NameForm(source.Or(r.LastName)) })
	set("birth", func() { f.DateOfBirth = r.DateOfBirth })
	set("unknown birth", func() { f.DateOfBirth = &resident.Date{Year: 1900, Month: 1, Day: 1} })
	set("age", func() { f.AgeGroup = resident.Child })
	set("nhs", func() { f.NHSNumber = source.Or(r.NHSNumber) })
	for _, d := range details {
		switch d.Type {
		case resident.Email:
			set("email", func() { f.Email = source.EmailForm(source.Or(d.Value)) })
		case resident.Phone:
			set("phone", func() { f.Phone = source.PhoneForm(d.Phone.AsGiven) })
		case resident.Address:
			set("uprn", func() { f.UPRN = source.Or(d.Address.UPRN) })
			set("address", func() { f.Address = source.AddressForm(strings.Join(d.Address.Lines, " ")) })
			set("postcode", func() { f.Postcode, _ = resident.ParsePostcode(source.Or(d.Address.Postcode)) })
		}
	}
	return query
}
