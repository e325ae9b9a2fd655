package graph_test

import (
	"encoding/json"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// No request takes long, nor gets a long answer to what it may not ask. The tests that are parallel
// wait for this one: it measures the whole process.
func TestAttacks(t *testing.T) { //nolint:paralleltest // as above
	database := newSample(t)
	g, reported := newGraph(t, database)
	for name, request := range attacks() {
		t.Run(name, func(t *testing.T) {
			response, took := executeTimed(t, g, request)
			for attempts := 1; took > maxAttackTime && attempts < 3; attempts++ {
				again, _ := newGraph(t, database) // it has not read the document yet
				_, took = executeTimed(t, again, request)
			}
			if took > maxAttackTime && !racing {
				t.Errorf("took %s of the processor", took)
			}
			answer, err := json.Marshal(response)
			if err != nil {
				t.Fatal(err)
			}
			most := 300 << 10
			if len(response.Errors) > 0 {
				most = 8 << 10
			}
			if len(answer) > most {
				t.Errorf("got %d bytes in answer", len(answer))
			}
			if len(response.Errors) > graph.MaxErrors+1 {
				t.Errorf("got %d errors", len(response.Errors))
			}
			for _, err := range response.Errors {
				if len(err.Message) > graph.MaxMessage {
					t.Errorf("got a message of %d bytes", len(err.Message))
				}
				if err.Extensions["code"] == resident.Internal {
					t.Errorf("got %v", err)
				}
			}
		})
	}
	if reported.String() != "" {
		t.Errorf("what callers do is no error of ours: %s", reported)
	}
}

// maxAttackTime is how much of the processor an attack may use, in one of three attempts: other
// work of the machine can slow any of them.
const maxAttackTime = 250 * time.Millisecond

// executeTimed answers a request, and returns how much of the processor that used.
func executeTimed(
	t *testing.T, g gateway, request graph.Request,
) (*graph.Response, time.Duration) {
	t.Helper()
	before := processorTime(t)
	response := g.Execute(t.Context(), request)
	return response, processorTime(t) - before
}

// processorTime returns how much of the processor this program has used.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// A message is cut, however long the names in it are.
func TestMessagesAreShort(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	a := strings.Repeat("a", 128) + ": "
	response := g.Execute(t.Context(), graph.Request{
		Query: "{ " + a + "sources { " + a + "name } " + a + "sources { " + a + "title } }",
	})
	if len(response.Errors) != 1 || len(response.Errors[0].Message) != graph.MaxMessage {
		t.Errorf("got %v, want one of %d bytes", response.Errors, graph.MaxMessage)
	}
}

// What tools ask of a schema is within the limits, and answered.
func TestIntrospection(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newSample(t))
	var answer struct {
		Schema struct{ Types []any } `json:"__schema"`
	}
	ask(t, g, "query IntrospectionQuery { __schema { ...S } }"+introspectionOf("S"), &answer)
	if len(answer.Schema.Types) < 20 {
		t.Errorf("got %d types", len(answer.Schema.Types))
	}
}
