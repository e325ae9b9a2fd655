package housing_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
	housingsample "github.com/LBHackney-IT/resident-gateway/source/housing/sample"
)

// many is so many residents that the planner is left to choose.
const many = 100_000

// What is asked for is found by the indexes that are there for it, on any page and in any order.
// make rounds asks many residents, as long as no table is read whole. With -v the test tells how
// long each takes.
func TestIndexesAreUsed(t *testing.T) {
	t.Parallel()
	n := dbtest.Rounds(5_000, many)
	database := postgres.Template(t, "many", func(ctx context.Context, database *sqlx.DB) error {
		return sampleOf(n).Load(ctx, database, housingsample.Options{Now: today})
	})(t)
	h := housing.New(database, today)
	const parts = "member_by_name_part"
	born := resident.Date{Year: 1970, Month: 5, Day: 4}
	for name, tt := range map[string]struct {
		filter  resident.Filter
		indexes string
		isBroad bool // to count so many is to read until there are enough
	}{
		"nothing":         {resident.Filter{}, "", true},
		"reference":       {resident.Filter{SourceID: "0100001-1"}, "member01", false},
		"first name":      {resident.Filter{FirstName: "siobhan"}, parts, false},
		"last name":       {resident.Filter{LastName: "okafor"}, parts, false},
		"last name, late": {resident.Filter{LastName: "yilmaz"}, parts, false},
		"both names":      {resident.Filter{FirstName: "mary", LastName: "cohen"}, parts, false},
		"nobody's name":   {resident.Filter{LastName: "xyzzy"}, parts, false},
		"birth":           {resident.Filter{DateOfBirth: &born}, "member_by_dob", false},
		"postcode": {
			resident.Filter{Postcode: resident.Postcode{Outward: "E8", Inward: "3AA"}},
			"property_by_postcode", false,
		},
		"outward": {
			resident.Filter{Postcode: resident.Postcode{Outward: "EC1V"}}, "property_by_postcode", false,
		},
		"address":  {resident.Filter{Address: "17 mare street"}, "property_by_part", false},
		"street":   {resident.Filter{Address: "well street"}, "property_by_part", false},
		"property": {resident.Filter{UPRN: "10008000123"}, "property_by_uprn", false},
		"e-mail":   {resident.Filter{Email: "grace.balogun77@example.com"}, "email_by_form", false},
		"phone":    {resident.Filter{Phone: "7700900123"}, "phone_by_digits", false},
		"active, name": {
			resident.Filter{LastName: "okafor", Own: housing.Filter{ActiveTenanciesOnly: true}}, parts,
			false,
		},
		"active": {resident.Filter{Own: housing.Filter{ActiveTenanciesOnly: true}}, "", true},
	} {
		tt.filter.Leave, tt.filter.OwnSource = resident.FullLeave(), housing.Name
		check := func(what, text string, args []any) {
			plan, took := dbtest.Explain(t, database, n < many, text, args)
			t.Logf("%-16s %-14s %7.1f ms", name, what, took)
			for index := range strings.FieldsSeq(tt.indexes) {
				if n < many && !strings.Contains(plan, index) {
					t.Errorf("%s %s: %s is not used", name, what, index)
				}
			}
			if scan := seqScan.FindString(plan); scan != "" {
				t.Errorf("%s %s: %s", name, what, scan)
			}
		}
		for what, query := range map[string]source.Query{
			"by ID":          {Order: source.ByID},
			"by ID, later":   {Order: source.ByID, After: middle()},
			"by ID, end":     {Order: source.ByID, FromEnd: true},
			"by name":        {Order: source.ByName},
			"by name, later": {Order: source.ByName, After: middle()},
		} {
			query.Filter, query.Limit, query.Wanted = tt.filter, 20, source.Everything()
			text, args, err := h.PageStatement(&query)
			if err != nil {
				t.Fatal(err)
			}
			check(what, text, args)
		}
		if !tt.isBroad {
			text, args, err := h.CountStatement(&tt.filter, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			check("counted", text, args)
		}
	}
}

func middle() *source.Bound {
	return &source.Bound{Position: source.Position{SourceID: "0103000-2", NameKey: "mm"}}
}

// The tenures are so few that an index is no help.
var seqScan = regexp.MustCompile(`Seq Scan on ("?C|[a-su-z]|tenagree)\w+`)
