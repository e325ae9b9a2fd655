package graph_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
)

// A question is what an attacker asks.
type question struct {
	graph.Request
	part   string // of the filter, where the secret of one resident stands in it alone
	person string // the id of that resident
}

// A secret is what one resident is found by, by whoever may know it.
type secret struct {
	PersonID int64  `db:"person_id"`
	Part     string `db:"part"`
	Value    string `db:"value"`
}

// Known is what everybody who may see residents knows of one.
type known struct {
	PersonID  int64   `db:"person_id"`
	FirstName *string `db:"first_name"`
	LastName  *string `db:"last_name"`
	Born      *string `db:"born"`
	AgeGroup  *string `db:"age_group"`
}

const allKnown = `
	SELECT person_id, first_name, last_name, to_char(date_of_birth, 'YYYY-MM-DD') AS born,
	       CASE context_flag WHEN 'A' THEN 'ADULT' WHEN 'C' THEN 'CHILD' END AS age_group
	FROM   mosaic.dm_persons ORDER BY person_id`

const listQuestion = `query list($filter: ResidentFilter, $first: Int, $after: String, $last: Int,
	$before: String, $orderBy: ResidentOrder! = ID) {
	residents(filter: $filter, first: $first, after: $after, last: $last, before: $before,
		orderBy: $orderBy) { pageInfo { hasNextPage hasPreviousPage startCursor endCursor } `

// selections are what is asked of a list.
func selections() []string {
	return []string{
		`nodes { ` + strings.Join(everyField(), " ") + ` } totalCount { value isExact }`,
		`edges { cursor node { id uprn isRestricted withheld
				contactDetails(types: [PHONE]) { id value } } }
			nodes { contactDetails { id type value isExDirectory withheld } }`,
		`totalCount { value isExact }`,
		`edges { cursor } nodes { id fullName nhsNumber }`,
		``,
	}
}

// questions are the battery: what an attacker would ask who knows everybody by name, and guesses
// the rest. They are the same at every run.
func (c contrast) questions(t *testing.T, a, b *sqlx.DB) []question {
	t.Helper()
	dice := rand.New(rand.NewPCG(1, 2))
	var people []known
	if err := a.SelectContext(t.Context(), &people, allKnown); err != nil {
		t.Fatal(err)
	}
	var inA, inB []secret
	for database, secrets := range map[*sqlx.DB]*[]secret{a: &inA, b: &inB} {
		if err := database.SelectContext(t.Context(), secrets, c.secrets); err != nil {
			t.Fatal(err)
		}
	}
	questions := append(doorQuestions(dice, inA), malformedQuestions()...)
	// Each part alone, with what is so in A, in B and nowhere.
	byPart := make(map[string][2][]secret)
	for i, secrets := range [][]secret{inA, inB} {
		for _, s := range secrets {
			both := byPart[s.Part]
			both[i] = append(both[i], s)
			byPart[s.Part] = both
		}
	}
	alone := dbtest.Rounds(4, 10)
	for _, part := range c.parts {
		for _, secrets := range byPart[part] {
			for range alone {
				s := secrets[dice.IntN(len(secrets))]
				q := list(dice, map[string]any{part: s.Value, "includeEnded": true})
				q.Query = listQuestion + selections()[0] + "} }"
				q.Variables["first"], q.Variables["last"] = 100, nil
				q.part, q.person = part, fmt.Sprintf("mosaic:%d", s.PersonID)
				questions = append(questions, q)
			}
		}
	}
	// Secrets with what is known of the same resident, or of another, and with each other.
	for range dbtest.Rounds(25, 120) {
		secrets := inA
		if dice.IntN(2) == 0 {
			secrets = inB
		}
		filter := map[string]any{"includeEnded": dice.IntN(2) == 0}
		s := secrets[dice.IntN(len(secrets))]
		filter[s.Part] = guess(dice, s)
		if dice.IntN(3) == 0 {
			other := secrets[dice.IntN(len(secrets))]
			filter[other.Part] = guess(dice, other)
		}
		for range dice.IntN(3) {
			about := people[dice.IntN(len(people))]
			if dice.IntN(4) > 0 {
				about = of(people, s.PersonID)
			}
			add(dice, filter, about)
		}
		questions = append(questions, list(dice, filter))
	}
	// What is known alone, and no filter at all.
	const plain = 15
	for range plain {
		filter := make(map[string]any)
		add(dice, filter, people[dice.IntN(len(people))])
		questions = append(questions, list(dice, filter), list(dice, nil))
	}
	return questions
}

func of(people []known, id int64) known {
	for _, p := range people {
		if p.PersonID == id {
			return p
		}
	}
	return people[0]
}

// guess is a secret, or what is like it: a piece of it, its first half, or one that nobody has.
func guess(dice *rand.Rand, s secret) string {
	switch dice.IntN(4) {
	case 0:
		return map[string]string{
			"address": "1 Nowhere Walk", "postcode": "ZE1 0AA", "uprn": "999999999999",
			"phone": "0114 496 0999", "email": "nobody@nowhere.example", "nhsNumber": "9999999999",
		}[s.Part]
	case 1:
		if s.Part == "address" || s.Part == "postcode" {
			words := strings.Fields(s.Value)
			if len(words) > 0 {
				return words[dice.IntN(len(words))]
			}
		}
	}
	return s.Value
}

