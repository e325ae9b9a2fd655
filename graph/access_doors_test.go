package graph_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// names are the scopes of those who may know who the residents are, and these too.
func names(more ...string) []string {
	return append([]string{"mosaic:read", "residents:read"}, more...)
}

// but are all scopes but these.
func but(without ...string) []string {
	return slices.DeleteFunc(words(graph.Scopes()), func(scope string) bool {
		return slices.Contains(without, scope)
	})
}

// newResidents returns a database with the residents of testdata/access_residents.sql, which tests
// share and none may change.
func newResidents(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Shared(t, "residents", fill("access_residents.sql"))
}

// fill returns what fills a database from files of testdata.
func fill(names ...string) func(context.Context, *sqlx.DB) error {
	return func(ctx context.Context, database *sqlx.DB) error {
		for _, name := range names {
			statements, err := os.ReadFile("testdata/" + name)
			if err != nil {
				return err
			}
			if _, err := database.ExecContext(ctx, string(statements)); err != nil {
				return err
			}
		}
		return nil
	}
}

// A door is a way to a resident: where they stand in the answer, and the document that asks.
type door struct {
	path, document string
}

// doors are all ways that there are to one resident.
func doors(sourceID, selection string) map[string]door {
	one := `(filter: { sourceId: "` + sourceID + `" })`
	byID := `resident(id: "mosaic:` + sourceID + `")`
	aliased := strings.NewReplacer("fullName", "x_fullName: fullName", "nhsNumber",
		"x_nhsNumber: nhsNumber", "uprn", "x_uprn: uprn", "mosaic", "x_mosaic: mosaic",
		"contactDetails", "x_contactDetails: contactDetails").Replace(selection)
	return map[string]door{
		"by id": {"resident", `{ ` + byID + ` { ` + selection + ` } }`},
		"by reference": {
			"residentBySourceId", `{ residentBySourceId(source: MOSAIC, sourceId: "` + sourceID + `") { ` +
				selection + ` } }`,
		},
		"nodes": {"residents.nodes.0", `{ residents` + one + ` { nodes { ` + selection + ` } } }`},
		"edges": {
			"residents.edges.0.node", `{ residents` + one + ` { edges { node { ` + selection + ` } } } }`,
		},
		"alias":          {"other", `{ other: ` + byID + ` { ` + selection + ` } }`},
		"aliased fields": {"resident", `{ ` + byID + ` { ` + aliased + ` } }`},
		"fragment": {
			"resident", `{ ` + byID + ` { ...f } } fragment f on Resident { ` + selection + ` }`,
		},
		"inline fragment": {
			"resident", `{ ... on Query { ` + byID + ` { ... on Resident { ` + selection + ` } } } }`,
		},
		"fragments in a list": {
			"residents.edges.0.node", `query { ...q } fragment q on Query { residents` + one + ` { ...c } }
				fragment c on ResidentConnection { edges { ...e } }
				fragment e on ResidentEdge { node { ... { ` + selection + ` } } }`,
		},
	}
}

func under(object map[string]any, fields ...string) any {
	var value any = object
	for _, field := range fields {
		inner, _ := value.(map[string]any)
		value = inner[field]
	}
	return value
}

// foundAt returns the object at a path of an answer, without the x_ of aliases; nil where there is
// none.
func foundAt(t *testing.T, data json.RawMessage, path string) map[string]any {
	t.Helper()
	plain := strings.ReplaceAll(string(data), `"x_`, `"`)
	var value any
	if err := json.Unmarshal([]byte(plain), &value); err != nil {
		t.Fatal(err)
	}
	for step := range strings.SplitSeq(path, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[step]
		case []any:
			if len(inner) != 1 {
				t.Fatalf("got %d residents, want one", len(inner))
			}
			value = inner[0]
		}
	}
	object, _ := value.(map[string]any)
	return object
}

// slashed writes a path as doors have it.
func slashed(path fmt.Stringer) string {
	return cmp.Or(strings.NewReplacer("[", ".", "]", "").Replace(path.String()), "-")
}
