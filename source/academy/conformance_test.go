package academy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source/academy"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, sourcetest.Harness{
		Open: openSubject,
		OpenNotLoaded: func(t *testing.T) sourcetest.Source {
			return academy.New(postgres.New(t), today)
		},
		NoExDirectory: true,
		NoSuchIDs: []string{
			"", "-", "31", "benefits", "benefits-", "benefits-1000001X", "benefits-1000001X-",
			"benefits-1000001X-9", "benefits-1000001Y-1", "benefits-1000001-1", "benefits-1000001_-1",
			"benefits-1000001x-1", "Benefits-1000001X-1", "benefits-1000001X-01", "benefits-1000001X-+1",
			"benefits-01000001X-1", "benefits-1000001X-1 ", "benefits-1000001X-1-1", "benefits--1X-1",
			"benefits-99999999999999999999X-1", "benefits-9999999999X-1", "benefits-1000001\x00-1",
			"council-tax-", "council-tax-1X", "council-tax-00000001X", "council-tax-10000001X-0",
			"academy:benefits-1000001X-1", "\x00", "١",
		},
	})
}

func openSubject(t *testing.T) sourcetest.Subject {
	database := newSample(t)
	draw := rand.New(rand.NewPCG(1, 2))
	drawn := make(map[int]bool)
	return sourcetest.Subject{
		Source: academy.New(database, today),
		Remove: func(t testing.TB, sourceIDs []string) {
			t.Helper()
			const remove = `
				WITH gone AS (
					SELECT regexp_match(id, '^benefits-([0-9]+).-([0-9]+)$')::int[] AS member,
					       substring(id, '^council-tax-([0-9]+).$')::int            AS account
					FROM   unnest($1::text[]) id
				), members AS (
					DELETE FROM academy.hbmember m USING gone
					WHERE  m.claim_id = gone.member[1] AND m.person_ref = gone.member[2]
				), occupations AS (
					DELETE FROM academy.ctoccupation o USING gone WHERE o.account_ref = gone.account
				)
				DELETE FROM academy.ctaccount a USING gone WHERE a.account_ref = gone.account`
			if _, err := database.ExecContext(t.Context(), remove, pq.Array(sourceIDs)); err != nil {
				t.Fatal(err)
			}
		},
		Add: func(t testing.TB, n int) {
			t.Helper()
			for i := range n {
				// Below, between and above the references that there are.
				last := fmt.Sprintf("%c%c", 'a'+rune(draw.IntN(26)), 'a'+rune(draw.IntN(26)))
				add, id := `
					INSERT INTO academy.hbmember
						(claim_id, house_id, member_id, person_ref, forename, surname)
					VALUES ($1, 1, 1, 9, 'Come', $2)`, 1_000_000+draw.IntN(400)
				if i%2 == 0 {
					add, id = `
					INSERT INTO academy.ctaccount (account_ref, lead_liab_forename, lead_liab_surname)
					VALUES ($1, 'Come', $2)`, 10_000_000+draw.IntN(1_200)
				}
				if drawn[id] {
					continue // whoever came back would be met where they went to
				}
				drawn[id] = true
				add += ` ON CONFLICT DO NOTHING`
				if _, err := database.ExecContext(t.Context(), add, id, last); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
}
