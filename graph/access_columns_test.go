package graph_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

// What a caller may not see is not read.
func TestUnseenIsUnread(t *testing.T) {
	t.Parallel()
	everything := `{ residents { nodes { ` + strings.Join(everyField(), " ") + ` } } }`
	tests := map[string]struct {
		scopes []string
		query  string
		unread []string
		read   []string
	}{
		"NHS numbers": {
			but("nhs-numbers:read"), everything, []string{"nhs_id"}, []string{"dm_addresses", "email"},
		},
		"contact details": {
			but("contact-details:read"), everything,
			[]string{"dm_addresses", "dm_telephone", "email_address", "unique_id"}, []string{"nhs_id"},
		},
		"contact details, by id": {
			names(), `{ resident(id: "mosaic:1000001") { ` + strings.Join(everyField(), " ") + ` } }`,
			[]string{"dm_addresses", "dm_telephone", "email_address", "unique_id", "nhs_id"},
			[]string{"full_name"},
		},
		"residents": {but("residents:read"), everything, []string{"dm_persons"}, nil},
		"a source": {
			but("mosaic:read"), everything + ` `, []string{"dm_persons", "dm_addresses"}, nil,
		},
		"by a filter": {
			names(), `{ residents(filter: { uprn: "1" }) { nodes { id } } }`, []string{"dm_"}, nil,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
			g, _ := newGraph(t, database)
			g.as(tt.scopes...).Execute(t.Context(), graph.Request{Query: tt.query})
			got := strings.Join(counter.Statements(), "\n")
			for _, column := range tt.unread {
				if strings.Contains(got, column) {
					t.Errorf("%s was read:\n%s", column, got)
				}
			}
			for _, column := range tt.read {
				if !strings.Contains(got, column) {
					t.Errorf("%s was not read, so the test proves nothing:\n%s", column, got)
				}
			}
		})
	}
}

// Without leave, every column that could locate a restricted resident stands in a CASE that reads
// it of others alone; with leave, in none.
func TestLocatedColumns(t *testing.T) {
	t.Parallel()
	const guard = "CASE WHEN p.restricted = 'N' THEN "
	const guardDetail = "CASE WHEN p.is_unrestricted THEN "
	for _, query := range []string{
		`{ residents { nodes { uprn contactDetails { value } } } }`,
		`{ resident(id: "mosaic:1000001") { uprn contactDetails(includeEnded: true) { value } } }`,
	} {
		database, counter := postgres.Counting(t, postgres.DSNOf(t, newSample(t)))
		g, _ := newGraph(t, database)
		var answer json.RawMessage
		ask(t, g, query, &answer)
		if got := counter.Statements(); len(got) != 1 || strings.Contains(got[0], guard) ||
			strings.Contains(got[0], guardDetail) {
			t.Errorf("with leave: got %s", strings.Join(got, "\n"))
		}
		counter.Reset()
		ask(t, g.as(but("restricted:read")...), query, &answer)
		got := strings.Join(strings.Fields(strings.Join(counter.Statements(), "\n")), " ")
		for _, located := range []string{
			guard + "p.email_address END AS email_address",
			guardDetail + "( SELECT json_agg(json_build_object('u', a.unique_id",
			guardDetail + "( SELECT json_agg(json_build_object('i', t.telephone_number_id",
		} {
			if strings.Count(got, located) != 1 {
				t.Errorf("without leave: there is no %s in\n%s", located, got)
			}
		}
		if strings.Count(got, guard) != 1 || strings.Count(got, guardDetail) != 2 ||
			strings.Count(got, "email_address") != 2 ||
			strings.Count(got, "dm_addresses") != 1 || strings.Count(got, "dm_telephone_numbers") != 1 {
			t.Errorf("without leave: got %s", got)
		}
	}
}
