package freshness

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// kept is what the gateway keeps of a source, and what PostgreSQL's catalogue says of its tables
// and of those of DMS.
type kept struct {
	HasRows   bool            `json:"hasRows"`
	LoadedAt  *time.Time      `json:"loadedAt"`
	Origin    *string         `json:"origin"`
	Loading   *source.Loading `json:"loading"`
	Followed  *time.Time      `json:"followed"`  // all changes before are here by our own follower
	Following []string        `json:"following"` // the tables that it follows
	Heartbeat *time.Time      `json:"heartbeat"`
	Faults    []fault         `json:"faults"`
	Proof     *source.Proof   `json:"proof"`
	// ProvedSince is when the last proof that found no difference began.
	ProvedSince *time.Time       `json:"provedSince"`
	Rows        map[string]int64 `json:"rows"`
	Control     []controlTable   `json:"control"`
}

// A fault is what the gateway found wrong with a table, which is then left as it is.
type fault struct {
	Name   string    `json:"name"`
	Kind   string    `json:"kind"`
	Reason string    `json:"reason"`
	Since  time.Time `json:"since"`
}

// A controlTable is one of DMS's, by the names that it has here.
type controlTable struct {
	Schema  string `json:"schema"`
	MayUse  bool   `json:"mayUse"`
	Name    string `json:"name"` // blank for a schema without any
	Columns map[string]struct {
		Name    string `json:"name"`
		Type    string `json:"type"`
		MayRead bool   `json:"mayRead"`
	} `json:"columns"` // by name in lower case
}

// keptHere is all of it as one JSON text. Whether there are rows, and the heartbeat, are asked of
// the source's own tables, and so put in.
const keptHere = `
	SELECT json_build_object(
		'hasRows', {hasRows},
		'heartbeat', {heartbeat},
		'loadedAt', (SELECT loaded_at FROM gateway.load WHERE source = $1),
		'origin', (SELECT origin FROM gateway.load WHERE source = $1),
		'loading', (
			SELECT json_build_object('origin', g.origin, 'beganAt', g.began_at, 'toldAt', g.told_at,
				'phase', g.phase, 'fault', g.fault, 'goesOn', g.shape <> '', 'isUnderWay', EXISTS (
					SELECT FROM pg_locks
					WHERE  locktype = 'advisory' AND classid = 67418510 -- that of a load under way
					AND    objid::bigint = hashtext($1)::bigint & 4294967295 AND granted
					AND    database = (SELECT oid FROM pg_database WHERE datname = current_database())),
				 'rows', coalesce(t.rows, 0), 'expected', t.expected)
			FROM   gateway.loading AS g, LATERAL (
				SELECT sum(rows)::bigint AS rows,
				       CASE WHEN bool_and(expected IS NOT NULL OR done) THEN
				           sum(CASE WHEN done THEN rows ELSE expected END)::bigint END AS expected
				FROM   gateway.loading_table WHERE source = g.source) AS t
			WHERE  g.source = $1),
		'followed', (
			SELECT coalesce(min(f.applied_at) FILTER (WHERE NOT EXISTS (
			           SELECT FROM gateway.table_fault AS t
			           WHERE  t.source = f.source AND t.name = f.name)), min(f.applied_at))
			FROM   gateway.following AS f WHERE source = $1 AND name = ANY ($2::text[])),
		'following', (SELECT json_agg(name) FROM gateway.following WHERE source = $1),
		'faults', (
			SELECT json_agg(json_build_object(
				'name', name, 'kind', kind, 'reason', reason, 'since', since) ORDER BY name, kind)
			FROM   gateway.table_fault WHERE source = $1 AND name = ANY ($2::text[])),
		'proof', (
			SELECT json_build_object('endedAt', ended_at, 'origin', origin, 'result', result,
				'rows', rows, 'differ', differ)
			FROM   gateway.proof
			WHERE  source = $1 AND result <> 'running' AND ended_at IS NOT NULL
			AND    began_at >= coalesce( -- what is served since then, it has not seen
				(SELECT greatest(served_since, loaded_at) FROM gateway.load WHERE source = $1),
				'-infinity')
			ORDER  BY id DESC LIMIT 1),
		'provedSince', (
			SELECT began_at FROM gateway.proof
			WHERE  source = $1 AND result = 'same' ORDER BY id DESC LIMIT 1),
		'rows', (
			SELECT json_object_agg(relname, reltuples::bigint)
			FROM   pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
			WHERE  n.nspname = $1 AND relname = ANY ($2::text[]) AND reltuples >= 0),
		'control', (
			SELECT json_agg(json_build_object('schema', n.nspname, 'name', coalesce(c.relname, ''),
				'mayUse', has_schema_privilege(n.oid, 'USAGE'), 'columns', (
					SELECT json_object_agg(lower(a.attname), json_build_object(
						'name', a.attname, 'type', format_type(a.atttypid, NULL),
						'mayRead', has_column_privilege(c.oid, a.attnum, 'SELECT')))
					FROM   pg_attribute AS a
					WHERE  a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
				ORDER BY n.nspname DESC, c.relname DESC)
			FROM   pg_namespace AS n
			LEFT   JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'v')
			       AND lower(c.relname) = ANY ($3::text[])
			WHERE  lower(n.nspname) = $4))`

