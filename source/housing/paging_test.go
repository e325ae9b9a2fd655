package housing_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/housing"
)

// The first generation compared one number made of the household and the member, in a list that was
// in another order, and so left out 15,158 of 18,320 residents: 1 and 23 was as 12 and 3. Whatever
// the references, every resident is met once, in the order that the README has.
func TestPagesMeetEveryoneOnce(t *testing.T) {
	t.Parallel()
	database := postgres.Scratch(t,
		// 6,000 households of one to six digits, and more members than nine.
		`INSERT INTO housing.member (house_ref, person_no, forename, surname)
		 SELECT h::text, p, 'Come', chr(97 + h % 26) || 'a'
		 FROM   (SELECT DISTINCT (h * h % 1000003) % (10 ^ (1 + h % 6))::int AS h
		         FROM generate_series(1, 20000) h) h,
		        LATERAL unnest(ARRAY[h % 9 + 1, 10 + h % 17, 23]) p
		 GROUP  BY h, p`,
		`INSERT INTO housing.member (house_ref, person_no)
		 SELECT v.h, p FROM (VALUES ('1'), ('12'), ('123'), ('01'), ('001'), ('1/2'), ('1-2'), ('1 2'),
		        ('A1'), ('a1'), (' 1'), ('999999999'), ('9999999999'), ('2147483648')) v (h),
		        generate_series(1, 33) p
		 ON     CONFLICT DO NOTHING`)
	type member struct {
		House  string `db:"house"`
		Person int    `db:"person"`
	}
	var members []member
	if err := database.SelectContext(t.Context(), &members,
		`SELECT house_ref::text AS house, person_no AS person FROM housing.member`); err != nil {
		t.Fatal(err)
	}
	if len(members) < 18_000 {
		t.Fatalf("got %d members, want 18,000 or more", len(members))
	}
	slices.SortFunc(members, func(a, b member) int {
		return cmp.Or(strings.Compare(a.House, b.House), a.Person-b.Person)
	})
	safe := strings.NewReplacer(" ", "~20~", "/", "~2f~", "-", "~2d~")
	want := make([]string, len(members))
	for i, m := range members {
		want[i] = fmt.Sprintf("%s-%d", safe.Replace(m.House), m.Person)
	}
	h := housing.New(database, today)
	for name, query := range map[string]source.Query{
		"by ID":                 {Order: source.ByID, Limit: 97},
		"by ID, from the end":   {Order: source.ByID, Limit: 100, FromEnd: true},
		"by name":               {Order: source.ByName, Limit: 100},
		"by name, from the end": {Order: source.ByName, Limit: 89, FromEnd: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			times := make(map[string]int)
			var order []string
			for more := true; more; {
				page, err := h.ListResidents(t.Context(), query)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page.Residents {
					times[r.SourceID]++
					order = append(order, r.SourceID)
				}
				more = page.More
				if query.FromEnd {
					query.Before = &source.Bound{Position: page.Residents[0].At}
				} else {
					query.After = &source.Bound{Position: page.Residents[len(page.Residents)-1].At}
				}
			}
			if len(times) != len(members) || len(order) != len(members) {
				t.Errorf("got %d residents in %d places, want %d", len(times), len(order), len(members))
			}
			if name == "by ID" && !slices.Equal(order, want) {
				t.Error("the list is not in the order of the bytes of the households, then of the numbers")
			}
		})
	}
}
