package status_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/server/web/status"
	"github.com/LBHackney-IT/resident-gateway/source"
)

func now() time.Time { return time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC) }

// of is a source in a state, with a proof of that result.
func of(state source.FreshnessState, proof string) status.Source {
	s := status.Source{Name: "LEDGER", Title: "Ledger"}
	s.State = state
	if proof != "" {
		s.Proof = &source.Proof{EndedAt: now(), Origin: "files", Result: proof, Rows: 1234, Differ: 2}
	}
	return s
}

// Whether somebody should look, and that each state says what it means.
func TestIsWell(t *testing.T) {
	t.Parallel()
	well := map[source.FreshnessState]bool{
		source.Current: true, source.BeingLoaded: true, source.Unknown: true,
	}
	meanings := make(map[string]bool)
	for _, state := range append(source.FreshnessStates(), status.Unavailable) {
		for _, proof := range []string{"", "same", "failed", "differs"} {
			agrees := proof != "differs" && proof != "failed"
			s := of(state, proof)
			all := status.Status{Sources: []status.Source{of(source.Current, ""), s}}
			if got, want := s.IsWell(), well[state] && agrees; got != want || all.IsWell() != want {
				t.Errorf("%s, proof %q: got %t and %t, want %t", state, proof, got, all.IsWell(), want)
			}
			meanings[s.Meaning()] = true
		}
	}
	if want := len(source.FreshnessStates()) + 1; len(meanings) != want {
		t.Errorf("got %d meanings, want %d: each state has its own", len(meanings), want)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	s := of(source.Stale, "differs")
	s.AsOf, s.Rows = new(now().Add(-50*time.Hour)), new(int64(1_234_567))
	s.Load = &source.Load{At: now().Add(-50 * time.Hour), Origin: "landing"}
	s.Loading = &source.Loading{
		Origin: "files", BeganAt: now().Add(-time.Minute), ToldAt: now(), Phase: "rows", Rows: 6000,
		Expected: new(int64(12_000)), Fault: new("no space"),
	}
	s.Troubles = []source.Trouble{{What: "It is old.", Do: "Load it."}, {What: "It is odd."}}
	s.Tables = []source.TableReport{{Name: "person", Reason: new("Gone.")}, {Name: "address"}}
	all := status.Status{At: now(), Sources: []status.Source{s, of(status.Unavailable, "")}}
	var out strings.Builder
	if err := all.Print(&out); err != nil {
		t.Fatal(err)
	}
	const below = `
Ledger
  next load from files, rows: 6,000 rows, 50 %, 100 rows a second; it has stopped
  It is old. Load it.
  It is odd.
  table person: Gone.
`
	want := strings.Join([]string{
		"source  state        rows             as of, UTC        age         last load, UTC          " +
			"  last proof, UTC",
		"Ledger  STALE        about 1,234,567  2026-03-12 07:26  2 days 2 h  2026-03-12 07:26 landing" +
			"  2026-03-14 09:26 2 of 1,234 rows differ",
		"Ledger  UNAVAILABLE  -                -                 -           -                       " +
			"  -",
	}, "\n") + "\n" + below
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

// Lists are lists in JSON even where there is nothing, so that nobody need look for null.
func TestJSON(t *testing.T) {
	t.Parallel()
	all := status.Status{At: now(), Sources: []status.Source{of(source.Current, "same")}}
	text, err := all.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		IsWell  bool
		Sources []map[string]any
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if !got.IsWell || len(got.Sources) != 1 {
		t.Fatalf("got %s", text)
	}
	for _, list := range []string{"tables", "troubles"} {
		if _, is := got.Sources[0][list].([]any); !is {
			t.Errorf("%s: got %v", list, got.Sources[0][list])
		}
	}
	for _, absent := range []string{"asOf", "rows", "freshForSeconds", "load", "loading", "dms"} {
		if value, is := got.Sources[0][absent]; !is || value != nil {
			t.Errorf("%s: got %v, want null", absent, value)
		}
	}
}
