package db

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/pressly/goose/v3"
)

//go:embed schema/*.sql
var gatewaySQL embed.FS

// Schema is one PostgreSQL schema and the numbered SQL that makes it what it is.
type Schema struct {
	Name  string
	Files fs.FS // *.sql at the root, each named with its version: 00001_tables.sql

	// Grants are what a serving role is granted, each as it stands between GRANT and TO:
	// `SELECT ON mosaic.dm_persons`. Nil is to read all tables and no more.
	Grants []string
	// Withheld are tables that a serving role has nothing of, whatever Grants say of all.
	Withheld []string
}

// Gateway is the schema that the gateway keeps for itself. It comes first: the others use its
// functions.
func Gateway() Schema {
	files, err := fs.Sub(gatewaySQL, "schema")
	if err != nil {
		panic(err) // the name of the folder is a constant and valid
	}
	return Schema{Name: gatewayName, Files: files, Grants: []string{
		`SELECT ON ALL TABLES IN SCHEMA ` + gatewayName, // those of versions are among them
		`EXECUTE ON ALL FUNCTIONS IN SCHEMA ` + gatewayName,
	}, Withheld: []string{
		gatewayName + `.proof_finding`, // the keys of residents
	}}
}

// change is one numbered file.
type change struct {
	version int64
	file    string
}

// changes are the numbered files of s, in the order of their versions.
func (s Schema) changes() ([]change, error) {
	names, err := fs.Glob(s.Files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("db: files of schema %s: %w", s.Name, err)
	}
	found := make([]change, 0, len(names))
	for _, name := range names {
		version, err := goose.NumericComponent(path.Base(name))
		if err != nil {
			return nil, fmt.Errorf("db: files of schema %s: %s: %w", s.Name, name, err)
		}
		found = append(found, change{version: version, file: path.Base(name)})
	}
	slices.SortFunc(found, func(a, b change) int { return cmp.Compare(a.version, b.version) })
	return found, nil
}
