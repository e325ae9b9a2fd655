package sample_test

import (
	"context"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

// Whatever stops a load, nothing of it is left, and what is said of it tells of no row.
func TestSampleLoadThatFails(t *testing.T) {
	t.Parallel()
	// Of a resident who is in the sample that fails and not in the one before it.
	id := strconv.FormatInt(samplePeople(sampleOf(1_000))[999].PersonID, 10)
	tests := map[string]struct {
		broken string // SQL that makes the load fail
		cancel string // the phase in which it is given up
		want   string
	}{
		"given up while rows are copied":   {cancel: "residents", want: "context canceled"},
		"given up while indexes are built": {cancel: "indexes", want: "context canceled"},
		"a value is not allowed": {
			broken: `ALTER TABLE mosaic.dm_persons ADD CHECK (person_id <> ` + id + `)`,
			want:   "SQLSTATE 23514",
		},
		"an index cannot be built": {
			broken: `CREATE INDEX ratio ON mosaic.dm_persons ((1 / (person_id - ` + id + `)))`,
			want:   "SQLSTATE 22012",
		},
		"a column is missing": {
			broken: `ALTER TABLE mosaic.dm_telephone_numbers DROP COLUMN telephone_number`,
			want:   "SQLSTATE 42703",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := postgres.New(t)
			sampleLoadInto(t, db, 20)
			if _, err := db.ExecContext(t.Context(), tt.broken); err != nil {
				t.Fatal(err)
			}
			before, definitions := sampleStateOf(t, db), sampleDefinitions(t, db)

			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			err := sampleOf(20_000).Load(ctx, db, sample.Options{
				Replace: true,
				Progress: func(phase string, done, _ int) {
					if phase == tt.cancel && done > 0 {
						cancel()
					}
				},
			})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("got error %v, want one that says %s", err, tt.want)
			}
			if strings.Contains(err.Error(), id) {
				t.Errorf("got error %v, which tells of a resident", err)
			}
			if tt.cancel != "" && !errors.Is(err, context.Canceled) {
				t.Errorf("got error %v, want one that is context.Canceled", err)
			}
			if after := sampleStateOf(t, db); !reflect.DeepEqual(after, before) {
				t.Errorf("got %+v after a failure, want %+v", after, before)
			}
			if after := sampleDefinitions(t, db); after != definitions {
				t.Errorf("got indexes\n%s\nafter a failure, want\n%s", after, definitions)
			}
		})
	}
}

// Whoever loads second waits for the first, and then finds a sample in place.
func TestSampleLoadTwiceAtOnce(t *testing.T) {
	t.Parallel()
	db := postgres.New(t)
	loads := make(chan error, 2)
	for range cap(loads) {
		go func() { loads <- sampleOf(500).Load(t.Context(), db, sample.Options{}) }()
	}
	done, refused := 0, 0
	for range cap(loads) {
		switch err := <-loads; {
		case err == nil:
			done++
		case errors.Is(err, source.ErrSampleInPlace):
			refused++
		default:
			t.Error(err)
		}
	}
	if done != 1 || refused != 1 {
		t.Errorf("got %d loads and %d refusals, want 1 and 1", done, refused)
	}
}

// A reader sees the old sample or the new one, and never a part.
func TestSampleLoadIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	db := postgres.New(t)
	sampleLoadInto(t, db, 1_000)
	loaded := make(chan error, 1)
	go func() {
		loaded <- sampleOf(3_000).Load(t.Context(), db, sample.Options{Replace: true})
	}()
	for {
		var residents int
		err := db.GetContext(t.Context(), &residents, `SELECT count(*) FROM mosaic.dm_persons`)
		if err != nil {
			t.Fatal(err)
		}
		if residents != 1_000 && residents != 3_000 {
			t.Errorf("got %d residents, want 1000 or 3000", residents)
		}
		select {
		case err := <-loaded:
			if err != nil {
				t.Fatal(err)
			}
			return
		default:
		}
	}
}
