package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/resident"
)

// Guarded has the guard stand before a field, such as Resident.uprn, below a resident, that would
// resolve to a value. It returns what comes through.
func (g *Graph) Guarded(
	ctx context.Context, caller *access.Caller, on, name string, r *resident.Resident, value any,
) (any, error) {
	field := &ast.Field{Name: name, Definition: g.schema.Types[on].Fields.ForName(name)}
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{Result: r})
	ctx = graphql.WithFieldContext(ctx, &graphql.FieldContext{
		Field: graphql.CollectedField{Field: field},
	})
	x := newExecution(g.reader, g.reader.permissionsOf(caller))
	through, err := x.resolve(ctx, func(context.Context) (any, error) { return value, nil })
	if err == nil {
		err = x.denials.fields[field].err
	}
	return through, err
}
