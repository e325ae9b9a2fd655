package access

import (
	"embed"
	"io/fs"
)

//go:embed schema/*.sql
var schema embed.FS

// Schema is the numbered SQL of the PostgreSQL schema access.
func Schema() fs.FS {
	files, err := fs.Sub(schema, "schema")
	if err != nil {
		panic(err) // the name is a constant: it is valid or this never worked
	}
	return files
}

// Grants are what a role needs of the schema access to serve, as db.Schema has them: to look up
// keys, and to write the record. It cannot read, change or delete what it has written.
func Grants() []string {
	return []string{
		`SELECT ON access.key`,
		`EXECUTE ON FUNCTION access.write_records(jsonb)`,
	}
}
