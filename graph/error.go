package graph

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

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

// timedOut is the error of a request that ended before its answer.
func timedOut(ctx context.Context) error {
	return resident.Errorf(resident.Timeout, ctx.Err(), "The answer took too long")
}

// present returns what a caller is told of an error: the message of a *resident.Error, and of any
// other no more than that there was one. It is where that is decided, and the only place.
func (g *Graph) present(ctx context.Context, err error) *gqlerror.Error {
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
		g.report(ctx, err)
	}
	return presented
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

// requestError is one for which nothing is run. It says nothing of what stands in the request.
func requestError(code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": code},
	}
}

func requestErrorAt(place *ast.Position, code, message string) *gqlerror.Error {
	err := requestError(code, "%s", message)
	err.Locations = []gqlerror.Location{{Line: place.Line, Column: place.Column}}
	return err
}

// parseError is what a caller is told of a text that the parser cannot read: not what it met.
func parseError(err error) *gqlerror.Error {
	told := requestError(errcode.ParseFailed, "The document cannot be read")
	if parsers, ok := errors.AsType[*gqlerror.Error](err); ok {
		message, _, _ := strings.Cut(parsers.Message, ` "`)
		message, _, _ = strings.Cut(message, ": ")
		told.Message += ": " + message
		told.Locations = parsers.Locations
	}
	return told
}

// validationErrors are what a caller is told of a document that is not valid. The validator puts
// values of the document into its messages; those are cut out.
func validationErrors(errs gqlerror.List) gqlerror.List {
	told := make(gqlerror.List, len(errs))
	for i, err := range errs {
		told[i] = requestError(errcode.ValidationFailed, "%s", withoutValues(err))
		told[i].Locations = err.Locations
	}
	return told
}

func withoutValues(err *gqlerror.Error) string {
	if err.Rule != "ValuesOfCorrectType" {
		return err.Message
	}
	message := err.Message
	if strings.HasPrefix(message, `Value "`) {
		enum, _ := afterLast(message, `" does not exist in `)
		return "The value does not exist in " + enum
	}
	message, _, _ = strings.Cut(message, ", found ")
	if cut, _, found := strings.Cut(message, " value: "); found {
		message = cut + " value"
	}
	return message
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
		more := requestError("", "%d more errors are left out", len(errs)-maxErrors)
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

// afterLast returns what comes after the last separator in s.
func afterLast(s, separator string) (after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return "", false
	}
	return s[i+len(separator):], true
}
