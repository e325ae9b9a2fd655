package main

import (
	"context"
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

// place reads where a source is to be read from.
func (c *checker) place(m *mapping.Mapping, from, options string) migrationPlace {
	const name = "MIGRATION_FROM (--from)"
	p := migrationPlace{mapping: m}
	switch {
	case m == nil:
	case from == landing:
		if len(p.tables()) == 0 {
			c.fault(name, "is not %s: DMS follows all tables of %s, and lands none", landing, m.Title)
		}
	case from == "":
		c.fault(name, "says where to read: sqlserver://…, a folder or s3://… with files of DMS, or %s",
			landing)
	case strings.Contains(from, "sqlserver://"):
		p.addresses = c.addresses(name, m, from)
	default:
		p.files = from
	}
	p.options = c.fileOptions(options)
	return p
}

// addresses are those of the databases of a system: one address, or NAME=ADDRESS for each database.
func (c *checker) addresses(name string, m *mapping.Mapping, from string) map[string]string {
	databases := m.Databases()
	if strings.HasPrefix(from, "sqlserver://") {
		if len(databases) > 1 {
			c.fault(name, "is NAME=ADDRESS;… of these databases: %s", strings.Join(databases, ", "))
			return nil
		}
		return map[string]string{databases[0]: from}
	}
	addresses := map[string]string{}
	for part := range strings.SplitSeq(from, ";") {
		database, address, _ := strings.Cut(part, "=")
		addresses[database] = address
	}
	for _, database := range databases {
		if addresses[database] == "" {
			c.fault(name, "does not say where database %s is", database)
		}
	}
	return addresses
}

// fileOptions reads what files of DMS look like.
func (c *checker) fileOptions(given string) files.Options {
	var o files.Options
	for word := range strings.SplitSeq(given, ",") {
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
			c.fault("--files", "is of header, op, unquoted, empty-is-null, null=TEXT and schema=NAME")
		}
	}
	return o
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
