package graph_test

import (
	"crypto/sha256"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// exDirectory is what the record calls a number that is not to be disclosed.
const exDirectory = "ContactDetail.value:EX_DIRECTORY"

// Everybody who is answered is in the record, with what was shown of them and what was not.
func TestRecord(t *testing.T) {
	t.Parallel()
	seen := func(restricted bool, ids, shown, withheld string) access.Seen {
		list := func(text string) []string {
			fields := strings.Fields(text)
			slices.Sort(fields)
			return fields
		}
		return access.Seen{
			Residents: list(ids), Restricted: restricted, Shown: list(shown), Withheld: list(withheld),
		}
	}
	searched := func(s access.Seen, by ...string) access.Seen {
		s.Searched = by
		return s
	}
	const (
		free, known  = "mosaic:31 mosaic:32", "mosaic:33 mosaic:34"
		of31, of32   = "mosaic:31", "mosaic:32"
		of33, numbs  = "mosaic:33", "Resident.contactDetails ContactDetail.value"
		first4       = "(first: 4)"
		contacts     = "contact-details:read"
		leave, unask = "restricted:read", "ex-directory:read"
	)
	tests := map[string]struct {
		scopes []string
		query  string
		want   []access.Seen
	}{
		"a lookup": {
			but(), `{ resident(id: "mosaic:31") { id fullName } }`,
			[]access.Seen{seen(false, of31, "Resident.id Resident.fullName", "")},
		},
		"by reference": {
			but(), `{ residentBySourceId(source: MOSAIC, sourceId: "33") { dateOfBirth } }`,
			[]access.Seen{seen(true, of33, "Resident.dateOfBirth", "")},
		},
		"nobody there": {but(), `{ resident(id: "mosaic:7") { id } }`, nil},
		"nobody there, whatever else": {
			but(), `{ resident(id: "mosaic:7") { id } sources { name } __typename }`, nil,
		},
		"nobody on the page": {
			but(), `{ residents(filter: { lastName: "zzz" }) { nodes { id } totalCount { value } } }`,
			[]access.Seen{searched(seen(false, "", "", ""), "lastName")},
		},
		"nodes and edges, with different selections": {
			but(), `{ residents` + first4 + ` { nodes { id } edges { cursor node { nhsNumber } } } }`,
			[]access.Seen{
				seen(false, free, "Resident.id Resident.nhsNumber", ""),
				seen(true, known, "Resident.id Resident.nhsNumber", ""),
			},
		},
		"edges alone": {
			but(), `{ residents(first: 1) { edges { node { title } } } }`,
			[]access.Seen{seen(false, of31, "Resident.title", "")},
		},
		"two names for one page": {
			but(), `{ residents(first: 1) { a: nodes { title } b: nodes { gender } } }`,
			[]access.Seen{seen(false, of31, "Resident.title Resident.gender", "")},
		},
		"two pages": {
			but(), `{ a: residents(first: 1) { nodes { title } } b: residents(last: 1) { nodes { id } } }`,
			[]access.Seen{
				seen(false, of31, "Resident.title", ""), seen(true, "mosaic:34", "Resident.id", ""),
			},
		},
		"one resident under many names": {
			but(), `{ a: resident(id: "mosaic:31") { id } b: resident(id: "mosaic:31") { nhsNumber }
				c: residentBySourceId(source: MOSAIC, sourceId: "31") { uprn } }`,
			[]access.Seen{
				seen(false, of31, "Resident.id", ""), seen(false, of31, "Resident.nhsNumber", ""),
				seen(false, of31, "Resident.uprn", ""),
			},
		},
		"fragments": {
			but(), `{ ...q } fragment q on Query { resident(id: "mosaic:31") { ...r ... { gender } } }
				fragment r on Resident { ... on Resident { fullName x: nhsNumber } }`,
			[]access.Seen{seen(false, of31, "Resident.fullName Resident.gender Resident.nhsNumber", "")},
		},
		"skipped and included": {
			but(), `{ resident(id: "mosaic:31") { id @skip(if: false) title @include(if: false)
				uprn @skip(if: true) ... @include(if: false) { nhsNumber }
				... @include(if: true) { gender } } }`,
			[]access.Seen{seen(false, of31, "Resident.id Resident.gender", "")},
		},
		"a resident who is skipped": {
			but(), `{ resident(id: "mosaic:31") @skip(if: true) { id } }`, nil,
		},
		"nothing but where the page stands": {
			but(), `{ residents(first: 1) { pageInfo { endCursor } } }`,
			[]access.Seen{seen(false, of31, "", "")},
		},
		"nothing but how many": {
			but(), `{ residents(filter: { nhsNumber: "9990000033" }) { totalCount { value } } }`,
			[]access.Seen{searched(seen(true, of33, "", ""), "nhsNumber")},
		},
		"nothing but cursors": {
			but(), `{ residents(first: 1) { edges { cursor } } }`,
			[]access.Seen{seen(false, of31, "", "")},
		},
		"nothing but the name of the type": {
			but(), `{ residents(first: 1) { __typename nodes { __typename } } }`,
			[]access.Seen{seen(false, of31, "", "")},
		},
		"the restricted, with leave": {
			but(), `{ residents` + first4 + ` { nodes { id uprn } } }`,
			[]access.Seen{
				seen(false, free, "Resident.id Resident.uprn", ""),
				seen(true, known, "Resident.id Resident.uprn", ""),
			},
		},
		"the restricted, without leave": {
			but(leave), `{ residents` + first4 + ` { nodes {
				id uprn contactDetails(types: [ADDRESS]) { label address { postcode } } } } }`,
			[]access.Seen{
				seen(false, free, `Resident.id Resident.uprn Resident.contactDetails ContactDetail.label
					ContactDetail.address PostalAddress.postcode`, ""),
				seen(true, known, "Resident.id", "Resident.uprn Resident.contactDetails"),
			},
		},
		"ex-directory, with leave": {
			but(), `{ residents(first: 2) { nodes { contactDetails { value } } } }`,
			[]access.Seen{seen(false, of31, numbs, ""), seen(false, of32, numbs+" "+exDirectory, "")},
		},
		"ex-directory, without leave": {
			but(unask), `{ residents(first: 2) { nodes { contactDetails { value } } } }`,
			[]access.Seen{seen(false, of31, numbs, ""), seen(false, of32, numbs, exDirectory)},
		},
		"ex-directory, by the parts": {
			but(), `{ resident(id: "mosaic:32") { contactDetails { phone { e164 } } } }`,
			[]access.Seen{seen(false, of32,
				"Resident.contactDetails ContactDetail.phone PhoneNumber.e164 "+exDirectory, "")},
		},
		"ex-directory, of a restricted resident": {
			but(unask), `{ resident(id: "mosaic:33") { contactDetails { value } } }`,
			[]access.Seen{seen(true, of33, numbs, exDirectory)},
		},
		"ex-directory, of a restricted resident, without leave for either": {
			but(leave, unask), `{ resident(id: "mosaic:33") { contactDetails { value } } }`,
			[]access.Seen{seen(true, of33, "", "Resident.contactDetails")},
		},
		"ex-directory, and no number asked for": {
			but(), `{ resident(id: "mosaic:32") { contactDetails { id isExDirectory } } }`,
			[]access.Seen{seen(false, of32,
				"Resident.contactDetails ContactDetail.id ContactDetail.isExDirectory", "")},
		},
		"ex-directory, and nothing but addresses asked for": {
			but(), `{ resident(id: "mosaic:32") { contactDetails(types: [ADDRESS]) { value } } }`,
			[]access.Seen{seen(false, of32, numbs, "")},
		},
		"refused": {
			names(), `{ residents(first: 1) { nodes { id nhsNumber uprn contactDetails { value } } } }`,
			[]access.Seen{seen(false, of31, "Resident.id",
				"Resident.nhsNumber Resident.uprn Resident.contactDetails")},
		},
		"refused, of a restricted resident": {
			names(), `{ resident(id: "mosaic:33") { id uprn } }`,
			[]access.Seen{seen(true, of33, "Resident.id", "Resident.uprn")},
		},
		"what a source adds": {
			names(), `{ resident(id: "mosaic:31") { mosaic { legacyId } source { name } } }`,
			[]access.Seen{seen(false, of31, "Resident.mosaic MosaicRecord.legacyId Resident.source", "")},
		},
		"no leave for residents": {
			but("residents:read"), `{ residents { pageInfo { endCursor } } }`, nil,
		},
		"no leave for the filter": {
			but(contacts), `{ residents(filter: { uprn: "1" }) { nodes { id } } }`, nil,
		},
		"nothing asked of residents": {but(), `{ sources { name } __schema { types { name } } }`, nil},
	}
	database := newResidents(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			g = g.as(tt.scopes...)
			response := g.Execute(t.Context(), graph.Request{Query: tt.query})
			if response.Data == nil {
				t.Fatalf("got no data: %v", response.Errors)
			}
			recorded := g.records.take()
			if len(tt.want) == 0 {
				if len(recorded) != 0 {
					t.Errorf("nobody was seen, and yet there is a record: %+v", recorded)
				}
				return
			}
			if len(recorded) != 1 {
				t.Fatalf("got %d records, want one", len(recorded))
			}
			got := recorded[0].Seen
			for i := range got {
				for _, list := range [][]string{got[i].Residents, got[i].Shown, got[i].Withheld} {
					slices.Sort(list)
				}
				got[i].Residents = append([]string{}, got[i].Residents...)
				got[i].Shown = append([]string{}, got[i].Shown...)
				got[i].Withheld = append([]string{}, got[i].Withheld...)
			}
			// Fields at the top are answered in no certain order.
			slices.SortFunc(got, bySeen)
			slices.SortFunc(tt.want, bySeen)
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got\n%+v, want\n%+v", got, tt.want)
			}
		})
	}
}

