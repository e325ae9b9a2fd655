package db

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// Applied is one file that Migrate ran.
type Applied struct {
	Schema   string
	Version  int64
	File     string
	Duration time.Duration
}

// Migrate brings every schema forward to the newest file that it has, in the order given, and
// returns what it applied: nothing, when all is done already. The PostgreSQL schemas themselves
// are created where they are missing.
//
// Any number of processes may call it on one database at once; each file is applied once, and
// all return when it is. A database that is newer than the files is left as it is, so that an
// older release still starts while a newer one is rolled out. When a file fails, what was applied
// before it is returned with the error, and a later call goes on from there.
//
// It needs connections of its own: not those of a pooler in transaction mode.
func Migrate(ctx context.Context, db *sqlx.DB, schemas ...Schema) ([]Applied, error) {
	if err := checkEncoding(ctx, db); err != nil {
		return nil, fmt.Errorf("db: migrate: %w", err)
	}
	create := func(conn *sqlx.Conn) error { return createSchemas(ctx, conn, schemas) }
	if err := locked(ctx, db, create); err != nil {
		return nil, fmt.Errorf("db: migrate: %w", err)
	}
	var applied []Applied
	for _, s := range schemas {
		now, err := s.migrate(ctx, db)
		applied = append(applied, now...)
		if err != nil {
			return applied, fmt.Errorf("db: migrate schema %s: %w", s.Name, err)
		}
	}
	return applied, nil
}

// checkEncoding fails for a database in which not every name can be written.
func checkEncoding(ctx context.Context, db *sqlx.DB) error {
	var encoding string
	if err := db.GetContext(ctx, &encoding, `SHOW server_encoding`); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database is in %s and must be in UTF8: CREATE DATABASE … "+
			"ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	return nil
}

const missingSchemas = `
	SELECT name
	FROM   unnest($1::text[]) WITH ORDINALITY AS wanted (name, place)
	WHERE  NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = name)
	ORDER  BY place`

// createSchemas creates only what is missing: CREATE SCHEMA IF NOT EXISTS would ask for the right
// to create even where there is nothing to do.
func createSchemas(ctx context.Context, conn *sqlx.Conn, schemas []Schema) error {
	wanted := []string{gatewayName}
	for _, s := range schemas {
		if s.Name != gatewayName {
			wanted = append(wanted, s.Name)
		}
	}
	var missing []string
	if err := conn.SelectContext(ctx, &missing, missingSchemas, pq.Array(wanted)); err != nil {
		return fmt.Errorf("list schemas: %w", err)
	}
	for _, name := range missing {
		create := `CREATE SCHEMA ` + pq.QuoteIdentifier(name)
		if _, err := conn.ExecContext(ctx, create); err != nil {
			return fmt.Errorf("create schema %s: %w", name, err)
		}
	}
	return nil
}

func (s Schema) migrate(ctx context.Context, db *sqlx.DB) ([]Applied, error) {
	if _, err := s.changes(); err != nil {
		return nil, err // goose passes over a file without a number; a slip of the pen is told
	}
	store, err := database.NewStoreFromQuerier(versionTable(s.Name), versions{})
	if err != nil {
		return nil, err
	}
	provider, err := goose.NewProvider(goose.DialectCustom, db.DB, s.Files,
		goose.WithStore(store),
		goose.WithSessionLocker(migrateLocker{}),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	)
	if err != nil {
		return nil, err
	}
	// This makes the version table while it has the lock; Up would make it without.
	if _, err := provider.GetDBVersion(ctx); err != nil {
		return nil, err
	}

	results, err := provider.Up(ctx)
	if partial := (*goose.PartialError)(nil); errors.As(err, &partial) {
		results = partial.Applied
		file := path.Base(partial.Failed.Source.Path)
		err = fmt.Errorf("%s: %w", file, withoutValues(partial.Err))
	}
	applied := make([]Applied, 0, len(results))
	for _, r := range results {
		applied = append(applied, Applied{
			Schema:   s.Name,
			Version:  r.Source.Version,
			File:     path.Base(r.Source.Path),
			Duration: r.Duration,
		})
	}
	return applied, err
}

// withoutValues is err, or less than err where PostgreSQL may have quoted what stands in a row.
func withoutValues(err error) error {
	refused := pq.As(err)
	if refused == nil {
		return err
	}
	switch refused.Code.Class() {
	case pqerror.ClassDataException, pqerror.ClassIntegrityConstraintViolation:
		text := fmt.Sprintf("%s, SQLSTATE %s", refused.Code.Name(), refused.Code)
		if refused.Constraint != "" {
			text += ", constraint " + refused.Constraint
		}
		return errors.New(text)
	}
	return err
}
