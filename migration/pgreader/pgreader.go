// Package pgreader reads tables where they stand in PostgreSQL: those that are served, those beside
// them that a load fills, and those that DMS lands its scheduled loads in.
package pgreader

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/canon"
	"github.com/LBHackney-IT/resident-gateway/migration/rows"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

// A Reader reads the tables of one schema.
type Reader struct {
	db     *sqlx.DB
	schema string
	origin string
}

var _ migration.Reader = (*Reader)(nil)

// New returns a Reader of the tables in a schema, which calls itself origin. It leaves db open.
// What stands there and is not what its column may hold is handed on as it is, so that it can be
// compared.
func New(db *sqlx.DB, schema, origin string) *Reader { return &Reader{db, schema, origin} }

// Origin is what New was told.
func (r *Reader) Origin() string { return r.origin }

const columnsOf = `
	SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
	       a.attnotnull AS not_null,
	       coalesce(array_position(i.indkey::smallint[], a.attnum), -1) AS key_place
	FROM   pg_attribute AS a
	LEFT   JOIN pg_index AS i ON i.indrelid = a.attrelid AND i.indisprimary
	WHERE  a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
	ORDER  BY a.attnum`

// Catalogue is the table's columns in the words of PostgreSQL, by their names here.
func (r *Reader) Catalogue(
	ctx context.Context, t *mapping.Table,
) (migration.Catalogue, error) {
	var found []struct {
		Name     string `db:"name"`
		Type     string `db:"type"`
		NotNull  bool   `db:"not_null"`
		KeyPlace int    `db:"key_place"`
	}
	if err := r.db.SelectContext(ctx, &found, columnsOf, r.name(t)); err != nil {
		return migration.Catalogue{}, migration.Failed(ctx, "pgreader: catalogue of "+t.Name, err)
	}
	var c migration.Catalogue
	keys := map[int]string{}
	for _, f := range found {
		c.Columns = append(c.Columns, migration.CatalogueColumn{
			Name: f.Name, Type: f.Type, NotNull: f.NotNull,
		})
		if f.KeyPlace >= 0 {
			keys[f.KeyPlace] = f.Name
		}
	}
	for i := range keys {
		c.Key = append(c.Key, keys[i])
	}
	return c, nil
}

func (r *Reader) name(t *mapping.Table) string {
	return migration.Identifier(r.schema, t.Name)
}

// Read reads rows in the order of the key, as PostgreSQL has it, where they are not read all at
// once.
func (r *Reader) Read(
	ctx context.Context, t *mapping.Table, part migration.Part, each func(*migration.Batch) error,
) error {
	c := canon.Of(t)
	query, args, err := r.query(t, part)
	if err != nil {
		return err
	}
	batcher := migration.NewBatcher(c, each)
	err = rows.Each(ctx, r.db.DB, query, args, func(values []driver.Value) error {
		line := batcher.Line()
		for i, value := range values {
			switch v := value.(type) {
			case nil:
				line = c.AppendNull(line, i)
			case string:
				line, _ = c.AppendText(line, i, []byte(v)) // as it is
			case []byte:
				line, _ = c.AppendText(line, i, v)
			default:
				line, _ = c.AppendValue(line, i, v)
			}
		}
		return batcher.EndRow(line)
	})
	if err == nil {
		err = batcher.Flush()
	}
	return migration.Failed(ctx, "pgreader: read "+t.Name, err)
}

// query is the statement that a part of a table is read by.
func (r *Reader) query(t *mapping.Table, part migration.Part) (string, []any, error) {
	var columns []string
	for _, c := range t.Ordered() {
		columns = append(columns, "t."+selected(c))
	}
	query := "SELECT " + strings.Join(columns, ", ") + " FROM " + r.name(t) + " AS t"
	var args []any
	switch {
	case part.Between != nil:
		first := "t." + pq.QuoteIdentifier(t.Key[0])
		// A range may end beyond what a smallint holds, which $1 alone would be.
		query += " WHERE " + first + " >= $1::bigint AND " + first + " < $2::bigint"
		args = []any{part.Between.From, part.Between.Below}
	case part.Keys != nil:
		query += " JOIN (SELECT DISTINCT * FROM unnest("
		var parameters, same []string
		for i, values := range byColumn(part.Keys, len(t.Key)) {
			args = append(args, pq.Array(values))
			parameters = append(parameters, "$"+strconv.Itoa(i+1)+"::text[]")
			name := pq.QuoteIdentifier(t.Key[i])
			same = append(same, "t."+name+" = k."+name+"::"+t.Column(t.Key[i]).Target())
		}
		query += strings.Join(parameters, ", ") + ") AS k) AS k (" +
			migration.ColumnList(t.Key, "") + ") ON " + strings.Join(same, " AND ")
	case part.After != "":
		after, err := migration.KeyAfter(part.After)
		if err != nil || len(after) != len(t.Key) {
			return "", nil, fmt.Errorf("pgreader: a position of another table than %s", t.Name)
		}
		query += " WHERE (" + migration.ColumnList(t.Key, "t.") + ") > ("
		parameters := make([]string, len(after))
		for i, value := range after {
			args = append(args, value)
			parameters[i] = "$" + strconv.Itoa(i+1) + "::text::" + t.Column(t.Key[i]).Target()
		}
		query += strings.Join(parameters, ", ") + ")"
	}
	if part.After != "" || part.Limit > 0 {
		if len(t.Key) > 0 {
			query += " ORDER BY " + migration.ColumnList(t.Key, "t.")
		}
	}
	if part.Limit > 0 {
		query += " LIMIT " + strconv.Itoa(part.Limit)
	}
	return query, args, nil
}

// selected is the expression that a column is read by: text, but for what the driver has sooner.
func selected(c *mapping.Column) string {
	name := pq.QuoteIdentifier(c.Named())
	switch target := c.Target(); target {
	case "smallint", "integer", "bigint":
		return name
	default:
		if strings.HasPrefix(target, "character varying") || target == "text" {
			return name
		}
		return name + "::text"
	}
}

// byColumn turns keys into the values of each of their columns.
func byColumn(keys [][]byte, columns int) [][]string {
	values := make([][]string, columns)
	for _, key := range keys {
		for i, field := range canon.Fields(key) {
			if field != nil && i < columns {
				values[i] = append(values[i], *field)
			}
		}
	}
	return values
}

var _ migration.Counter = (*Reader)(nil)

// Count is how many rows the table has.
func (r *Reader) Count(ctx context.Context, t *mapping.Table) (int64, error) {
	var count int64
	if err := r.db.GetContext(ctx, &count, "SELECT count(*) FROM "+r.name(t)); err != nil {
		return 0, migration.Failed(ctx, "pgreader: count "+t.Name, err)
	}
	return count, nil
}
