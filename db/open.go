// Package db is what the gateway needs of PostgreSQL: a pool of connections, the schemas brought
// forward by numbered SQL, and a server of its own for those who have none. It knows nothing of
// residents. Read open.go first, then migrate.go; embedded.go stands apart.
package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const (
	connectTimeout  = 5 * time.Second
	applicationName = "resident-gateway"
)

// Pool says how many connections are kept and for how long. The zero value is usable; a field
// that is zero has its default.
type Pool struct {
	MaxOpen         int           // most connections at once; 16
	MaxIdle         int           // most connections kept while unused; MaxOpen
	ConnMaxIdleTime time.Duration // 5 minutes
	ConnMaxLifetime time.Duration // 30 minutes, so that connections follow a failover
}

func (p Pool) apply(db *sqlx.DB) {
	maxOpen := cmp.Or(p.MaxOpen, 16)
	db.SetMaxOpenConns(maxOpen)
	db.SetMaxIdleConns(cmp.Or(p.MaxIdle, maxOpen))
	db.SetConnMaxIdleTime(cmp.Or(p.ConnMaxIdleTime, 5*time.Minute))
	db.SetConnMaxLifetime(cmp.Or(p.ConnMaxLifetime, 30*time.Minute))
}

// Open returns a pool over the database at dsn, once that database has answered. The caller
// closes it.
//
// dsn is a postgres:// URL or libpq's key=value form, with the defaults that Connector adds. An
// error says what is wrong in words that are safe to show and to log: it holds nothing of dsn.
func Open(ctx context.Context, dsn string, pool Pool) (*sqlx.DB, error) {
	connector, err := connectorFor(dsn)
	if err != nil {
		return nil, fmt.Errorf("db: open: %w", err)
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	pool.apply(db)

	ctx, cancel := context.WithTimeout(ctx, 2*connectTimeout)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("db: open: %w", openError(ctx, err))
	}
	return db, nil
}

// Connector returns what Open dials with, for who needs to stand between a pool and the driver.
// It dials nothing itself.
//
// Where dsn does not say otherwise, a connection is given up after 5 seconds, is named
// resident-gateway, and has binary_parameters on: without it, lib/pq behind a pooler in
// transaction mode can run the statement of another client, and nobody is told.
func Connector(dsn string) (driver.Connector, error) {
	connector, err := connectorFor(dsn)
	if err != nil {
		return nil, fmt.Errorf("db: connector: %w", err)
	}
	return connector, nil
}

func connectorFor(dsn string) (driver.Connector, error) {
	config, err := parseDSN(dsn)
	if err != nil {
		return nil, err
	}
	connector, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, dsnError(err)
	}
	return connector, nil
}

func parseDSN(dsn string) (pq.Config, error) {
	if strings.TrimSpace(dsn) == "" {
		return pq.Config{}, errNoDSN
	}
	if scheme, _, ok := strings.Cut(dsn, "://"); ok && !strings.ContainsAny(scheme, " =") {
		withFlag, err := urlWithBinaryParameters(dsn)
		if err != nil {
			return pq.Config{}, err
		}
		dsn = withFlag
	} else {
		dsn = "binary_parameters=yes " + dsn // the last value of a key is the one that counts
	}

	config, err := pq.NewConfig(dsn)
	if err != nil {
		return pq.Config{}, dsnError(err)
	}
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	config.ApplicationName = cmp.Or(config.ApplicationName, applicationName)
	return config, nil
}

func urlWithBinaryParameters(dsn string) (string, error) {
	u, err := url.Parse(dsn)
	switch {
	case err != nil:
		return "", errNotURL
	case u.Scheme != "postgres" && u.Scheme != "postgresql":
		return "", errNotPostgresURL
	case strings.Contains(u.Path, "@") || u.Fragment != "":
		// What follows a bare / or # in a password is read as the path, and half of the password
		// as the host.
		return "", errNotURL
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errNotURL
	}
	if !query.Has("binary_parameters") {
		query.Set("binary_parameters", "yes")
		u.RawQuery = query.Encode()
	}
	return u.String(), nil
}
