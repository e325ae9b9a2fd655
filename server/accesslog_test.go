package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// From the keys of a service to who saw a resident, as an operator does it, one command after
// another.
func TestKeysAndAccessLog(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	serving, _ := operators(t, pool)
	env := environment("DATABASE_URL=" + postgres.DSNOf(t, pool))
	command := func(want string, args ...string) string {
		t.Helper()
		var out, told strings.Builder
		err := run(t.Context(), args, env, &out, &told)
		said := out.String() + told.String()
		if err != nil {
			said += err.Error()
		}
		if !strings.Contains(said, want) {
			t.Errorf("%v: got %q, want %q", args, said, want)
		}
		return strings.TrimSpace(out.String())
	}
	const scopes = "residents:read,mosaic:read"
	key := command("It is shown this once", "key", "create", "--name", "repairs", "--scopes", scopes)
	command("VALID", "key", "list")
	command("rotate", "key", "create", "--name", "repairs", "--scopes", scopes)
	command("there is no scope", "key", "create", "--name", "other", "--scopes", "all")
	command("days", "key", "create", "--name", "other", "--scopes", scopes, "--expires", "400d")
	command("days", "key", "create", "--name", "other", "--scopes", scopes, "--expires", "x")

	r := start(t, nil, "DATABASE_URL="+serving)
	ask := func(key string) int {
		t.Helper()
		return webtest.Post(t, r.url,
			`query Look { resident(id: "mosaic:1000001") { fullName nhsNumber } }`,
			"Authorization: Bearer "+key, "X-Purpose: visit").Status
	}
	if got := ask(key); got != http.StatusOK {
		t.Fatalf("got %d", got)
	}
	next := command("It is shown this once", "key", "rotate", "repairs", "--overlap", "1h")
	if got := []int{ask(key), ask(next)}; got[0] != http.StatusOK || got[1] != http.StatusOK {
		t.Errorf("during the overlap: got %v", got)
	}
	command("revoked", "key", "revoke", "repairs")
	webtest.WaitFor(t, func() bool { return ask(key) == 401 && ask(next) == 401 })
	command("no valid key", "key", "revoke", "repairs")

	shown := command("mosaic:1000001", "access-log", "--resident", "mosaic:1000001")
	for _, want := range []string{"service repairs", "visit", "Look", "fullName", "nhsNumber"} {
		if !strings.Contains(shown, want) {
			t.Errorf("got %q, want %q", shown, want)
		}
	}
	today := time.Now().UTC().Format(time.DateOnly)
	if got := strings.Count(command("REVOKED", "key", "list"), today+"T"); got < 2 {
		t.Errorf("the list does not say when the service was last seen")
	}
	inJSON := command(`"operation":"Look"`, "access-log", "--caller", "repairs", "--format", "json")
	if got := strings.Count(inJSON, "\n") + 1; got < 3 {
		t.Errorf("got %d lines: %s", got, inJSON)
	}
	command("There are more", "access-log", "--caller", "repairs", "--limit", "1")
	command("Nothing is recorded", "access-log", "--caller", "repairs", "--until", "2020-01-01")
	command("must not be after --until", "access-log", "--caller", "x", "--since", "2021-01-01",
		"--until", "2020-01-01")
	command("must be an id", "access-log", "--resident", "1000001")
	command("--resident or --caller", "access-log")
	command("must be a day", "access-log", "--caller", "x", "--since", "yesterday")
	command("nothing is older", "access-log", "prune")
	command(time.Now().UTC().Format("2006-01")+"  ", "access-log", "months")
	command("directive @requiresScope", "schema")
}

// Of the others who were on a page with a resident, who asks about that resident is not told.
func TestAccessLogOfOneResident(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url := newServer(t, pool)
	webtest.Post(t, url, `{ residents(first: 4) { nodes { id } } }`)
	for _, format := range []string{"text", "json"} {
		var out strings.Builder
		if err := run(t.Context(), []string{
			"access-log", "--resident", "mosaic:1000001", "--format", format,
		}, environment("DATABASE_URL="+postgres.DSNOf(t, pool)), &out, &out); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); strings.Count(got, "mosaic:") != 1 ||
			!strings.Contains(got, "and 2 others") && !strings.Contains(got, `"others":2`) {
			t.Errorf("%s: got %s", format, got)
		}
	}
}

// A role that could unmake what is recorded is not served as, and a database of somebody's is not
// served to everybody.
func TestServesAsNobodyWhoMay(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	serving, _ := operators(t, pool)
	for _, tt := range []struct{ name, dsn, sql, want string }{
		{"the owner", postgres.DSNOf(t, pool), "SELECT 1", "may not serve"},
		{"without any key", serving, "UPDATE access.key SET revoked_at = now()", "key create"},
		{"with more rights", serving, "GRANT DELETE ON access.record TO serving", "may not serve"},
	} {
		dbtest.Execute(t, pool, tt.sql)
		err := run(t.Context(), nil, environment("DATABASE_URL="+tt.dsn, "ADDR=127.0.0.1:0"),
			new(strings.Builder), new(strings.Builder))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}
