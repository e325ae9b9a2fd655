package load

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/LBHackney-IT/resident-gateway/migration"
)

// A DMSTask is one of AWS DMS that writes, or wrote, to a source's tables.
type DMSTask struct {
	Name      string
	IsStopped bool // as it said itself when it last could
}

// The control tables are found whatever the letter case of their names.
const findStatus = `
	SELECT c.oid::regclass::text AS name,
	       max(quote_ident(a.attname)) FILTER (WHERE lower(a.attname) = 'task_name') AS task,
	       max(quote_ident(a.attname)) FILTER (WHERE lower(a.attname) = 'task_status') AS status
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	JOIN   pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE  lower(n.nspname) = 'awsdms_' || $1 AND lower(c.relname) = 'awsdms_status'
	GROUP  BY c.oid`

// DMSTasks are those that have written their state beside a source.
func DMSTasks(ctx context.Context, conn sqlx.QueryerContext, schema string) ([]DMSTask, error) {
	var found []struct {
		Name   string  `db:"name"`
		Task   *string `db:"task"`
		Status *string `db:"status"`
	}
	if err := sqlx.SelectContext(ctx, conn, &found, findStatus, schema); err != nil {
		return nil, migration.Failed(ctx, "look for DMS", err)
	}
	var tasks []DMSTask
	for _, f := range found {
		if f.Task == nil || f.Status == nil {
			continue
		}
		var rows []struct {
			Name   string  `db:"name"`
			Status *string `db:"status"`
		}
		query := "SELECT DISTINCT " + *f.Task + " AS name, " + *f.Status + " AS status FROM " + f.Name
		if err := sqlx.SelectContext(ctx, conn, &rows, query); err != nil {
			return nil, migration.Failed(ctx, "look at DMS", err)
		}
		for _, r := range rows {
			tasks = append(tasks, DMSTask{
				r.Name, r.Status != nil && strings.EqualFold(*r.Status, "NOT RUNNING"),
			})
		}
	}
	return tasks, nil
}

// identifier writes a table's name with its schema as PostgreSQL takes it.
func identifier(schema, name string) string {
	return pq.QuoteIdentifier(schema) + "." + pq.QuoteIdentifier(name)
}
