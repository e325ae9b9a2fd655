package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
)

// An ailment is why a source does not answer.
type ailment struct {
	befall func(t *testing.T, database *sqlx.DB, schema string) // nil where the caller is at fault
	reason source.UnavailableReason
	code   resident.Code
}

func ailments() map[string]ailment {
	return map[string]ailment{
		"locked":       {lockTables, source.TooSlow, resident.Timeout},
		"dropped":      {dropTables, source.Unreachable, resident.Unavailable},
		"never loaded": {emptyTables, source.NotLoadedYet, resident.Unavailable},
		"forbidden":    {nil, source.NotPermitted, resident.Forbidden},
	}
}

// lockTables has who reads a source wait until the end of the test.
func lockTables(t *testing.T, database *sqlx.DB, schema string) {
	t.Helper()
	tx, err := database.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.ExecContext(t.Context(), "LOCK "+tablesOf(t, database, schema)); err != nil {
		t.Fatal(err)
	}
}

func dropTables(t *testing.T, database *sqlx.DB, schema string) {
	t.Helper()
	dbtest.Execute(t, database, "DROP SCHEMA "+schema+" CASCADE")
}

func emptyTables(t *testing.T, database *sqlx.DB, schema string) {
	t.Helper()
	dbtest.Execute(t, database, "TRUNCATE "+tablesOf(t, database, schema))
	dbtest.Execute(t, database, "DELETE FROM gateway.load WHERE source = '"+schema+"'")
}

func tablesOf(t testing.TB, database *sqlx.DB, schema string) string {
	t.Helper()
	var tables string
	if err := database.GetContext(t.Context(), &tables, `
		SELECT string_agg(format('%I.%I', schemaname, tablename), ', ') FROM pg_tables
		WHERE  schemaname = $1`, schema); err != nil {
		t.Fatal(err)
	}
	return tables
}

// A known resident is one of whom a test asks.
type acrossResident struct{ ID, SourceID, Detail string }

// oneOfEach returns a resident of each source that lists them, with an address where they have one,
// and how many there are of each.
func oneOfEach(t *testing.T, a across) (map[string]acrossResident, map[string]int) {
	t.Helper()
	ones, counts := make(map[string]acrossResident), make(map[string]int)
	for _, name := range a.listers() {
		var answer struct {
			Residents struct {
				TotalCount struct{ Value int }
				Nodes      []struct {
					ID, SourceID   string
					ContactDetails []struct{ ID string }
				}
			}
		}
		ask(t, a.gateway, `{ residents(sources: [`+name+`]) { totalCount { value } nodes { id sourceId
			contactDetails(includeEnded: true) { id } } } }`, &answer)
		counts[name] = answer.Residents.TotalCount.Value
		for _, n := range answer.Residents.Nodes {
			if len(n.ContactDetails) > 0 {
				ones[name] = acrossResident{n.ID, n.SourceID, n.ContactDetails[0].ID}
				break
			}
		}
		if ones[name].ID == "" || counts[name] < 100 {
			t.Fatalf("%s: got %v of %d", name, ones[name], counts[name])
		}
	}
	return ones, counts
}

// An ailing source beside others that are well.
type ailing struct {
	ailment
	name   string
	isList bool     // whether it lists residents
	others []string // who do too
	ones   map[string]acrossResident
	counts map[string]int
}

// An outcomeQuestion is a document, and what must come of it.
type outcomeQuestion struct {
	document string
	data     string   // the whole of it
	errors   []string // a path, a code and a source of each, or a scope
}

