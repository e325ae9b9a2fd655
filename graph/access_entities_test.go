package graph_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/answer"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/mosaic"
)

const router = "federation:read"

// What is told of a resident to a router is what the matrix says of its scopes, and federation:read
// gives leave to nothing besides.
func TestEntitiesByTheMatrix(t *testing.T) {
	t.Parallel()
	database := newResidents(t)
	asked := 0
	for table := range strings.SplitSeq(accessMatrix, "\n## ") {
		heading, rows, _ := strings.Cut(table, "\n")
		sourceID := matrixKinds()[heading]
		for row := range strings.Lines(rows) {
			caller, cells, _ := strings.Cut(strings.Trim(row, "| \n"), " | ")
			scopes, isCaller := matrixCallers()[caller]
			if sourceID == "" || !isCaller {
				continue
			}
			asked++
			t.Run(heading+"/"+caller, func(t *testing.T) {
				t.Parallel()
				full, reported := newGraph(t, database)
				g := full.as(append(slices.Clone(scopes), router)...)
				response := g.Execute(t.Context(), entities(
					`... on Resident { `+matrixSelection+` }`, representation("mosaic:"+sourceID)))
				if got := cellsOf(t, "_entities.0", response); got != cells {
					t.Errorf("got\n%s, want\n%s", got, cells)
				}
				wanted := strings.Join(strings.Split(cells, " | ")[4:7], " | ")
				if got := detailCells(t, g, sourceID); got != wanted {
					t.Errorf("by contact details: got\n%s, want\n%s", got, wanted)
				}
				if reported.String() != "" {
					t.Errorf("what a caller may not see is no error of ours: %s", reported)
				}
			})
		}
	}
	if want := len(matrixKinds()) * len(matrixCallers()); asked != want {
		t.Errorf("got %d rows, want %d", asked, want)
	}
}

// detailCells returns what is told of the contact details of a resident, asked for by themselves,
// in the words of the matrix. Those that are not answered have one error at most.
func detailCells(t *testing.T, g gateway, sourceID string) string {
	t.Helper()
	of := "mosaic:" + sourceID
	response := g.Execute(t.Context(), entities(
		`... on ContactDetail { value withheld address { lines } phone { asGiven } }`,
		representations(of+":fax:1", of+":address:50"+sourceID[1:],
			of+":phone:70"+sourceID[1:], of+":phone:71"+sourceID[1:])...))
	var found struct {
		Entities []map[string]any `json:"_entities"`
	}
	if err := json.Unmarshal(response.Data, &found); err != nil {
		t.Fatal(err)
	}
	cells := []string{"-", "-", "-"}
	for i := range cells {
		if len(found.Entities) == 0 || found.Entities[i+1] == nil {
			continue
		}
		d := found.Entities[i+1]
		parts := d["phone"]
		if i == 0 {
			parts = d["address"]
		}
		if (parts == nil) != (d["value"] == nil) {
			t.Errorf("got %v", d)
		}
		cells[i] = cell(t, parts, d["withheld"], false, "EX_DIRECTORY")
	}
	told := strings.Contains(string(response.Data), "value")
	if len(response.Errors) > 1 || len(response.Errors) == 1 &&
		(told || response.Errors[0].Extensions["code"] != resident.Forbidden) {
		t.Errorf("got %s with %v", response.Data, response.Errors)
	}
	return strings.Join(cells, " | ")
}

