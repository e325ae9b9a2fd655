package graph_test

import (
	"bytes"
	"sync/atomic"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

// To look whether a source is loaded takes one statement in five seconds, however much it is asked.
func TestGateStatements(t *testing.T) {
	t.Parallel()
	database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
	var since atomic.Int64
	clock := func() time.Time { return today().Add(time.Duration(since.Load())) }
	set, err := source.NewSet(source.DefaultLimits(clock), mosaic.New(database, today))
	if err != nil {
		t.Fatal(err)
	}
	g := gateway{
		caller:  &access.Caller{Kind: access.Service, Name: "test", Scopes: graph.Scopes()},
		records: new(records),
	}
	g.Graph, err = graph.New(graph.Options{
		Sources: set, CursorKey: bytes.Repeat([]byte("key"), 11), Record: g.records.record, Now: today,
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, tt := range []struct {
		after time.Duration
		query string
		want  int
	}{
		{0, `{ residents { nodes { fullName } } }`, 2},
		{0, `{ residents { nodes { fullName } } }`, 1},
		{4 * time.Second, `{ residents { nodes { fullName } totalCount { value } } }`, 2},
		{2 * time.Second, `{ residents { nodes { fullName } totalCount { value } } }`, 3},
		{0, `{ resident(id: "mosaic:1000001") { fullName } }`, 1},
		{4 * time.Second, `{ sources { freshness { state } } }`, 1}, // which is a look as well
		{4 * time.Second, `{ residents { nodes { fullName } } }`, 1},
	} {
		since.Add(int64(tt.after))
		counter.Reset()
		var answer any
		ask(t, g, tt.query, &answer)
		if got := len(counter.Statements()); got != tt.want {
			t.Errorf("question %d: got %d statements, want %d", i, got, tt.want)
		}
	}
}