// Whatever keeps a source from answering, by whatever way it is asked: the others are answered, the
// answer says which is missing and why, nothing of the inside is told, and it comes in time.
func TestAcrossFailure(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second // for the others, on two cores that other tests keep busy
	for name, ill := range ailments() {
		for _, p := range catalogue.Sources() {
			t.Run(fmt.Sprint(p.Name, " ", name), func(t *testing.T) {
				t.Parallel()
				database := newAcross(t)
				limits := acrossLimits()
				ones, counts := oneOfEach(t, newAcrossGraph(t, database, limits))
				if ill.befall != nil {
					database = ownAcross(t)
				}
				inside := strings.Split(tablesOf(t, database, pgSchema(p.Name)), ", ")
				if name == "locked" {
					limits.Timeout = timeout
				}
				a := newAcrossGraph(t, database, limits)
				if ill.befall == nil {
					a = a.as(but(pgSchema(p.Name) + ":read")...)
				} else {
					ill.befall(t, database, pgSchema(p.Name))
				}
				x := ailing{ailment: ill, name: string(p.Name), ones: ones, counts: counts}
				x.isList = slices.Contains(a.listers(), x.name)
				x.others = slices.DeleteFunc(a.listers(), func(name string) bool { return name == x.name })
				var all sync.WaitGroup
				for what, q := range x.questions() {
					all.Go(func() {
						asker := a.gateway // each has searches of its own
						asker.caller = newCaller(what, a.caller.Scopes)
						began := time.Now()
						response := asker.Execute(t.Context(), graph.Request{Query: q.document})
						if took := time.Since(began); took > 10*timeout {
							t.Errorf("%s: it took %v", what, took)
						}
						q.check(t, what, response, inside)
					})
				}
				all.Wait()
				for _, one := range ones {
					if strings.Contains(a.log.String(), one.SourceID) {
						t.Errorf("the log has somebody in it: %s", a.log)
					}
				}
			})
		}
	}
}

func (q *outcomeQuestion) check(
	t *testing.T, what string, response *graph.Response, inside []string,
) {
	t.Helper()
	if string(response.Data) != q.data {
		t.Errorf("%s: got %s, want %s", what, response.Data, q.data)
	}
	var told []string
	for _, err := range response.Errors {
		says := fmt.Sprintf("%v %v", slashed(err.Path), err.Extensions["code"])
		for _, name := range []string{"source", "requiredScope"} {
			if value := err.Extensions[name]; value != nil {
				says += fmt.Sprintf(" %v", value)
			}
		}
		told = append(told, says)
	}
	slices.Sort(told)
	slices.Sort(q.errors)
	if !slices.Equal(told, q.errors) {
		t.Errorf("%s: got errors %q, want %q", what, told, q.errors)
	}
	written, err := json.Marshal(response)
	if err != nil {
		t.Error(err)
	}
	for _, word := range append(inside, "SQLSTATE", "pq:", "SELECT", "relation", "goroutine") {
		if strings.Contains(string(written), word) {
			t.Errorf("%s: it tells %s: %s", what, word, written)
		}
	}
}

// told is an error of the source, at a path.
func (x *ailing) told(path string) string {
	scope := ""
	if x.code == resident.Forbidden {
		scope = " " + strings.ToLower(x.name) + ":read"
		if !strings.HasPrefix(path, "residents") {
			return fmt.Sprintf("%s %s%s", path, x.code, scope)
		}
	}
	return fmt.Sprintf("%s %s %s%s", path, x.code, x.name, scope)
}

// missing is how a page tells of the source.
func (x *ailing) missing() string {
	return fmt.Sprintf(`"unavailable":[{"name":%q,"reason":%q}]`, x.name, x.reason)
}

// another is a source that is well, and whose resident no other source has a reference like.
func (x *ailing) another() string {
	for _, name := range slices.Backward(x.others) {
		alike := 0
		for _, one := range x.ones {
			if one.SourceID == x.ones[name].SourceID {
				alike++
			}
		}
		if alike == 1 {
			return name
		}
	}
	return ""
}

func (x *ailing) questions() map[string]outcomeQuestion {
	if !x.isList {
		return map[string]outcomeQuestion{"freshness": x.freshness()}
	}
	questions := map[string]outcomeQuestion{
		"freshness": x.freshness(), "by id": x.byKey(), "entities": x.entities(), "count": x.count(),
	}
	one, well := x.ones[x.name], x.another()
	other := x.ones[well]
	for _, order := range []string{"ID", "NAME"} {
		for _, named := range []bool{false, true} {
			q := outcomeQuestion{
				document: fmt.Sprintf(`{ residents(orderBy: %s, filter: { sourceId: %q }) {
					nodes { id } unavailable { name reason } } }`, order, other.SourceID),
				data: fmt.Sprintf(`{"residents":{"nodes":[{"id":%q}],%s}}`, other.ID, x.missing()),
			}
			if named {
				q.document = strings.Replace(q.document, "orderBy",
					"sources: ["+well+", "+x.name+"] orderBy", 1)
			}
			if named || x.reason != source.NotPermitted {
				q.errors = []string{x.told("residents")}
			}
			questions[fmt.Sprintf("list, by %s, named: %t", order, named)] = q
		}
	}
	questions["list of it alone"] = outcomeQuestion{
		document: `{ residents(sources: [` + x.name + `]) { nodes { id } } sources { __typename } }`,
		data: `{"residents":null,"sources":[` + strings.TrimSuffix(strings.Repeat(
			`{"__typename":"Source"},`, x.permitted()), ",") + `]}`,
		errors: []string{x.told("residents")},
	}
	questions["by reference"] = outcomeQuestion{
		document: fmt.Sprintf(`{ residentBySourceId(source: %s, sourceId: %q) { id } }`,
			x.name, one.SourceID),
		data: `{"residentBySourceId":null}`, errors: []string{x.told("residentBySourceId")},
	}
	return questions
}

