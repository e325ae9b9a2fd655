package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

const cursorKey = `SELECT secret FROM gateway.cursor_key`

// CursorKey returns the secret that cursors are sealed with. It is made when a database is first
// migrated and is the same for all who use that database, for as long as it lives.
func CursorKey(ctx context.Context, db *sqlx.DB) ([]byte, error) {
	var secret []byte
	if err := db.GetContext(ctx, &secret, cursorKey); err != nil {
		return nil, fmt.Errorf("db: cursor key: %w", err)
	}
	return secret, nil
}
