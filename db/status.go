package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// SchemaStatus is how far a schema is in one database.
type SchemaStatus struct {
	Name    string
	Current int64    // the greatest version in the database; 0 when there is none
	Latest  int64    // the greatest version there is a file of
	Pending []string // the files that Migrate would apply, in that order
}

// Newer reports whether the database was migrated by a newer release than this one.
func (s SchemaStatus) Newer() bool { return s.Current > s.Latest }

// Status says how far each schema is, in the order given. It changes nothing: on an empty
// database every file is pending.
func Status(ctx context.Context, db *sqlx.DB, schemas ...Schema) ([]SchemaStatus, error) {
	all := make([]SchemaStatus, 0, len(schemas))
	for _, s := range schemas {
		status, err := s.status(ctx, db)
		if err != nil {
			return nil, err
		}
		all = append(all, status)
	}
	return all, nil
}

func (s Schema) status(ctx context.Context, db *sqlx.DB) (SchemaStatus, error) {
	changes, err := s.changes()
	if err != nil {
		return SchemaStatus{}, err
	}
	applied, err := s.applied(ctx, db)
	if err != nil {
		return SchemaStatus{}, fmt.Errorf("db: status of schema %s: %w", s.Name, err)
	}

	status := SchemaStatus{Name: s.Name}
	for version := range applied {
		status.Current = max(status.Current, version)
	}
	for _, c := range changes {
		status.Latest = max(status.Latest, c.version)
		if !applied[c.version] {
			status.Pending = append(status.Pending, c.file)
		}
	}
	return status, nil
}

// applied are the versions of s that the database has.
func (s Schema) applied(ctx context.Context, db *sqlx.DB) (map[int64]bool, error) {
	var (
		table  = versionTable(s.Name)
		exists bool
	)
	if err := db.GetContext(ctx, &exists, versions{}.TableExists(table)); err != nil || !exists {
		return nil, err
	}
	var rows []struct {
		Version int64 `db:"version_id"`
		Applied bool  `db:"is_applied"`
	}
	if err := db.SelectContext(ctx, &rows, versions{}.ListMigrations(table)); err != nil {
		return nil, err
	}
	applied := make(map[int64]bool, len(rows))
	for _, r := range rows {
		applied[r.Version] = r.Applied
	}
	return applied, nil
}
