// Package newsource writes the folder of a new source: the smallest that keeps to all that a source
// keeps to, with residents who are made up. Its templates are in template. It knows nothing of what
// sources there are but what the files of the repository say. Read Write first.
package newsource

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/template"
)

// Module is the module whose repository a source is written into.
const Module = "github.com/LBHackney-IT/resident-gateway"

// Table is the file in which sources are listed.
const Table = "source/catalogue/catalogue.go"

//go:embed template
var templates embed.FS

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
	listed, err := list(root, written)
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

// A file is one of the folder, by its name there.
type file struct {
	name string
	text []byte
}

// title is what people know a source by until its README says otherwise: planning is Planning.
func title(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// render makes the files of a source.
func render(name string) ([]file, error) {
	parsed := template.New("").Option("missingkey=error")
	values := map[string]string{
		"Module": Module, "Name": name, "Title": title(name), "Enum": strings.ToUpper(name),
	}
	var files []file
	err := fs.WalkDir(templates, "template", func(at string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := templates.ReadFile(at)
		if err != nil {
			return err
		}
		t, err := parsed.New(at).Parse(string(text))
		if err != nil {
			return err
		}
		var b bytes.Buffer
		if err := t.Execute(&b, values); err != nil {
			return err
		}
		made := file{fileName(at, name), b.Bytes()}
		if path.Ext(made.name) == ".go" {
			if made.text, err = format.Source(made.text); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		}
		files = append(files, made)
		return nil
	})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.name, b.name) })
	return files, err
}

// fileName is what a template makes: source.go.tmpl is planning.go, and source_test.go.tmpl
// planning_test.go.
func fileName(at, name string) string {
	made := strings.TrimSuffix(strings.TrimPrefix(at, "template/"), ".tmpl")
	if rest, isSource := strings.CutPrefix(made, "source"); isSource {
		return name + rest
	}
	return made
}
