package sqlserver

import (
	"context"
	"fmt"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const columnsOf = `
	SELECT COLUMN_NAME, DATA_TYPE, IS_NULLABLE, CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION,
	       NUMERIC_SCALE, DATETIME_PRECISION
	FROM   INFORMATION_SCHEMA.COLUMNS
	WHERE  TABLE_SCHEMA = @p1 AND TABLE_NAME = @p2
	ORDER  BY ORDINAL_POSITION`

const keyOf = `
	SELECT k.COLUMN_NAME
	FROM   INFORMATION_SCHEMA.TABLE_CONSTRAINTS AS c
	JOIN   INFORMATION_SCHEMA.KEY_COLUMN_USAGE AS k
	ON     k.CONSTRAINT_SCHEMA = c.CONSTRAINT_SCHEMA AND k.CONSTRAINT_NAME = c.CONSTRAINT_NAME
	WHERE  c.CONSTRAINT_TYPE = 'PRIMARY KEY' AND c.TABLE_SCHEMA = @p1 AND c.TABLE_NAME = @p2
	ORDER  BY k.ORDINAL_POSITION`

// Catalogue is the table's columns in the words of SQL Server.
func (r *Reader) Catalogue(
	ctx context.Context, t *mapping.Table,
) (migration.Catalogue, error) {
	var c migration.Catalogue
	db, err := r.database(t.Database)
	if err != nil {
		return c, err
	}
	found, err := db.QueryContext(ctx, columnsOf, t.Owner, t.From)
	if err != nil {
		return c, failed(ctx, "catalogue of "+t.From, err)
	}
	defer found.Close()
	for found.Next() {
		var row catalogueRow
		if err := found.Scan(&row.name, &row.dataType, &row.nullable, &row.length, &row.precision,
			&row.scale, &row.seconds); err != nil {
			return c, failed(ctx, "catalogue of "+t.From, err)
		}
		c.Columns = append(c.Columns, row.column())
	}
	if err := found.Err(); err != nil {
		return c, failed(ctx, "catalogue of "+t.From, err)
	}
	keys, err := db.QueryContext(ctx, keyOf, t.Owner, t.From)
	if err != nil {
		return c, failed(ctx, "key of "+t.From, err)
	}
	defer keys.Close()
	for keys.Next() {
		var name string
		if err := keys.Scan(&name); err != nil {
			return c, failed(ctx, "key of "+t.From, err)
		}
		c.Key = append(c.Key, name)
	}
	if err := keys.Err(); err != nil {
		return c, failed(ctx, "key of "+t.From, err)
	}
	return c, nil
}

type catalogueRow struct {
	name, dataType, nullable          string
	length, precision, scale, seconds *int64
}

func (r *catalogueRow) column() migration.CatalogueColumn {
	column := migration.CatalogueColumn{Name: r.name, NotNull: r.nullable == "NO"}
	switch r.dataType {
	case "decimal", "numeric":
		column.Type = fmt.Sprintf("%s(%d,%d)", r.dataType, orZero(r.precision), orZero(r.scale))
	case "datetime2", "datetimeoffset", "time":
		column.Type = fmt.Sprintf("%s(%d)", r.dataType, orZero(r.seconds))
	case "char", "varchar", "nchar", "nvarchar", "binary", "varbinary":
		column.Type = fmt.Sprintf("%s(%d)", r.dataType, orZero(r.length))
		if orZero(r.length) < 0 {
			column.Type = r.dataType + "(max)"
		}
	default:
		column.Type = r.dataType
	}
	return column
}

func orZero(n *int64) int64 {
	if n == nil {
		return 0
	}
	return *n
}

var _ migration.Counter = (*Reader)(nil)

// Count is how many rows the table has.
func (r *Reader) Count(ctx context.Context, t *mapping.Table) (int64, error) {
	db, err := r.database(t.Database)
	if err != nil {
		return 0, err
	}
	var count int64
	err = db.QueryRowContext(ctx, "SELECT COUNT_BIG(*) FROM "+object(t)).Scan(&count)
	if err != nil {
		return 0, failed(ctx, "count "+t.From, err)
	}
	return count, nil
}