func bySeen(a, b access.Seen) int {
	return slices.Compare(slices.Concat(a.Residents, a.Shown), slices.Concat(b.Residents, b.Shown))
}

// The record says who asked, and by which operation.
func TestRecordSaysWho(t *testing.T) {
	t.Parallel()
	const text = `query one { __typename } query Two { residents(first: 1) { nodes { id } } } # so`
	g, _ := newGraph(t, newResidents(t))
	g.caller = &access.Caller{
		Kind: access.Person, ID: "p1", Name: "Somebody", Scopes: access.ScopesOf(names()...),
	}
	g.Execute(t.Context(), graph.Request{Query: text, OperationName: "one"})
	if got := g.records.take(); len(got) != 0 {
		t.Errorf("the other operation is recorded: %+v", got)
	}
	for _, name := range []string{"Two", "Two"} { // read, and kept
		g.Execute(t.Context(), graph.Request{Query: text, OperationName: name})
		got := g.records.take()
		if len(got) != 1 || !reflect.DeepEqual(got[0].Caller, g.caller) || got[0].Operation != "Two" ||
			got[0].OperationHash != sha256.Sum256([]byte(text)) {
			t.Errorf("got %+v", got)
		}
	}
	g.Execute(t.Context(), graph.Request{Query: `{ residents(first: 1) { nodes { id } } }`})
	if got := g.records.take(); len(got) != 1 || got[0].Operation != "" {
		t.Errorf("an operation without a name: got %+v", got)
	}
}

