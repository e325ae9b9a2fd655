// Package newsource writes the folder of a new source: the smallest that keeps to all that a source
// keeps to, with residents who are made up. Its templates are in template. It knows nothing of what
// sources there are but what the files of the repository say. Read Write first.
package newsource

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// A Written is what was written.
type Written struct {
	Folder  string
	Files   []string // of the folder
	Imports []string // what was added to the imports of Table
	Line    string   // and to its list
}

// Write writes the folder of a source into the repository at root, and puts the source into Table.
// It writes nothing when it fails.
func Write(root, name string) (Written, error) {
	if err := isRoot(root); err != nil {
		return Written{}, err
	}
	if err := check(root, name); err != nil {
		return Written{}, err
	}
	files, err := render(name)
	if err != nil {
		return Written{}, err
	}
	written := Written{
		Folder: path.Join("source", name),
		Imports: []string{
			strconv.Quote(Module + "/source/" + name),
			name + "sample " + strconv.Quote(Module+"/source/"+name+"/sample"),
		},
		Line: name + ".Plug(" + name + "sample.New),",
	}
	listed, err := list(root, written.Imports, written.Line)
	if err != nil {
		return Written{}, err
	}
	folder := filepath.Join(root, "source", name)
	for _, f := range files {
		written.Files = append(written.Files, f.name)
		if err = put(filepath.Join(folder, filepath.FromSlash(f.name)), f.text); err != nil {
			break
		}
	}
	if err == nil {
		err = put(filepath.Join(root, filepath.FromSlash(Table)), listed)
	}
	if err != nil {
		_ = os.RemoveAll(folder) // it was not there before
		return Written{}, err
	}
	return written, nil
}

// isRoot fails for a folder that is not the root of the repository.
func isRoot(root string) error {
	text, err := os.ReadFile(filepath.Join(root, "go.mod")) //nolint:gosec // its name is fixed
	first, _, _ := strings.Cut(string(text), "\n")
	if err != nil || strings.TrimSpace(first) != "module "+Module {
		return fmt.Errorf("new-source is run from the root of the repository, where the go.mod of %s is",
			Module)
	}
	return nil
}

// put writes a file, and the folders that it is in.
func put(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // it is code
		return err
	}
	return os.WriteFile(file, text, 0o644) //nolint:gosec // it is code
}
