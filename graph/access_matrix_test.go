package graph_test

import (
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// The page of the reference is this text, with ` for each apostrophe: it is written by hand, and
// the test holds the gateway to each cell of it.
const accessMatrix = `# The access matrix

What a caller is told of a resident depends on the scopes of the caller and on the resident. The
tables hold by whatever way an operation comes to the resident: by id, by reference, in a list, by
edges, under an alias, in a fragment. 'graph/access_matrix_test.go' asks for each cell in each way.

These callers stand for all:

| caller | scopes |
| --- | --- |
| nobody | none |
| only Mosaic | 'mosaic:read' |
| only residents | 'residents:read' |
| names | 'mosaic:read', 'residents:read' |
| NHS numbers | as names, and 'nhs-numbers:read' |
| contacts | as names, and 'contact-details:read' |
| + restricted | as contacts, and 'restricted:read' |
| + ex-directory | as contacts, and 'ex-directory:read' |
| + both | as contacts, with 'restricted:read' and 'ex-directory:read' |
| leave alone | as names, with 'restricted:read' and 'ex-directory:read' |
| not Mosaic | all but 'mosaic:read' |
| not residents | all but 'residents:read' |
| not contacts | all but 'contact-details:read' |
| not NHS | all but 'nhs-numbers:read' |
| everything | all |

The words in the cells:

- told: it is in the answer.
- refused: it is null, with one error 'FORBIDDEN' that names the scope.
- withheld: it is null without an error, for the resident is restricted or the number is
  ex-directory. 'withheld' of the resident says 'RESTRICTED', that of the number 'EX_DIRECTORY'.
  Where 'contactDetails' is refused, that of the resident says 'NOT_PERMITTED'.
- -: there is nothing to ask of, for what holds it is null; or the resident has none.

The columns: resident is the resident, with fullName and dateOfBirth; NHS is nhsNumber; details are
contactDetails; lines, phone and ex-dir are those of an address, an ordinary number and one that is
ex-directory; mosaic is mosaic.legacyId.

## An ordinary resident

Whoever may see contact details sees all of theirs.

| caller | resident | NHS | uprn | details | lines | phone | ex-dir | mosaic |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| nobody | refused | - | - | - | - | - | - | - |
| only Mosaic | refused | - | - | - | - | - | - | - |
| only residents | refused | - | - | - | - | - | - | - |
| names | told | refused | refused | refused | - | - | - | told |
| NHS numbers | told | told | refused | refused | - | - | - | told |
| contacts | told | refused | told | told | told | told | - | told |
| + restricted | told | refused | told | told | told | told | - | told |
| + ex-directory | told | refused | told | told | told | told | - | told |
| + both | told | refused | told | told | told | told | - | told |
| leave alone | told | refused | refused | refused | - | - | - | told |
| not Mosaic | refused | - | - | - | - | - | - | - |
| not residents | refused | - | - | - | - | - | - | - |
| not contacts | told | told | refused | refused | - | - | - | told |
| not NHS | told | refused | told | told | told | told | - | told |
| everything | told | told | told | told | told | told | - | told |

## A resident with an ex-directory number

That there is such a number is told, and the number to those with leave.

| caller | resident | NHS | uprn | details | lines | phone | ex-dir | mosaic |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| nobody | refused | - | - | - | - | - | - | - |
| only Mosaic | refused | - | - | - | - | - | - | - |
| only residents | refused | - | - | - | - | - | - | - |
| names | told | refused | refused | refused | - | - | - | told |
| NHS numbers | told | told | refused | refused | - | - | - | told |
| contacts | told | refused | told | told | told | told | withheld | told |
| + restricted | told | refused | told | told | told | told | withheld | told |
| + ex-directory | told | refused | told | told | told | told | told | told |
| + both | told | refused | told | told | told | told | told | told |
| leave alone | told | refused | refused | refused | - | - | - | told |
| not Mosaic | refused | - | - | - | - | - | - | - |
| not residents | refused | - | - | - | - | - | - | - |
| not contacts | told | told | refused | refused | - | - | - | told |
| not NHS | told | refused | told | told | told | told | told | told |
| everything | told | told | told | told | told | told | told | told |

## A restricted resident

Without leave nothing is told of where they are, and not even how much is known of it.

| caller | resident | NHS | uprn | details | lines | phone | ex-dir | mosaic |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| nobody | refused | - | - | - | - | - | - | - |
| only Mosaic | refused | - | - | - | - | - | - | - |
| only residents | refused | - | - | - | - | - | - | - |
| names | told | refused | refused | refused | - | - | - | withheld |
| NHS numbers | told | withheld | refused | refused | - | - | - | withheld |
| contacts | told | refused | withheld | withheld | - | - | - | withheld |
| + restricted | told | refused | told | told | told | told | withheld | told |
| + ex-directory | told | refused | withheld | withheld | - | - | - | withheld |
| + both | told | refused | told | told | told | told | told | told |
| leave alone | told | refused | refused | refused | - | - | - | told |
| not Mosaic | refused | - | - | - | - | - | - | - |
| not residents | refused | - | - | - | - | - | - | - |
| not contacts | told | told | refused | refused | - | - | - | told |
| not NHS | told | refused | told | told | told | told | told | told |
| everything | told | told | told | told | told | told | told | told |

## A resident of whom the source does not say whether they are restricted

They are taken for restricted.

| caller | resident | NHS | uprn | details | lines | phone | ex-dir | mosaic |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| nobody | refused | - | - | - | - | - | - | - |
| only Mosaic | refused | - | - | - | - | - | - | - |
| only residents | refused | - | - | - | - | - | - | - |
| names | told | refused | refused | refused | - | - | - | withheld |
| NHS numbers | told | withheld | refused | refused | - | - | - | withheld |
| contacts | told | refused | withheld | withheld | - | - | - | withheld |
| + restricted | told | refused | told | told | told | told | withheld | told |
| + ex-directory | told | refused | withheld | withheld | - | - | - | withheld |
| + both | told | refused | told | told | told | told | told | told |
| leave alone | told | refused | refused | refused | - | - | - | told |
| not Mosaic | refused | - | - | - | - | - | - | - |
| not residents | refused | - | - | - | - | - | - | - |
| not contacts | told | told | refused | refused | - | - | - | told |
| not NHS | told | refused | told | told | told | told | told | told |
| everything | told | told | told | told | told | told | told | told |
`

// matrixCallers are the callers of the tables, by their names there.
func matrixCallers() map[string][]string {
	return map[string][]string{
		"nobody":         nil,
		"only Mosaic":    {"mosaic:read"},
		"only residents": {"residents:read"},
		"names":          names(),
		"NHS numbers":    names("nhs-numbers:read"),
		"contacts":       names("contact-details:read"),
		"+ restricted":   names("contact-details:read", "restricted:read"),
		"+ ex-directory": names("contact-details:read", "ex-directory:read"),
		"+ both":         names("contact-details:read", "restricted:read", "ex-directory:read"),
		"leave alone":    names("restricted:read", "ex-directory:read"),
		"not Mosaic":     but("mosaic:read"),
		"not residents":  but("residents:read"),
		"not contacts":   but("contact-details:read"),
		"not NHS":        but("nhs-numbers:read"),
		"everything":     but(),
	}
}

// matrixKinds are the residents of testdata/access_residents.sql, by the headings of the tables.
func matrixKinds() map[string]string {
	return map[string]string{
		"An ordinary resident":                   "31",
		"A resident with an ex-directory number": "32",
		"A restricted resident":                  "33",
		"A resident of whom the source does not say whether they are restricted": "34",
	}
}

// matrixSelection asks for what the columns are about.
const matrixSelection = `id fullName dateOfBirth nhsNumber uprn isRestricted withheld
	mosaic { legacyId }
	contactDetails { type value label withheld address { lines } phone { asGiven } }`

func TestAccessMatrix(t *testing.T) {
	t.Parallel()
	database := newResidents(t)
	asked := 0
	tables := strings.Split(accessMatrix, "\n## ")[1:]
	for _, table := range tables {
		heading, rows, _ := strings.Cut(table, "\n")
		sourceID, known := matrixKinds()[heading]
		if !known {
			t.Fatalf("there is no such kind of resident: %s", heading)
		}
		for row := range strings.Lines(rows) {
			caller, cells, _ := strings.Cut(strings.Trim(row, "| \n"), " | ")
			scopes, isCaller := matrixCallers()[caller]
			if !isCaller {
				continue
			}
			asked++
			for way, d := range doors(sourceID, matrixSelection) {
				t.Run(heading+"/"+caller+"/"+way, func(t *testing.T) {
					t.Parallel()
					g, reported := newGraph(t, database)
					response := g.as(scopes...).Execute(t.Context(), graph.Request{Query: d.document})
					if got := cellsOf(t, d.path, response); got != cells {
						t.Errorf("got\n%s, want\n%s", got, cells)
					}
					if reported.String() != "" {
						t.Errorf("what a caller may not see is no error of ours: %s", reported)
					}
				})
			}
		}
	}
	if want := len(matrixKinds()) * len(matrixCallers()); asked != want {
		t.Errorf("got %d rows, want %d", asked, want)
	}
}

// The page of the reference is what the test holds the gateway to.
func TestAccessMatrixPage(t *testing.T) {
	t.Parallel()
	compare(t, "../docs/reference/access-matrix.md",
		strings.ReplaceAll(accessMatrix+acrossMatrix, "'", "`"))
}

// cellsOf returns the row of the table that an answer is.
func cellsOf(t *testing.T, path string, response *graph.Response) string {
	t.Helper()
	refused := make(map[string]bool)
	for _, err := range response.Errors {
		at := strings.ReplaceAll(slashed(err.Path), "x_", "")
		if refused[at] {
			t.Errorf("%s is refused twice", at)
		}
		refused[at] = true
		if err.Extensions["code"] != resident.Forbidden || err.Extensions["requiredScope"] == nil {
			t.Errorf("got %v, which is no refusal", err)
		}
	}
	found := foundAt(t, response.Data, path)
	if found == nil {
		// Of a list that is refused there is nothing, not even how long it is.
		top, _, _ := strings.Cut(path, ".")
		if !refused[top] || len(refused) != 1 || foundAt(t, response.Data, top) != nil {
			t.Errorf("got no resident, and not one refusal of %s: %v", top, response.Errors)
		}
		return "refused" + strings.Repeat(" | -", 7)
	}
	cells := []string{"-"}
	if found["fullName"] != nil && found["dateOfBirth"] != nil {
		cells[0] = "told"
	}
	top := make(map[string]string)
	for _, field := range []string{"nhsNumber", "uprn", "contactDetails"} {
		at := path + "." + field
		top[field] = cell(t, found[field], found["withheld"], refused[at], "RESTRICTED")
		if field == "nhsNumber" { // withheld too from who may see no contact details
			top[field] = cell(t, found[field], found["isRestricted"], refused[at], true)
		}
		delete(refused, at)
		cells = append(cells, top[field])
	}
	reason := map[string]any{
		"told": nil, "withheld": "RESTRICTED", "refused": "NOT_PERMITTED",
	}[top["contactDetails"]]
	if found["withheld"] != reason {
		t.Errorf("withheld: got %v, want %v", found["withheld"], reason)
	}
	address, ordinary, exDirectory := "-", "-", "-"
	details, _ := found["contactDetails"].([]any)
	for _, detail := range details {
		d := detail.(map[string]any)
		label, _ := d["label"].(string)
		switch {
		case d["type"] == "ADDRESS":
			address = cell(t, under(d, "address", "lines"), d["withheld"], false, "")
		case strings.HasPrefix(label, "Ex-directory"):
			exDirectory = cell(t, under(d, "phone", "asGiven"), d["withheld"], false, "EX_DIRECTORY")
		case d["type"] == "PHONE":
			ordinary = cell(t, under(d, "phone", "asGiven"), d["withheld"], false, "")
		}
		if (d["value"] == nil) != (d["withheld"] != nil) {
			t.Errorf("got value %v, withheld %v", d["value"], d["withheld"])
		}
	}
	if len(refused) > 0 {
		t.Errorf("more is refused than the table says: %v", refused)
	}
	cells = append(cells, address, ordinary, exDirectory,
		cell(t, under(found, "mosaic", "legacyId"), found["isRestricted"], false, true))
	return strings.Join(cells, " | ")
}

// cell is the word for a value.
func cell(t *testing.T, value, withheld any, refused bool, reason any) string {
	t.Helper()
	switch {
	case refused && value != nil:
		t.Error("it is refused and told")
		return "?"
	case refused:
		return "refused"
	case value != nil:
		return "told"
	case withheld == reason:
		return "withheld"
	}
	return "nothing"
}
