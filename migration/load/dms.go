package load

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
)

// The control tables are found whatever the letter case of their names.
const findStatus = `
	SELECT c.oid::regclass::text AS name, quote_ident(a.attname) AS status
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	JOIN   pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE  lower(n.nspname) = 'awsdms_' || $1 AND lower(c.relname) = 'awsdms_status'
	AND    lower(a.attname) = 'task_status'`

// RefuseDMS fails with ErrDMS where a task of DMS has written its state beside a source and writes
// to the tables, or could again and nobody has said that it never will.
func RefuseDMS(
	ctx context.Context, conn sqlx.QueryerContext, schema string, instead bool,
) error {
	var found []struct {
		Name   string `db:"name"`
		Status string `db:"status"`
	}
	if err := sqlx.SelectContext(ctx, conn, &found, findStatus, schema); err != nil {
		return migration.Failed(ctx, "look for DMS", err)
	}
	for _, f := range found {
		var told []*string
		query := "SELECT DISTINCT " + f.Status + " FROM " + f.Name
		if err := sqlx.SelectContext(ctx, conn, &told, query); err != nil {
			return migration.Failed(ctx, "look at DMS", err)
		}
		for _, status := range told {
			isStopped := status != nil && strings.EqualFold(*status, "NOT RUNNING")
			switch {
			case !isStopped:
				return ErrDMS
			case !instead:
				return fmt.Errorf("%w; its task is stopped, and could be resumed: say that it never will"+
					" be (--instead-of-dms), or let DMS reload", ErrDMS)
			}
		}
	}
	return nil
}
