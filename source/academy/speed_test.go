package academy_test

import (
	"context"
	"regexp"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/academy"
	academysample "github.com/LBHackney-IT/resident-gateway/source/academy/sample"
)

// What is asked for is found by the indexes that are there for it, in both kinds, on any page and
// in any order. make rounds asks so many residents that the planner is left to choose, as long as
// no table is read whole. With -v the test tells how long each takes.
func TestIndexesAreUsed(t *testing.T) {
	t.Parallel()
	n := dbtest.Rounds(5_000, 200_000)
	database := postgres.Template(t, "many", func(ctx context.Context, database *sqlx.DB) error {
		return sampleOf(n).Load(ctx, database, academysample.Options{Now: today})
	})(t)
	a := academy.New(database, today)
	const parts = "hbmember_by_name_part ctaccount_by_name_part"
	born := resident.Date{Year: 1970, Month: 5, Day: 4}
	for name, tt := range map[string]struct {
		filter  resident.Filter
		indexes string
		isBroad bool // to count so many is to read until there are enough
	}{
		"nothing":         {resident.Filter{}, "", true},
		"claim reference": {resident.Filter{SourceID: "benefits-1000001X-1"}, "hbclaim_pkey", false},
		"tax reference":   {resident.Filter{SourceID: "council-tax-10000001Y"}, "ctaccount_pkey", false},
		"first name":      {resident.Filter{FirstName: "siobhan"}, parts, false},
		"last name":       {resident.Filter{LastName: "okafor"}, parts, false},
		"last name, late": {resident.Filter{LastName: "yilmaz"}, parts, false},
		"both names":      {resident.Filter{FirstName: "mary", LastName: "cohen"}, parts, false},
		"nobody's name":   {resident.Filter{LastName: "xyzzy"}, parts, false},
		"birth":           {resident.Filter{DateOfBirth: &born}, "hbmember_by_birth_date", false},
		"postcode": {
			resident.Filter{Postcode: resident.Postcode{Outward: "E8", Inward: "3AA"}},
			"hbhousehold_by_postcode ctproperty_by_postcode", false,
		},
		"outward": {
			resident.Filter{Postcode: resident.Postcode{Outward: "EC1V"}},
			"hbhousehold_by_postcode ctproperty_by_postcode", true,
		},
		"address": {
			resident.Filter{Address: "17 mare street"}, "hbhousehold_by_part ctproperty_by_part", false,
		},
		"street": {
			resident.Filter{Address: "well street"}, "hbhousehold_by_part ctproperty_by_part", true,
		},
		"property": {
			resident.Filter{UPRN: "10008000123"}, "hbhousehold_by_uprn ctproperty_by_uprn", false,
		},
		"e-mail": {resident.Filter{Email: "grace.balogun77@example.com"}, "syemail_by_email", false},
		"phone":  {resident.Filter{Phone: "7700900123"}, "syphone_by_digits", false},
	} {
		tt.filter.Leave = resident.FullLeave()
		check := func(what, text string, args []any) {
			plan, took := dbtest.Explain(t, database, n < 200_000, text, args)
			t.Logf("%-16s %-14s %7.1f ms", name, what, took)
			for index := range strings.FieldsSeq(tt.indexes) {
				if n < 200_000 && !strings.Contains(plan, index) {
					t.Errorf("%s %s: %s is not used", name, what, index)
				}
			}
			if scan := seqScan.FindString(plan); scan != "" {
				t.Errorf("%s %s: %s", name, what, scan)
			}
		}
		for what, query := range map[string]source.Query{
			"by ID":          {Order: source.ByID},
			"by ID, later":   {Order: source.ByID, After: bound("benefits-1000900X-1", "")},
			"by ID, end":     {Order: source.ByID, FromEnd: true},
			"by name":        {Order: source.ByName},
			"by name, later": {Order: source.ByName, After: middle()},
		} {
			query.Filter, query.Limit, query.Wanted = tt.filter, 20, source.Everything()
			text, args, err := a.PageStatement(&query)
			if err != nil {
				t.Fatal(err)
			}
			check(what, text, args)
		}
		if !tt.isBroad {
			text, args, err := a.CountStatement(&tt.filter, 10_000)
			if err != nil {
				t.Fatal(err)
			}
			check("counted", text, args)
		}
	}
}

func middle() *source.Bound { return bound("council-tax-10003000H", "mm") }

func bound(sourceID, key string) *source.Bound {
	return &source.Bound{Position: source.Position{SourceID: sourceID, NameKey: key}}
}

var seqScan = regexp.MustCompile(`Seq Scan on \w+`)
