package graph

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/source"
)

const (
	// maxTokens is the most that a document may have; the largest that tools send, an introspection,
	// has some 500.
	maxTokens = 10_000
	// cachedDocuments is how many documents are kept, read and validated.
	cachedDocuments = 500
)

// Options are what a Graph is made of.
type Options struct {
	Sources *source.Set
	// CursorKey is the secret that cursors are sealed with, of at least 32 bytes. Cursors made with
	// another are refused.
	CursorKey []byte
	// Report is told of errors that callers are not told of. It may be called concurrently.
	Report func(ctx context.Context, err error)
}

// A Graph answers GraphQL operations. It is safe for concurrent use.
type Graph struct {
	sources *source.Set
	cursors *cursors
	report  func(context.Context, error)
	exec    *executor.Executor
}

// New returns a Graph over the sources.
func New(o Options) (*Graph, error) {
	sealed, err := newCursors(o.CursorKey)
	if err != nil {
		return nil, err
	}
	g := &Graph{sources: o.Sources, cursors: sealed, report: o.Report}
	g.exec = executor.New(exec.NewExecutableSchema(exec.Config{Resolvers: root{g}}))
	g.exec.SetParserTokenLimit(maxTokens)
	g.exec.SetQueryCache(lru.New[*ast.QueryDocument](cachedDocuments))
	g.exec.SetErrorPresenter(g.present)
	g.exec.SetRecoverFunc(func(_ context.Context, panicked any) error {
		return errPanicked(panicked)
	})
	return g, nil
}

// A Request is an operation to be answered.
type Request struct {
	Query         string
	OperationName string         // which of the document's operations; may be blank if there is one
	Variables     map[string]any // numbers may be json.Number
}

// A Response is the answer to an operation, as it is written in JSON. Data is nil, and not written,
// when nothing was run because the request itself was wrong.
type Response struct {
	Errors gqlerror.List   `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
}

// Execute answers one request. It never fails: what goes wrong is in the response.
func (g *Graph) Execute(ctx context.Context, request Request) (response *Response) {
	defer func() {
		if panicked := recover(); panicked != nil {
			response = &Response{Errors: gqlerror.List{g.present(ctx, errPanicked(panicked))}}
		}
	}()
	ctx = graphql.StartOperationTrace(ctx)
	operation, errs := g.exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query:         request.Query,
		OperationName: request.OperationName,
		Variables:     request.Variables,
	})
	if len(errs) == 0 {
		errs = nullsForDefaults(operation)
	}
	if len(errs) > 0 {
		return &Response{Errors: requestErrors(errs)}
	}
	operation.DisableIntrospection = false

	ctx = withScope(ctx, newScope(g.sources))
	respond, ctx := g.exec.DispatchOperation(ctx, operation)
	answer := respond(ctx)
	if answer == nil { // the caller has gone, or was kept waiting too long
		return &Response{Errors: gqlerror.List{g.present(ctx, timedOut(ctx))}}
	}
	return &Response{Data: answer.Data, Errors: answer.Errors}
}

// errPanicked says that something panicked. What it panicked with may hold anything: its type alone
// goes to the log.
func errPanicked(panicked any) error { return fmt.Errorf("graph: a panic with a %T", panicked) }

// nullsForDefaults refuses null for a Boolean that has a default. Such a variable may stand where
// null may not, and the executor panics when it is null there: `@skip(if: $hidden)`.
func nullsForDefaults(operation *graphql.OperationContext) gqlerror.List {
	var errs gqlerror.List
	for _, v := range operation.Operation.VariableDefinitions {
		value, given := operation.Variables[v.Variable]
		if v.Type.Name() == "Boolean" && v.DefaultValue != nil && given && value == nil {
			err := gqlerror.ErrorPathf(
				ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}, "cannot be null")
			errcode.Set(err, errcode.ValidationFailed)
			errs = append(errs, err)
		}
	}
	return errs
}

// Schema is the contract, as types and their descriptions.
func Schema() *ast.Schema { return exec.NewExecutableSchema(exec.Config{}).Schema() }
