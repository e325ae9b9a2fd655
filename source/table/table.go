// Package table is what sources have in common whose data is in tables of PostgreSQL, residents or
// not: their schema, how rows are copied into them, and how fresh they are. It knows no source by
// name. Each of its files can be read by itself.
package table

import (
	"embed"
	"io/fs"
)

// Schema is the numbered SQL of a source's schema, which it embeds from its folder schema.
func Schema(files embed.FS) fs.FS {
	folder, err := fs.Sub(files, "schema")
	if err != nil {
		panic(err) // only if the name of the folder were no name
	}
	return folder
}
