package graph

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// denials are the fields that one request was refused. The answer has one error for each place in
// the document, with the path of the first resident there.
type denials struct {
	mu     sync.Mutex
	fields map[*ast.Field]deniedField
}

// add keeps that a field is refused.
func (d *denials) add(field *graphql.FieldContext, err error) {
	path := field.Path()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.fields == nil {
		d.fields = make(map[*ast.Field]deniedField)
	}
	earlier, met := d.fields[field.Field.Field]
	if !met || comparePaths(path, earlier.path) < 0 {
		d.fields[field.Field.Field] = deniedField{path, err}
	}
}

// A deniedField is the first of those of one place in the document.
type deniedField struct {
	path ast.Path
	err  error
}

// comparePaths puts one before another as they are met in an answer, if they are of one field.
func comparePaths(a, b ast.Path) int {
	for i := range min(len(a), len(b)) {
		at, isIndex := a[i].(ast.PathIndex)
		other, otherIs := b[i].(ast.PathIndex)
		if isIndex && otherIs && at != other {
			return cmp.Compare(at, other)
		}
	}
	return cmp.Compare(len(a), len(b))
}

// errors returns the errors of all that was refused, in the order of the document.
func (d *denials) errors(present func(error) *gqlerror.Error) gqlerror.List {
	d.mu.Lock()
	defer d.mu.Unlock()
	fields := slices.SortedFunc(maps.Keys(d.fields), func(a, b *ast.Field) int {
		return cmp.Compare(a.Position.Start, b.Position.Start)
	})
	errs := make(gqlerror.List, len(fields))
	for i, field := range fields {
		errs[i] = present(d.fields[field].err)
		errs[i].Path = d.fields[field].path
	}
	return errs
}
