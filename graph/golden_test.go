package graph_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

var update = flag.Bool("update", false, "write what is answered over what was expected")

// Each testdata/*.graphql has its answer (.json) and the statements that it takes (.sql) beside it,
// over the residents of testdata/residents.sql, for people to read and for a change in either to be
// seen. They are asked with every scope, or with those that the first line names.
func TestGolden(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/*.graphql", func(t *testing.T) (gateway, func() []string) {
		t.Helper()
		database, counter := postgres.Counting(t, postgres.DSN(t))
		dbtest.Execute(t, database, readFile(t, "testdata/residents.sql"))
		counter.Reset()
		g, _ := newGraph(t, database)
		return g, counter.Statements
	})
}

// Those in testdata/across are of all sources, over what is in its residents.sql too.
func TestGoldenAcross(t *testing.T) {
	t.Parallel()
	golden(t, "testdata/across/*.graphql", func(t *testing.T) (gateway, func() []string) {
		t.Helper()
		a := newFewAcross(t)
		return a.gateway, func() []string { // sources are asked at the same time
			texts, _ := a.statements()
			slices.Sort(texts)
			return texts
		}
	})
}

// golden asks each question of a gateway of its own, and compares its answer and its statements.
func golden(
	t *testing.T, pattern string, open func(t *testing.T) (gateway, func() []string),
) {
	t.Helper()
	queries, err := filepath.Glob(pattern)
	if err != nil || len(queries) == 0 {
		t.Fatalf("got %d queries and %v", len(queries), err)
	}
	for _, file := range queries {
		name := strings.TrimSuffix(file, ".graphql")
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			g, statements := open(t)
			query := readFile(t, file)
			if scopes, ok := strings.CutPrefix(query, "# as "); ok {
				scopes, _, _ = strings.Cut(scopes, "\n")
				g = g.as(strings.Fields(scopes)...)
			}
			response := g.Execute(t.Context(), graph.Request{Query: query})

			answer, err := json.MarshalIndent(response, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			compare(t, name+".json", string(answer)+"\n")
			compare(t, name+".sql", strings.Join(statements(), ";\n")+"\n")
		})
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func compare(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want := readFile(t, file); !bytes.Equal([]byte(got), []byte(want)) {
		t.Errorf("%s: got\n%s\nwant\n%s", file, got, want)
	}
}