// permitted is how many sources the caller may ask.
func (x *ailing) permitted() int {
	if x.reason == source.NotPermitted {
		return len(catalogue.Sources()) - 1
	}
	return len(catalogue.Sources())
}

func (x *ailing) freshness() outcomeQuestion {
	q := outcomeQuestion{document: `{ sources { name freshness { state } } }`}
	var all []string
	for i, p := range catalogue.Sources() {
		fresh := `{"state":"CURRENT"}`
		if string(p.Name) == x.name {
			switch x.reason {
			case source.NotPermitted:
				continue
			case source.NotLoadedYet:
				fresh = `{"state":"NOT_LOADED"}`
			default:
				fresh = "null"
				q.errors = []string{x.told(fmt.Sprintf("sources.%d.freshness", i))}
			}
		}
		all = append(all, fmt.Sprintf(`{"name":%q,"freshness":%s}`, p.Name, fresh))
	}
	q.data = `{"sources":[` + strings.Join(all, ",") + `]}`
	return q
}

// byKey asks for residents of all sources by id, in one document.
func (x *ailing) byKey() outcomeQuestion {
	var q outcomeQuestion
	var fields, answers []string
	for name, one := range x.ones {
		alias := strings.ToLower(name)
		fields = append(fields, fmt.Sprintf(`%s: resident(id: %q) { id }`, alias, one.ID))
		if name == x.name {
			answers = append(answers, fmt.Sprintf(`%q:null`, alias))
			q.errors = append(q.errors, x.told(alias))
			continue
		}
		answers = append(answers, fmt.Sprintf(`%q:{"id":%q}`, alias, one.ID))
	}
	q.document = "{ " + strings.Join(fields, " ") + " }"
	q.data = "{" + strings.Join(answers, ",") + "}"
	return q
}

// entities asks for two residents and a detail of each source, of which one error is told.
func (x *ailing) entities() outcomeQuestion {
	q := outcomeQuestion{errors: []string{x.told("_entities")}}
	var asked, answers []string
	for name, one := range x.ones {
		asked = append(asked,
			fmt.Sprintf(`{ __typename: "Resident", id: %q }`, one.ID),
			fmt.Sprintf(`{ __typename: "ContactDetail", id: %q }`, one.Detail))
		if name == x.name {
			answers = append(answers, "null", "null")
			continue
		}
		answers = append(answers, fmt.Sprintf(`{"id":%q}`, one.ID), fmt.Sprintf(`{"id":%q}`, one.Detail))
	}
	q.document = `{ _entities(representations: [` + strings.Join(asked, " ") + `]) {
		... on Resident { id } ... on ContactDetail { id } } }`
	q.data = `{"_entities":[` + strings.Join(answers, ",") + `]}`
	return q
}

// count counts those of all sources. Who may not ask one has an exact number of the others.
func (x *ailing) count() outcomeQuestion {
	sum := 0
	for _, name := range x.others {
		sum += x.counts[name]
	}
	q := outcomeQuestion{
		document: `{ residents(first: 1, orderBy: NAME) { totalCount { value isExact }
			unavailable { name reason } } }`,
		data: fmt.Sprintf(`{"residents":{"totalCount":{"value":%d,"isExact":%t},%s}}`, sum,
			x.reason == source.NotPermitted, x.missing()),
	}
	if x.reason != source.NotPermitted {
		q.errors = []string{x.told("residents")}
	}
	return q
}
