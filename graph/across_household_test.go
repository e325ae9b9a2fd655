package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

// A home is an address of an answer, with what is known of whoever lives there.
type home struct {
	UPRN      *string
	Household *struct {
		AsOf         string
		HasLowIncome *bool
	}
}

const homes = `contactDetails(includeEnded: true) {
	address { uprn household { asOf hasLowIncome } } }`

// households are those of an answer, each of which must be the one that the source knows at the
// property; how many there are, and how many addresses have none.
func households(t *testing.T, a across, of []*home) (told, none int) {
	t.Helper()
	for _, h := range of {
		var want *qlik.Household
		if h != nil && h.UPRN != nil {
			surveyed, err := a.set.Survey(t.Context(), qlik.Name, []string{*h.UPRN})
			if err != nil {
				t.Fatal(err)
			}
			want, _ = surveyed[0].(*qlik.Household)
		}
		switch {
		case h == nil:
		case want == nil && h.Household == nil:
			none++
		case want == nil || h.Household == nil || h.Household.AsOf != want.AsOf.String() ||
			!isSame(h.Household.HasLowIncome, want.HasLowIncome):
			t.Errorf("got %+v at %v, want %+v", h.Household, *h.UPRN, want)
		default:
			told++
		}
	}
	return told, none
}

func isSame(a, b *bool) bool { return (a == nil) == (b == nil) && (a == nil || *a == *b) }

// Each address has the household of its own property, of whichever source the resident is, by
// whatever way the address is come to; and Qlik is asked once for all of a page.
func TestAcrossHouseholds(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	for name, document := range map[string]string{
		"nodes": `{ residents(first: 100, orderBy: NAME) { nodes { id ` + homes + ` } } }`,
		"edges": `{ residents(last: 100) { edges { node { id ` + homes + ` } } } }`,
		"two ways": `{ residents(first: 100, orderBy: NAME) { nodes { id } edges { node {
			a: contactDetails(types: [PHONE]) { id }
			contactDetails(types: [ADDRESS]) { ... { address { ...h } } } } } } }
			fragment h on PostalAddress { uprn household { asOf hasLowIncome } }`,
	} {
		t.Run(name, func(t *testing.T) {
			a.statements()
			var answer struct {
				Residents struct {
					Nodes []person
					Edges []struct{ Node person }
				}
			}
			ask(t, a.gateway, document, &answer)
			if _, counts := a.statements(); counts[qlik.Name] != 1 {
				t.Errorf("got statements %v", counts)
			}
			var all []*home
			for _, n := range answer.Residents.Nodes {
				all = append(all, n.homes()...)
			}
			for _, edge := range answer.Residents.Edges {
				all = append(all, edge.Node.homes()...)
			}
			if told, none := households(t, a, all); told < 20 || none < 20 {
				t.Errorf("got %d households, and %d addresses without: they prove little", told, none)
			}
		})
	}
}

// A person is a resident with the homes that they can be reached at.
type person struct{ ContactDetails []struct{ Address *home } }

func (p *person) homes() []*home {
	var all []*home
	for _, d := range p.ContactDetails {
		all = append(all, d.Address)
	}
	return all
}

// Whatever keeps Qlik from answering, households are null, with one error for each place in the
// document that says why; all else is answered as if they had not been asked for.
func TestAcrossHouseholdsMissing(t *testing.T) {
	t.Parallel()
	for name, ill := range ailments() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database := newAcross(t)
			limits := acrossLimits()
			ones, _ := oneOfEach(t, newAcrossGraph(t, database, limits))
			if ill.befall != nil {
				database = ownAcross(t)
			}
			inside := strings.Split(tablesOf(t, database, pgSchema(qlik.Name)), ", ")
			if name == "locked" {
				limits.Timeout /= 60
			}
			a := newAcrossGraph(t, database, limits)
			if ill.befall == nil {
				a = a.as(but("qlik:read")...)
			} else {
				ill.befall(t, database, pgSchema(qlik.Name))
			}
			address := `contactDetails(types: [ADDRESS]) { value address { household { asOf } } }`
			one := ones[a.listers()[0]]
			for path, document := range map[string]string{
				"residents.nodes": `{ residents(orderBy: NAME) { nodes { id ` + address + ` }
					unavailable { name } } }`,
				"resident":  `{ resident(id: "` + one.ID + `") { id ` + address + ` } }`,
				"_entities": entitiesOf("Resident", one.ID, address),
			} {
				without := strings.ReplaceAll(document, "household { asOf }", "household: __typename")
				var want json.RawMessage
				ask(t, a.gateway, without, &want)
				response := a.Execute(t.Context(), graph.Request{Query: document})
				q := outcomeQuestion{
					data: strings.ReplaceAll(string(want), `"household":"PostalAddress"`, `"household":null`),
				}
				if len(response.Errors) != 1 || ill.reason != source.NotPermitted &&
					response.Errors[0].Extensions["source"] != qlik.Name ||
					response.Errors[0].Extensions["code"] != ill.code ||
					!strings.HasPrefix(slashed(response.Errors[0].Path), path) ||
					!strings.HasSuffix(slashed(response.Errors[0].Path), "address.household") {
					t.Errorf("%s: got %v", path, response.Errors)
				}
				response.Errors = nil
				q.check(t, path, response, inside)
			}
			_, counts := a.statements()
			if ill.reason == source.NotPermitted && counts[qlik.Name] > 0 {
				t.Errorf("Qlik was asked %d times", counts[qlik.Name])
			}
		})
	}
}

