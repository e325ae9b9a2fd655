package document

import (
	"errors"
	"fmt"
	"strings"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// CodeTooComplex is the code of a request that asks for more than is allowed.
const CodeTooComplex = "TOO_COMPLEX"

// NewError returns an error for a request of which nothing is run. The message must not repeat what
// stands in the request.
func NewError(code, format string, args ...any) *gqlerror.Error {
	return &gqlerror.Error{
		Message:    fmt.Sprintf(format, args...),
		Extensions: map[string]any{"code": code},
	}
}

func newErrorAt(place *ast.Position, code, message string) *gqlerror.Error {
	err := NewError(code, "%s", message)
	err.Locations = []gqlerror.Location{{Line: place.Line, Column: place.Column}}
	return err
}

// parseError returns the error of a text that the parser cannot read. It names no value of the
// text.
func parseError(err error) *gqlerror.Error {
	told := NewError(errcode.ParseFailed, "The document cannot be read")
	if parsers, ok := errors.AsType[*gqlerror.Error](err); ok {
		message, _, _ := strings.Cut(parsers.Message, ` "`)
		message, _, _ = strings.Cut(message, ": ")
		told.Message += ": " + message
		told.Locations = parsers.Locations
	}
	return told
}

// validationErrors returns the errors of a document that is not valid. The validator puts values of
// the document into its messages; validationErrors removes them.
func validationErrors(errs gqlerror.List) gqlerror.List {
	told := make(gqlerror.List, len(errs))
	for i, err := range errs {
		told[i] = NewError(errcode.ValidationFailed, "%s", withoutValues(err))
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
		// The value may be any text, so the name of the enum is what comes last.
		parts := strings.Split(message, `" does not exist in `)
		return "The value does not exist in " + parts[len(parts)-1]
	}
	message, _, _ = strings.Cut(message, ", found ")
	if cut, _, found := strings.Cut(message, " value: "); found {
		message = cut + " value"
	}
	return message
}
