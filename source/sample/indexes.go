package sample

import "context"

// index is an index that is dropped while rows are copied: to build it anew at the end is many
// times faster than to keep it up.
type index struct {
	name       string
	definition string
}

// loadedIndexes finds the indexes of tables that no constraint needs. Keys rise with the rows, so
// the primary keys cost little to keep up.
const loadedIndexes = `
	SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
	FROM   unnest(string_to_array($1, ', ')) AS t
	JOIN   pg_index i ON i.indrelid = t::regclass
	WHERE  NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
	ORDER  BY i.indrelid, i.indexrelid`

func (l *load) dropIndexes(ctx context.Context) ([]index, error) {
	rows, err := l.tx.QueryContext(ctx, loadedIndexes, l.tableNames())
	if err != nil {
		return nil, failure(ctx, "list indexes", err)
	}
	defer rows.Close()
	var indexes []index
	for rows.Next() {
		var i index
		if err := rows.Scan(&i.name, &i.definition); err != nil {
			return nil, failure(ctx, "list indexes", err)
		}
		indexes = append(indexes, i)
	}
	if err := rows.Err(); err != nil {
		return nil, failure(ctx, "list indexes", err)
	}
	for _, i := range indexes {
		if err := l.exec(ctx, "drop an index", "DROP INDEX "+i.name); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// createIndexes builds the indexes again, and gathers statistics as the last step.
func (l *load) createIndexes(ctx context.Context, indexes []index) error {
	steps := len(indexes) + 1
	for n, i := range indexes {
		l.tell("indexes", n, steps)
		if err := l.exec(ctx, "create index "+i.name, i.definition); err != nil {
			return err
		}
	}
	l.tell("indexes", len(indexes), steps)
	if err := l.exec(ctx, "analyze", "ANALYZE "+l.tableNames()); err != nil {
		return err
	}
	l.tell("indexes", steps, steps)
	return nil
}
