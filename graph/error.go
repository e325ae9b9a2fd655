package graph

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/access"
	"github.com/LBHackney-IT/resident-gateway/graph/internal/document"
	"github.com/LBHackney-IT/resident-gateway/resident"
	"github.com/LBHackney-IT/resident-gateway/source"
)

// An argumentError says which argument of a field is at fault.
type argumentError struct {
	argument string // such as filter.postcode
	err      error
}

func (e *argumentError) Error() string { return e.argument + ": " + e.err.Error() }
func (e *argumentError) Unwrap() error { return e.err }

func at(argument string, err error) error { return &argumentError{argument, err} }

func badArgument(argument, format string, args ...any) error {
	return at(argument, resident.Errorf(resident.BadInput, nil, format, args...))
}

// tellAll adds every fault to the answer, and returns the last for the resolver to fail with.
func tellAll(ctx context.Context, faults ...error) error {
	last := len(faults) - 1
	for _, fault := range faults[:last] {
		graphql.AddError(ctx, fault)
	}
	return faults[last]
}

// A scopeError is the error of a caller who lacks a scope.
type scopeError struct {
	scope access.Scope
	err   *resident.Error
}

func forbidden(scope access.Scope, what string) error {
	return &scopeError{scope, resident.Errorf(resident.Forbidden, nil,
		"The caller may not %s: it needs the scope %s", what, scope)}
}

func (m *scopeError) Error() string { return m.err.Error() }
func (m *scopeError) Unwrap() error { return m.err }

// timedOut is the error of a request that ended before its answer.
func timedOut(ctx context.Context) error {
	return resident.Errorf(resident.Timeout, ctx.Err(), "The answer took too long")
}

// A presenter decides what a caller sees of an error, and reports the rest.
type presenter struct {
	report func(context.Context, error)
}

// present returns the error as a caller sees it: the message of a *resident.Error, and for any
// other error only that there was one. Every error of an answer goes through it.
func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	presented := &gqlerror.Error{
		Path:       graphql.GetPath(ctx),
		Extensions: map[string]any{},
	}
	var told *resident.Error
	if !errors.As(err, &told) {
		if ctx.Err() != nil {
			told = resident.Errorf(resident.Timeout, err, "The answer took too long")
		} else {
			told = resident.Errorf(resident.Internal, err, "Internal error")
		}
	}
	presented.Message = told.Message
	presented.Extensions["code"] = told.Code
	if told.RetryAfter > 0 {
		presented.Extensions["retryAfter"] = int(math.Ceil(told.RetryAfter.Seconds()))
	}
	if fault, ok := errors.AsType[*source.Error](err); ok {
		presented.Extensions["source"] = fault.Source
	}
	if missing, ok := errors.AsType[*scopeError](err); ok {
		presented.Extensions["requiredScope"] = missing.scope
	}
	if argument := argumentOf(err, presented.Path); argument != "" {
		presented.Message = argument + ": " + told.Message
		presented.Extensions["argument"] = argument
	}
	// Who has gone is no fault of ours, and what is not told for its number is not reported either.
	if told.Err != nil && !errors.Is(err, context.Canceled) &&
		!errors.Is(err, source.ErrNotLoaded) && mayReport(ctx) {
		// Beside it the executor puts the path, whose aliases may be any text of the caller's.
		if executors, ok := errors.AsType[*gqlerror.Error](err); ok && executors.Err != nil {
			err = executors.Err
		}
		p.report(ctx, err)
	}
	return presented
}

type reportedKey struct{}

// withReported returns a context that counts the errors reported for one request in count.
func withReported(ctx context.Context, count *atomic.Int32) context.Context {
	return context.WithValue(ctx, reportedKey{}, count)
}

// mayReport reports whether the request has had fewer errors than are worth a line each in the log.
func mayReport(ctx context.Context) bool {
	count, ok := ctx.Value(reportedKey{}).(*atomic.Int32)
	return !ok || count.Add(1) <= maxErrors
}

// argumentOf returns the argument that an error is about, or blank. Of one that could not be read,
// the executor puts the name behind the path of the field.
func argumentOf(err error, field ast.Path) string {
	if ours, ok := errors.AsType[*argumentError](err); ok {
		return ours.argument
	}
	executors, ok := errors.AsType[*gqlerror.Error](err)
	if ok && len(executors.Path) > len(field) {
		return executors.Path[len(field):].String()
	}
	return ""
}

const (
	// maxErrors are as many as a person reads.
	maxErrors = 10
	// maxMessage keeps a name of absurd length from coming back whole.
	maxMessage = 300
)

// fewAndShort returns the errors that are told of many, in an answer of bounded size.
func fewAndShort(errs gqlerror.List) gqlerror.List {
	if len(errs) > maxErrors {
		more := document.NewError("", "%d more errors are left out", len(errs)-maxErrors)
		more.Extensions["code"] = errs[maxErrors].Extensions["code"]
		errs = append(errs[:maxErrors:maxErrors], more)
	}
	for _, err := range errs {
		if len(err.Message) > maxMessage {
			cut := err.Message[:maxMessage-len("…")]
			err.Message = strings.ToValidUTF8(cut, "") + "…"
		}
	}
	return errs
}