// Each scope that is lacking is told once, of however many; nothing is read that is not told.
func TestEntitiesForbidden(t *testing.T) {
	t.Parallel()
	const (
		withheld = `... on Resident { uprn contactDetails { value } }`
		contacts = "contact-details:read"
	)
	tests := map[string]struct {
		without []string
		ids     []string
		want    string
		lacking []string // the scopes that errors name
		read    int
	}{
		"federation": {[]string{router}, []string{"mosaic:31"}, `null`, []string{router}, 0},
		"residents": {
			[]string{"residents:read"}, []string{"mosaic:31", phoneOf}, `null`,
			[]string{"residents:read"}, 0,
		},
		"the source": {
			[]string{"mosaic:read"}, []string{"mosaic:31", phoneOf, "mosaic:32"}, `[null,null,null]`,
			[]string{"mosaic:read"}, 0,
		},
		"contacts": {
			[]string{contacts}, []string{phoneOf, "mosaic:31:phone:x", addressOf}, `[null,null,null]`,
			[]string{contacts}, 0,
		},
		"contacts, beside a resident": {
			[]string{contacts}, []string{phoneOf, "mosaic:31"},
			`[null,{"__typename":"Resident","uprn":null,"contactDetails":null}]`,
			[]string{contacts, contacts, contacts}, 1,
		},
		"contacts, and the source": {
			[]string{contacts, "mosaic:read"}, []string{phoneOf, "mosaic:31"}, `[null,null]`,
			[]string{"mosaic:read"}, 0,
		},
		"leave for the restricted": {
			[]string{"restricted:read"}, []string{"mosaic:33", "mosaic:33:phone:703"},
			`[{"__typename":"Resident","uprn":null,"contactDetails":null},null]`, nil, 2,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, counter := postgres.Counting(t, postgres.DSNOf(t, newResidents(t)))
			full, _ := newGraph(t, database)
			response := full.as(but(tt.without...)...).Execute(t.Context(),
				entities(withheld, representations(tt.ids...)...))
			if want := `{"_entities":` + tt.want + `}`; string(response.Data) != want {
				t.Errorf("got %s, want %s", response.Data, want)
			}
			var lacking []string
			for _, err := range response.Errors {
				scope, _ := err.Extensions["requiredScope"].(access.Scope)
				if lacking = append(lacking, string(scope)); err.Extensions["code"] != resident.Forbidden {
					t.Errorf("got %v", err)
				}
			}
			if !slices.Equal(lacking, tt.lacking) {
				t.Errorf("got errors that name %v, want %v", lacking, tt.lacking)
			}
			if got := counter.Statements(); len(got) != tt.read {
				t.Errorf("got %d statements, want %d: %v", len(got), tt.read, got)
			}
		})
	}
}

// Why a resident is null is told, even where something else of the source was refused before: null
// alone would say that there is no such resident.
func TestEntitiesOfASourceThatIsNotLoaded(t *testing.T) {
	t.Parallel()
	full, _ := newGraph(t, postgres.New(t))
	response := full.as(but("contact-details:read")...).Execute(t.Context(), entities(anyID,
		representations(phoneOf, "mosaic:31", "mosaic:32")...))
	if string(response.Data) != `{"_entities":[null,null,null]}` || len(response.Errors) != 2 ||
		response.Errors[0].Extensions["code"] != resident.Forbidden ||
		response.Errors[1].Extensions["code"] != resident.Unavailable ||
		response.Errors[1].Extensions["source"] != mosaic.Name {
		t.Errorf("got %s with %v", response.Data, response.Errors)
	}
	response = full.Execute(t.Context(), entities(anyID, representations(phoneOf, "mosaic:31")...))
	if string(response.Data) != `{"_entities":[null,null]}` || len(response.Errors) != 1 {
		t.Errorf("it is told once: got %s with %v", response.Data, response.Errors)
	}
}

// The schema is told to routers alone, as it is with the sources in use.
func TestService(t *testing.T) {
	t.Parallel()
	full, _ := newGraph(t, newResidents(t))
	request := graph.Request{Query: `{ _service { sdl } }`}
	response := full.as(but(router)...).Execute(t.Context(), request)
	if string(response.Data) != `{"_service":null}` || len(response.Errors) != 1 ||
		response.Errors[0].Extensions["requiredScope"] != access.Scope(router) {
		t.Errorf("without the scope: got %s with %v", response.Data, response.Errors)
	}
	var told struct {
		Service struct{ SDL string } `json:"_service"`
	}
	ask(t, full.as(router), request.Query, &told)
	if told.Service.SDL != graph.SubgraphSDL(mosaic.Name) {
		t.Errorf("got %s", told.Service.SDL)
	}
	if got := full.records.take(); len(got) != 0 {
		t.Errorf("nobody was seen, and yet there is a record: %+v", got)
	}
}

