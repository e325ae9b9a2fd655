package verify

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const beginProof = `
	INSERT INTO gateway.proof (source, origin, began_at, result, rows, differ, evidence)
	VALUES ($1, $2, $3, 'running', 0, 0, '{}')
	RETURNING id`

// begin writes the proof that is under way, and gives the report its id.
func begin(ctx context.Context, db *sqlx.DB, r *Report) error {
	if err := db.GetContext(ctx, &r.ID, beginProof, r.Source, r.Origin, r.BeganAt); err != nil {
		return fmt.Errorf("verify: begin a proof: %w", err)
	}
	return nil
}

const endProof = `
	UPDATE gateway.proof
	SET    ended_at = $2, result = $3, rows = $4, differ = $5, evidence = $6
	WHERE  id = $1`

const addFindings = `
	INSERT INTO gateway.proof_finding (proof, place, name, kind, key, columns)
	SELECT $1, f.place, f.name, f.kind, f.key, nullif(f.columns, '')
	FROM   unnest($2::text[], $3::text[], $4::text[], $5::text[])
	       WITH ORDINALITY AS f (name, kind, key, columns, place)`

// Of each source the last proofs are kept; for a year, those that found a difference; and the last
// of each result, however old, so that it can always be said when all was well.
const (
	keepLast = 30
	keepFor  = 365 * 24 * time.Hour
)

const prune = `
	DELETE FROM gateway.proof AS p
	WHERE  p.source = $1
	AND    p.id <= (SELECT id FROM gateway.proof WHERE source = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)
	AND    NOT (p.result = 'differs' AND p.began_at >= $3)
	AND    p.id NOT IN (SELECT max(id) FROM gateway.proof WHERE source = $1 GROUP BY result)`

// endPatience is how long a proof may take to be written down, after all else was stopped too.
const endPatience = 30 * time.Second

// end writes down what was found, all at once, and drops proofs that need not be kept any longer.
func end(ctx context.Context, db *sqlx.DB, r *Report) error {
	ctx, cancel := context.WithTimeout(ctx, endPatience)
	defer cancel()
	evidence, err := json.Marshal(map[string][]TableReport{"tables": r.Tables})
	if err != nil {
		return fmt.Errorf("verify: evidence: %w", err)
	}
	var tables, kinds, keys, columns []string
	for i := range r.Findings {
		f := &r.Findings[i]
		tables, kinds = append(tables, f.Table), append(kinds, string(f.Kind))
		keys, columns = append(keys, f.Key), append(columns, strings.Join(f.Columns, ", "))
	}
	tx, err := db.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("verify: end a proof: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, endProof, r.ID, r.EndedAt, r.Result, r.Rows(), r.Differ(),
		string(evidence)); err != nil {
		return fmt.Errorf("verify: end a proof: %w", err)
	}
	if len(tables) > 0 {
		if _, err := tx.ExecContext(ctx, addFindings, r.ID, pq.Array(tables), pq.Array(kinds),
			pq.Array(keys), pq.Array(columns)); err != nil {
			return fmt.Errorf("verify: write findings: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, prune, r.Source, keepLast, r.EndedAt.Add(-keepFor)); err != nil {
		return fmt.Errorf("verify: drop old proofs: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("verify: end a proof: %w", err)
	}
	return nil
}
