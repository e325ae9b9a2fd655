package graph_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/graph"
	"github.com/LBHackney-IT/resident-gateway/source/catalogue"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
	"github.com/LBHackney-IT/resident-gateway/source/sample"
)

// BenchmarkAcross measures what it costs that there are other sources: the same question to Mosaic
// alone, and to it among all; and a page of three sources beside a page of each.
func BenchmarkAcross(b *testing.B) {
	database := postgres.Template(b, "across bench",
		func(ctx context.Context, database *sqlx.DB) error {
			var all error
			for _, p := range catalogue.Sources() {
				all = errors.Join(all, p.Seed(ctx, database, plug.Sample{
					Options: sample.Options{Now: today}, Residents: 20_000, Seed: 1, Today: today(),
				}))
			}
			return all
		})(b)
	alone, _ := newGraph(b, database)
	among := newAcrossGraph(b, database, acrossLimits()).gateway

	const details = ` { nodes { id firstName lastName dateOfBirth uprn
		contactDetails { type value label isPreferred phone { e164 } address { lines postcode } } }
		pageInfo { hasNextPage endCursor } } }`
	const one = `{ resident(id: "mosaic:1000001") { id firstName lastName dateOfBirth uprn
		contactDetails { type value label isPreferred phone { e164 } address { lines postcode } } } }`
	page := func(sources string) string {
		return `{ residents(first: 20, orderBy: NAME, sources: ` + sources + `)` + details
	}
	for _, bench := range []struct {
		name  string
		asked gateway
		query string
	}{
		{"one resident, Mosaic alone", alone, one},
		{"one resident, among all", among, one},
		{"page of 20, Mosaic alone", alone, page("[MOSAIC]")},
		{"page of 20, of Mosaic among all", among, page("[MOSAIC]")},
		{"page of 20, of Academy", among, page("[ACADEMY]")},
		{"page of 20, of Housing", among, page("[HOUSING]")},
		{"page of 20, of three", among, page("[MOSAIC, ACADEMY, HOUSING]")},
	} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				response := bench.asked.Execute(b.Context(), graph.Request{Query: bench.query})
				if len(response.Errors) > 0 {
					b.Fatal(response.Errors)
				}
			}
		})
	}
}
