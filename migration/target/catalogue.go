package target

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"
)

// A relation is what PostgreSQL says of one thing in a schema that can be read like a table.
type relation struct {
	Kind        string      `json:"kind"`        // r for an ordinary table
	Persistence string      `json:"persistence"` // p for one that survives a crash
	Hides       bool        `json:"hides"`       // whether policies say who reads which rows
	Columns     []attribute `json:"columns"`
	Indexes     []index     `json:"indexes"`
	Foreign     []string    `json:"foreign"`   // foreign keys of it
	Referring   []string    `json:"referring"` // those of others that refer to it
	Triggers    []string    `json:"triggers"`
	Rules       []string    `json:"rules"`
}

type attribute struct {
	Name      string `json:"name"`
	Type      string `json:"type"`
	NotNull   bool   `json:"notNull"`
	Generated bool   `json:"generated"`
}

type index struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"` // blank for an expression
	IsKey   bool     `json:"isKey"`   // whether no two rows may be the same in it, at any moment
	Valid   bool     `json:"valid"`
}

// everything is one statement, so that all of it is of one moment.
const everything = `
	SELECT c.relname AS name, json_build_object(
		'kind', c.relkind, 'persistence', c.relpersistence, 'hides', c.relrowsecurity,
		'columns', (
			SELECT json_agg(json_build_object(
				'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
				'notNull', a.attnotnull,
				'generated', a.attgenerated <> '' OR a.attidentity = 'a') ORDER BY a.attnum)
			FROM   pg_attribute a
			WHERE  a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
		'indexes', (
			SELECT json_agg(json_build_object(
				'name', x.relname,
				'isKey', i.indisunique AND i.indimmediate AND i.indpred IS NULL,
				'valid', i.indisvalid AND i.indisready AND i.indislive,
				'columns', (
					SELECT json_agg(coalesce(a.attname, '') ORDER BY k.place)
					FROM   unnest(i.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
					LEFT   JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
					                          AND k.number > 0
					WHERE  k.place <= i.indnkeyatts)) ORDER BY x.relname)
			FROM   pg_index i
			JOIN   pg_class x ON x.oid = i.indexrelid
			WHERE  i.indrelid = c.oid),
		'foreign', (
			SELECT json_agg(f.conname ORDER BY f.conname)
			FROM   pg_constraint f
			WHERE  f.conrelid = c.oid AND f.contype = 'f'),
		'referring', (
			SELECT json_agg(f.conname ORDER BY f.conname)
			FROM   pg_constraint f
			WHERE  f.confrelid = c.oid AND f.contype = 'f'),
		'triggers', (
			SELECT json_agg(t.tgname ORDER BY t.tgname)
			FROM   pg_trigger t
			WHERE  t.tgrelid = c.oid AND NOT t.tgisinternal),
		'rules', (
			SELECT json_agg(r.rulename ORDER BY r.rulename)
			FROM   pg_rewrite r
			WHERE  r.ev_class = c.oid AND c.relkind = 'r')) AS there
	FROM   pg_class c
	WHERE  c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1)
	AND    c.relkind IN ('r', 'p', 'v', 'm', 'f')`

// read returns what is in a schema, by name; nothing where there is no such schema.
func read(
	ctx context.Context, db sqlx.QueryerContext, schema string,
) (map[string]*relation, error) {
	var rows []struct {
		Name  string `db:"name"`
		There []byte `db:"there"`
	}
	if err := sqlx.SelectContext(ctx, db, &rows, everything, schema); err != nil {
		return nil, err
	}
	all := make(map[string]*relation, len(rows))
	for _, row := range rows {
		there := new(relation)
		if err := json.Unmarshal(row.There, there); err != nil {
			return nil, err
		}
		all[row.Name] = there
	}
	return all, nil
}
