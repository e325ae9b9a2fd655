package graph_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/graph"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

// A contrast is two databases that differ in nothing but what a caller may not know.
type contrast struct {
	change   string   // the file that makes B of A
	blind    []string // the scopes of who may not know
	informed []string // the scopes of who may
	secrets  string   // SQL that reads what differs
	parts    []string // of the filter, that secrets are asked by
}

// Of the whereabouts of those whom a source does not plainly call unrestricted.
const restrictedSecrets = `
	WITH p AS (SELECT person_id, email_address, nhs_id FROM mosaic.dm_persons
	           WHERE restricted IS DISTINCT FROM 'N')
	SELECT person_id, 'nhsNumber' AS part, lpad(nhs_id::text, 10, '0') AS value FROM p
	WHERE  nhs_id > 0
	UNION ALL` + contactSecrets

const contactSecrets = `
	SELECT person_id, 'address' AS part, address AS value
	FROM   mosaic.dm_addresses JOIN p USING (person_id) WHERE address <> ''
	UNION ALL
	SELECT person_id, 'postcode', post_code FROM mosaic.dm_addresses JOIN p USING (person_id)
	WHERE  post_code <> ''
	UNION ALL
	SELECT person_id, 'uprn', unique_id::text FROM mosaic.dm_addresses JOIN p USING (person_id)
	WHERE  unique_id > 0
	UNION ALL
	SELECT person_id, 'phone', telephone_number
	FROM   mosaic.dm_telephone_numbers JOIN p USING (person_id)
	UNION ALL
	SELECT person_id, 'email', email_address FROM p WHERE email_address LIKE '%@%'
	ORDER  BY 1, 2, 3`

// A caller who may not know something learns nothing of it, whatever they ask: two databases that
// differ in that alone answer them alike, in every byte, with as many statements and the same
// record. Whoever may know learns what differs, so the questions are not idle.
func TestAttacker(t *testing.T) {
	t.Parallel()
	whereabouts := []string{"address", "postcode", "uprn", "phone", "email"}
	tests := map[string]contrast{
		"whereabouts of the restricted": {
			change: "access_b_whereabouts.sql", blind: but("restricted:read"), informed: but(),
			secrets: restrictedSecrets, parts: append(whereabouts, "nhsNumber"),
		},
		"whereabouts of the restricted, with the least scopes": {
			change: "access_b_whereabouts.sql", blind: names("contact-details:read"),
			informed: names("contact-details:read", "restricted:read", "ex-directory:read"),
			secrets:  restrictedSecrets, parts: whereabouts,
		},
		"ex-directory numbers": {
			change: "access_b_numbers.sql", blind: but("ex-directory:read"), informed: but(),
			secrets: `SELECT person_id, 'phone' AS part, telephone_number AS value
				FROM mosaic.dm_telephone_numbers WHERE telephone_number_id >= 910000 ORDER BY 1, 3`,
			parts: []string{"phone"},
		},
		"contact details": {
			change: "access_b_contacts.sql", blind: but("contact-details:read"), informed: but(),
			secrets: `WITH p AS (SELECT person_id, email_address FROM mosaic.dm_persons)` + contactSecrets,
			parts:   whereabouts,
		},
		"NHS numbers": {
			change: "access_b_nhs.sql", blind: but("nhs-numbers:read"), informed: but(),
			secrets: `SELECT person_id, 'nhsNumber' AS part, lpad(nhs_id::text, 10, '0') AS value
				FROM mosaic.dm_persons WHERE nhs_id > 0 ORDER BY 1, 3`,
			parts: []string{"nhsNumber"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := newContrast(t, ""), newContrast(t, tt.change)
			questions := tt.questions(t, a, b)
			blind := newPairs(t, a, b, tt.blind)
			each(blind, questions, func(p pair, q question) { p.alike(t, q) })

			var mu sync.Mutex
			differ, found := 0, make(map[string]int)
			each(newPairs(t, a, b, tt.informed), questions, func(p pair, q question) {
				inA, inB := p.a.observe(t, q.Request), p.b.observe(t, q.Request)
				mu.Lock()
				defer mu.Unlock()
				if inA.String() != inB.String() {
					differ++
				}
				if q.person != "" && strings.Contains(inA.answer, `"id":"`+q.person+`"`) {
					found[q.part]++
				}
			})
			t.Logf("%d questions, of which %d tell A from B with leave", len(questions), differ)
			if len(questions) < dbtest.Rounds(80, 200) || differ < len(questions)/5 {
				t.Errorf("got %d questions, and %d that tell A from B: they prove little",
					len(questions), differ)
			}
			for _, part := range tt.parts {
				if found[part] < dbtest.Rounds(3, 5) {
					t.Errorf("%s: whoever may know finds %d residents by it: it proves nothing",
						part, found[part])
				}
			}
		})
	}
}

// newContrast returns a database of the sample as access_a.sql makes it, changed by another file.
func newContrast(t *testing.T, change string) *sqlx.DB {
	t.Helper()
	database := postgres.Template(t, "contrast", func(ctx context.Context, empty *sqlx.DB) error {
		err := mosaicsample.Sample{Residents: 200, Seed: 1, Today: today()}.Load(
			ctx, empty, mosaicsample.Options{Now: today})
		if err != nil {
			return err
		}
		_, err = empty.ExecContext(ctx, readFile(t, "testdata/access_a.sql"))
		return err
	})(t)
	if change != "" {
		if _, err := database.ExecContext(t.Context(), readFile(t, "testdata/"+change)); err != nil {
			t.Fatal(err)
		}
	}
	return database
}

