// Package table is what sources have in common whose residents are in tables of PostgreSQL: how
// they say how fresh those are, how they put statements together, and how they read lists. It knows
// no source by name. Each of its files can be read by itself.
package table

import (
	"embed"
	"encoding/json"
	"errors"
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

// List is what json_agg wrote; of nothing, nothing.
type List[T any] []T

var errUnreadable = errors.New("a list in a row cannot be read")

// Scan reads a column. Its error tells nothing of what is in it.
func (l *List[T]) Scan(column any) error {
	written, ok := column.([]byte)
	if column == nil || ok && json.Unmarshal(written, (*[]T)(l)) == nil {
		return nil
	}
	return errUnreadable
}
