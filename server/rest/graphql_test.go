package rest_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"reflect"
	"testing"

	"github.com/LBHackney-IT/resident-gateway/graph"
)

const everyone = `query ($first: Int!) {
  residents(first: $first) {
    nodes {
      id sourceId fullName title firstName lastName uprn dateOfBirth isDeceased ageGroup gender
      nationality nhsNumber isRestricted
      addresses: contactDetails(types: ADDRESS, includeEnded: true) {
        validFrom validTo isForCorrespondence isPreferred address { lines postcode uprn }
      }
      phones: contactDetails(types: PHONE, includeEnded: true) {
        value label isExDirectory phone { e164 note }
      }
      emails: contactDetails(types: EMAIL, includeEnded: true) { value }
    }
  }
}`

type object = map[string]any

// REST says of each resident what GraphQL says of them, and only the words are other.
func TestRESTSaysWhatGraphQLSays(t *testing.T) {
	t.Parallel()
	for name, newDatabase := range map[string]func(*testing.T) *graph.Graph{
		"fixture": func(t *testing.T) *graph.Graph { return newGraph(t, newFixture(t)) },
		"sample":  func(t *testing.T) *graph.Graph { return newGraph(t, newSample(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newDatabase(t)
			response := g.Execute(t.Context(), graph.Request{
				Query: everyone, Variables: map[string]any{"first": 100},
			})
			if len(response.Errors) > 0 {
				t.Fatal(response.Errors)
			}
			var told struct{ Residents struct{ Nodes []object } }
			if err := json.Unmarshal(response.Data, &told); err != nil {
				t.Fatal(err)
			}
			got := walk(t, newService(t, g), url.Values{"limit": {"100"}})
			for i, node := range told.Residents.Nodes {
				var body object
				if err := json.NewDecoder(bytes.NewReader(got[i])).Decode(&body); err != nil {
					t.Fatal(err)
				}
				if want := inREST(node); !reflect.DeepEqual(body, want) {
					t.Errorf("got\n%v\nwant\n%v", body, want)
				}
			}
			if len(told.Residents.Nodes) == 0 {
				t.Error("got nobody")
			}
		})
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
		"phoneNumbers": []any{}, "emailAddresses": []any{}, "addresses": []any{},
	}
	if group, ok := r["ageGroup"].(string); ok {
		body["ageContext"] = letters[group]
	}
	if gender, ok := r["gender"].(string); ok {
		body["gender"] = letters[gender]
	}
	add := func(list string, one object) { body[list] = append(body[list].([]any), one) }
	for _, one := range r["phones"].([]any) {
		d := one.(object)
		phone := d["phone"].(object)
		add("phoneNumbers", object{
			"phoneNumber": d["value"], "phoneType": d["label"], "exDirectory": d["isExDirectory"],
			"e164": phone["e164"], "note": phone["note"],
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
