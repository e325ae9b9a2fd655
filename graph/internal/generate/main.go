// Command generate writes graph/internal/exec: what gqlgen makes of the schema, and what puts the
// sources' resolvers together. It finds the sources by themselves: each folder of source with a
// file of the schema is one. Run it from the root of the repository.
//
// What a source adds to the schema is bound to its package by name. A type that it defines is the
// Go type of that name, or of what the name is without the source's own: MosaicRecord is
// mosaic.Record. To extend a type that all sources share, such as Resident, is to have a
// ResidentResolver; to extend ResidentFilter by a field is to be searched by it: its value is
// resident.Filter.Own.
package main

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

const (
	module = "github.com/LBHackney-IT/resident-gateway"
	folder = "graph/internal/exec"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run() error {
	additions, err := readAdditions()
	if err != nil {
		return err
	}
	federation, err := readFile("graph/federation.graphqls")
	if err != nil {
		return err
	}
	written, err := compose(additions, coordinatesOf(federation))
	if err != nil {
		return err
	}
	// First, for gqlgen reads the package that it writes into.
	file := filepath.Join(folder, "sources.go")
	if err := os.WriteFile(file, written, 0o644); err != nil { //nolint:gosec // it is code
		return err
	}
	options, err := config.LoadConfig("gqlgen.yml")
	if err != nil {
		return err
	}
	for _, a := range additions {
		for _, name := range a.types {
			options.Models.Add(name, module+"/source/"+a.Folder+"."+a.goName(name))
		}
	}
	return api.Generate(options)
}

// An addition is what one source adds to the schema.
type addition struct {
	types   []string // that it defines
	extends []string // object types that are not its own

	Folder      string
	Filter      string   // the field of ResidentFilter; blank for none
	Coordinates []string // of its types, and of what it adds to the types of others
}

// readAdditions reads every file of the schema that is in the folder of a source.
func readAdditions() ([]addition, error) {
	files, err := filepath.Glob("source/*/*.graphqls")
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("no source adds to the schema: is this the root of the repository?")
	}
	var additions []addition
	for _, file := range files {
		document, err := readFile(file)
		if err != nil {
			return nil, err
		}
		a := addition{
			Folder: filepath.Base(filepath.Dir(file)), Coordinates: coordinatesOf(document),
		}
		if n := len(additions); n > 0 && additions[n-1].Folder == a.Folder {
			return nil, fmt.Errorf("source/%s has more than one file of the schema", a.Folder)
		}
		for _, def := range document.Definitions {
			a.types = append(a.types, def.Name)
		}
		for _, extension := range document.Extensions {
			switch {
			case extension.Name == "ResidentFilter" && len(extension.Fields) == 1:
				a.Filter = extension.Fields[0].Name
			case extension.Name == "ResidentFilter":
				return nil, fmt.Errorf("%s: it has one field of ResidentFilter, for all that only it"+
					" can be searched by", file)
			case extension.Kind == ast.Object && extension.Name == "Query":
				return nil, fmt.Errorf("%s: a source adds nothing to Query", file)
			case extension.Kind == ast.Object:
				a.extends = append(a.extends, extension.Name)
			}
		}
		additions = append(additions, a)
	}
	return additions, nil
}

func readFile(file string) (*ast.SchemaDocument, error) {
	text, err := os.ReadFile(file) //nolint:gosec // it is a file of the schema
	if err != nil {
		return nil, err
	}
	return parser.ParseSchema(&ast.Source{Name: file, Input: string(text)})
}

// coordinatesOf returns the schema coordinates of what a file defines, and of the fields and values
// that it adds to the types of other files, such as MosaicRecord, Resident.mosaic,
// SourceName.MOSAIC.
func coordinatesOf(document *ast.SchemaDocument) []string {
	var coordinates []string
	for _, def := range document.Definitions {
		coordinates = append(coordinates, def.Name)
	}
	for _, extension := range document.Extensions {
		for _, field := range extension.Fields {
			coordinates = append(coordinates, extension.Name+"."+field.Name)
		}
		for _, value := range extension.EnumValues {
			coordinates = append(coordinates, extension.Name+"."+value.Name)
		}
	}
	return coordinates
}

// GoFilter returns what Go calls the field of ResidentFilter.
func (a addition) GoFilter() string { return strings.ToUpper(a.Filter[:1]) + a.Filter[1:] }

// goName is what a type of the source is called in its package.
func (a addition) goName(name string) string {
	own := a.Folder
	if len(name) > len(own) && strings.EqualFold(name[:len(own)], own) {
		return name[len(own):]
	}
	return name
}

//go:embed sources.go.tmpl
var sourcesTemplate string

// compose returns the code that puts together what sources resolve, and that knows which parts of
// the schema are theirs.
func compose(additions []addition, federation []string) ([]byte, error) {
	extended := make(map[string][]string) // by type, the folders
	for _, a := range additions {
		for _, name := range a.extends {
			extended[name] = append(extended[name], a.Folder)
		}
	}
	parsed, err := template.New("sources.go").Parse(sourcesTemplate)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := parsed.Execute(&b, map[string]any{
		"Module": module, "Additions": additions, "Extended": extended, "Federation": federation,
	}); err != nil {
		return nil, err
	}
	return format.Source(b.Bytes())
}
