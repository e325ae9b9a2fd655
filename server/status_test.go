package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
	"github.com/LBHackney-IT/resident-gateway/server/web/webtest"
)

// dmsTables are what AWS DMS keeps, as far as it is read.
const dmsTables = `
	CREATE SCHEMA awsdms_mosaic;
	CREATE TABLE awsdms_mosaic."AWSDMS_STATUS" ("TASK_NAME" text, "TASK_STATUS" text,
		"STATUS_TIME" timestamp, "PENDING_CHANGES" bigint, "SOURCE_TIMESTAMP_APPLIED" timestamp);
	CREATE TABLE awsdms_mosaic.awsdms_suspended_tables (task_name text, table_name text,
		suspend_reason text, suspend_timestamp timestamp);
	CREATE TABLE awsdms_mosaic.awsdms_apply_exceptions (task_name text, table_name text,
		error_time timestamp, statement text, error text);
	INSERT INTO awsdms_mosaic."AWSDMS_STATUS" VALUES ('T', 'CHANGE PROCESSING',
		'2026-03-14 09:26:00', 12, '2026-03-14 09:26:00');`

// ill is Mosaic with a table that DMS has suspended, a change it could not apply, and a proof that
// found a difference.
const ill = dmsTables + `
	INSERT INTO awsdms_mosaic.awsdms_suspended_tables
	VALUES ('T', 'DM_ADDRESSES', 'Zebedee', '2026-03-14 08:00:00');
	INSERT INTO awsdms_mosaic.awsdms_apply_exceptions
	VALUES ('T', 'DM_PERSONS', '2026-03-14 08:00:00', 'Zebedee', 'Zebedee');
	INSERT INTO gateway.proof (source, origin, began_at, ended_at, result, rows, differ, evidence)
	VALUES ('mosaic', 'sqlserver', '2026-03-14 01:00Z', '2026-03-14 02:00Z', 'differs', 1000, 3, '{}');
	UPDATE gateway.load SET loaded_at = '2026-03-14 00:30Z' WHERE source = 'mosaic';
	INSERT INTO gateway.loading
	VALUES ('mosaic', 'files', '2026-03-14 09:00Z', '2026-03-14 09:10Z', 'rows', 'x');
	INSERT INTO gateway.loading_table
	VALUES ('mosaic', 'dm_persons', '', 6000, 0, 0, 12000, false);`

func TestStatusPage(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	dbtest.Execute(t, pool, ill)
	url := newServer(t, pool)
	tests := map[string]struct {
		path, accept string
		holds        []string
		lacks        string
	}{
		"page": {"/status", "text/html", []string{
			`lang="en-GB"`, "Something is wrong", `<h2 id="MOSAIC">`, "Suspended",
			"A table or more is left as it was", "suspended table dm_addresses since 2026-03-14 08:00 UTC",
			"See the log of the task", "could not apply 1 change", "3 rows are not as in Mosaic",
			"3 of 1,000 rows differ", "6,000 rows, 50 %, 10 rows a second", "followed by AWS DMS",
			"changes that wait: 12", "about 200", "<caption>", `scope="row"`, `href="?refresh=off"`,
		}, "<script"},
		"page that stays": {"/status?refresh=off", "text/html", []string{`<a href="?">`}, "Stop that"},
		"JSON": {"/status.json", "", []string{
			`"isWell": false`, `"state": "SUSPENDED"`, `"perCent": 50`, `"rowsPerSecond": 10`,
		}, "<"},
		"JSON, by Accept": {"/status", "application/json", []string{`"isWell": false`}, "<"},
		"page, of a browser": {
			"/status", "text/html,application/xhtml+xml,application/json;q=0.9", []string{"<html"}, "isWell",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := webtest.Send(t, http.MethodGet, url+tt.path, "", "Accept: "+tt.accept)
			for _, want := range tt.holds {
				if !strings.Contains(got.Body, want) {
					t.Errorf("got no %q in\n%s", want, got.Body)
				}
			}
			if strings.Contains(got.Body, tt.lacks) || strings.Contains(got.Body, "Zebedee") {
				t.Errorf("it holds what it should not:\n%s", got.Body)
			}
			refreshes := strings.HasPrefix(tt.path, "/status") && strings.Contains(got.Body, "Stop that")
			if (got.Header.Get("Refresh") == "30") != refreshes {
				t.Errorf("got Refresh: %q", got.Header.Get("Refresh"))
			}
			policy := got.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") ||
				strings.Contains(policy, "unsafe") || strings.Contains(policy, "script-src") {
				t.Errorf("got the policy %q", policy)
			}
		})
	}
}

