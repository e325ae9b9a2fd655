package rest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/server/web/rest"
)

const everyone = `query ($first: Int!) {
  residents(first: $first) {
    nodes {
      id sourceId fullName title firstName lastName uprn dateOfBirth isDeceased ageGroup gender
      nationality nhsNumber isRestricted withheld
      addresses: contactDetails(types: ADDRESS, includeEnded: true) {
        validFrom validTo isForCorrespondence isPreferred address { lines postcode uprn }
      }
      phones: contactDetails(types: PHONE, includeEnded: true) {
        value label isExDirectory withheld phone { e164 note }
      }
      emails: contactDetails(types: EMAIL, includeEnded: true) { value }
    }
  }
}`

type object = map[string]any

// REST says of each resident what GraphQL says of them, whoever asks, and only the words are other.
func TestRESTSaysWhatGraphQLSays(t *testing.T) {
	t.Parallel()
	without := func(g gateway, left ...string) gateway {
		var scopes []string
		for _, scope := range graph.Scopes() {
			if !slices.Contains(left, string(scope)) {
				scopes = append(scopes, string(scope))
			}
		}
		return g.as(scopes...)
	}
	fixture, sample := newGraph(t, newFixture(t)), newGraph(t, newSample(t))
	for name, tt := range map[string]struct {
		gateway
		withheld string // what is said of somebody, where anything is withheld
	}{
		"fixture": {fixture, ""},
		"sample":  {sample, ""},
		"sample, of restricted": {
			without(sample, "restricted:read", "ex-directory:read"), "RESTRICTED",
		},
		"sample, of everyone": {
			without(sample, "contact-details:read", "nhs-numbers:read"), "NOT_PERMITTED",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response := tt.Execute(t.Context(), graph.Request{
				Query: everyone, Variables: map[string]any{"first": 100},
			})
			for _, err := range response.Errors {
				if tt.withheld != "NOT_PERMITTED" || err.Extensions["code"] != resident.Forbidden {
					t.Fatal(err)
				}
			}
			var told struct{ Residents struct{ Nodes []object } }
			if err := json.Unmarshal(response.Data, &told); err != nil {
				t.Fatal(err)
			}
			got := walk(t, newService(t, tt), url.Values{"limit": {"100"}})
			withheld := ""
			for i, node := range told.Residents.Nodes {
				var body object
				if err := json.NewDecoder(bytes.NewReader(got[i])).Decode(&body); err != nil {
					t.Fatal(err)
				}
				if want := inREST(node); !reflect.DeepEqual(body, want) {
					t.Errorf("got\n%v\nwant\n%v", body, want)
				}
				if reason, ok := body["withheld"].(string); ok {
					withheld = reason
				}
			}
			if len(told.Residents.Nodes) == 0 || withheld != tt.withheld {
				t.Errorf("got %d residents, and %q", len(told.Residents.Nodes), withheld)
			}
		})
	}
}

// Who may not ask at all, or not by this, is refused as a whole.
func TestForbidden(t *testing.T) {
	t.Parallel()
	g := newGraph(t, newFixture(t))
	for target, executor := range map[string]rest.Executor{
		"/residents":                g.as(),
		"/residents/31":             g.as(),
		"/residents/mosaic:31":      g.as("residents:read"),
		"/residents?last_name=o":    g.as("mosaic:read"),
		"/residents?postcode=E8":    g.as("residents:read", "mosaic:read"),
		"/residents?address=mare+s": g.as("residents:read", "mosaic:read"),
	} {
		got := newService(t, executor).get(t, target)
		if got.status != http.StatusForbidden || !bytes.Contains(got.body, []byte(":read")) {
			t.Errorf("%s: got %d %s", target, got.status, got.body)
		}
	}
}

// inREST returns a resident of GraphQL in the words of REST.
func inREST(r object) object {
	letters := object{
		"ADULT": "A", "CHILD": "C", "FEMALE": "F", "MALE": "M", "OTHER": "O", "UNKNOWN": "U",
	}
	body := object{
		"id": r["id"], "mosaicId": r["sourceId"], "fullName": r["fullName"], "title": r["title"],
		"firstName": r["firstName"], "lastName": r["lastName"], "uprn": r["uprn"],
		"dateOfBirth": r["dateOfBirth"], "deceased": r["isDeceased"] == true,
		"ageContext": nil, "gender": nil,
		"nationality": r["nationality"], "nhsNumber": r["nhsNumber"], "restricted": r["isRestricted"],
		"withheld":     r["withheld"],
		"phoneNumbers": []any{}, "emailAddresses": []any{}, "addresses": []any{},
	}
	if group, ok := r["ageGroup"].(string); ok {
		body["ageContext"] = letters[group]
	}
	if gender, ok := r["gender"].(string); ok {
		body["gender"] = letters[gender]
	}
	if r["withheld"] != nil {
		body["phoneNumbers"], body["emailAddresses"], body["addresses"] = nil, nil, nil
		return body
	}
	add := func(list string, one object) { body[list] = append(body[list].([]any), one) }
	for _, one := range r["phones"].([]any) {
		d := one.(object)
		phone, _ := d["phone"].(object) // nil where it is withheld
		add("phoneNumbers", object{
			"phoneNumber": d["value"], "phoneType": d["label"], "exDirectory": d["isExDirectory"],
			"withheld": d["withheld"], "e164": phone["e164"], "note": phone["note"],
		})
	}
	for _, one := range r["emails"].([]any) {
		add("emailAddresses", object{"emailAddress": one.(object)["value"]})
	}
	for _, one := range r["addresses"].([]any) {
		d := one.(object)
		address := d["address"].(object)
		lines := append(address["lines"].([]any), nil, nil, nil)
		third := lines[2]
		for _, line := range lines[3:] {
			if line != nil {
				third = third.(string) + ", " + line.(string)
			}
		}
		add("addresses", object{
			"addressLine1": lines[0], "addressLine2": lines[1], "addressLine3": third,
			"postcode": address["postcode"], "uprn": address["uprn"],
			"startDate": d["validFrom"], "endDate": d["validTo"],
			"contactAddressFlag": d["isForCorrespondence"], "displayAddressFlag": d["isPreferred"],
		})
	}
	return body
}