// unfollowed are faults of the tables that could be followed, and are not though others are by us:
// they stay as they were loaded, and look no older than the others.
func (k *kept) unfollowed(m *mapping.Mapping) []fault {
	if m == nil || k.Followed == nil || k.LoadedAt == nil {
		return nil
	}
	var all []fault
	for i := range m.Tables {
		t := &m.Tables[i]
		isTold := slices.ContainsFunc(k.Faults, func(f fault) bool { return f.Name == t.Name })
		if t.Follows && !t.Optional && !isTold && !slices.Contains(k.Following, t.Name) {
			all = append(all, fault{t.Name, kindUnfollowed, "its changes are not followed", *k.LoadedAt})
		}
	}
	return all
}

// tookOver is when the gateway last wrote what DMS may have written before; nil where it did not,
// or took in what DMS landed.
func (k *kept) tookOver() *time.Time {
	switch {
	case k.Followed != nil:
		return k.Followed
	case k.Origin != nil && *k.Origin != "landing" && *k.Origin != "sample":
		return k.LoadedAt
	}
	return nil
}

const kindUnfollowed = "unfollowed" // beside those of gateway.table_fault

var errUnreadable = errors.New("what is kept of a source cannot be read")

func readKept(ctx context.Context, db *sqlx.DB, s *Subject) (*kept, error) {
	hasRows := make([]string, len(s.Tables))
	for i, name := range s.Tables {
		hasRows[i] = "EXISTS (SELECT FROM " + quoted(s.Schema, name) + ")"
	}
	all, heartbeat := s.Tables, "NULL"
	if m := s.Mapping; m != nil {
		all = make([]string, len(m.Tables))
		for i := range m.Tables {
			all[i] = m.Tables[i].Name
		}
		if h := m.Heartbeat; h != nil {
			heartbeat = "(SELECT max(" + pq.QuoteIdentifier(h.Column) + ") AT TIME ZONE 'UTC' FROM " +
				quoted(s.Schema, h.Table) + ")"
			if t := m.Table(h.Table); t != nil && t.Column(h.Column) != nil &&
				t.Column(h.Column).Target() == "timestamp with time zone" {
				heartbeat = strings.Replace(heartbeat, " AT TIME ZONE 'UTC'", "", 1)
			}
		}
	}
	statement := strings.NewReplacer("{hasRows}", strings.Join(hasRows, " OR "),
		"{heartbeat}", heartbeat).Replace(keptHere)
	var text []byte
	err := db.GetContext(ctx, &text, statement, s.Schema, pq.Array(all),
		pq.Array(controlNames()), "awsdms_"+s.Schema)
	if err != nil {
		return nil, err
	}
	var found kept
	if json.Unmarshal(text, &found) != nil {
		return nil, errUnreadable // its own error could repeat what it read
	}
	return &found, nil
}

func quoted(schema, name string) string {
	return pq.QuoteIdentifier(schema) + "." + pq.QuoteIdentifier(name)
}
