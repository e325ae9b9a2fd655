package verify_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/db/dbtest"
)

// A keptProof is what the database has of one.
type keptProof struct {
	Source   string `db:"source"`
	Origin   string `db:"origin"`
	Result   string `db:"result"`
	Ended    bool   `db:"ended"`
	Rows     int64  `db:"rows"`
	Differ   int64  `db:"differ"`
	Evidence string `db:"evidence"`
	Findings string `db:"findings"`
}

func proofOf(t *testing.T, database *sqlx.DB, id int64) keptProof {
	t.Helper()
	var kept keptProof
	if err := database.GetContext(t.Context(), &kept, `
		SELECT source, origin, result, ended_at IS NOT NULL AS ended, rows, differ, evidence,
		       coalesce((SELECT string_agg(concat_ws(' ', name, kind, key, columns), '; ' ORDER BY place)
		                 FROM gateway.proof_finding WHERE proof = id), '') AS findings
		FROM   gateway.proof WHERE id = $1`, id); err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestProofIsKept(t *testing.T) {
	t.Parallel()
	database := newSides(t, 40)
	dbtest.Execute(t, database, `UPDATE `+here+`.pairs SET flag = NOT flag, name = 'Ada' WHERE n = 7;
		DELETE FROM `+here+`.texts WHERE n = 9; DELETE FROM `+here+`.lines WHERE n = 3`)
	o := options(database)
	var during keptProof
	o.Wait = func(context.Context, time.Duration) error {
		during = proofOf(t, database, 1)
		return nil
	}
	report := run(t, o)
	if during.Result != "running" || during.Ended {
		t.Errorf("got %+v while it ran, want running", during)
	}
	kept := proofOf(t, database, report.ID)
	const findings = `pairs RECORD_DIFF ["-3","1"] flag, name; texts MISSING_TARGET ["B9"]; ` +
		`lines MISSING_TARGET ["R3","3"]`
	if kept.Findings != findings {
		t.Errorf("got findings %s, want %s", kept.Findings, findings)
	}
	if kept.Source != here || kept.Origin != "double" || kept.Result != "differs" || !kept.Ended ||
		kept.Rows != 160 || kept.Differ != 3 {
		t.Errorf("got %+v", kept)
	}
	for _, part := range []string{report.Tables[0].System.Digest, `"rows": 39`, `"by": "buckets"`} {
		if !strings.Contains(kept.Evidence, part) {
			t.Errorf("%s is not in the evidence: %s", part, kept.Evidence)
		}
	}
	if strings.Contains(kept.Evidence+kept.Findings, "Ada") {
		t.Error("a value is kept")
	}
}

func TestOldProofsAreDropped(t *testing.T) {
	t.Parallel()
	database := newSides(t, 3)
	dbtest.Execute(t, database, `
		INSERT INTO gateway.proof (source, origin, began_at, result, rows, differ,
		evidence) SELECT s, 'double', timestamptz '2026-03-14 03:00Z' - (1000 - n) * interval '1 day',
		CASE WHEN n % 100 = 0 THEN 'differs' ELSE 'failed' END, 0, 0, '{}'
		FROM unnest(ARRAY['`+here+`', 'other']) AS s, generate_series(1, 1000) AS n`)
	report := run(t, options(database, numbers))
	var kept struct {
		Ours, Differs, Oldest, Others int
	}
	if err := database.GetContext(t.Context(), &kept, `
		SELECT count(*) FILTER (WHERE source = '`+here+`') AS ours,
		       count(*) FILTER (WHERE source = '`+here+`' AND result = 'differs') AS differs,
		       extract(day FROM max(timestamptz '2026-03-14 03:00Z' - began_at) FILTER
		               (WHERE source = '`+here+`'))::int AS oldest,
		       count(*) FILTER (WHERE source = 'other') AS others
		FROM   gateway.proof`); err != nil {
		t.Fatal(err)
	}
	// The last 30, with one that differs, and the three more of the year.
	if kept.Ours != 33 || kept.Differs != 4 || kept.Oldest != 300 || kept.Others != 1000 {
		t.Errorf("got %+v", kept)
	}
	if proofOf(t, database, report.ID).Result != "same" {
		t.Error("the proof itself is gone")
	}
}
