package sourcetest

import (
	"context"
	"errors"
	"iter"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// A SampleHarness makes what the suite for samples needs.
type SampleHarness struct {
	// Schema is the schema in PostgreSQL, which is also what gateway.load calls the source.
	Schema string
	// New returns a database with the tables of the source, and nothing in them.
	New func(t testing.TB) *sqlx.DB
	// Open returns the source over a database.
	Open func(database *sqlx.DB) Source
	// Now is when samples are loaded, and, but for one, the day that they are of.
	Now func() time.Time
	// Sample returns a sample.
	Sample func(residents int, seed uint64, today time.Time) Sample
	// First is the reference of the first resident, of whom documents speak.
	First string
	// Rows returns all rows of the first residents of a sample, of some hundred, as text.
	Rows func(t *testing.T, database *sqlx.DB) string

	Resident string // SQL that puts in a resident
	Other    string // SQL that puts in another resident, or the same
	Row      string // SQL that puts a row into a table that holds no residents
}

// A Sample is made-up residents of one source.
type Sample interface {
	// Load puts the sample into the tables of the source.
	Load(ctx context.Context, database *sqlx.DB, o sample.Options) error
	// Truth yields the reference of each resident, with the number of the human whom they are.
	Truth() iter.Seq2[string, int]
}

// RowsOf returns the Rows of a SampleHarness that one query of texts reads.
func RowsOf(query string) func(t *testing.T, database *sqlx.DB) string {
	return func(t *testing.T, database *sqlx.DB) string {
		t.Helper()
		var rows []string
		if err := database.SelectContext(t.Context(), &rows, query); err != nil {
			t.Fatal(err)
		}
		return strings.Join(rows, "\n")
	}
}

// RunSample runs the suite for the sample of a source.
func RunSample(t *testing.T, h SampleHarness) {
	for name, test := range map[string]func(*testing.T, SampleHarness){
		"Repeatable":   testSampleRepeatable,
		"OverRows":     testSampleOverRows,
		"KeepsIndexes": testSampleKeepsIndexes,
		"AnySize":      testSampleAnySize,
		"First":        testSampleFirst,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h)
		})
	}
}

// load loads a sample of so many, in the place of one that is there.
func (h *SampleHarness) load(t *testing.T, database *sqlx.DB, residents int) {
	t.Helper()
	err := h.Sample(residents, 1, h.Now()).Load(t.Context(), database,
		sample.Options{Now: h.Now, Replace: true})
	if err != nil {
		t.Fatal(err)
	}
}

// Of the same seed and day the first residents are the same, however many follow.
func testSampleRepeatable(t *testing.T, h SampleHarness) {
	first := func(residents int, seed uint64, today time.Time) string {
		database := h.New(t)
		err := h.Sample(residents, seed, today).Load(t.Context(), database, sample.Options{Now: h.Now})
		if err != nil {
			t.Fatal(err)
		}
		return h.Rows(t, database)
	}
	today := h.Now()
	want := first(1_000, 1, today)
	for name, tt := range map[string]struct {
		residents int
		seed      uint64
		today     time.Time
		same      bool
	}{
		"the same":       {1_000, 1, today, true},
		"more residents": {7_000, 1, today, true},
		"another seed":   {1_000, 2, today, false},
		"another day":    {1_000, 1, today.Add(48 * time.Hour), false},
	} {
		if got := first(tt.residents, tt.seed, tt.today); (got == want) != tt.same {
			t.Errorf("%s: got the same %t, want %t", name, got == want, tt.same)
		}
	}
}

// Nothing replaces what is no sample, nor a sample unless it may.
func testSampleOverRows(t *testing.T, h SampleHarness) {
	loaded := func(origin string) string {
		return `INSERT INTO gateway.load VALUES ('` + h.Schema + `', now(), '` + origin + `');`
	}
	tests := map[string]struct {
		before  string // SQL
		replace bool
		want    error
	}{
		"empty":                   {`SELECT`, false, nil},
		"a sample":                {loaded("sample") + h.Resident, false, source.ErrSampleInPlace},
		"a sample, may replace":   {loaded("sample") + h.Resident, true, nil},
		"a resident, may replace": {h.Resident, true, source.ErrSampleOverData},
		"a row, may replace":      {h.Row, true, source.ErrSampleOverData},
		"another's, may replace":  {loaded("dms") + h.Other, true, source.ErrSampleOverData},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := h.New(t)
			if _, err := database.ExecContext(t.Context(), tt.before); err != nil {
				t.Fatal(err)
			}
			err := h.Sample(30, 1, h.Now()).Load(t.Context(), database,
				sample.Options{Replace: tt.replace})
			if !errors.Is(err, tt.want) {
				t.Fatalf("got %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				return
			}
			if got := len(everyone(t, h.Open(database), source.ByID)); got != 30 {
				t.Errorf("got %d residents, want 30", got)
			}
		})
	}
}

// A load leaves the indexes as they were, and says when it was.
func testSampleKeepsIndexes(t *testing.T, h SampleHarness) {
	database := h.New(t)
	const definitions = `SELECT string_agg(indexdef, E'\n' ORDER BY indexdef) FROM pg_indexes
		WHERE schemaname = $1`
	var before, after string
	if err := database.GetContext(t.Context(), &before, definitions, h.Schema); err != nil {
		t.Fatal(err)
	}
	h.load(t, database, 300)
	if err := database.GetContext(t.Context(), &after, definitions, h.Schema); err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Errorf("got\n%s\nwant\n%s", after, before)
	}
	freshness, err := h.Open(database).Freshness(t.Context())
	if err != nil || freshness.State != source.Current || !freshness.AsOf.Equal(h.Now()) {
		t.Errorf("got %+v and %v, want current, as of the load", freshness, err)
	}
}

// The truth is of everyone who is loaded, by the references that they have, whatever the size.
func testSampleAnySize(t *testing.T, h SampleHarness) {
	database := h.New(t)
	for _, residents := range []int{0, 1, 2, 3, 200, 5_001} {
		h.load(t, database, residents)
		truth := maps.Collect(h.Sample(residents, 1, h.Now()).Truth())
		all := everyone(t, h.Open(database), source.ByID)
		if len(all) != residents || len(truth) != residents {
			t.Errorf("got %d residents and the truth of %d, want %d", len(all), len(truth), residents)
		}
		for _, r := range all {
			if _, ok := truth[r.SourceID]; !ok {
				t.Errorf("%s is not in the truth", r.SourceID)
			}
		}
	}
}

// The first resident is one that documents can speak of.
func testSampleFirst(t *testing.T, h SampleHarness) {
	database := h.New(t)
	h.load(t, database, 400)
	r := get(t, h.Open(database), h.First, source.Everything())
	if r == nil || r.FirstName == nil || r.LastName == nil || r.DateOfBirth == nil || r.UPRN == nil {
		t.Errorf("got %+v, want one of whom all is known", r)
	}
}
