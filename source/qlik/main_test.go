package qlik_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/source/qlik"
)

var postgres *dbtest.Server

func TestMain(m *testing.M) {
	os.Exit(dbtest.Run(m, &postgres, db.Gateway(), schema()))
}

func schema() db.Schema { return db.Schema{Name: "qlik", Files: qlik.Schema()} }

// now is when every test of this package takes place.
func now() time.Time { return time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC) }

const header = "uprn,health_condition_or_disability,receives_council_tax_support," +
	"living_in_temporary_accomodation,low_income,child_with_send,single_parent," +
	"learning_disability,asc_cases,csc_cases,date_created"

// fileOf is an export of the lines that follow the header.
func fileOf(lines ...string) string {
	return strings.Join(append([]string{header}, lines...), "\r\n") + "\r\n"
}

func load(ctx context.Context, database *sqlx.DB, file string) (qlik.Report, error) {
	return qlik.Load(ctx, database, strings.NewReader(file), qlik.LoadOptions{Now: now})
}

// newLoaded returns a database with a file in it.
func newLoaded(t *testing.T, lines ...string) *sqlx.DB {
	t.Helper()
	database := postgres.New(t)
	if report, err := load(t.Context(), database, fileOf(lines...)); err != nil {
		t.Fatal(err, report.Faults)
	}
	return database
}

// contents is all that a load changes, as text.
func contents(t *testing.T, database *sqlx.DB) string {
	t.Helper()
	const all = `
		SELECT concat_ws(E'\n',
			(SELECT string_agg(q::text, E'\n' ORDER BY uprn) FROM qlik.qlik_vulnerability AS q),
			(SELECT string_agg(l::text, E'\n') FROM gateway.load AS l))`
	var text string
	if err := database.GetContext(t.Context(), &text, all); err != nil {
		t.Fatal(err)
	}
	return text
}
