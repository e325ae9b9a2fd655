package migration

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
)

// The kinds of what can be wrong with one table, which is then left as it is.
const (
	FaultDrift  = "drift"  // the system's table is not what is described
	FaultReread = "reread" // its changes are lost, and it is being read again
	FaultApply  = "apply"  // a change cannot be applied to it
)

const keepFault = `
	INSERT INTO gateway.table_fault (source, name, kind, reason, since)
	VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (source, name, kind) DO UPDATE SET reason = excluded.reason`

// KeepFault keeps what is wrong with a table of a source, for who looks at its state. One that is
// known of already keeps the moment since when it is.
func KeepFault(
	ctx context.Context, db sqlx.ExecerContext, source, table, kind, reason string, at time.Time,
) error {
	_, err := db.ExecContext(ctx, keepFault, source, table, kind, reason, at)
	return Failed(ctx, "keep what is wrong", err)
}
