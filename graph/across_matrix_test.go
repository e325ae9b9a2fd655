package graph_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// acrossMatrix is the part of the page about what sources add, of which accessMatrix is the first.
const acrossMatrix = `
## What other sources add

Of each source, the scope that it is asked by is the same to its residents as 'mosaic:read' is to
those of the tables above; a caller has that of Academy here instead. Ada is in Mosaic, where she is
not restricted, and in Academy, which does not say of anyone that they are not. Qlik knows the
household at her address in either.

| caller | scopes |
| --- | --- |
| names | 'residents:read', 'mosaic:read', 'academy:read' |
| households | as names, and 'qlik:read' |
| contacts | as names, and 'contact-details:read' |
| + households | as contacts, and 'qlik:read' |
| + restricted | as + households, and 'restricted:read' |
| NI numbers | as names, and 'ni-numbers:read' |
| not Academy | all but 'academy:read' |
| not Qlik | all but 'qlik:read' |
| not NI | all but 'ni-numbers:read' |
| not restricted | all but 'restricted:read' |
| everything | all |

The columns: household is that of the address; claim is academy.benefitClaim; NI is
academy.niNumber.

### Ada in Mosaic

| caller | resident | details | lines | household | claim | NI |
| --- | --- | --- | --- | --- | --- | --- |
| names | told | refused | - | - | - | - |
| households | told | refused | - | - | - | - |
| contacts | told | told | told | refused | - | - |
| + households | told | told | told | told | - | - |
| + restricted | told | told | told | told | - | - |
| NI numbers | told | refused | - | - | - | - |
| not Academy | told | told | told | told | - | - |
| not Qlik | told | told | told | refused | - | - |
| not NI | told | told | told | told | - | - |
| not restricted | told | told | told | told | - | - |
| everything | told | told | told | told | - | - |

### Ada in Academy

| caller | resident | details | lines | household | claim | NI |
| --- | --- | --- | --- | --- | --- | --- |
| names | told | refused | - | - | withheld | refused |
| households | told | refused | - | - | withheld | refused |
| contacts | told | withheld | - | - | withheld | refused |
| + households | told | withheld | - | - | withheld | refused |
| + restricted | told | told | told | told | told | refused |
| NI numbers | told | refused | - | - | withheld | withheld |
| not Academy | refused | - | - | - | - | - |
| not Qlik | told | told | told | refused | told | told |
| not NI | told | told | told | told | told | refused |
| not restricted | told | withheld | - | - | withheld | withheld |
| everything | told | told | told | told | told | told |
`

// acrossCallers are the callers of those tables.
func acrossCallers() map[string][]string {
	of := func(more ...string) []string { return names(append(more, "academy:read")...) }
	return map[string][]string{
		"names":          of(),
		"households":     of("qlik:read"),
		"contacts":       of("contact-details:read"),
		"+ households":   of("contact-details:read", "qlik:read"),
		"+ restricted":   of("contact-details:read", "qlik:read", "restricted:read"),
		"NI numbers":     of("ni-numbers:read"),
		"not Academy":    but("academy:read"),
		"not Qlik":       but("qlik:read"),
		"not NI":         but("ni-numbers:read"),
		"not restricted": but("restricted:read"),
		"everything":     but(),
	}
}

const acrossSelection = `id fullName isRestricted withheld
	academy { benefitClaim { number } niNumber }
	contactDetails(types: [ADDRESS]) { address { lines household { asOf } } }`

func TestAcrossMatrix(t *testing.T) {
	t.Parallel()
	a := newFewAcross(t)
	ids := map[string]string{
		"Ada in Mosaic": "mosaic:31", "Ada in Academy": "academy:benefits-5000001X-1",
	}
	asked := 0
	for _, table := range strings.Split(acrossMatrix, "\n### ")[1:] {
		heading, rows, _ := strings.Cut(table, "\n")
		name, sourceID, _ := strings.Cut(ids[heading], ":")
		for row := range strings.Lines(rows) {
			caller, cells, isRow := strings.Cut(strings.Trim(row, "| \n"), " | ")
			scopes, known := acrossCallers()[caller]
			if !isRow || !known {
				continue
			}
			asked++
			filter := fmt.Sprintf(`(sources: [%s], filter: { sourceId: %q })`,
				strings.ToUpper(name), sourceID)
			for path, document := range map[string]string{
				"resident": fmt.Sprintf(`{ resident(id: %q) { %s } }`, ids[heading], acrossSelection),
				"residentBySourceId": fmt.Sprintf(`{ residentBySourceId(source: %s, sourceId: %q) { %s } }`,
					strings.ToUpper(name), sourceID, acrossSelection),
				"residents.nodes.0": `{ residents` + filter + ` { nodes { ` + acrossSelection + ` } } }`,
				"residents.edges.0.node": `{ residents` + filter + ` { edges { node { ` +
					acrossSelection + ` } } } }`,
				"_entities.0": entitiesOf("Resident", ids[heading], acrossSelection),
			} {
				if path == "_entities.0" {
					scopes = append(scopes, "federation:read")
				}
				response := a.as(scopes...).Execute(t.Context(), graph.Request{Query: document})
				if got := acrossCells(t, path, response); got != cells {
					t.Errorf("%s, %s, %s: got\n%s, want\n%s", heading, caller, path, got, cells)
				}
			}
		}
	}
	if want := len(ids) * len(acrossCallers()); asked != want {
		t.Errorf("got %d rows, want %d", asked, want)
	}
	if a.log.String() != "" {
		t.Errorf("what a caller may not see is no error of ours: %s", a.log)
	}
}

// acrossCells returns the row of those tables that an answer is.
func acrossCells(t *testing.T, path string, response *graph.Response) string {
	t.Helper()
	refused := make(map[string]bool)
	for _, err := range response.Errors {
		if err.Extensions["code"] != resident.Forbidden {
			t.Errorf("got %v, which is no refusal", err)
		}
		refused[slashed(err.Path)] = true
	}
	found := foundAt(t, response.Data, path)
	top, _, _ := strings.Cut(path, ".")
	if found == nil && len(refused) == 1 && refused[top] {
		return "refused" + strings.Repeat(" | -", 5)
	}
	cells := []string{cell(t, found["fullName"], nil, false, "-")}
	withheld, reason := found["withheld"], any("RESTRICTED")
	add := func(held bool, value any, at string) {
		switch {
		case !held:
			cells = append(cells, "-")
		default:
			cells = append(cells, cell(t, value, withheld, refused[path+"."+at], reason))
		}
		delete(refused, path+"."+at)
	}
	details, _ := found["contactDetails"].([]any)
	add(true, found["contactDetails"], "contactDetails")
	var address map[string]any
	if len(details) > 0 {
		address = details[0].(map[string]any)
	}
	add(len(details) > 0, under(address, "address", "lines"), "")
	add(len(details) > 0, under(address, "address", "household"), "contactDetails.0.address.household")
	withheld, reason = found["isRestricted"], true // from who may see no contact details too
	add(found["academy"] != nil, under(found, "academy", "benefitClaim"), "")
	add(found["academy"] != nil, under(found, "academy", "niNumber"), "academy.niNumber")
	for _, field := range []string{"academy"} { // null for want of a scope, where it would be null
		delete(refused, path+"."+field)
	}
	if len(refused) > 0 {
		t.Errorf("more is refused than the table says: %v", refused)
	}
	return strings.Join(cells, " | ")
}
