package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// newAcross returns a database with 150 sample residents of each source.
func newAcross(t *testing.T) *sqlx.DB {
	t.Helper()
	return postgres.Template(t, "across", func(ctx context.Context, pool *sqlx.DB) error {
		return seedAll(ctx, &database{DB: pool, inUse: catalogue.Sources()}, plug.Sample{
			Residents: 150, Seed: 1, Today: sampleDay(), Options: sample.Options{Now: today},
		})
	})(t)
}

// newAcrossServer returns the address of a server over a database with these sources in use, each
// with connections of its own.
func newAcrossServer(
	t *testing.T, pool *sqlx.DB, inUse []plug.Plug, auth web.AuthMethods, args ...string,
) string {
	t.Helper()
	config := configured(t, args...)
	opened := &database{DB: pool, inUse: inUse, pools: make(map[resident.SourceName]*sqlx.DB)}
	for _, p := range inUse {
		own, err := db.Open(t.Context(), postgres.DSNOf(t, pool), db.Pool{MaxOpen: 8})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = own.Close() })
		opened.pools[p.Name] = own
	}
	config.Sources, config.now = inUse, time.Now // by which sources are left alone
	handler, err := config.gateway(t.Context(), opened, auth, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// added is what the schema of one source says that it adds, as it is written in its own folder.
type added struct {
	types  []string
	fields map[string][]string // of types of others
	values map[string][]string
}

func addedBy(t *testing.T, p plug.Plug) added {
	t.Helper()
	folder := pgSchema(p.Name)
	text, err := os.ReadFile(filepath.Join("..", "source", folder, folder+".graphqls"))
	if err != nil {
		t.Fatal(err)
	}
	document, err := parser.ParseSchema(&ast.Source{Name: folder, Input: string(text)})
	if err != nil {
		t.Fatal(err)
	}
	a := added{fields: make(map[string][]string), values: make(map[string][]string)}
	for _, def := range document.Definitions {
		a.types = append(a.types, def.Name)
	}
	for _, def := range document.Extensions {
		for _, field := range def.Fields {
			a.fields[def.Name] = append(a.fields[def.Name], field.Name)
		}
		for _, value := range def.EnumValues {
			a.values[def.Name] = append(a.values[def.Name], value.Name)
		}
	}
	if len(a.types) == 0 || len(a.fields) == 0 || len(a.values["SourceName"]) != 1 {
		t.Fatalf("%s adds %+v: the test looks in the wrong place", p.Name, a)
	}
	return a
}

// subsets are each source alone, each pair, and all.
func subsets() [][]plug.Plug {
	all := catalogue.Sources()
	some := [][]plug.Plug{all}
	for i := range all {
		some = append(some, all[i:i+1])
		for j := range i {
			some = append(some, []plug.Plug{all[j], all[i]})
		}
	}
	return some
}

// With some sources in use, what the others add is not in the schema, by whatever way it is asked
// for, and nobody is of them.
func TestSourcesInUse(t *testing.T) {
	t.Parallel()
	pool := newAcross(t)
	ids := make(map[resident.SourceName]string)
	whole := newAcrossServer(t, pool, catalogue.Sources(), developer())
	for _, p := range catalogue.Sources() {
		got := webtest.Post(t, whole,
			`{ residents(first: 1, sources: [`+string(p.Name)+`]) { nodes { id } } }`)
		if _, after, found := strings.Cut(got.Body, `"id":"`); found {
			ids[p.Name], _, _ = strings.Cut(after, `"`)
		}
	}
	for _, inUse := range subsets() {
		list := make([]string, len(inUse))
		for i, p := range inUse {
			list[i] = pgSchema(p.Name)
		}
		t.Run(strings.Join(list, ","), func(t *testing.T) {
			t.Parallel()
			config := configured(t, "--sources", strings.Join(list, ","))
			if got := names(config.inUse()); !slices.Equal(got, names(inUse)) {
				t.Errorf("got %v in use", got)
			}
			url := newAcrossServer(t, pool, config.inUse(), developer())
			introspected := introspect(t, url)
			var sdl strings.Builder
			if err := run(t.Context(), []string{"schema", "--sources", strings.Join(list, ",")},
				environment(), &sdl, io.Discard); err != nil {
				t.Fatal(err)
			}
			printed := membersOf(t, sdl.String())
			for _, p := range catalogue.Sources() {
				on := slices.Contains(names(inUse), p.Name)
				adds := addedBy(t, p)
				checkSchemaOf(t, &adds, on, introspected)
				checkSchemaOf(t, &adds, on, printed)
				checkAsked(t, url, &adds, on)
				checkResidentOf(t, url, p.Name, ids[p.Name], on)
			}
			checkREST(t, url, slices.Contains(list, "mosaic"))
			checkList(t, url, inUse, ids)
		})
	}
}

// introspect returns everything that there is in the schema, as Type or Type.field.
func introspect(t *testing.T, url string) map[string]bool {
	t.Helper()
	var answer struct {
		Data struct {
			Schema struct {
				Types []struct {
					Name                            string
					Fields, InputFields, EnumValues []struct{ Name string }
				}
			} `json:"__schema"`
		}
	}
	got := webtest.Post(t, url, `{ __schema { types { name fields { name } inputFields { name }
		enumValues { name } } } }`)
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
		t.Fatal(err)
	}
	all := make(map[string]bool)
	for _, def := range answer.Data.Schema.Types {
		all[def.Name] = true
		for _, member := range slices.Concat(def.Fields, def.InputFields, def.EnumValues) {
			all[def.Name+"."+member.Name] = true
		}
	}
	if len(all) < 100 {
		t.Fatalf("got %d of %s", len(all), got.Body)
	}
	return all
}

