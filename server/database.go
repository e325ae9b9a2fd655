package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// databaseConfig says which database to use: one that there is, or one of the gateway's own.
type databaseConfig struct {
	url         string
	dataDir     string
	connections int         // of each source
	inUse       []plug.Plug // the sources
}

// A database is an open one, and the server that runs it where that is ours.
type database struct {
	*sqlx.DB
	// door is for keys and the record of access alone, so that neither waits behind what is read. It
	// is nil until the database is to be served from.
	door *sqlx.DB
	// pools are the connections of each source, which none takes from another. There are none until
	// the database is to be served from.
	pools    map[resident.SourceName]*sqlx.DB
	embedded *db.Embedded // nil where the database is another's
	inUse    []plug.Plug  // the sources
}

func (d *database) schemas() []db.Schema { return schemas(d.inUse) }

// isOwn is whether the server is the gateway's own.
func (d *database) isOwn() bool { return d.embedded != nil }

// bringForward makes the schema what this release needs where the database is the gateway's own,
// and looks whether it is where the database is another's.
func (d *database) bringForward(ctx context.Context) error {
	if !d.isOwn() {
		return checkSchema(ctx, d)
	}
	_, err := db.Migrate(ctx, d.DB, d.schemas()...)
	return err
}

// servingRole is who serves from the gateway's own server.
const servingRole = "resident_gateway"

// toServe has what is served read by a role that can do nothing else: it adds to the record of
// access, and can neither change nor read it.
func (d *database) toServe(ctx context.Context, c databaseConfig) error {
	dsn := c.url
	if d.isOwn() {
		if err := d.embedded.AddRole(ctx, d.DB, servingRole); err != nil {
			return err
		}
		if err := db.Grant(ctx, d.DB, servingRole, d.schemas()...); err != nil {
			return err
		}
		dsn = d.embedded.DSNAs(servingRole, ownDatabase)
		serving, err := db.Open(ctx, dsn, db.Pool{MaxOpen: 4})
		if err != nil {
			return err
		}
		owning := d.DB
		d.DB = serving
		if err := owning.Close(); err != nil {
			return err
		}
	}
	fault, err := access.ServingFault(ctx, d.DB)
	if err != nil {
		return err
	}
	if fault != "" {
		return fmt.Errorf("the role of DATABASE_URL may not serve: %s. Make another, and let it serve"+
			" with `go run ./server migrate --grant ROLE`", fault)
	}
	unreadable, err := db.Unreadable(ctx, d.DB, d.schemas()...)
	if err != nil {
		return err
	}
	if len(unreadable) > 0 {
		return fmt.Errorf("the role of DATABASE_URL may not read %s: `go run ./server migrate --grant"+
			" ROLE` lets it", strings.Join(unreadable, ", "))
	}
	if d.door, err = db.Open(ctx, dsn, db.Pool{MaxOpen: 4}); err != nil {
		return err
	}
	d.pools = make(map[resident.SourceName]*sqlx.DB)
	for _, p := range d.inUse {
		if d.pools[p.Name], err = db.Open(ctx, dsn, c.pool()); err != nil {
			return err
		}
	}
	return nil
}

// stopped is closed when the gateway's own server has ended. It is nil where there is none.
func (d *database) stopped() <-chan struct{} {
	if d.embedded == nil {
		return nil
	}
	return d.embedded.Done()
}

// close ends all connections, and the server where it is the gateway's own.
func (d *database) close() error {
	closeErr := d.DB.Close()
	if d.door != nil {
		closeErr = errors.Join(closeErr, d.door.Close())
	}
	for _, pool := range d.pools {
		if pool != nil { // it could be opened
			closeErr = errors.Join(closeErr, pool.Close())
		}
	}
	if d.embedded != nil {
		if err := d.embedded.Stop(); err != nil {
			return err
		}
	}
	return closeErr
}

// with has something done with the database, once its schema is what this release needs.
func (c databaseConfig) with(
	ctx context.Context, p *program, do func(*database) error,
) (err error) {
	opened, err := c.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, opened.close)
	if err := opened.bringForward(ctx); err != nil {
		return err
	}
	return do(opened)
}

func (c databaseConfig) pool() db.Pool { return db.Pool{MaxOpen: c.connections} }

// open returns the database that is configured. The caller closes it.
func (c databaseConfig) open(ctx context.Context, p *program) (*database, error) {
	pool := c.pool()
	if c.url != "" {
		opened, err := db.Open(ctx, c.url, pool)
		if err != nil {
			return nil, err
		}
		return &database{DB: opened, inUse: c.inUse}, nil
	}
	dir := c.dataDir
	if dir != "" {
		var err error
		if dir, err = filepath.Abs(dir); err != nil {
			return nil, fmt.Errorf("data folder: %w", err)
		}
	}
	embedded, err := db.StartEmbedded(ctx, db.EmbeddedOptions{Dir: dir, Getenv: p.getenv})
	if err != nil {
		return nil, err
	}
	opened, err := c.openOwn(ctx, embedded, pool)
	if err != nil {
		// What failed first is what to tell.
		_ = embedded.Stop()
		return nil, err
	}
	return &database{DB: opened, embedded: embedded, inUse: c.inUse}, nil
}

const ownDatabase = "residents"

// openOwn opens the gateway's database in its own server, and makes it first where there is none
// yet.
func (c databaseConfig) openOwn(
	ctx context.Context, embedded *db.Embedded, pool db.Pool,
) (*sqlx.DB, error) {
	admin, err := db.Open(ctx, embedded.DSN("postgres"), db.Pool{MaxOpen: 1})
	if err != nil {
		return nil, err
	}
	defer admin.Close()
	var exists bool
	const isThere = `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`
	if err := admin.GetContext(ctx, &exists, isThere, ownDatabase); err != nil {
		return nil, fmt.Errorf("look for the database: %w", err)
	}
	if !exists {
		if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+ownDatabase); err != nil {
			return nil, fmt.Errorf("make the database: %w", err)
		}
	}
	return db.Open(ctx, embedded.DSN(ownDatabase), pool)
}
