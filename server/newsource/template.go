package newsource

import (
	"bytes"
	"embed"
	"fmt"
	"go/format"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
)

// Module is the module whose repository a source is written into.
const Module = "github.com/LBHackney-IT/resident-gateway"

// Table is the file in which sources are listed.
const Table = "source/catalogue/catalogue.go"

//go:embed template
var templates embed.FS

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
