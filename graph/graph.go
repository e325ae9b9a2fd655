package graph

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/exec"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// Options are what a Graph is made of.
type Options struct {
	Sources *source.Set
	// CursorKey is the secret that cursors are sealed with, of at least 32 bytes. Cursors made with
	// another are refused.
	CursorKey []byte
	// Record makes what was seen durable before it is answered, and fails where it cannot. It may be
	// called concurrently.
	Record func(ctx context.Context, record access.Record) error
	// Charge is asked before an operation of that cost is run, and fails where the caller has had
	// enough. Nil lets each have as much as they ask. It may be called concurrently.
	Charge func(ctx context.Context, cost int) error
	// MaxCost is the most that an operation may cost; DefaultMaxCost where it is 0.
	MaxCost int
	// OpenSchema is whether every caller may ask for the schema, and not those with the scope
	// schema:read alone.
	OpenSchema bool
	Now        func() time.Time
	// Report is told of errors that callers are not told of. It may be called concurrently.
	Report func(ctx context.Context, err error)
}

// A Graph answers GraphQL operations. It is safe for concurrent use.
type Graph struct {
	reader     *reader
	documents  *document.Reader
	keyFields  keyFields
	present    func(context.Context, error) *gqlerror.Error
	record     func(context.Context, access.Record) error
	charge     func(context.Context, int) error
	maxCost    int
	openSchema bool
	schema     *ast.Schema
	exec       *executor.Executor
}

// New returns a Graph over the sources.
func New(o Options) (*Graph, error) {
	sealed, err := newCursors(o.CursorKey)
	if err != nil {
		return nil, err
	}
	if o.Record == nil {
		return nil, errors.New("graph: nothing would have a record of what is seen")
	}
	var names []resident.SourceName
	for _, known := range o.Sources.All() {
		names = append(names, known.About().Name)
	}
	schema := Schema(names...)
	g := &Graph{
		reader:     newReader(newRules(schema), o.Sources, o.Now),
		documents:  document.NewReader(schema),
		keyFields:  newKeyFields(schema),
		present:    presenter{o.Report}.present,
		record:     o.Record,
		charge:     o.Charge,
		maxCost:    cmp.Or(o.MaxCost, DefaultMaxCost),
		openSchema: o.OpenSchema,
		schema:     schema,
		exec: executor.New(exec.NewExecutableSchema(exec.Config{
			Schema: schema, Resolvers: root{cursors: sealed, sdl: SubgraphSDL(names...)},
		})),
	}
	g.exec.SetErrorPresenter(g.present)
	g.exec.SetRecoverFunc(recovered)
	return g, nil
}

// A Request is an operation to be answered.
type Request struct {
	Query         string
	OperationName string         // which of the document's operations; may be blank if there is one
	Variables     map[string]any // numbers may be json.Number
	WantCost      bool           // whether the response says what the operation costs
}

// A Response is the answer to an operation, as it is written in JSON. Data is nil, and not written,
// when nothing was run because the request itself was wrong.
type Response struct {
	Errors gqlerror.List   `json:"errors,omitempty"`
	Data   json.RawMessage `json:"data,omitempty"`
	// Extensions is nil when nothing was asked for that stands there.
	Extensions *Extensions `json:"extensions,omitempty"`
}

// Extensions is what a response says beside the answer.
type Extensions struct {
	Cost Cost `json:"cost"`
}

// Execute answers one request. It never fails: what goes wrong is in the response.
func (g *Graph) Execute(ctx context.Context, request Request) (response *Response) {
	defer func() {
		if panicked := recover(); panicked != nil {
			response = &Response{Errors: gqlerror.List{g.present(ctx, errPanicked(panicked))}}
		}
		response.Errors = fewAndShort(response.Errors)
	}()
	x := newExecution(g.reader, g.reader.permissionsOf(access.CallerOf(ctx)))
	ctx = graphql.StartOperationTrace(withExecution(ctx, x))
	operation, cost, errs := g.prepare(ctx, x, request)
	response = &Response{Errors: errs}
	if request.WantCost && cost.Limit > 0 {
		response.Extensions = &Extensions{Cost: cost}
	}
	if len(errs) > 0 {
		return response
	}
	x.lookups = g.keyFields.lookupsOf(x.permissions, operation)
	respond, ctx := g.exec.DispatchOperation(ctx, operation)
	answer := respond(ctx)
	if answer == nil { // the caller has gone, or was kept waiting too long
		response.Errors = gqlerror.List{g.present(ctx, timedOut(ctx))}
		return response
	}
	if record, isSeen := x.recordOf(operation); isSeen {
		if err := g.record(ctx, record); err != nil {
			response.Errors = gqlerror.List{g.present(ctx, resident.Errorf(resident.Unavailable, err,
				"What was seen cannot be recorded now, so it is not told"))}
			return response
		}
	}
	response.Data = answer.Data
	response.Errors = slices.Concat(answer.Errors,
		x.denials.errors(func(err error) *gqlerror.Error { return g.present(ctx, err) }))
	return response
}

// prepare reads a request as far as can be without running anything of it. The cost is blank when
// it does not come that far. It does what gqlgen's executor would do, within limits, and reads
// variables as the specification says.
func (g *Graph) prepare(
	ctx context.Context, x *execution, request Request,
) (*graphql.OperationContext, Cost, gqlerror.List) {
	mayReadSchema := g.openSchema || x.caller.Scopes.Has(readSchema)
	read, faults := g.documents.Read(request.Query, mayReadSchema)
	if len(faults) > 0 {
		return nil, Cost{}, faults
	}
	operation, fault := read.Operation(request.OperationName)
	if fault != nil {
		return nil, Cost{}, gqlerror.List{fault}
	}
	if !mayReadSchema && read.AsksForSchema() {
		return nil, Cost{}, gqlerror.List{g.present(ctx, forbidden(readSchema, "see the schema"))}
	}
	variables, faults := read.Variables(operation, request.Variables)
	if len(faults) > 0 {
		return nil, Cost{}, faults
	}
	cost := costOf(costLimits{
		types: len(g.schema.Types), listers: len(g.reader.sources.Listers()), most: g.maxCost,
	}, operation, variables)
	if fault := cost.check(); fault != nil {
		return nil, cost, gqlerror.List{fault}
	}
	if g.charge != nil {
		if err := g.charge(ctx, cost.Requested); err != nil {
			return nil, cost, gqlerror.List{g.present(ctx, err)}
		}
	}
	return &graphql.OperationContext{
		RawQuery:               request.Query,
		OperationName:          request.OperationName,
		Variables:              variables,
		Doc:                    read.QueryDocument,
		Operation:              operation,
		RecoverFunc:            recovered,
		ResolverMiddleware:     x.resolve,
		RootResolverMiddleware: resolveRoot,
		Stats:                  graphql.Stats{OperationStart: graphql.GetStartTime(ctx)},
	}, cost, nil
}

func resolveRoot(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	return next(ctx)
}

func recovered(_ context.Context, panicked any) error { return errPanicked(panicked) }

// errPanicked says that something panicked. What it panicked with may hold anything: its type alone
// goes to the log.
func errPanicked(panicked any) error { return fmt.Errorf("graph: a panic with a %T", panicked) }