// Nobody is answered as an entity of whom there is no note, nor in a form that cannot be looked at.
func TestNoEntityIsAnsweredUnnoted(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newResidents(t))
	one := &resident.Resident{Source: "MOSAIC", SourceID: "31"}
	for name, value := range map[string]any{
		"a resident":       []answer.Entity{nil, one},
		"a contact detail": []answer.Entity{nil, &resident.ContactDetail{ID: phoneOf}},
		"an odd form":      []any{one},
	} {
		_, err := g.Guarded(t.Context(), g.caller, "Query", "_entities", nil, value)
		if err == nil || resident.CodeOf(err) != resident.Internal {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := g.Guarded(t.Context(), g.caller, "Query", "_entities", nil,
		[]answer.Entity{nil, nil}); err != nil {
		t.Errorf("of nobody there is nothing to note: got %v", err)
	}
}

// Who is seen by a router is in the record like anyone, each once for what was shown alike.
func TestRecordOfEntities(t *testing.T) {
	t.Parallel()
	const (
		names   = `... on Resident { fullName }`
		reached = `... on Resident { id uprn contactDetails { value } }`
		values  = `... on ContactDetail { value }`
		located = "ContactDetail.value Resident.contactDetails Resident.id Resident.uprn"
		of31    = "mosaic:31"
	)
	tests := map[string]struct {
		without   string
		selection string
		ids       []string
		want      []access.Seen
	}{
		"a resident": {"", names, []string{of31}, seenBy(of31, "Resident.fullName", "")},
		"a resident twice, and nobody": {
			"", names, []string{of31, "mosaic:7", of31, "mosaic:32"},
			seenBy("mosaic:31 mosaic:32", "Resident.fullName", ""),
		},
		"no more than that they are there": {"", values, []string{of31}, seenBy(of31, "", "")},
		"what is refused": {
			"contact-details:read", reached, []string{of31},
			seenBy(of31, "Resident.id", "Resident.contactDetails Resident.uprn"),
		},
		"the restricted": {
			"restricted:read", reached, []string{"mosaic:33"},
			restricted(seenBy("mosaic:33", "Resident.id", "Resident.contactDetails Resident.uprn")),
		},
		"the restricted, with leave": {
			"ex-directory:read", reached, []string{"mosaic:33"},
			restricted(seenBy("mosaic:33", located, exDirectory)),
		},
		"nobody": {"", names, []string{"mosaic:7"}, nil},
		"a contact detail": {
			"", `... on ContactDetail { phone { asGiven } type }`, []string{phoneOf},
			seenBy(of31, "ContactDetail.phone ContactDetail.type PhoneNumber.asGiven", ""),
		},
		"contact details of one resident": {
			"", values, []string{phoneOf, addressOf, phoneOf}, seenBy(of31, "ContactDetail.value", ""),
		},
		"a contact detail of who has a number that is ex-directory": {
			"", values, []string{"mosaic:32:address:502"}, seenBy("mosaic:32", "ContactDetail.value", ""),
		},
		"a number that is ex-directory": {
			"", values, []string{"mosaic:32:phone:712"},
			seenBy("mosaic:32", "ContactDetail.value "+exDirectory, ""),
		},
		"a number that is ex-directory, without leave": {
			"ex-directory:read", values, []string{"mosaic:32:phone:712"},
			seenBy("mosaic:32", "ContactDetail.value", exDirectory),
		},
		"a contact detail of the restricted": {
			"", values, []string{"mosaic:33:address:503"},
			restricted(seenBy("mosaic:33", "ContactDetail.value", "")),
		},
		"one that is withheld":    {"restricted:read", values, []string{"mosaic:33:address:503"}, nil},
		"one that is refused":     {"contact-details:read", values, []string{phoneOf}, nil},
		"one that there is not":   {"", values, []string{"mosaic:31:phone:7"}, nil},
		"without leave to ask it": {router, names, []string{of31}, nil},
		"both types": {
			"", names + values, []string{"mosaic:32:address:502", of31},
			slices.Concat(seenBy(of31, "Resident.fullName", ""),
				seenBy("mosaic:32", "ContactDetail.value", "")),
		},
	}
	database := newResidents(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full, _ := newGraph(t, database)
			response := full.as(but(tt.without)...).Execute(t.Context(),
				entities(tt.selection, representations(tt.ids...)...))
			if response.Data == nil {
				t.Fatalf("got no data: %v", response.Errors)
			}
			var got []access.Seen
			for _, record := range full.records.take() {
				got = append(got, record.Seen...)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%+v, want\n%+v", got, tt.want)
			}
		})
	}
}

// What of entities cannot be recorded is not told.
func TestEntitiesUnrecorded(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newResidents(t))
	g.records.err = errors.New("the disk is full")
	for name, id := range map[string]string{"a resident": "mosaic:31", "a detail": phoneOf} {
		response := g.Execute(t.Context(), entities("", representation(id)))
		if response.Data != nil || len(response.Errors) != 1 ||
			response.Errors[0].Extensions["code"] != resident.Unavailable {
			t.Errorf("%s: got %s and %v", name, response.Data, response.Errors)
		}
	}
}

// seenBy is that residents were shown alike.
func seenBy(ids, shown, withheld string) []access.Seen {
	list := func(text string) []string {
		fields := strings.Fields(text)
		slices.Sort(fields)
		if len(fields) == 0 {
			return nil
		}
		return fields
	}
	return []access.Seen{{Residents: list(ids), Shown: list(shown), Withheld: list(withheld)}}
}

func restricted(seen []access.Seen) []access.Seen {
	seen[0].Restricted = true
	return seen
}
