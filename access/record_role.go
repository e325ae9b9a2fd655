package access

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// servingFaults asks of every role that the connected one is or can become, whether it has what
// that role may by inheritance or has yet to take it on. The role that connected counts, not one
// that was set since: it can be taken off again.
const servingFaults = `
	WITH role AS (
		SELECT oid, rolname, rolsuper, rolcreaterole, rolreplication
		FROM   pg_roles
		WHERE  pg_has_role(session_user, oid, 'MEMBER')
	), record AS (
		SELECT oid FROM pg_class
		WHERE  relnamespace = 'access'::regnamespace AND relkind IN ('r', 'p')
		AND    (relname = 'record' OR relispartition)
	), owned AS (
		SELECT relowner AS owner FROM pg_class WHERE relnamespace = 'access'::regnamespace
		UNION  ALL
		SELECT proowner FROM pg_proc WHERE pronamespace = 'access'::regnamespace
		UNION  ALL
		SELECT nspowner FROM pg_namespace WHERE nspname = 'access'
	), beside AS (
		SELECT oid FROM pg_class
		WHERE  relnamespace = 'access'::regnamespace AND relname IN ('key', 'pruned')
	)
	SELECT session_user AS role,
	       bool_or(rolsuper) AS is_super,
	       bool_or(role.oid IN (SELECT owner FROM owned)) AS is_owner,
	       bool_or(role.oid = (
	           SELECT datdba FROM pg_database WHERE datname = current_database())) AS owns_database,
	       bool_or(rolcreaterole) AS makes_roles,
	       bool_or(rolreplication OR rolname IN ('pg_execute_server_program', 'pg_write_server_files',
	           'pg_read_server_files')) AS writes_files,
	       bool_or(has_schema_privilege(role.oid, 'access', 'CREATE')) AS creates,
	       bool_or(EXISTS (
	           SELECT FROM record
	           WHERE  has_table_privilege(role.oid, record.oid,
	                      'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
	           OR     has_any_column_privilege(role.oid, record.oid, 'INSERT, UPDATE')
	       ) OR EXISTS (
	           SELECT FROM beside
	           WHERE  has_table_privilege(role.oid, beside.oid,
	                      'INSERT, UPDATE, DELETE, TRUNCATE, TRIGGER')
	           OR     has_any_column_privilege(role.oid, beside.oid, 'INSERT, UPDATE')
	       )) AS changes,
	       bool_or(EXISTS (
	           SELECT FROM record WHERE has_any_column_privilege(role.oid, record.oid, 'SELECT')
	       )) AS reads,
	       has_schema_privilege(session_user, 'access', 'USAGE')
	           AND (SELECT bool_and(has_function_privilege(session_user, oid, 'EXECUTE'))
	                FROM   pg_proc
	                WHERE  pronamespace = 'access'::regnamespace AND proname = 'write_records')
	           AS writes
	FROM   role`

type servingFaultsRow struct {
	Role         string `db:"role"`
	IsSuper      bool   `db:"is_super"`
	IsOwner      bool   `db:"is_owner"`
	OwnsDatabase bool   `db:"owns_database"`
	MakesRoles   bool   `db:"makes_roles"`
	WritesFiles  bool   `db:"writes_files"`
	Creates      bool   `db:"creates"`
	Changes      bool   `db:"changes"`
	Reads        bool   `db:"reads"`
	Writes       bool   `db:"writes"`
}

// ServingFault says why the role that db connects as should not serve: it could change the record
// of what it has shown, or cannot write it. What the role could become by SET ROLE counts as what
// it is. It is "" for a role that can write the record and do nothing else with it.
func ServingFault(ctx context.Context, db *sqlx.DB) (string, error) {
	const isThere = `SELECT EXISTS (SELECT FROM pg_proc
		WHERE proname = 'write_records' AND pronamespace = to_regnamespace('access'))`
	var there bool
	if err := db.GetContext(ctx, &there, isThere); err != nil {
		return "", databaseError(ctx, "look at the serving role", err)
	}
	if !there {
		return "", errors.New("access: look at the serving role: there is no " +
			"access.write_records: the database has yet to be migrated")
	}
	var row servingFaultsRow
	if err := db.GetContext(ctx, &row, servingFaults); err != nil {
		return "", databaseError(ctx, "look at the serving role", err)
	}
	if fault := row.fault(); fault != "" {
		return fmt.Sprintf("role %s %s", row.Role, fault), nil
	}
	return "", nil
}

// fault is the first that there is, the gravest first.
func (r servingFaultsRow) fault() string {
	switch {
	case r.IsSuper:
		return "is a superuser, or can become one"
	case r.IsOwner:
		return "owns the schema access or what is in it, or can become the role that does"
	case r.OwnsDatabase:
		return "owns the database, or can become the role that does, and so can drop it"
	case r.MakesRoles:
		return "may make roles, and so can become another"
	case r.WritesFiles:
		return "may read or write files of the database's machine, run programs there, or replicate"
	case r.Creates:
		return "may create in the schema access, and so replace what writes the record"
	case r.Changes:
		return "may change the record of access other than by access.write_records, or the keys"
	case r.Reads:
		return "may read the record of access"
	case !r.Writes:
		return "may not execute access.write_records, and so cannot write the record of access"
	}
	return ""
}
