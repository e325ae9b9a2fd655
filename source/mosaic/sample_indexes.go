package mosaic

import "context"

// sampleIndex is an index that is dropped while rows are copied: to build it anew at the end is
// many times faster than to keep it up.
type sampleIndex struct {
	name       string
	definition string
}

// sampleIndexes finds the indexes that no constraint needs. Keys rise with the rows, so the primary
// keys cost little to keep up.
const sampleIndexes = `
	SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
	FROM   pg_index i
	WHERE  i.indrelid IN ('mosaic.dm_persons'::regclass, 'mosaic.dm_addresses'::regclass,
	                      'mosaic.dm_telephone_numbers'::regclass)
	AND    NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
	ORDER  BY i.indrelid, i.indexrelid`

func (l *sampleLoad) dropIndexes(ctx context.Context) ([]sampleIndex, error) {
	rows, err := l.tx.QueryContext(ctx, sampleIndexes)
	if err != nil {
		return nil, sampleFailure(ctx, "list indexes", err)
	}
	defer rows.Close()
	var indexes []sampleIndex
	for rows.Next() {
		var index sampleIndex
		if err := rows.Scan(&index.name, &index.definition); err != nil {
			return nil, sampleFailure(ctx, "list indexes", err)
		}
		indexes = append(indexes, index)
	}
	if err := rows.Err(); err != nil {
		return nil, sampleFailure(ctx, "list indexes", err)
	}
	for _, index := range indexes {
		if err := l.exec(ctx, "drop an index", "DROP INDEX "+index.name); err != nil {
			return nil, err
		}
	}
	return indexes, nil
}

// createIndexes builds the indexes again, and gathers statistics as the last step.
func (l *sampleLoad) createIndexes(ctx context.Context, indexes []sampleIndex) error {
	steps := len(indexes) + 1
	for i, index := range indexes {
		l.tell("indexes", i, steps)
		if err := l.exec(ctx, "create index "+index.name, index.definition); err != nil {
			return err
		}
	}
	l.tell("indexes", len(indexes), steps)
	if err := l.exec(ctx, "analyze", sampleAnalyze); err != nil {
		return err
	}
	l.tell("indexes", steps, steps)
	return nil
}