// What cannot be recorded is not told, and why it cannot is told to us alone.
func TestRecordFails(t *testing.T) {
	t.Parallel()
	g, reported := newGraph(t, newResidents(t))
	g.records.err = errors.New("the disk of Zebedee is full")
	for name, query := range map[string]string{
		"a list":           `{ residents { nodes { id } } sources { name } }`,
		"a lookup":         `{ resident(id: "mosaic:31") { id } }`,
		"only cursors":     `{ residents { edges { cursor } } }`,
		"only a count":     `{ residents { totalCount { value } } }`,
		"with a fault":     `{ residents { nodes { id } } x: residents(first: 0) { nodes { id } } }`,
		"only where it is": `{ residents { pageInfo { hasNextPage } } }`,
	} {
		before := strings.Count(reported.String(), "Zebedee")
		response := g.Execute(t.Context(), graph.Request{Query: query})
		if response.Data != nil || len(response.Errors) != 1 ||
			response.Errors[0].Extensions["code"] != resident.Unavailable ||
			strings.Contains(response.Errors[0].Message, "Zebedee") {
			t.Errorf("%s: got %s and %v", name, response.Data, response.Errors)
		}
		if after := strings.Count(reported.String(), "Zebedee"); after != before+1 {
			t.Errorf("%s: it was reported %d times", name, after-before)
		}
	}
	for name, query := range map[string]string{
		"nobody": `{ resident(id: "mosaic:7") { id } }`, "sources": `{ sources { name } }`,
	} {
		response := g.Execute(t.Context(), graph.Request{Query: query})
		if response.Data == nil || len(response.Errors) > 0 {
			t.Errorf("%s: there is nothing to record: got %v", name, response.Errors)
		}
	}
}

// A graph that could record nothing is none.
func TestGraphNeedsRecord(t *testing.T) {
	t.Parallel()
	if _, err := graph.New(graph.Options{CursorKey: make([]byte, 32)}); err == nil {
		t.Error("a graph was made that records nothing")
	}
}

// Who has a cursor of somebody could count whether there is anybody at its place: no record would
// say of whom that was asked, so it is not answered.
func TestNobodyIsCountedBesideACursor(t *testing.T) {
	t.Parallel()
	g, _ := newGraph(t, newResidents(t))
	const filter = `filter: { sourceId: "31", uprn: "100021000031" }`
	var first struct {
		Residents struct{ PageInfo struct{ StartCursor string } }
	}
	ask(t, g, `{ residents(`+filter+`) { pageInfo { startCursor } } }`, &first)
	cursor := first.Residents.PageInfo.StartCursor
	if cursor == "" {
		t.Fatal("nobody is found: the test proves nothing")
	}
	for _, beside := range []string{"first: 1, before", "first: 1, after", "last: 1, before"} {
		g.records.take()
		var answer struct {
			Residents struct{ TotalCount *struct{ Value int } }
		}
		ask(t, g, `{ residents(`+filter+`, `+beside+`: "`+cursor+`") { totalCount { value } } }`, &answer)
		if answer.Residents.TotalCount != nil {
			t.Errorf("%s: got a count", beside)
		}
		if got := g.records.take(); len(got) != 1 || len(got[0].Seen[0].Searched) != 2 {
			t.Errorf("%s: got the record %+v", beside, got)
		}
	}
}