// A pair is a caller over both databases.
type pair struct{ a, b observer }

// An observer is one who asks and looks at all that there is to see.
type observer struct {
	gateway
	log     *log
	counter *dbtest.Counter
}

// newPairs returns as many pairs as ask at once: what each sees is its own.
func newPairs(t *testing.T, a, b *sqlx.DB, scopes []string) []pair {
	t.Helper()
	observe := func(database *sqlx.DB) observer {
		counting, counter := postgres.Counting(t, postgres.DSNOf(t, database))
		counting.SetMaxOpenConns(2)
		g, reported := newGraph(t, counting)
		return observer{g.as(scopes...), reported, counter}
	}
	pairs := make([]pair, 2)
	for i := range pairs {
		pairs[i] = pair{observe(a), observe(b)}
	}
	return pairs
}

// each has every question asked by one of the pairs.
func each(pairs []pair, questions []question, ask func(pair, question)) {
	next := make(chan question)
	var all sync.WaitGroup
	for _, p := range pairs {
		all.Go(func() {
			for q := range next {
				ask(p, q)
			}
		})
	}
	for _, q := range questions {
		next <- q
	}
	close(next)
	all.Wait()
}

// alike asks a question of both, and for the pages that follow.
func (p pair) alike(t *testing.T, q question) {
	t.Helper()
	const pages = 3
	for range pages {
		inA, inB := p.a.observe(t, q.Request), p.b.observe(t, q.Request)
		if inA.String() != inB.String() {
			t.Errorf("%s\n%v\nA %s\nB %s", q.Query, q.Variables, inA, inB)
			return
		}
		if !q.turn(inA.answer) {
			return
		}
	}
}

// What a caller sees of an answer, and others of the caller.
type observed struct {
	answer     string   // its data and its cost
	errors     []string // without which resident of a list is the first to be refused
	records    []string
	statements []string
	reported   string
}

func (o *observed) String() string {
	return fmt.Sprintf("%s\n%s\n%s\n%s\n%s", o.answer, strings.Join(o.errors, "\n"),
		strings.Join(o.records, "\n"), strings.Join(o.statements, "\n"), o.reported)
}

// observe asks one question. What comes in no certain order is put in one.
func (o observer) observe(t *testing.T, request graph.Request) *observed {
	t.Helper()
	o.counter.Reset()
	request.WantCost = true
	response := o.Execute(t.Context(), request)
	written := func(value any) string {
		text, err := json.Marshal(value)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	var seen observed
	for _, err := range response.Errors {
		seen.errors = append(seen.errors, regexp.MustCompile(`"(nodes|edges)",\d+`).
			ReplaceAllString(written(err), `"$1",0`))
	}
	slices.Sort(seen.errors)
	seen.answer = string(response.Data) + written(response.Extensions)
	for _, record := range o.records.take() {
		for _, group := range record.Seen {
			seen.records = append(seen.records, written(group))
		}
		record.Seen = nil
		seen.records = append(seen.records, written(record))
	}
	slices.Sort(seen.records)
	seen.statements = o.counter.Statements()
	slices.Sort(seen.statements)
	seen.reported = o.log.String()
	return &seen
}

// An answer that must not tell by its time whom it does not hold takes a while, whether or not it
// holds anybody. One that tells all may take less.
func TestEvenTimes(t *testing.T) {
	t.Parallel()
	const step = 10 * time.Millisecond
	tests := map[string]struct {
		without string // the scope that the caller lacks
		filter  string
		least   time.Duration
	}{
		"postcode of a restricted resident": {"restricted:read", `postcode: "E9 7DE"`, step},
		"postcode of an ordinary resident":  {"restricted:read", `postcode: "E8 1DA"`, step},
		"postcode of nobody":                {"restricted:read", `postcode: "E1 1AA"`, step},
		"address":                           {"restricted:read", `address: "well"`, step},
		"property":                          {"restricted:read", `uprn: "1"`, step},
		"e-mail":                            {"restricted:read", `email: "a@b.example"`, step},
		"phone":                             {"restricted:read", `phone: "020 7946 0033"`, step},
		"ex-directory number":               {"ex-directory:read", `phone: "01632 960032"`, step},
		"with leave":                        {"schema:read", `postcode: "E9 7DE"`, 0},
	}
	database := newResidents(t)
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, _ := newGraph(t, database)
			g = g.as(but(tt.without)...)
			for selection, searches := range map[string]int{
				"nodes { id }": 1, "totalCount { value }": 2, // the page is read all the same
			} {
				began := time.Now()
				response := g.Execute(t.Context(), graph.Request{
					Query: `{ residents(filter: { ` + tt.filter + ` }) { ` + selection + ` } }`,
				})
				took, least := time.Since(began), tt.least*time.Duration(searches)
				if len(response.Errors) > 0 || took < least {
					t.Errorf("%s: got an answer after %v and %v, want %v at least",
						selection, took, response.Errors, least)
				}
			}
		})
	}
}