// membersOf returns the same of a schema that was printed.
func membersOf(t *testing.T, printed string) map[string]bool {
	t.Helper()
	document, err := parser.ParseSchema(&ast.Source{Input: printed})
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string]bool)
	for _, def := range document.Definitions {
		all[def.Name] = true
		for _, field := range def.Fields {
			all[def.Name+"."+field.Name] = true
		}
		for _, value := range def.EnumValues {
			all[def.Name+"."+value.Name] = true
		}
	}
	return all
}

// checkSchemaOf looks whether what a source adds is in a schema: if it is in use, and not else.
func checkSchemaOf(t *testing.T, adds *added, on bool, there map[string]bool) {
	t.Helper()
	expected := slices.Clone(adds.types)
	for _, members := range []map[string][]string{adds.fields, adds.values} {
		for def, these := range members {
			for _, name := range these {
				expected = append(expected, def+"."+name)
			}
		}
	}
	for _, name := range expected {
		if there[name] != on {
			t.Errorf("%s: in use %t, and in the schema %t", name, on, there[name])
		}
	}
}

// checkAsked asks for what a source adds: of one that is not in use the schema knows nothing.
func checkAsked(t *testing.T, url string, adds *added, on bool) {
	t.Helper()
	documents := []string{`{ residents(first: 1, filter: { lastName: "zzz" }, sources: [` +
		adds.values["SourceName"][0] + `]) { nodes { id } } }`}
	for _, field := range adds.fields["Resident"] {
		documents = append(documents, `{ resident(id: "x:1") { `+field+` { __typename } } }`)
	}
	for _, field := range adds.fields["PostalAddress"] {
		documents = append(documents, `{ resident(id: "x:1") { contactDetails { address { `+field+
			` { __typename } } } } }`)
	}
	for _, name := range adds.types {
		documents = append(documents, `{ resident(id: "x:1") { ... on Resident { id } } }
			fragment f on `+name+` { __typename }`)
	}
	for _, document := range documents {
		got := webtest.Post(t, url, document)
		unknown := slices.ContainsFunc([]string{
			"Unknown type", "Cannot query field", "The value does not exist",
		}, func(words string) bool { return strings.Contains(got.Body, words) })
		if unknown == on {
			t.Errorf("%s: in use %t, got %s", document, on, got.Body)
		}
	}
}

// checkResidentOf asks for somebody by id: of a source that is not in use there is nobody.
func checkResidentOf(t *testing.T, url string, name resident.SourceName, id string, on bool) {
	t.Helper()
	if id == "" { // it knows no residents
		id = pgSchema(name) + ":1"
		on = false
	}
	want := `{"data":{"resident":null}}`
	if on {
		want = fmt.Sprintf(`{"data":{"resident":{"id":%q}}}`, id)
	}
	got := webtest.Post(t, url, fmt.Sprintf(`{ resident(id: %q) { id } }`, id))
	if strings.TrimSpace(got.Body) != want {
		t.Errorf("got %s, want %s", got.Body, want)
	}
}

// checkREST looks whether the doors of Mosaic's API are there: with Mosaic, and not without.
func checkREST(t *testing.T, url string, on bool) {
	t.Helper()
	for _, path := range []string{"/api/v1/residents", "/api/v1/openapi.yaml"} {
		got := webtest.Send(t, http.MethodGet, url+path, "")
		if (got.Status == http.StatusOK) != on || (got.Status == http.StatusNotFound) == on {
			t.Errorf("%s: got %d, with Mosaic: %t", path, got.Status, on)
		}
	}
}

// checkList asks for everybody, and for the sources.
func checkList(
	t *testing.T, url string, inUse []plug.Plug, ids map[resident.SourceName]string,
) {
	t.Helper()
	got := webtest.Post(t, url, `{ residents { nodes { id } unavailable { name } } }`).Body
	from := slices.ContainsFunc(inUse, func(p plug.Plug) bool { return ids[p.Name] != "" })
	if from != strings.Contains(got, `"unavailable":[]`) ||
		!from && (!strings.Contains(got, "No source that lists residents is in use") ||
			!strings.Contains(got, `"UNAVAILABLE"`) || !strings.Contains(got, `"residents":null`)) {
		t.Errorf("got %s", got)
	}
	var listed []string
	for _, p := range inUse {
		listed = append(listed, fmt.Sprintf(`{"name":%q,"freshness":{"state":"CURRENT"}}`, p.Name))
	}
	want := `{"data":{"sources":[` + strings.Join(listed, ",") + `]}}`
	got = strings.TrimSpace(webtest.Post(t, url, `{ sources { name freshness { state } } }`).Body)
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
