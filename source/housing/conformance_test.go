package housing_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source/housing"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, sourcetest.Harness{
		Open: openSubject,
		OpenNotLoaded: func(t *testing.T) sourcetest.Source {
			return housing.New(postgres.New(t), today)
		},
		NoExDirectory: true,
		NoSuchIDs: []string{
			"", "-", "-1", "31", "0100001", "0100001-", "0100001-01", "0100001-+1", "0100001-1 ",
			"0100001-1-1", "0100001--1", "0100001-100", "0100001-99999999999999999999", "100001-1",
			"0100001~20~-1", "~30~100001-1", "0100001\x00-1", "0100001~0~-1", "~-1", "~~-1",
			"0100001 -1", "housing:0100001-1", "\x00", "١", "99999999999999999999999999-1",
		},
	})
}

func openSubject(t *testing.T) sourcetest.Subject {
	database := newSample(t)
	draw := rand.New(rand.NewPCG(1, 2))
	drawn := make(map[string]bool)
	return sourcetest.Subject{
		Source: housing.New(database, today),
		Remove: func(t testing.TB, sourceIDs []string) {
			t.Helper()
			const remove = `
				DELETE FROM housing.member
				WHERE  replace(house_ref, '/', '~2f~') || '-' || person_no = ANY ($1)`
			if _, err := database.ExecContext(t.Context(), remove, pq.Array(sourceIDs)); err != nil {
				t.Fatal(err)
			}
		},
		Add: func(t testing.TB, n int) {
			t.Helper()
			for i := range n {
				// Below, between and above the references that there are, in households that are there and
				// in others.
				last := fmt.Sprintf("%c%c", 'a'+rune(draw.IntN(26)), 'a'+rune(draw.IntN(26)))
				house := fmt.Sprintf("%07d", 100_001+draw.IntN(1_000))
				if i%2 == 0 {
					house = fmt.Sprint(draw.IntN(1_000_000_000))
				}
				id := fmt.Sprintf("%s-%d", house, draw.IntN(100))
				if drawn[id] {
					continue // whoever came back would be met where they went to
				}
				drawn[id] = true
				const add = `
					INSERT INTO housing.member (house_ref, person_no, forename, surname)
					SELECT split_part($1, '-', 1), split_part($1, '-', 2)::numeric, 'Come', $2
					ON CONFLICT DO NOTHING`
				if _, err := database.ExecContext(t.Context(), add, id, last); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
}
