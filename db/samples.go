package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

const onlySamples = `SELECT coalesce(bool_and(origin = 'sample'), false) FROM gateway.load`

// HasOnlySamples is whether all that was loaded into a database are sample residents, none of them
// real, and anything was.
func HasOnlySamples(ctx context.Context, db *sqlx.DB) (bool, error) {
	var only bool
	if err := db.GetContext(ctx, &only, onlySamples); err != nil {
		return false, fmt.Errorf("db: what was loaded: %w", err)
	}
	return only, nil
}
