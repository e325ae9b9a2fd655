package tdstest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// tracking is what keeps the changes of a table: for each key that was changed, the version of the
// last change, the version of the last insert, and whether the row is gone.
func (t *table) tracking() []string {
	keys := idents(t.Key)
	var definitions strings.Builder
	for _, key := range t.keyColumns() {
		definitions.WriteString(ident(key.Name) + " " + key.typ.postgres() + " NOT NULL, ")
	}
	put := func(created, deleted, rows, set string) string {
		return fmt.Sprintf(`
			INSERT INTO %s AS c (%s, sys_change_version, sys_change_creation_version,
				sys_change_deleted)
			SELECT %s, v, %s, %s FROM (%s) AS r
			ON CONFLICT (%s) DO UPDATE SET sys_change_version = v, sys_change_deleted = %s%s;`,
			t.side(), keys, keys, created, deleted, rows, keys, deleted, set)
	}
	const created = ", sys_change_creation_version = v"
	before, after := "SELECT "+keys+" FROM old_rows", "SELECT "+keys+" FROM new_rows"
	function := ident("track " + t.Schema + "." + t.Name)
	all := []string{
		"CREATE TABLE " + t.side() + " (" + definitions.String() + `sys_change_version bigint NOT NULL,
			sys_change_creation_version bigint, sys_change_deleted boolean NOT NULL,
			PRIMARY KEY (` + keys + "))",
		"CREATE INDEX ON " + t.side() + " (sys_change_version)",
		"CREATE FUNCTION tds." + function + `() RETURNS trigger LANGUAGE plpgsql AS $$
		DECLARE
			v bigint;
		BEGIN
			IF TG_OP = 'TRUNCATE' THEN
				v := tds.next_version();
				UPDATE tds.objects SET min_valid = v WHERE id = ` + strconv.Itoa(t.id) + `;
				DELETE FROM ` + t.side() + `;
			ELSIF TG_OP = 'INSERT' THEN
				IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
				v := tds.next_version();` + put("v", "false", after, created) + `
			ELSIF TG_OP = 'DELETE' THEN
				IF NOT EXISTS (SELECT FROM old_rows) THEN RETURN NULL; END IF;
				v := tds.next_version();` + put("NULL", "true", before, "") + `
			ELSIF TG_OP = 'UPDATE' THEN
				IF NOT EXISTS (SELECT FROM new_rows) THEN RETURN NULL; END IF;
				v := tds.next_version();` +
			put("NULL", "true", before+" EXCEPT "+after, "") +
			put("v", "false", after+" EXCEPT "+before, created) +
			put("NULL", "false", after+" INTERSECT "+before, "") + `
			END IF;
			RETURN NULL;
		END $$`,
	}
	for operation, tables := range map[string]string{
		"INSERT":   "REFERENCING NEW TABLE AS new_rows",
		"UPDATE":   "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
		"DELETE":   "REFERENCING OLD TABLE AS old_rows",
		"TRUNCATE": "",
	} {
		all = append(all, "CREATE TRIGGER track_"+strings.ToLower(operation)+" AFTER "+operation+
			" ON "+t.postgres+" "+tables+" FOR EACH STATEMENT EXECUTE FUNCTION tds."+function+"()")
	}
	return all
}

// Forget cleans up the changes of a tracked table, as SQL Server does with those that are older
// than it keeps them: all that there are, up to the current version.
func (s *Server) Forget(ctx context.Context, schema, name string) error {
	t := s.tables.find(schema, name)
	if t == nil || !t.Tracked {
		return fmt.Errorf("tdstest: forget changes of %s.%s: it is not tracked", schema, name)
	}
	if _, err := s.db.ExecContext(ctx, `
		WITH gone AS (
			DELETE FROM `+t.side()+` WHERE sys_change_version <= tds.current_version()
		)
		UPDATE tds.objects SET min_valid = tds.current_version() WHERE id = $1`, t.id); err != nil {
		return fmt.Errorf("tdstest: forget changes of %s.%s: %w", schema, name, err)
	}
	return nil
}
