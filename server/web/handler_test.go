package web

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

func TestEveryDoor(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		method, path string
		status       int
		holds        string
	}{
		"alive":               {"GET", "/healthz", 200, `"alive"`},
		"alive, without body": {"HEAD", "/healthz", 200, ""},
		"alive, asked to be":  {"POST", "/healthz", 405, ""},
		"ready":               {"GET", "/readyz", 200, `"state":"CURRENT"`},
		"playground":          {"GET", "/", 200, "Resident Gateway"},
		"REST":                {"GET", "/api/v1/residents?limit=1", 200, `"nextCursor"`},
		"REST, described":     {"GET", "/api/v1/openapi.yaml", 200, "openapi: 3.1"},
		"nothing":             {"GET", "/nothing", 404, ""},
		"nothing above":       {"GET", "/../../etc/passwd", 404, "nothing here"},
	}
	url, _ := newServer(t, newSample(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := webtest.Send(t, tt.method, url+tt.path, "")
			if got.Status != tt.status || !strings.Contains(got.Body, tt.holds) {
				t.Errorf("got %d %.200s, want %d and %s", got.Status, got.Body, tt.status, tt.holds)
			}
		})
	}
}

// Where nothing is, no answer repeats the path, sends its caller on to another, may be kept, or
// may be taken for another kind.
func TestUncleanPaths(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // the kind of the answer
		"/api/v1//residents?last_name=Zebedee": "application/problem+json; charset=utf-8",
		"/api/v1/./residents/Zebedee":          "application/problem+json; charset=utf-8",
		"/api/v1/residents/Zebedee/..":         "application/problem+json; charset=utf-8",
		"/api/v1/residents//Zebedee//":         "application/problem+json; charset=utf-8",
		"//api/v1/residents/Zebedee":           "application/problem+json; charset=utf-8",
		"//graphql?query=Zebedee":              "application/json; charset=utf-8",
		"/Zebedee/../graphql":                  "application/json; charset=utf-8",
		"//evil.example/Zebedee":               "text/plain; charset=utf-8",
		"/api/v1?last_name=Zebedee":            "application/problem+json; charset=utf-8",
		"/playground?Zebedee":                  "text/plain; charset=utf-8",
		"/Zebedee//":                           "text/plain; charset=utf-8",
		"//":                                   "text/plain; charset=utf-8",
		"/Zebedee":                             "text/plain; charset=utf-8",
		"/graphql/Zebedee":                     "text/plain; charset=utf-8",
	}
	handler := newGateway(t, newSample(t), developer(), io.Discard)
	for target, kind := range tests {
		for _, method := range []string{"GET", "POST"} {
			t.Run(method+" "+target, func(t *testing.T) {
				t.Parallel()
				recorder := httptest.NewRecorder()
				request := httptest.NewRequestWithContext(t.Context(), method, "http://localhost"+target, nil)
				handler.ServeHTTP(recorder, request)
				header := recorder.Header()
				if recorder.Code != http.StatusNotFound || header.Get("Content-Type") != kind {
					t.Errorf("got %d %s, want 404 %s", recorder.Code, header.Get("Content-Type"), kind)
				}
				if header.Get("X-Content-Type-Options") != "nosniff" ||
					header.Get("Cache-Control") != "no-store" || header.Get("Location") != "" {
					t.Errorf("got %v", header)
				}
				if strings.Contains(recorder.Body.String(), "Zebedee") {
					t.Errorf("the answer repeats the path: %s", recorder.Body)
				}
			})
		}
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		harm   func(t *testing.T, pool *sqlx.DB)
		status int
		holds  string
	}{
		"as it should be": {func(*testing.T, *sqlx.DB) {}, 200, `"status":"ready"`},
		"not loaded": {func(t *testing.T, pool *sqlx.DB) {
			dbtest.Execute(t, pool, "TRUNCATE mosaic.dm_persons; TRUNCATE gateway.load")
		}, 503, `"state":"NOT_LOADED"`},
		"loaded, and nobody knows when": {func(t *testing.T, pool *sqlx.DB) {
			dbtest.Execute(t, pool, "TRUNCATE gateway.load")
		}, 200, `"state":"UNKNOWN"`},
		"table gone": {func(t *testing.T, pool *sqlx.DB) {
			dbtest.Execute(t, pool, "DROP TABLE mosaic.dm_persons")
		}, 503, `"state":"UNAVAILABLE"`},
		"database gone": {func(t *testing.T, pool *sqlx.DB) {
			if err := pool.Close(); err != nil {
				t.Fatal(err)
			}
		}, 503, `"database":"does not answer"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := newSample(t)
			url, _ := newServer(t, pool)
			tt.harm(t, pool)
			got := webtest.Send(t, "GET", url+"/readyz", "")
			if got.Status != tt.status || !strings.Contains(got.Body, tt.holds) {
				t.Errorf("got %d %s, want %d and %s", got.Status, got.Body, tt.status, tt.holds)
			}
		})
	}
}

// Whoever is about to stop is not sent anything more.
func TestReadyWhileStopping(t *testing.T) {
	t.Parallel()
	handler := newGateway(t, newSample(t), developer(), io.Discard)
	handler.health.stopping.Store(true)
	recorder := httptest.NewRecorder()
	request := httptest.NewRequestWithContext(t.Context(), "GET", "http://localhost/readyz", nil)
	handler.ServeHTTP(recorder, request)
	if recorder.Code != 503 || !strings.Contains(recorder.Body.String(), "stopping") {
		t.Errorf("got %d %s", recorder.Code, recorder.Body)
	}
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		given string
		kept  bool
	}{
		"one of the caller's": {"0af76519-16cd-43dd-8448-eb211c80319c", true},
		"a trace":             {"0AF7651916CD43DD8448EB211C80319C", true},
		"too short":           {"9434765919", false},
		"a name":              {"Mary_Smith_9434765919", false},
		"too long":            {strings.Repeat("a", 65), false},
		"text of any kind":    {"Zebedee is here", false},
		"none":                {"", false},
	}
	url, logged := newServer(t, newSample(t))
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got := webtest.Send(t, "GET", url+"/", "", "X-Request-Id: "+tt.given)
			id := got.Header.Get("X-Request-Id")
			if (id == tt.given) != tt.kept || len(id) < 8 {
				t.Errorf("got %q for %q", id, tt.given)
			}
			if !strings.Contains(logged.String(), "request="+id) {
				t.Errorf("%q is not in the log", id)
			}
		})
	}
}

// A page of somewhere else may have its own name lead here. It is not answered.
func TestOtherNames(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"localhost": 200, "localhost:8080": 200, "127.0.0.1": 200, "127.9.9.9:1": 200, "[::1]:8080": 200,
		"evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.evil.example": 421,
		"192.0.2.1": 421, "": 421,
	}
	handler := newGateway(t, newSample(t), developer(), io.Discard)
	for host, want := range tests {
		t.Run(host, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			request := httptest.NewRequestWithContext(t.Context(), "GET", "/healthz", nil)
			request.Host = host
			handler.ServeHTTP(recorder, request)
			if recorder.Code != want {
				t.Errorf("got %d, want %d", recorder.Code, want)
			}
		})
	}
}

// Whatever is sent, by whatever door, nothing of it is in the log.
func TestLogsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	const secret = "Zebedee"
	pool := newSample(t)
	i := newIssuer(t)
	auth := byKeys(pool)
	auth.Issuer, auth.Developer = i.trusted(t, access.IssuerOptions{}), developer().Developer
	url, logged := newServerFor(t, pool, auth,
		documents(t, manifestOf(t, apolloManifest(trusted)), false),
		func(o *Options) { o.FailuresPerMinute = 1_000_000 })
	for _, path := range []string{
		"/Zebedee", "/api/v1/residents/Zebedee", "/api/v1/residents/mosaic:Zebedee",
		"/api/v1/residents?last_name=Zebedee", "/api/v1/residents?Zebedee=1", "/?Zebedee",
		"/api/v1/residents?postcode=Zebedee&cursor=Zebedee", "/graphql?query=Zebedee", "/readyz?Zebedee",
	} {
		for _, method := range []string{"GET", "POST", secret} {
			for _, credential := range []string{
				"X-Nothing: x", "Authorization: Bearer " + secret, "Authorization: " + secret,
				"Authorization: Bearer rgw_aaaaaaaaaaaa_" + secret, "Authorization: Bearer rgw_" + secret,
				"Authorization: Bearer eyJ." + secret + ".x", "X-Purpose: " + secret,
				"X-Purpose: zebedee",
			} {
				webtest.Send(t, method, url+path, secret,
					"X-Request-Id: "+secret+" "+secret, "User-Agent: "+secret, "Cookie: a="+secret,
					credential, "Accept: "+secret, "X-Forwarded-For: "+secret, "Origin: https://"+secret,
					"Content-Type: application/json")
			}
		}
	}
	for _, query := range []string{
		`{ residents(filter: { lastName: "Zebedee" }) { nodes { id } } }`,
		`query Zebedee { __typename }`, `{ Zebedee }`, `{ resident(id: "Zebedee") { id } }`,
		`# Zebedee`, `{ residents(filter: { dateOfBirth: "Zebedee" }) { nodes { id } } }`,
	} {
		webtest.Post(t, url, query)
	}
	for _, body := range []string{
		`{"documentId": "Zebedee"}`, `{"Zebedee": 1}`, `Zebedee`,
		`{"query": "{ a }", "variables": "Zebedee"}`,
		`{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "Zebedee"}}}`,
		`{"query": "query ($a: Zebedee) { a }", "variables": {"a": "Zebedee"},
			"operationName": "Zebedee"}`,
		`{"query": "query ($a: ID!) { resident(id: $a) { id } }", "variables": {"a": "mosaic:Zebedee"}}`,
		`{"query": "query ($a: ID!) { resident(id: $a) { id } }", "variables": {"Zebedee": "Zebedee"}}`,
	} {
		webtest.Send(t, "POST", url+"/graphql", body, "Content-Type: application/json")
	}
	// A record of access has who was found, and not what they were looked for by.
	found := webtest.Post(t, url,
		`{ residents(filter: { lastName: "o" }) { nodes { id lastName } } }`).Body
	if !strings.Contains(found, "lastName") {
		t.Errorf("got %s, want somebody", found)
	}
	var recorded int
	if err := pool.GetContext(t.Context(), &recorded, `SELECT count(*) FROM access.record
		WHERE record::text ILIKE '%zebedee%'`); err != nil || recorded > 0 {
		t.Errorf("%d records have it, %v", recorded, err)
	}
	dbtest.Execute(t, pool, `ALTER TABLE mosaic.dm_persons DROP COLUMN nhs_id;
		ALTER TABLE mosaic.dm_persons ADD nhs_id text DEFAULT 'Zebedee'`)
	got := webtest.Post(t, url, `{ residents { nodes { nhsNumber } } }`)
	if !strings.Contains(got.Body, "INTERNAL") {
		t.Errorf("got %s, want an error of the inside", got.Body)
	}
	if text := logged.String(); strings.Contains(text, secret) || strings.Contains(text, "zebedee") {
		t.Errorf("the log has it:\n%s", text)
	}
	if lines := strings.Count(logged.String(), "msg=answered"); lines < 200 {
		t.Errorf("got %d lines: the log says nothing", lines)
	}
	if !strings.Contains(logged.String(), `msg="an answer failed"`) {
		t.Errorf("the error of the inside is not in the log")
	}
}

// Who waits for a table that somebody holds is told so in time, and the work is ended.
func TestTooLong(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	handler := newGateway(t, pool, developer(), io.Discard, func(o *Options) {
		o.RequestTimeout = 200 * time.Millisecond
	})
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	release := webtest.Hold(t, pool)
	defer release()

	got := webtest.Post(t, server.URL, `{ residents { nodes { id } } sources { name } }`)
	if !strings.Contains(got.Body, `"TIMEOUT"`) {
		t.Errorf("got %s, want a TIMEOUT", got.Body)
	}
	rest := webtest.Send(t, "GET", server.URL+"/api/v1/residents", "")
	if rest.Status != http.StatusGatewayTimeout {
		t.Errorf("got %d %s, want %d", rest.Status, rest.Body, http.StatusGatewayTimeout)
	}
	webtest.WaitFor(t, func() bool { return webtest.WaitingFor(t, pool) == 0 })
}