// What is told is what Prometheus reads.
func TestMetrics(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	dbtest.Execute(t, pool, ill)
	url := newServer(t, pool)
	got := webtest.Send(t, http.MethodGet, url+"/metrics", "")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(got.Body))
	if err != nil {
		t.Fatalf("%v:\n%s", err, got.Body)
	}
	values := make(map[string]float64)
	for name, family := range families {
		for _, metric := range family.GetMetric() {
			key := strings.TrimPrefix(name, "resident_gateway_source_")
			for _, label := range metric.GetLabel() {
				if label.GetName() == "state" {
					key += " " + label.GetValue()
				}
			}
			values[key] = metric.GetGauge().GetValue()
		}
	}
	want := map[string]float64{
		"state SUSPENDED": 1, "state CURRENT": 0, "state UNAVAILABLE": 0, "fresh_for_seconds": 900,
		"as_of_timestamp_seconds": 1773480360, "table_faults": 1, "rows": 200, "loading_ratio": 0.5,
		"proof_timestamp_seconds": 1773453600, "proof_differing_rows": 3, "dms_pending_changes": 12,
		"dms_suspended_tables": 1, "dms_apply_exceptions": 1, "dms_validation_failures": 0,
		"dms_status_timestamp_seconds": 1773480360,
	}
	for key, value := range want {
		if got, is := values[key]; !is || got != value {
			t.Errorf("%s: got %v (%t), want %v", key, got, is, value)
		}
	}
	for _, of := range []string{"go_goroutines", "go_info"} {
		if families[of] == nil {
			t.Errorf("there is no %s", of)
		}
	}
	if strings.Contains(got.Body, "Zebedee") {
		t.Error("it tells what is in a row")
	}
}

// A source that does not answer is told of, and the others are as they are.
func TestStatusOfASourceThatFails(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	url := newServer(t, pool)
	dbtest.Execute(t, pool, "ALTER TABLE mosaic.dm_persons RENAME TO elsewhere")
	for path, want := range map[string]string{
		"/status": "Unavailable", "/status.json": `"state": "UNAVAILABLE"`,
		"/metrics": `resident_gateway_source_state{source="MOSAIC",state="UNAVAILABLE"} 1`,
	} {
		got := webtest.Send(t, http.MethodGet, url+path, "")
		if got.Status != http.StatusOK || !strings.Contains(got.Body, want) {
			t.Errorf("%s: got %d %s", path, got.Status, got.Body)
		}
	}
}

func TestMigrationStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change string
		status int
		holds  string
	}{
		"all is well": {"SELECT 1", 0, "CURRENT"},
		"suspended":   {ill, 3, "suspended table dm_addresses"},
		"proof differs": {"INSERT INTO gateway.proof (source, origin, began_at, ended_at, result, rows," +
			" differ, evidence) VALUES ('mosaic', 'files', now(), now(), 'differs', 9, 1, '{}')", 3,
			"1 of 9 rows differ"},
		"not loaded": {"TRUNCATE gateway.load, mosaic.dm_persons", 3, "NOT_LOADED"},
		"by hand":    {"TRUNCATE gateway.load", 0, "UNKNOWN"},
		"loading": {
			dmsTables + `UPDATE awsdms_mosaic."AWSDMS_STATUS" SET "TASK_STATUS" = 'FULL LOAD'`, 0, "LOADING",
		},
		"broken": {"ALTER TABLE gateway.following RENAME source TO system", 1, "UNAVAILABLE"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pool := newSample(t)
			dbtest.Execute(t, pool, tt.change)
			for _, flags := range [][]string{{}, {"--json"}} {
				var out bytes.Buffer
				err := run(t.Context(), append([]string{"migration", "status"}, flags...),
					environment("DATABASE_URL="+postgres.DSNOf(t, pool), "SOURCES=mosaic"), &out, &out)
				if exitStatus(err) != tt.status {
					t.Errorf("%v: got %v, want %d", flags, err, tt.status)
				}
				if len(flags) == 0 && !strings.Contains(out.String(), tt.holds) {
					t.Errorf("got %s", out.String())
				}
				if len(flags) > 0 && !json.Valid(out.Bytes()) {
					t.Errorf("got %s", out.String())
				}
			}
		})
	}
}

// A source that DMS begins to reload is asked nothing more within seconds, and again when it is
// whole; meanwhile the gateway is not ready for want of another.
func TestReload(t *testing.T) {
	t.Parallel()
	pool := newSample(t)
	dbtest.Execute(t, pool, dmsTables)
	ask := func() string {
		url := newServer(t, pool) // which has seen nothing yet
		return webtest.Post(t, url, `{ residents(first: 1) { nodes { id } } }`).Body +
			webtest.Send(t, http.MethodGet, url+"/readyz", "").Body
	}
	if got := ask(); !strings.Contains(got, "mosaic:") || !strings.Contains(got, `"ready"`) {
		t.Errorf("got %s", got)
	}
	dbtest.Execute(t, pool, `UPDATE awsdms_mosaic."AWSDMS_STATUS" SET "TASK_STATUS" = 'FULL LOAD'`)
	got := ask()
	for _, want := range []string{
		"Mosaic is being loaded", `"UNAVAILABLE"`, `"not ready"`, `"LOADING"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("got no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "mosaic:") {
		t.Errorf("got %s", got)
	}
}
