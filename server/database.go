package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/db"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// databaseFlags say which database to use. Without any, it is gone when the command ends.
type databaseFlags struct {
	sourceFlags `embed:""`

	DatabaseURL databaseURL `env:"DATABASE_URL" placeholder:"URL" help:"The PostgreSQL to use. serve loads nothing into it."`
	Data        string      `env:"DATA_DIR" placeholder:"DIR" help:"Use the gateway's own PostgreSQL, and keep it in this folder."`
	Connections number      `env:"DATABASE_CONNECTIONS" default:"16" placeholder:"2..1000" help:"The most connections to the database for each source (default ${default}). The gateway itself has eight more."`
}

// Validate finds fault with two databases.
func (f *databaseFlags) Validate() error {
	if f.DatabaseURL != "" && f.Data != "" {
		return errors.New("DATA_DIR (--data) must be blank where DATABASE_URL (--database-url) is set:" +
			" it is for the gateway's own PostgreSQL")
	}
	return nil
}

// with has something done with the database, once its schema is what this release needs.
func (f *databaseFlags) with(
	ctx context.Context, p *program, do func(*database) error,
) (err error) {
	opened, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	defer closeInto(&err, opened.close)
	if err := opened.bringForward(ctx); err != nil {
		return err
	}
	return do(opened)
}

// keptDatabase says which database to use: one that is kept when the command ends. The command may
// make it.
type keptDatabase struct {
	databaseFlags `embed:""`
}

// Validate also finds fault where no database is named.
func (f *keptDatabase) Validate() error {
	if f.DatabaseURL == "" && f.Data == "" {
		return errors.New("DATABASE_URL (--database-url) or DATA_DIR (--data) must be set: the database" +
			" that the gateway makes for itself is gone when the command ends")
	}
	return f.databaseFlags.Validate()
}

// existingDatabase says which database to use: one that there is.
type existingDatabase struct {
	keptDatabase `embed:""`
}

// Validate also finds fault with a folder that is not there.
func (f *existingDatabase) Validate() error {
	if f.Data != "" {
		if _, err := os.Stat(f.Data); err != nil {
			return errors.New("DATA_DIR (--data) must be a folder that there is")
		}
	}
	return f.keptDatabase.Validate()
}

// A databaseURL says which PostgreSQL to use. It may hold a password, which no error repeats.
type databaseURL string

// UnmarshalText reads a URL, or words such as host=localhost.
func (u *databaseURL) UnmarshalText(text []byte) error {
	*u = databaseURL(text)
	if _, err := db.Connector(string(text)); err != nil {
		return fmt.Errorf("cannot be read: %w", err)
	}
	return nil
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
func (d *database) toServe(ctx context.Context, f *databaseFlags) error {
	dsn := string(f.DatabaseURL)
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
		if d.pools[p.Name], err = db.Open(ctx, dsn, f.pool()); err != nil {
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

func (f *databaseFlags) pool() db.Pool { return db.Pool{MaxOpen: int(f.Connections)} }

// open returns the database that the flags name. The caller closes it.
func (f *databaseFlags) open(ctx context.Context, p *program) (*database, error) {
	pool := f.pool()
	if f.DatabaseURL != "" {
		opened, err := db.Open(ctx, string(f.DatabaseURL), pool)
		if err != nil {
			return nil, err
		}
		return &database{DB: opened, inUse: f.inUse()}, nil
	}
	dir := f.Data
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
	opened, err := f.openOwn(ctx, embedded, pool)
	if err != nil {
		// What failed first is what to tell.
		_ = embedded.Stop()
		return nil, err
	}
	return &database{DB: opened, embedded: embedded, inUse: f.inUse()}, nil
}

const ownDatabase = "residents"

// openOwn opens the gateway's database in its own server, and makes it first where there is none
// yet.
func (f *databaseFlags) openOwn(
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

// openSources returns the set of the sources in use. Each is asked through connections of its own,
// where there are such, so that one which does not answer takes none from the others.
func (d *database) openSources(limits source.Limits) (*source.Set, error) {
	var all []source.Source
	for _, p := range d.inUse {
		from := d.pools[p.Name]
		if from == nil {
			from = d.DB
		}
		all = append(all, p.Open(from, limits.Now))
	}
	return source.NewSet(limits, all...)
}

// checkSchema fails when the database lacks what this release reads. One that is ahead of it is
// well: the release before stays in service while the next is rolled out.
func checkSchema(ctx context.Context, database *database) error {
	all, err := db.Status(ctx, database.DB, database.schemas()...)
	if err != nil {
		return err
	}
	var behind []string
	for _, s := range all {
		if len(s.Pending) > 0 && !s.Newer() {
			behind = append(behind, s.Name)
		}
	}
	if len(behind) > 0 {
		return fmt.Errorf("the database is behind this release in %s: "+
			"run `go run ./server migrate` first", strings.Join(behind, " and "))
	}
	return nil
}