// Statements are as many as sources are asked, however many residents there are, and one more where
// households are asked for; by id they are as many as the page needs.
func TestAcrossStatements(t *testing.T) {
	t.Parallel()
	a := newAcrossGraph(t, newAcross(t), acrossLimits())
	var list struct {
		Residents struct {
			Nodes []struct {
				ID     string
				Source struct{ Name resident.SourceName }
			}
		}
	}
	const fifty = `{ residents(first: 50, orderBy: NAME) { nodes { id source { name } } } }`
	ask(t, a.gateway, fifty, &list)
	lookups, of := "", make(map[resident.SourceName]int)
	for i, n := range list.Residents.Nodes {
		lookups += fmt.Sprintf(`a%d: resident(id: %q) { uprn contactDetails { value } } `, i, n.ID)
		of[n.Source.Name] = 1
	}
	first, each := make(map[resident.SourceName]int), make(map[resident.SourceName]int)
	for i, name := range a.set.Listers() {
		each[name] = 1
		if i == 0 {
			first[name] = 1
		}
	}
	if !maps.Equal(of, each) {
		t.Fatalf("the fifty are of %v", of)
	}
	with := func(some map[resident.SourceName]int, name resident.SourceName) (
		more map[resident.SourceName]int,
	) {
		more = maps.Clone(some)
		more[name]++
		return more
	}
	twice := maps.Clone(each)
	for name := range twice {
		twice[name]++
	}
	last := resident.SourceName(a.listers()[len(a.listers())-1])
	tests := map[string]struct {
		query string
		want  map[resident.SourceName]int
	}{
		"by name": {`{ residents(orderBy: NAME) { nodes { fullName contactDetails { value } } } }`, each},
		"by name, a hundred": {
			`{ residents(first: 100, orderBy: NAME) { nodes { fullName uprn } } }`, each,
		},
		"by name, with households": {
			`{ residents(orderBy: NAME) { nodes { ` + homes + ` } } }`, with(each, qlik.Name),
		},
		"by id": {`{ residents { nodes { fullName contactDetails { value } } } }`, first},
		"by id, from the end": {
			`{ residents(last: 20) { nodes { fullName } } }`, map[resident.SourceName]int{last: 1},
		},
		"by id, with households": {
			`{ residents { nodes { ` + homes + ` } } }`, with(first, qlik.Name),
		},
		"by id, filtered": {
			`{ residents(filter: { lastName: "a" }) { nodes { fullName } } }`, each,
		},
		"with a count": {`{ residents(orderBy: NAME) { nodes { id } totalCount { value } } }`, twice},
		"fifty by id":  {`{ ` + lookups + ` }`, each},
		"fifty by id, with households": {
			`{ ` + strings.ReplaceAll(lookups, "contactDetails { value }", homes) + ` }`,
			with(each, qlik.Name),
		},
		"everything, with the freshness of each": {
			`{ residents(orderBy: NAME) { nodes { ` + everyFieldAcross("Resident") + ` } } }`,
			with(twice, qlik.Name),
		},
		"nothing of anyone": {`{ sources { name title } }`, map[resident.SourceName]int{}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a.statements()
			var answer json.RawMessage
			ask(t, a.gateway, tt.query, &answer)
			if texts, counts := a.statements(); !maps.Equal(counts, tt.want) {
				t.Errorf("got %v, want %v:\n%s", counts, tt.want, strings.Join(texts, "\n"))
			}
		})
	}
}
