package mosaic_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
	"github.com/LBHackney-IT/resident-gateway/source/sourcetest"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	sourcetest.Run(t, sourcetest.Harness{
		Open: openSubject,
		OpenNotLoaded: func(t *testing.T) sourcetest.Source {
			return mosaic.New(postgres.New(t), today)
		},
		NoSuchIDs: []string{
			"", "0", "-1", "7", "31 ", "+1000001", "01000001", "1000001.0", "1e6", "x", "1000001x",
			"99999999999999999999", "mosaic:1000001", "\x00", "١",
		},
	})
}

func openSubject(t *testing.T) sourcetest.Subject {
	database := newSample(t)
	draw := rand.New(rand.NewPCG(1, 2))
	return sourcetest.Subject{
		Source: mosaic.New(database, today),
		Remove: func(t testing.TB, sourceIDs []string) {
			t.Helper()
			const remove = `
				WITH gone AS (
					DELETE FROM mosaic.dm_persons WHERE person_id = ANY ($1::bigint[])
				), addresses AS (
					DELETE FROM mosaic.dm_addresses WHERE person_id = ANY ($1::bigint[])
				)
				DELETE FROM mosaic.dm_telephone_numbers WHERE person_id = ANY ($1::bigint[])`
			if _, err := database.ExecContext(t.Context(), remove, pq.Array(sourceIDs)); err != nil {
				t.Fatal(err)
			}
		},
		Add: func(t testing.TB, n int) {
			t.Helper()
			for range n {
				// Below, between and above the ids that there are.
				id := draw.Int64N(1_010_000) + 1
				last := fmt.Sprintf("%c%c", 'a'+rune(draw.IntN(26)), 'a'+rune(draw.IntN(26)))
				const add = `
					INSERT INTO mosaic.dm_persons
						(person_id, first_name, last_name, gender, restricted, context_flag)
					VALUES ($1, 'Come', $2, 'F', 'N', 'A')
					ON CONFLICT DO NOTHING`
				if _, err := database.ExecContext(t.Context(), add, id, last); err != nil {
					t.Fatal(err)
				}
			}
		},
	}
}
