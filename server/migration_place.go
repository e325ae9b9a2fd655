package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"github.com/LBHackney-IT/resident-gateway/migration"
	"github.com/LBHackney-IT/resident-gateway/migration/dms"
	"github.com/LBHackney-IT/resident-gateway/migration/files"
	"github.com/LBHackney-IT/resident-gateway/migration/pgreader"
	"github.com/LBHackney-IT/resident-gateway/migration/sqlserver"
	"github.com/LBHackney-IT/resident-gateway/source/mapping"
	"github.com/LBHackney-IT/resident-gateway/source/plug"
)

// landing is what is said for the tables that DMS lands its scheduled loads in.
const landing = "landing"

// A migrationPlace is where a source is read from.
type migrationPlace struct {
	mapping   *mapping.Mapping
	addresses map[string]string // of SQL Server, by database; nil where it is none
	files     string            // a folder or a bucket; blank where it is none
	options   files.Options
}

// placeFlags say where a source is read from.
type placeFlags struct {
	migratedSource `embed:""`

	From  string      `env:"MIGRATION_FROM" placeholder:"PLACE" help:"Where to read it: sqlserver://reader@host?database=mosaic, or NAME=ADDRESS;… where it has several databases; a folder or s3://bucket/prefix?region=… with files that DMS wrote; or landing, for the tables that DMS lands its scheduled loads in. An address with a password belongs in the environment."`
	Files fileOptions `placeholder:"WORD,…" help:"What files look like: header, op (the full load has operations too), unquoted, empty-is-null, null=TEXT, schema=NAME."`
}

// placeError returns an error about where to read, which does not repeat it: it may hold a
// password.
func placeError(format string, args ...any) error {
	return fmt.Errorf("MIGRATION_FROM (--from) "+format, args...)
}

// place returns where the source is to be read from.
func (f *placeFlags) place(inUse []plug.Plug) (migrationPlace, error) {
	m, err := f.mapping(inUse)
	p := migrationPlace{mapping: m, options: files.Options(f.Files)}
	switch {
	case err != nil:
		return p, err
	case f.From == landing:
		if len(p.tables()) == 0 {
			err = placeError("must not be %s: DMS follows all tables of %s, and lands none",
				landing, m.Title)
		}
	case f.From == "":
		err = placeError("must say where to read: sqlserver://…, a folder or s3://… with files of DMS,"+
			" or %s", landing)
	case strings.Contains(f.From, "sqlserver://"):
		p.addresses, err = addressesOf(m.Databases(), f.From)
	default:
		p.files = f.From
	}
	return p, err
}

// addressesOf reads the addresses of the databases of a system: one address, or NAME=ADDRESS for
// each database.
func addressesOf(databases []string, from string) (map[string]string, error) {
	if strings.HasPrefix(from, "sqlserver://") {
		if len(databases) > 1 {
			return nil, placeError("must be NAME=ADDRESS;… of these databases: %s",
				strings.Join(databases, ", "))
		}
		return map[string]string{databases[0]: from}, nil
	}
	addresses := map[string]string{}
	for part := range strings.SplitSeq(from, ";") {
		database, address, _ := strings.Cut(part, "=")
		addresses[database] = address
	}
	for _, database := range databases {
		if addresses[database] == "" {
			return nil, placeError("does not say where database %s is", database)
		}
	}
	return addresses, nil
}

type fileOptions files.Options

// UnmarshalText reads what files of DMS look like.
func (o *fileOptions) UnmarshalText(text []byte) error {
	for word := range strings.SplitSeq(string(text), ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(word), "=")
		switch key {
		case "":
		case "header":
			o.Header = true
		case "op":
			o.Op = true
		case "unquoted":
			o.Unquoted = true
		case "empty-is-null":
			o.EmptyIsNull = true
		case "null":
			o.Null = value
		case "schema":
			o.Schema = value
		default:
			return errors.New(
				"must be of header, op, unquoted, empty-is-null, null=TEXT and schema=NAME")
		}
	}
	return nil
}

// named returns the tables of the place with these names, which have commas between them; all
// tables that it has, when there are none.
func (p migrationPlace) named(text string) ([]*mapping.Table, error) {
	names := listed(text)
	for _, name := range names {
		if p.mapping.Table(name) == nil {
			return nil, errors.New("--tables must be of the tables that are described in" +
				" docs/reference/what-is-taken.md")
		}
	}
	return slices.DeleteFunc(p.tables(), func(t *mapping.Table) bool {
		return names != nil && !slices.Contains(names, t.Name)
	}), nil
}

// A system is a source where it is read from. The caller closes it.
type system struct {
	migration.Reader
	io.Closer

	feed migration.Feed // nil where changes cannot be followed
}

// open returns a reader of the place. The database is where DMS lands its loads.
func (p migrationPlace) open(ctx context.Context, db *sqlx.DB) (*system, error) {
	switch {
	case p.addresses != nil:
		r, err := sqlserver.Open(p.addresses)
		if err != nil {
			return nil, err
		}
		return &system{r, r, r}, nil
	case p.files != "":
		r, err := files.Open(ctx, p.files, p.options)
		if err != nil {
			return nil, err
		}
		return &system{r, r, r}, nil
	}
	landed := pgreader.New(db, dms.LandingSchema(p.mapping), landing)
	return &system{landed, io.NopCloser(nil), nil}, nil
}

// name says which place it is, without credentials, and how its files are read: read otherwise,
// they are others.
func (p migrationPlace) name() string {
	var parts []string
	if p.files != "" {
		parts = append(parts, p.files, fmt.Sprintf("%+v", p.options))
	}
	for _, database := range slices.Sorted(maps.Keys(p.addresses)) {
		if address, err := url.Parse(p.addresses[database]); err == nil {
			parts = append(parts, database, address.Host, address.Path, address.Query().Get("database"))
		}
	}
	return strings.Join(parts, " ")
}

func (p migrationPlace) isLanding() bool { return p.addresses == nil && p.files == "" }

// tables are those that the place has: DMS lands what it does not follow.
func (p migrationPlace) tables() []*mapping.Table {
	var all []*mapping.Table
	for i := range p.mapping.Tables {
		if t := &p.mapping.Tables[i]; !p.isLanding() || !t.Follows {
			all = append(all, t)
		}
	}
	return all
}
