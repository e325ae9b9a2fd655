package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/pressly/goose/v3/database/dialect"
	"github.com/pressly/goose/v3/lock"
)

const (
	gatewayName = "gateway"

	// migrateLock is the advisory lock of who changes a schema. The number means nothing.
	migrateLock int64 = 7_301_552_019_482_466

	// migrateLockRetry is how often a lock that another process has is asked for again.
	migrateLockRetry = 100 * time.Millisecond
)

// versionTable is the table in which goose keeps which files of a schema were applied. All of
// them are in the gateway's own schema, so that a source's schema holds nothing but its tables.
// Quoted, it is safe for any name of a schema.
func versionTable(schema string) string {
	return pq.QuoteIdentifier(gatewayName) + "." + pq.QuoteIdentifier("goose_"+schema)
}

// versions is the SQL with which goose keeps a version table. The names it is given are quoted
// already.
type versions struct{}

var _ dialect.QuerierExtender = versions{}

func (versions) CreateTable(table string) string {
	return `CREATE TABLE ` + table + ` (
		id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
		version_id bigint NOT NULL UNIQUE,
		is_applied boolean NOT NULL,
		applied_at timestamptz NOT NULL DEFAULT now()
	)`
}

func (versions) TableExists(table string) string {
	return `SELECT to_regclass(` + pq.QuoteLiteral(table) + `) IS NOT NULL`
}

func (versions) InsertVersion(table string) string {
	return `INSERT INTO ` + table + ` (version_id, is_applied) VALUES ($1, $2)`
}

func (versions) DeleteVersion(table string) string {
	return `DELETE FROM ` + table + ` WHERE version_id = $1`
}

func (versions) GetMigrationByVersion(table string) string {
	return `SELECT applied_at, is_applied FROM ` + table + ` WHERE version_id = $1`
}

func (versions) ListMigrations(table string) string {
	return `SELECT version_id, is_applied FROM ` + table + ` ORDER BY id DESC`
}

func (versions) GetLatestVersion(table string) string {
	return `SELECT max(version_id) FROM ` + table
}

// migrateLocker lets one session at a time change a database. The lock ends with its session, so
// a process that dies leaves none behind.
type migrateLocker struct{}

var _ lock.SessionLocker = migrateLocker{}

// locked has something done by a connection of its own, while nobody else changes the database.
func locked(ctx context.Context, db *sqlx.DB, do func(*sqlx.Conn) error) (err error) {
	conn, err := db.Connx(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()

	var locker migrateLocker
	if err := locker.SessionLock(ctx, conn.Conn); err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, locker.SessionUnlock(context.WithoutCancel(ctx), conn.Conn))
	}()
	return do(conn)
}

// SessionLock waits for the lock until ctx ends. It asks again and again instead of waiting
// within one statement: a statement that waits would stop CREATE INDEX CONCURRENTLY of the one
// that has the lock, for ever.
func (migrateLocker) SessionLock(ctx context.Context, conn *sql.Conn) error {
	again := time.NewTicker(migrateLockRetry)
	defer again.Stop()
	for {
		var locked bool
		row := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, migrateLock)
		if err := row.Scan(&locked); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		if locked {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("lock: another process is migrating this database: %w", ctx.Err())
		case <-again.C:
		}
	}
}

// SessionUnlock gives the lock back.
func (migrateLocker) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	var unlocked bool
	row := conn.QueryRowContext(ctx, `SELECT pg_advisory_unlock($1)`, migrateLock)
	if err := row.Scan(&unlocked); err != nil {
		return fmt.Errorf("unlock: %w", err)
	}
	if !unlocked {
		return errors.New("unlock: this session had no lock; is there a pooler in between?")
	}
	return nil
}
