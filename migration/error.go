package migration

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// Failed says what failed in PostgreSQL; nil where nothing did. Of what PostgreSQL says it keeps
// the code alone, since the rest can quote a row.
func Failed(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, context.Cause(ctx))
	}
	if refused := pq.As(err); refused != nil {
		return fmt.Errorf("%s: %w", doing, &RefusedError{refused.Code.Name(), string(refused.Code)})
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// RefusedError is what PostgreSQL did with a statement.
type RefusedError struct {
	Name  string // such as string_data_right_truncation
	State string // such as 22001
}

func (r *RefusedError) Error() string {
	return strings.ReplaceAll(r.Name, "_", " ") + ", SQLSTATE " + r.State
}
