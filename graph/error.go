package graph

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/LBHackney-IT/resident-gateway/resident"
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
func tellAll(ctx context.Context, faults []error) error {
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
	if argument := argumentOf(err, presented.Path); argument != "" {
		presented.Message = argument + ": " + told.Message
		presented.Extensions["argument"] = argument
	}
	if told.Err != nil && !errors.Is(err, context.Canceled) { // who has gone is no fault of ours
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

// requestErrors returns what a caller is told when nothing was run. The parser and the validator
// put values of the document and its variables into their messages; those are cut out.
func requestErrors(errs gqlerror.List) gqlerror.List {
	told := make(gqlerror.List, 0, len(errs))
	for _, err := range errs {
		told = append(told, &gqlerror.Error{
			Message:    limited(withoutValues(err)),
			Locations:  err.Locations,
			Extensions: map[string]any{"code": err.Extensions["code"]},
		})
	}
	return told
}

// maxMessage keeps a name of absurd length from coming back whole.
const maxMessage = 300

func limited(message string) string {
	if len(message) <= maxMessage {
		return message
	}
	return strings.ToValidUTF8(message[:maxMessage], "") + "…"
}

func withoutValues(err *gqlerror.Error) string {
	if len(err.Path) > 1 && err.Path[0] == ast.PathName("variable") {
		name := strings.TrimPrefix(err.Path.String(), "variable.")
		return fmt.Sprintf("Variable $%s: %s", name, variableFault(err.Message))
	}
	switch {
	case err.Rule == "ValuesOfCorrectType":
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
	case err.Rule == "" && err.Extensions["code"] == "GRAPHQL_PARSE_FAILED":
		message, _, _ := strings.Cut(err.Message, ` "`)
		if cut, _, found := strings.Cut(message, ": "); found {
			message = cut
		}
		return "The document cannot be read: " + message
	case strings.HasPrefix(err.Message, "operation ") && err.Rule == "":
		return "The document has no operation of that name; it must be named where there are several"
	}
	return err.Message
}

// variableFault keeps of a message what the validator says, and nothing of what it says it of.
func variableFault(message string) string {
	known := []string{
		"must be defined", "cannot be null", "unknown field", "must be an array",
		"enums must be ints or strings",
	}
	if slices.Contains(known, message) {
		return message
	}
	if enum, found := afterLast(message, " is not a valid "); found {
		return "is not a valid " + enum
	}
	if kind, found := afterLast(message, " as "); found {
		return "cannot be read as " + kind
	}
	return "does not fit its type"
}

// afterLast returns what comes after the last separator in s.
func afterLast(s, separator string) (after string, found bool) {
	i := strings.LastIndex(s, separator)
	if i < 0 {
		return "", false
	}
	return s[i+len(separator):], true
}
