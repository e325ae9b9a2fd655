package graph_test

import (
	"context"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/graph"
	mosaicsample "github.com/LBHackney-IT/resident-gateway/source/mosaic/sample"
)

// benchResidents is how many residents there are for the benchmarks.
const benchResidents = 100_000

// BenchmarkExecute measures operations from their text to their answer, PostgreSQL and all, HTTP
// not. `make bench` runs it.
func BenchmarkExecute(b *testing.B) {
	database := postgres.Template(b, "bench", func(ctx context.Context, database *sqlx.DB) error {
		return mosaicsample.Sample{Residents: benchResidents, Seed: 1, Today: today()}.Load(
			ctx, database, mosaicsample.Options{Now: today})
	})(b)
	g, _ := newGraph(b, database)
	some := exampleOf(b, g)

	const details = ` { nodes { id fullName dateOfBirth uprn
		contactDetails { type value label isPreferred phone { e164 } address { lines postcode } } }
		pageInfo { hasNextPage endCursor } } }`
	for _, bench := range []struct{ name, query string }{
		{"one resident", `{ resident(id: "mosaic:1000001") { id fullName dateOfBirth uprn
			contactDetails { type value label isPreferred phone { e164 } address { lines postcode } } } }`},
		{"page of 20", `{ residents(first: 20)` + details},
		{"page of 20 by name", `{ residents(first: 20, orderBy: NAME)` + details},
		{"page of 20 from the end", `{ residents(last: 20)` + details},
		{"page of 100", `{ residents(first: 100)` + details},
		{"page of 100 names", `{ residents(first: 100) { nodes { id fullName } } }`},
		{"by first name", `{ residents(filter: { firstName: "moh" })` + details},
		{"by last name", `{ residents(filter: { lastName: "okafor" })` + details},
		{"by last name, two letters", `{ residents(filter: { lastName: "ok" })` + details},
		{"by last name, of nobody", `{ residents(filter: { lastName: "zzzyx" })` + details},
		{"by last name, in order of name", `{ residents(filter: { lastName: "okafor" }, orderBy: NAME)` +
			details},
		{"by both names", `{ residents(filter: { firstName: "ada", lastName: "okafor" })` + details},
		{"by birth", `{ residents(filter: { dateOfBirth: "` + some.birth + `" })` + details},
		{"by age group", `{ residents(filter: { ageGroup: CHILD })` + details},
		{"by postcode", `{ residents(filter: { postcode: "` + some.postcode + `" })` + details},
		{"by half a postcode", `{ residents(filter: { postcode: "N16" })` + details},
		{"by half a postcode, in order of name",
			`{ residents(filter: { postcode: "N16" }, orderBy: NAME)` +
				details},
		{"by address", `{ residents(filter: { address: "mare street" })` + details},
		{"by name and half a postcode",
			`{ residents(filter: { lastName: "okafor", postcode: "E8" })` + details},
		{"by property", `{ residents(filter: { uprn: "` + some.uprn + `" })` + details},
		{"by phone", `{ residents(filter: { phone: "` + some.phone + `" })` + details},
		{"by e-mail", `{ residents(filter: { email: "` + some.email + `" })` + details},
		{"by NHS number", `{ residents(filter: { nhsNumber: "` + some.nhs + `" })` + details},
		{"count of everyone", `{ residents(first: 1) { totalCount { value isExact } } }`},
		{"count by last name", `{ residents(first: 1, filter: { lastName: "a" }) {
			totalCount { value isExact } } }`},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				response := g.Execute(b.Context(), graph.Request{Query: bench.query})
				if len(response.Errors) > 0 {
					b.Fatal(response.Errors)
				}
			}
		})
	}
}

type example struct{ birth, postcode, uprn, phone, email, nhs string }

// exampleOf returns what some residents are found by.
func exampleOf(b *testing.B, g gateway) example {
	b.Helper()
	var answer struct {
		Residents struct {
			Nodes []struct {
				DateOfBirth, NHSNumber string
				ContactDetails         []struct {
					Type, Value string
					Address     *struct{ Postcode, UPRN string }
				}
			}
		}
	}
	ask(b, g, `{ residents(first: 100) { nodes { dateOfBirth nhsNumber
		contactDetails { type value address { postcode uprn } } } } }`, &answer)
	var some example
	for _, r := range answer.Residents.Nodes {
		keep(&some.birth, r.DateOfBirth)
		keep(&some.nhs, r.NHSNumber)
		for _, d := range r.ContactDetails {
			switch d.Type {
			case "EMAIL":
				keep(&some.email, d.Value)
			case "PHONE":
				keep(&some.phone, d.Value)
			case "ADDRESS":
				keep(&some.postcode, d.Address.Postcode)
				keep(&some.uprn, d.Address.UPRN)
			}
		}
	}
	return some
}

func keep(into *string, value string) {
	if *into == "" {
		*into = value
	}
}