// add puts into a filter what is known of a resident.
func add(dice *rand.Rand, filter map[string]any, p known) {
	parts := map[string]*string{
		"firstName": p.FirstName, "lastName": p.LastName, "dateOfBirth": p.Born, "ageGroup": p.AgeGroup,
	}
	names := []string{"firstName", "lastName", "dateOfBirth", "ageGroup", "sourceId"}
	name := names[dice.IntN(len(names))]
	if value := parts[name]; value != nil {
		filter[name] = *value
		return
	}
	filter["sourceId"] = strconv.FormatInt(p.PersonID, 10)
}

// list is a question about a list, of some size and order, for one thing or another.
func list(dice *rand.Rand, filter map[string]any) question {
	variables := map[string]any{"orderBy": []string{"ID", "NAME"}[dice.IntN(2)]}
	if filter != nil {
		variables["filter"] = maps.Clone(filter)
	}
	size := []int{1, 2, 7, 25}[dice.IntN(4)]
	variables[[]string{"first", "first", "last"}[dice.IntN(3)]] = size
	all := selections()
	return question{Request: graph.Request{
		Query: listQuestion + all[dice.IntN(len(all))] + "} }", Variables: variables,
	}}
}

// turn makes the question that for the page after this one, or before it if it was from the end. It
// is false where there is none.
func (q *question) turn(answer string) bool {
	var read struct {
		Residents *struct {
			PageInfo struct {
				HasNextPage, HasPreviousPage bool
				StartCursor, EndCursor       *string
			}
		}
	}
	// The cost stands behind the data.
	err := json.NewDecoder(strings.NewReader(answer)).Decode(&read)
	if err != nil || read.Residents == nil {
		return false
	}
	page := read.Residents.PageInfo
	q.Variables = maps.Clone(q.Variables)
	if q.Variables["last"] != nil {
		q.Variables["before"] = page.StartCursor
		return page.HasPreviousPage && page.StartCursor != nil && give(q, "before", page.StartCursor)
	}
	return page.HasNextPage && page.EndCursor != nil && give(q, "after", page.EndCursor)
}

func give(q *question, argument string, cursor *string) bool {
	q.Variables[argument] = *cursor
	return true
}

// doorQuestions ask for residents by key, alone and several at once.
func doorQuestions(dice *rand.Rand, secrets []secret) []question {
	var questions []question
	const people = 4
	all := strings.Join(everyField(), " ")
	for range people {
		a, b := secrets[dice.IntN(len(secrets))].PersonID, secrets[dice.IntN(len(secrets))].PersonID
		for _, d := range doors(strconv.FormatInt(a, 10), all) {
			questions = append(questions, question{Request: graph.Request{Query: d.document}})
		}
		questions = append(questions, question{Request: graph.Request{Query: fmt.Sprintf(`{
			a: resident(id: "mosaic:%d") { id uprn contactDetails { id } }
			b: resident(id: "mosaic:%d") { contactDetails(includeEnded: true) { id value } }
			c: residentBySourceId(source: MOSAIC, sourceId: "%d") { id nhsNumber withheld }
			d: resident(id: "mosaic:7") { uprn }
		}`, a, b, a)}})
	}
	return questions
}

// malformedQuestions are refused, or answered with nobody.
func malformedQuestions() []question {
	var questions []question
	for _, arguments := range []string{
		`filter: {}`, `filter: { postcode: "" }`, `filter: { address: " " }`, `filter: { address: "%" }`,
		`filter: { address: "_" }`, `filter: { address: "' OR 1=1 --" }`, `filter: { uprn: "0" }`,
		`filter: { uprn: "-1" }`, `filter: { uprn: "9999999999999" }`, `filter: { phone: "1" }`,
		`filter: { phone: "000000000" }`, `filter: { phone: "%%%%%%%%%" }`, `filter: { email: "@" }`,
		`filter: { email: "%@%" }`, `filter: { email: "\u0000@" }`, `filter: { nhsNumber: "1" }`,
		`filter: { nhsNumber: "0000000000" }`, `filter: { address: "a" }`, `filter: { address: "1" }`,
		`filter: { postcode: "E8", includeEnded: true }`, `filter: { postcode: "E8" }, sources: []`,
		`filter: { postcode: "E8" }, sources: [MOSAIC]`, `filter: { postcode: "E8" }, after: "x"`,
		`filter: { postcode: "E8" }, before: ""`, `filter: { postcode: "E8" }, first: 0`,
		`filter: { postcode: "E8" }, first: 1, last: 1`, `filter: { address: "` +
			strings.Repeat("a", 501) + `" }`, `filter: { uprn: 1 }`, `filter: { address: null, uprn: "1" }`,
		`filter: { lastName: "` + strings.Repeat("%", 400) + `" }`,
	} {
		for _, selection := range []string{`nodes { id uprn }`, `totalCount { value }`} {
			questions = append(questions, question{Request: graph.Request{
				Query: `{ residents(` + arguments + `) { ` + selection + ` } }`,
			}})
		}
	}
	return questions
}
