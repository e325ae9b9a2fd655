package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Grant lets a role that exists serve from the schemas: it may use each, and has what its Grants
// say and nothing else in it. What it was granted there before, by an earlier release or by hand,
// is taken from it by the same transaction, so that a role which serves meanwhile is never without.
// It needs the role that owns the schemas, and to be called again when a migration has added
// tables.
//
// A role that owns a schema, or what is in it, cannot be the one that serves: that is an error.
func Grant(ctx context.Context, db *sqlx.DB, role string, schemas ...Schema) error {
	// Two at once would get in each other's way, and a migration may add what is to be granted.
	err := locked(ctx, db, func(conn *sqlx.Conn) error { return grant(ctx, conn, role, schemas) })
	if err != nil {
		return fmt.Errorf("db: grant to role %s: %w", role, err)
	}
	return nil
}

func grant(ctx context.Context, conn *sqlx.Conn, role string, schemas []Schema) error {
	tx, err := conn.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for _, s := range schemas {
		if err := mayBeGranted(ctx, tx, role, s); err != nil {
			return err
		}
		for _, statement := range s.grantsTo(role) {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
	}
	return tx.Commit()
}

const unreadableTables = `
	SELECT n.nspname || '.' || c.relname
	FROM   pg_class AS c
	JOIN   pg_namespace AS n ON n.oid = c.relnamespace
	WHERE  n.nspname = ANY ($1::text[])
	AND    c.relkind IN ('r', 'p', 'v', 'm')
	AND    NOT coalesce(has_table_privilege(c.oid, 'SELECT'), true)
	ORDER  BY 1`

// Unreadable returns the tables that the role which db connects as may not read, of those schemas
// that Grant lets be read whole: such as a table that came after the grant.
func Unreadable(ctx context.Context, db *sqlx.DB, schemas ...Schema) ([]string, error) {
	var names []string
	for _, s := range schemas {
		if s.Grants == nil {
			names = append(names, s.Name)
		}
	}
	var tables []string
	if err := db.SelectContext(ctx, &tables, unreadableTables, pq.Array(names)); err != nil {
		return nil, fmt.Errorf("db: what the role may read: %w", err)
	}
	return tables, nil
}

// grantable says whether there are such a role and such a schema, and whether the role owns the
// schema or anything in it: to take from an owner what it was granted would be to lock it out.
const grantable = `
	SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS is_role,
	       EXISTS (SELECT FROM pg_namespace WHERE nspname = $2) AS is_schema,
	       EXISTS (
	           SELECT FROM pg_namespace AS n
	           LEFT   JOIN pg_class AS c ON c.relnamespace = n.oid
	           LEFT   JOIN pg_proc AS p ON p.pronamespace = n.oid
	           JOIN   pg_roles AS r ON r.oid IN (n.nspowner, c.relowner, p.proowner)
	           WHERE  n.nspname = $2 AND r.rolname = $1
	       ) AS is_owner`

type grantableRow struct {
	IsRole   bool `db:"is_role"`
	IsSchema bool `db:"is_schema"`
	IsOwner  bool `db:"is_owner"`
}

func mayBeGranted(ctx context.Context, tx *sqlx.Tx, role string, s Schema) error {
	var row grantableRow
	if err := tx.GetContext(ctx, &row, grantable, role, s.Name); err != nil {
		return err
	}
	switch {
	case !row.IsRole:
		return fmt.Errorf("there is no such role: CREATE ROLE %s LOGIN", pq.QuoteIdentifier(role))
	case !row.IsSchema:
		return fmt.Errorf("there is no schema %s: migrate the database first", s.Name)
	case row.IsOwner:
		return fmt.Errorf("it owns schema %s or what is in it: another role is to serve", s.Name)
	}
	return nil
}

// grantsTo are the statements that give role what it is to have of s, and take the rest.
func (s Schema) grantsTo(role string) []string {
	schema, role := pq.QuoteIdentifier(s.Name), pq.QuoteIdentifier(role)
	statements := []string{
		`REVOKE ALL ON ALL TABLES IN SCHEMA ` + schema + ` FROM ` + role,
		`REVOKE ALL ON ALL SEQUENCES IN SCHEMA ` + schema + ` FROM ` + role,
		`REVOKE ALL ON ALL ROUTINES IN SCHEMA ` + schema + ` FROM ` + role,
		`REVOKE ALL ON SCHEMA ` + schema + ` FROM ` + role,
		`GRANT USAGE ON SCHEMA ` + schema + ` TO ` + role,
	}
	grants := s.Grants
	if grants == nil {
		grants = []string{`SELECT ON ALL TABLES IN SCHEMA ` + schema}
	}
	for _, what := range grants {
		statements = append(statements, `GRANT `+what+` TO `+role)
	}
	for _, what := range s.Withheld {
		statements = append(statements, `REVOKE ALL ON `+what+` FROM `+role)
	}
	return statements
}
