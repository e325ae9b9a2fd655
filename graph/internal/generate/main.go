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
	"errors"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
			options.Models.Add(name, module+"/source/"+a.folder+"."+a.goName(name))
		}
	}
	return api.Generate(options)
}

// An addition is what one source adds to the schema.
type addition struct {
	folder      string
	types       []string // that it defines
	extends     []string // object types that are not its own
	filter      string   // the field of ResidentFilter; blank for none
	coordinates []string // of its types, and of what it adds to the types of others
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
			folder: filepath.Base(filepath.Dir(file)), coordinates: coordinatesOf(document),
		}
		if n := len(additions); n > 0 && additions[n-1].folder == a.folder {
			return nil, fmt.Errorf("source/%s has more than one file of the schema", a.folder)
		}
		for _, def := range document.Definitions {
			a.types = append(a.types, def.Name)
		}
		for _, extension := range document.Extensions {
			switch {
			case extension.Name == "ResidentFilter" && len(extension.Fields) == 1:
				a.filter = extension.Fields[0].Name
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

// goName is what a type of the source is called in its package.
func (a *addition) goName(name string) string {
	own := a.folder
	if len(name) > len(own) && strings.EqualFold(name[:len(own)], own) {
		return name[len(own):]
	}
	return name
}

// compose returns the code that puts together what sources resolve.
func compose(additions []addition, federationOnly []string) ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `// Code generated by graph/internal/generate, DO NOT EDIT.

package exec

import (
	"context"
	"errors"

	%q
	%q
`, module+"/graph/internal/answer", module+"/resident")
	extended := make(map[string][]string) // by type, the folders
	for _, a := range additions {
		fmt.Fprintf(&b, "\t%q\n", module+"/source/"+a.folder)
		for _, name := range a.extends {
			extended[name] = append(extended[name], a.folder)
		}
	}
	b.WriteString(")\n")
	types := make([]string, 0, len(extended))
	for name := range extended {
		types = append(types, name)
	}
	slices.Sort(types)
	b.WriteString("\n// Extensions answers for the types that sources extend.\ntype Extensions struct{}\n")
	for _, name := range types {
		fmt.Fprintf(&b, "\n// %[1]sExtensions answers what sources add to %[1]s.\n", name)
		fmt.Fprintf(&b, "type %sExtensions struct {\n", name)
		for _, folder := range extended[name] {
			fmt.Fprintf(&b, "\t%s%s\n", folder, name)
		}
		b.WriteString("}\n\n// Each source calls its resolver the same; here each has a name of its own.\n")
		b.WriteString("type (\n")
		for _, folder := range extended[name] {
			fmt.Fprintf(&b, "\t%[1]s%[2]s = %[1]s.%[2]sResolver\n", folder, name)
		}
		b.WriteString(")\n")
		if name != "Resident" { // which has fields of its own to resolve
			fmt.Fprintf(&b, `
// %[1]s returns the resolver of what sources add to %[1]s.
func (Extensions) %[1]s() %[1]sResolver { return %[1]sExtensions{} }
`, name)
		}
	}
	writeOwn(&b, additions)
	writeOrigins(&b, additions, federationOnly)
	b.WriteString(federation)
	return format.Source(b.Bytes())
}

// federation is what gqlgen leaves out where its own plugin for federation is not used: it calls
// these for two fields of Query, whatever they are.
const federation = `
// Federated answers what a federation router asks.
type Federated interface {
	Service(ctx context.Context) (*answer.Service, error)
	Entities(ctx context.Context, representations []answer.Representation) []answer.Entity
}

var errNotFederated = errors.New("exec: the resolvers do not answer a federation router")

func (ec *executionContext) __resolve__service(ctx context.Context) (*answer.Service, error) {
	root, ok := ec.Resolvers.(Federated)
	if !ok {
		return nil, errNotFederated
	}
	return root.Service(ctx)
}

func (ec *executionContext) __resolve_entities(
	ctx context.Context, representations []answer.Representation,
) []answer.Entity {
	root, ok := ec.Resolvers.(Federated)
	if !ok {
		ec.Error(ctx, errNotFederated)
		return nil
	}
	return root.Entities(ctx, representations)
}
`

// writeOwn writes what finds the part of a filter that only one source can be searched by.
func writeOwn(b *bytes.Buffer, additions []addition) {
	b.WriteString(`
// An OwnPart is a part of a filter that only one source can be searched by.
type OwnPart struct {
	Name   string // of the field
	Source resident.SourceName
	Value  any
}

// Own returns the parts of the filter that only one source can be searched by.
func (f *ResidentFilter) Own() []OwnPart {
	var parts []OwnPart
`)
	for _, a := range additions {
		if a.filter != "" {
			fmt.Fprintf(b, "\tif f.%s != nil {\n\t\tparts = append(parts, OwnPart{%q, %s.Name, *f.%s})\n\t}\n",
				strings.ToUpper(a.filter[:1])+a.filter[1:], a.filter, a.folder,
				strings.ToUpper(a.filter[:1])+a.filter[1:])
		}
	}
	b.WriteString("\treturn parts\n}\n")
}

// writeOrigins writes which part of the schema is of which source, and which is of federation.
func writeOrigins(b *bytes.Buffer, additions []addition, federationOnly []string) {
	b.WriteString(`
// SourceOf returns the source that adds a type, or a field or value of a shared type, to the
// schema, by its coordinate, such as Resident.mosaic. It returns "" for what no source adds.
func SourceOf(coordinate string) resident.SourceName {
	switch coordinate {
`)
	for _, a := range additions {
		writeCase(b, a.coordinates, a.folder+".Name")
	}
	b.WriteString(`	}
	return ""
}

// IsFederation reports whether a type or field, by its coordinate, is for a federation router only.
func IsFederation(coordinate string) bool {
	switch coordinate {
`)
	writeCase(b, federationOnly, "true")
	b.WriteString("\t}\n\treturn false\n}\n")
}

func writeCase(b *bytes.Buffer, coordinates []string, result string) {
	b.WriteString("\tcase ")
	for i, coordinate := range coordinates {
		if i > 0 {
			b.WriteString(",\n\t\t")
		}
		fmt.Fprintf(b, "%q", coordinate)
	}
	fmt.Fprintf(b, ":\n\t\treturn %s\n", result)
}
